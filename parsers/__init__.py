"""Evidence bytes in, events out. Knows no case, no graph, no report."""
