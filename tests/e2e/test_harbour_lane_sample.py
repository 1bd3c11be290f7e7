"""The sample case says of itself only what its files hold, and is written again with the same bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import maxminddb
import pytest

SAMPLE = Path(__file__).parents[2] / "sample_data" / "cases" / "harbour-lane"
TRUTH: dict[str, Any] = json.loads((SAMPLE / "ground_truth.json").read_text("utf-8"))
FACTS = {fact["id"]: fact for fact in TRUTH["facts"]}


def stream(fact: dict[str, Any]) -> bytes:
    """The bytes of the member a fact stands in."""
    data = (SAMPLE / fact["exhibit"]).read_bytes()
    for name in fact["member"]:
        zipped = data.startswith(b"PK")
        data = zipfile.ZipFile(io.BytesIO(data)).read(name) if zipped else gzip.decompress(data)
    return data


def exhibits() -> list[dict[str, Any]]:
    return tomllib.loads((SAMPLE / "exhibits.toml").read_text("utf-8"))["exhibit"]


def test_generating_again_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("mmdb_writer")
    subprocess.run([sys.executable, SAMPLE / "generate.py", tmp_path], check=True, capture_output=True)
    written = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    kept = {name: (SAMPLE / name).read_bytes() for name in written}
    assert [str(name) for name in written if written[name] != kept[name]] == []
    assert {str(n.parent) for n in written} == {".", "databases", "evidence", "maps"}


def test_every_evidence_file_is_generated_and_added_once() -> None:
    listed = [entry["file"] for entry in exhibits()]
    assert sorted(listed) == sorted(f"evidence/{p.name}" for p in (SAMPLE / "evidence").iterdir())
    assert sorted(TRUTH["rejects"]) == sorted(listed)
    assert all((SAMPLE / entry["map"]).is_file() for entry in exhibits() if "map" in entry)
    assert all(entry["authority"] for entry in exhibits())


def test_the_evidence_stays_small() -> None:
    assert sum(p.stat().st_size for p in (SAMPLE / "evidence").iterdir()) < 2_000_000


@pytest.mark.parametrize("fact_id", sorted(FACTS))
def test_every_planted_fact_stands_where_the_ground_truth_says(fact_id: str) -> None:
    fact = FACTS[fact_id]
    data, needle, locator = stream(fact), fact["needle"].encode(), fact["locator"]
    assert needle in data
    if locator.startswith("L"):
        assert data.split(b"\n")[int(locator[1:]) - 1].startswith(needle)
    elif locator.startswith("row "):
        row = list(csv.reader(io.StringIO(data.decode(), newline="")))[int(locator[4:]) - 1]
        assert row == next(csv.reader([fact["needle"]]))
    elif locator.startswith("/"):
        name, number = locator[1:].split("/")
        assert fact["needle"] in json.dumps(json.loads(data)[name][int(number)], indent=2)
    else:
        assert locator.startswith("message")


def test_facts_are_numbered_and_each_names_its_reading() -> None:
    assert sorted(FACTS) == [f"F{n:02d}" for n in range(1, 32)]
    assert all(fact["event_type"] and fact["values"] for fact in FACTS.values())


def test_pairs_and_decoys_name_accounts_with_a_known_operator() -> None:
    operator = {row["account"]: row["operator"] for row in TRUTH["accounts"]}
    assert [p for p in TRUTH["same_operator"] if operator[p["a"]] != operator[p["b"]]] == []
    crossed = [(a, b) for d in TRUTH["not_same_operator"] for a in d["accounts"] for b in d["against"]]
    assert [pair for pair in crossed if operator[pair[0]] == operator[pair[1]]] == []
    assert sum(name == "P-RESP" for name in operator.values()) == 4
    assert len({name for name in operator.values() if name.startswith("P-BY")}) == 20


def test_the_address_database_answers_for_the_home_and_the_exits() -> None:
    with maxminddb.open_database(str(SAMPLE / "databases" / "harbour.mmdb"), maxminddb.MODE_MEMORY) as database:
        home, way_out = database.get(TRUTH["home_address"]), database.get("198.51.100.130")
        assert database.metadata().build_epoch == 1_775_001_600
    assert isinstance(home, dict)
    assert isinstance(way_out, dict)
    assert (home["city"]["names"]["en"], home["network_class"]) == ("Port Aldine", "fixed_isp")
    assert (way_out["country"]["iso_code"], way_out["network_class"]) == ("GB", "vpn_provider")
