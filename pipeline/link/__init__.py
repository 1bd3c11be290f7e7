"""Linking accounts: evidence items, alternatives, mixture, clusters, graph."""
