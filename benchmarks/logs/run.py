"""Access log to Parquet, on one and two threads, beside GoAccess in the same run: `run.py [LINES] [SEED]`.

Ours (`convert.py`) reads the log, hashes it, and writes every event and every reject with its byte span. GoAccess
writes its panels as JSON. Each runs as its own process, so that peak memory and CPU time are its own; the best of
three runs counts. The ratio within one run is what may be compared, never the seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
REPEATS = 3


class Result(NamedTuple):
    """Output, wall seconds, CPU seconds and peak megabytes of a process."""

    output: str
    wall: float
    cpu: float
    peak: float


def measure(command: list[str]) -> Result:
    """Run one process to its end."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Result(output, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(command: list[str], fresh: Path) -> Result:
    """The fastest of `REPEATS` runs; the folder `fresh` is emptied before each."""
    results = []
    for _ in range(REPEATS):
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        results.append(measure(command))
    return min(results, key=lambda result: result.wall)


def show(name: str, lines: int, result: Result) -> None:
    speed = f"{lines / result.wall:10,.0f} lines/s"
    print(f"{name:18} {result.wall:7.2f} s wall {result.cpu:7.2f} s CPU {speed} {result.peak:7.0f} MB peak")


def run_ours(log: Path, out: Path, lines: int, threads: int) -> float:
    result = best([sys.executable, str(HERE / "convert.py"), str(log), str(out), str(threads)], out)
    show(f"ours, {threads} thread(s)", lines, result)
    counts = json.loads(result.output)
    sign = "=" if counts["events"] + counts["rejects"] + counts["blanks"] == lines else "IS NOT"
    print("  {events:,} events + {rejects:,} rejects + {blanks:,} blanks".format(**counts), f"{sign} {lines:,} lines")
    return result.wall


def run_goaccess(log: Path, out: Path, lines: int) -> float | None:
    program = shutil.which("goaccess")
    if program is None:
        print("goaccess is not installed: no comparison")
        return None
    options = ["--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", str(out / "panels.json")]
    result = best([program, str(log), *options], out)
    show("goaccess", lines, result)
    general = json.loads((out / "panels.json").read_text("utf-8", "replace"))["general"]
    print(f"  {general['valid_requests']:,} valid + {general['failed_requests']:,} failed of {lines:,} lines")
    return result.wall


def main(lines: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, out = Path(folder) / "access.log", Path(folder) / "out"
        subprocess.run([sys.executable, str(HERE / "generate.py"), str(lines), str(seed), str(log)], check=True)
        print(f"{lines:,} lines, {log.stat().st_size:,} bytes, {os.cpu_count()} cores, best of {REPEATS}")
        one, two = (run_ours(log, out, lines, threads) for threads in (1, 2))
        peer = run_goaccess(log, out, lines)
        if peer:
            print(f"goaccess takes {peer / one:.1f} times as long as ours on one thread, {peer / two:.1f} on two")


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:3]]
    main(*(arguments + [1_000_000, 7][len(arguments) :]))
