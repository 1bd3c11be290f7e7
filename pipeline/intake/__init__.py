"""Taking evidence in: sealing, opening archives in place, recognising members."""
