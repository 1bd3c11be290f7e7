"""Write a simulated case as evidence files: ``python -m benchmarks.attribution.simulator 7 OUT --persons 120``.

Prints the command lines that make a case of the files.
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from benchmarks.attribution.simulator import PROFILES, simulate
from benchmarks.attribution.simulator.evidence import commands, write_case


def main() -> None:
    """Read the arguments and write the case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path, help="folder for the files")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="base")
    parser.add_argument("--persons", type=int, default=500)
    parser.add_argument("--tables-only", action="store_true", help="no account downloads, mailbox and chat")
    args = parser.parse_args()
    write_case(simulate(args.seed, args.profile, args.persons), args.out, native=not args.tables_only)
    case = args.out / "case"
    first, *rest = (shlex.join(["vestigo", *line]) for line in commands(args.out, case))
    settings = [str(args.out / name) for name in ("case.toml", "databases")]
    copy = shlex.join(["cp", "-r", *settings, str(case)])
    print("\n".join((first, copy, *rest)))


if __name__ == "__main__":
    main()
