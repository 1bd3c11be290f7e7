"""Leases: interval records joined into who held which address, ports and time; and the question who did."""
