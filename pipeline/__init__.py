"""Events to findings to files."""
