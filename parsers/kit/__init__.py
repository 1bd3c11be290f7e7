"""The only loops over lines, tables, JSON, mail and archives; the only parsing of times, addresses and identifiers."""
