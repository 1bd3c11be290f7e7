"""Access log to Parquet beside GoAccess and Plaso in the same run: `run.py [LINES] [SEED]`.

Ours (`convert.py`) reads the log, hashes it, and writes every event and every reject with its byte span. GoAccess
writes its panels as JSON, Plaso its storage file. Each runs as its own process, so that peak memory and CPU time are
its own; the best of three runs counts (of one for Plaso, which takes minutes for the first 200,000 lines). The ratios
within one run are what may be compared, never the seconds: on a machine that others use, CPU seconds say more. The
log is read again as ``.gz``. Plaso is found as ``log2timeline`` on the path, or in ``$PLASO``.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
REPEATS = 3
PLASO_LINES, SKIPPED_LINES = 200_000, 1_000


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


def best(command: list[str], fresh: Path, repeats: int = REPEATS) -> Result:
    """The fastest of some runs; the folder `fresh` is emptied before each."""
    results = []
    for _ in range(repeats):
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        results.append(measure(command))
    return min(results, key=lambda result: result.wall)


def show(name: str, lines: int, result: Result) -> None:
    speed = f"{lines / result.wall:10,.0f} lines/s"
    print(f"{name:22} {result.wall:7.2f} s wall {result.cpu:7.2f} s CPU {speed} {result.peak:7.0f} MB peak", flush=True)


def run_ours(log: Path, out: Path, lines: int, threads: int) -> Result:
    result = best([sys.executable, str(HERE / "convert.py"), str(log), str(out), str(threads)], out)
    show(f"ours, {threads} thread(s){' gz' * (log.suffix == '.gz')}", lines, result)
    counts = json.loads(result.output)
    sign = "=" if counts["events"] + counts["rejects"] + counts["blanks"] == lines else "IS NOT"
    print("  {events:,} events + {rejects:,} rejects + {blanks:,} blanks".format(**counts), f"{sign} {lines:,} lines")
    return result


def run_goaccess(log: Path, out: Path, lines: int) -> Result | None:
    program = shutil.which("goaccess")
    if program is None:
        print("goaccess is not installed: no comparison")
        return None
    options = ["--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", str(out / "panels.json")]
    packed = log.suffix == ".gz"
    piped = ["sh", "-c", 'zcat "$0" | "$@"', str(log), program, "-", *options]
    result = best(piped if packed else [program, str(log), *options], out)
    show("zcat | goaccess" if packed else "goaccess", lines, result)
    general = json.loads((out / "panels.json").read_text("utf-8", "replace"))["general"]
    print(f"  {general['valid_requests']:,} valid + {general['failed_requests']:,} failed of {lines:,} lines")
    return result


def run_plaso(log: Path, out: Path, lines: int) -> Result | None:
    program = os.environ.get("PLASO") or shutil.which("log2timeline") or shutil.which("log2timeline.py")
    if program is None:
        print("plaso is not installed: no comparison")
        return None
    files = ["--storage_file", str(out / "events.plaso"), "--logfile", str(out / "log.gz")]
    quiet = ["-q", "-u", "--status_view", "none", "--single_process", "--partitions", "all"]
    result = best([program, *quiet, "--parsers", "text/apache_access", *files, str(log)], out, repeats=1)
    show("plaso", lines, result)
    found = subprocess.run(
        [str(Path(program).with_name("pinfo")), str(out / "events.plaso")], check=True, capture_output=True, text=True
    )
    events = re.search(r"apache:access_log:entry : (\d+)", found.stdout)
    warnings = re.search(r"text/apache_access : (\d+)", found.stdout)
    print(f"  {events[1] if events else 0} events + {warnings[1] if warnings else 0} warnings of {lines} lines")
    return result if events else None


def compare(name: str, peer: Result | None, ours: Result, lines: tuple[int, int]) -> None:
    """Print how many times as many lines a second ours reads, of wall time and of CPU time."""
    if peer:
        wall, cpu = (b * lines[0] / (a * lines[1]) for a, b in ((ours.wall, peer.wall), (ours.cpu, peer.cpu)))
        print(f"ours reads {wall:.1f} times as many lines a second as {name} (of CPU time: {cpu:.1f})", flush=True)


def some_lines(log: Path, lines: int, out: Path) -> Path:
    """A slice; not from the very start, where Plaso gives the whole file up when it does not like a line."""
    with log.open("rb") as source, out.open("wb") as slice_:
        slice_.writelines(itertools.islice(source, SKIPPED_LINES, SKIPPED_LINES + lines))
    return out


def packed(log: Path) -> Path:
    """The log compressed as log rotation does."""
    out = log.with_name(log.name + ".gz")
    with log.open("rb") as source, gzip.GzipFile(out, "wb", 6, mtime=0) as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return out


def main(lines: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, out = Path(folder) / "access.log", Path(folder) / "out"
        subprocess.run([sys.executable, str(HERE / "generate.py"), str(lines), str(seed), str(log)], check=True)
        print(f"{lines:,} lines, {log.stat().st_size:,} bytes, {os.cpu_count()} cores, best of {REPEATS}", flush=True)
        run_ours(log, out, lines, 1)
        whole = run_ours(log, out, lines, 2)
        compare("goaccess", run_goaccess(log, out, lines), whole, (lines, lines))
        few = min(lines - SKIPPED_LINES, PLASO_LINES)
        part = some_lines(log, few, Path(folder) / "slice.log")
        ours, peer = run_ours(part, out, few, 2), run_plaso(part, out, few)
        compare("plaso of the same lines", peer, ours, (few, few))
        compare("plaso, ours over all lines", peer, whole, (lines, few))
        gz = packed(log)
        log.unlink()
        print(f"{gz.name}: {gz.stat().st_size:,} bytes", flush=True)
        ours = run_ours(gz, out, lines, 2)
        compare("zcat | goaccess", run_goaccess(gz, out, lines), ours, (lines, lines))


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:3]]
    main(*(arguments + [1_000_000, 7][len(arguments) :]))
