"""Interval records: who was given an address (and ports) from when to when."""
