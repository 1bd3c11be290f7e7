"""Whole runs of the sample case in processes of their own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(
    out: Path, *, zone: str = "UTC", workers: int = 1, cwd: Path | None = None, locale: str = "C.UTF-8"
) -> subprocess.Popen[str]:
    """`vestigo demo` with an environment of its own."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(out.parent),
        "TZ": zone,
        "LC_ALL": locale,
        "PYTHONHASHSEED": str(workers * 7),
        "PYTHONPATH": str(ROOT),
        "VESTIGO_KEY_DIR": str(out.parent / f"keys-{out.name}"),
    }
    command = [sys.executable, "-m", "pipeline", "demo", "--out", str(out), "--workers", str(workers)]
    return subprocess.Popen(
        command, env=env, cwd=cwd or out.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a run that must succeed; returns what it printed."""
    printed, _ = process.communicate()
    assert process.returncode == 0, printed
    return printed


def digests(case: Path) -> dict[str, str]:
    """SHA-256 of every table, report and export."""
    files = [
        p for folder in ("tables", "reports", "exports") for p in sorted((case / folder).rglob("*")) if p.is_file()
    ]
    return {p.relative_to(case).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
