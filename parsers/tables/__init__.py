"""Tables without a format of their own, read by a column map."""
