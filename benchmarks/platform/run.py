"""Large platform exports to Parquet, with throughput and peak memory: `run.py [MESSAGES_MB] [RECORDS_MB]`.

A thread of messages (JSON) and the page of a return (HTML) are written from a seed and read as the stage `parse`
reads them, each in a process of its own, so that CPU time and peak memory are its own. On a machine that others use,
CPU seconds say more than wall seconds; the load before the run is printed beside them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def measure(file: Path, out: Path) -> None:
    """Read one file and print its line."""
    load = os.getloadavg()[0]
    began = time.perf_counter()
    command = [sys.executable, str(HERE / "convert.py"), str(file), str(out)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    wall, cpu = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"reading {file.name} ended with {process.returncode}")
    counts, size = json.loads(output), file.stat().st_size / 1e6
    print(f"{file.name}: {size:,.0f} MB, {counts['events']:,} events, {counts['rejects']:,} rejects, load {load:.1f}")
    print(f"  {wall:.0f} s wall, {cpu:.0f} s CPU: {size / cpu:.1f} MB, {counts['events'] / cpu:,.0f} records per CPU "
          f"second, {usage.ru_maxrss / 1024:.0f} MB peak; bytes add up: {counts['adds_up']}", flush=True)  # fmt: skip


def main(messages: int, records: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for kind, megabytes, name in (("messages", messages, "message_1.json"), ("records", records, "records.html")):
            file, out = Path(folder) / name, Path(folder) / "out"
            out.mkdir(exist_ok=True)
            subprocess.run([sys.executable, str(HERE / "generate.py"), kind, str(megabytes), str(file)], check=True)
            measure(file, out)
            file.unlink()


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:3]]
    main(*(arguments + [500, 300][len(arguments) :]))
