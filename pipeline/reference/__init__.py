"""Embedded data with its manifest."""
