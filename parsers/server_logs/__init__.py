"""Logs of servers."""
