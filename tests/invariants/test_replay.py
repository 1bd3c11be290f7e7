"""Same input, same output; and a run that was cut short ends as one that was not."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.verify import verify
from tests.invariants.runs import ROOT, digests, finish, start

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("replay")]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("reference") / "case"
    finish(start(out))
    return digests(out)


def test_zone_folder_locale_and_workers_change_no_byte(reference: dict[str, str], tmp_path: Path) -> None:
    elsewhere = tmp_path / "another folder"
    elsewhere.mkdir()
    finish(start(elsewhere / "x", zone="America/New_York", workers=2, cwd=Path("/"), locale="C"))
    assert digests(elsewhere / "x") == reference


@pytest.mark.parametrize("done", [3, 20, 40])
def test_a_killed_run_is_completed_by_the_next(reference: dict[str, str], tmp_path: Path, done: int) -> None:
    out = tmp_path / "case"
    process = start(out)
    while process.poll() is None and len(list((out / "work" / "keys").glob("*.json"))) < done:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    finish(start(out, workers=2))
    assert digests(out) == reference
    assert verify(out) == []


@pytest.mark.parametrize("limit", [60_000, 400_000])
def test_a_full_disk_stops_with_a_message_and_the_next_run_completes(
    reference: dict[str, str], tmp_path: Path, limit: int
) -> None:
    out = tmp_path / "case"
    code = (
        "import resource,signal,sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {resource.RLIM_INFINITY}));"
        f"sys.argv=['vestigo','demo','--out',{str(out)!r},'--workers','1'];"
        "from pipeline.cli import main; main()"
    )
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "VESTIGO_KEY_DIR": str(tmp_path / "keys-case"),
        "HOME": str(tmp_path),
    }
    stopped = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert stopped.returncode == 2, stopped.stderr
    assert "cannot" in stopped.stderr
    assert "Next:" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    finish(start(out))
    assert digests(out) == reference
    assert verify(out) == []
