"""Downloads and legal returns of online services."""
