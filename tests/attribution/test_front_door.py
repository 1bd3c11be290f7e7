"""A simulated world, written as evidence files and read by the whole pipeline, is the same world."""

import shutil
import tomllib
from pathlib import Path

import duckdb
import pytest

from benchmarks.attribution.front_door import compare
from benchmarks.attribution.simulator import Case, simulate
from benchmarks.attribution.simulator.evidence import write_case
from dags.case import STAGES
from pipeline.manage import Intake, add_exhibits, new_case
from pipeline.runs import run_case

_READ = """
SELECT account_platform AS platform, epoch_us("timestamp") AS t_us, source_ip AS ip, device_id, user_agent_original
FROM read_parquet('{}/tables/events/*.parquet', union_by_name = true) WHERE source_ip IS NOT NULL
"""
_WORLD = """
SELECT split_part(account, ':', 1) AS platform, t_us, ip, device_id, user_agent FROM sessions
"""
_WRONG = """
SELECT ip, label_class, network_class FROM read_parquet('{}/tables/addresses/*.parquet') JOIN networks USING (ip)
WHERE coalesce(network_class, 'unknown') <> label_class
"""


def _run(case: Case, folder: Path) -> Path:
    files, out = folder / "files", folder / "case"
    write_case(case, files)
    shutil.copytree(files / "databases", out / "databases")
    new_case(out, operator="test", text=(files / "case.toml").read_text("utf-8"))
    for entry in tomllib.loads((files / "exhibits.toml").read_text("utf-8"))["exhibit"]:
        more = {key: entry[key] for key in ("authority", "source", "timezone", "account") if key in entry}
        column_map = files / entry["map"] if "map" in entry else None
        add_exhibits(out, [files / entry["file"]], Intake(**more, column_map=column_map), operator="test")
    assert run_case(out, STAGES, workers=1, operator="test") == 0
    return out


@pytest.mark.slow
def test_every_session_and_network_class_comes_through(tmp_path: Path) -> None:
    case = simulate(2, persons=60)
    out = _run(case, tmp_path)
    with duckdb.connect() as db:
        db.register("sessions", case.sessions)
        db.register("networks", case.networks)
        read = _READ.format(out)
        assert db.sql(f"({_WORLD}) EXCEPT ALL ({read})").fetchall() == []
        assert db.sql(f"({read}) EXCEPT ALL ({_WORLD})").fetchall() == []
        assert db.sql(_WRONG.format(out)).fetchall() == []


@pytest.mark.slow
def test_the_whole_pipeline_gives_the_numbers_of_the_world_weighed_in_memory(tmp_path: Path) -> None:
    found = compare(3, 60, tmp_path, tables_only=True)
    assert found["pairs scored both ways"] == found["pairs"] > 100
    assert found["equal within 0.01"] > 0.9  # writing style is read against a sample that depends on account keys
    assert found["largest difference"] < 1.0  # files carry whole seconds: two uses stand on the edge of 45 minutes
    assert found["accounts grouped differently"] == 0
