"""The worked example: the invented case Harbour Lane, from evidence files to report."""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

from pipeline.case import CASE_FILE
from pipeline.errors import UsageError
from pipeline.keys import read_public
from pipeline.manage import Intake, add_exhibits, new_case
from pipeline.runs import run_case

__all__ = ["run_demo", "sample_folder"]

NAME = "harbour-lane"


def sample_folder() -> Path:
    """Where the sample case is: inside the installed package, or in a checkout.

    Raises:
        UsageError: it is in neither place.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "_sample" / NAME, here.parent / "sample_data" / "cases" / NAME):
        if (folder / "exhibits.toml").is_file():
            return folder
    raise UsageError("the sample case is not installed", next_step="install vestigo from its source folder again")


def run_demo(out: Path, workers: int) -> int:
    """Make the sample case in `out` (or resume it), run it, and print where the report is."""
    from dags.case import STAGES

    sample = sample_folder()
    if not (out / CASE_FILE).exists() or read_public(out) is None:
        for name in ("databases", "maps"):
            if (sample / name).is_dir():
                shutil.copytree(sample / name, out / name, dirs_exist_ok=True)
        new_case(out, operator="demonstration", text=(sample / CASE_FILE).read_text("utf-8"))
    for entry in tomllib.loads((sample / "exhibits.toml").read_text("utf-8"))["exhibit"]:
        add_exhibits(out, [sample / entry["file"]], _intake(sample, entry), operator="demonstration")
    status = run_case(out, STAGES, workers=workers, operator="demonstration")
    report = (out / "reports" / "report.html").resolve()
    sys.stdout.write(f"\nreport: {report}\n        open it in a browser; it needs no network and no server\n")
    return status


def _intake(sample: Path, entry: dict[str, Any]) -> Intake:
    known = {
        k: entry[k]
        for k in ("authority", "source", "timezone", "acquired_at", "account", "note", "date_order")
        if k in entry
    }
    return Intake(
        **known,
        format_id=entry.get("format"),
        column_map=sample / entry["map"] if "map" in entry else None,
        authority_pending="authority" not in entry,
    )
