"""The scripts that travel inside the report are the ones that VENDOR.json describes."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parents[3] / "pipeline" / "report" / "vendor"
ROWS = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_vendored_file_has_the_digest_it_is_listed_with(row: dict[str, str]) -> None:
    assert hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest() == row["sha256"]


def test_every_vendored_file_is_listed_with_version_source_and_licence() -> None:
    listed = {row["file"] for row in ROWS}
    others = {"VENDOR.json", "LICENSES.txt", "package-lock.json"}
    assert {path.name for path in VENDOR.iterdir()} == listed | others
    assert all(row["version"] and row["source"] and row["licence"] for row in ROWS)


def test_the_vendored_files_stay_small_enough_to_send_by_mail() -> None:
    assert sum(row["bytes"] for row in ROWS) < 2_600_000


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_no_vendored_file_knows_a_server(row: dict[str, str]) -> None:
    text = (VENDOR / row["file"]).read_text("utf-8")
    assert set(re.findall(r"(?:https?|wss?)://([^/\"'`\s\\]*)", text)) <= {"www.w3.org"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_no_vendored_file_can_end_its_element_or_change_under_a_parser(row: dict[str, str]) -> None:
    data = (VENDOR / row["file"]).read_bytes()
    assert not [needle for needle in (b"</script", b"</style", b"<!--", b"\r", b"\0") if needle in data]


def test_the_charts_cannot_upload_a_chart_or_run_text_as_code() -> None:
    text = (VENDOR / "plotly.js").read_text("utf-8")
    assert ".sendDataToCloud=function(){return!1}" in text
    assert not re.search(r"\beval\(|new Function\(|CHART_AUTH_SUCCESS", text)


def test_the_licences_of_all_bundled_packages_are_shipped() -> None:
    text = (VENDOR / "LICENSES.txt").read_text("utf-8")
    for name in ("plotly.js 4.1.1 (MIT)", "cytoscape 3.34.4 (MIT)", "@plotly/d3 3.8.2 (BSD-3-Clause)"):
        assert name in text
