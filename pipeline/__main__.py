"""`python -m pipeline` is the command `vestigo`."""

from pipeline.cli import main

main(prog_name="vestigo")
