"""Enrichment: what dated, offline sources state about each address. Nothing here opens a socket."""
