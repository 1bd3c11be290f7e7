"""The report as a file: the same bytes for the same tables, and nothing in it that could fetch, run or leave."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.report.render import render
from tests.pipeline.report.synthetic import HOSTILE, make_case

WEIGHTS = [{"kind": "network: fixed_isp", "unrelated": 2.5, "source": "fit"}]


class Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts, styles and noscript."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.inside = tag if tag in self.texts else None
        if self.inside:
            self.texts[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[self.inside][-1] += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the signature of the standard library
        self.inside = None


def parsed(page: bytes) -> Elements:
    elements = Elements()
    elements.feed(page.decode("utf-8"))
    return elements


def blocks(page: bytes) -> dict[str, Any]:
    found = re.findall(rb'<script type="text/plain" id="data-(\w+)">([A-Za-z0-9+/=]*)</script>', page)
    return {name.decode(): json.loads(gzip.decompress(base64.b64decode(data))) for name, data in found}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    case, store = make_case(tmp_path_factory.mktemp("hostile"), hostile=True)
    return render(case, store, WEIGHTS)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    case, store = make_case(tmp_path_factory.mktemp("plain"))
    return render(case, store, WEIGHTS)


def test_equal_tables_give_equal_bytes_in_another_folder_and_time_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: bytes
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Chatham")
    time.tzset()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    case, store = make_case(tmp_path / "case")
    try:
        assert render(case, store, WEIGHTS) == plain
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_page_names_no_folder_host_or_user_of_this_machine(tmp_path: Path) -> None:
    case, store = make_case(tmp_path)
    page = render(case, store)
    data = json.dumps(blocks(page))
    for folder in (str(tmp_path), "/site-packages", str(Path.cwd())):
        assert folder.encode() not in page
        assert folder not in data
    assert not re.search(rf"\b{re.escape(os.uname().nodename)}\b", data)


def test_the_policy_allows_exactly_the_scripts_and_styles_of_the_page(plain: bytes) -> None:
    elements = parsed(plain)
    policy = next(a["content"] for tag, a in elements.found if tag == "meta" and a.get("http-equiv"))
    assert policy is not None
    scripts = re.findall(rb"<script>(.*?)</script>", plain, re.DOTALL)
    styles = re.findall(rb"<style[^>]*>(.*?)</style>", plain, re.DOTALL)
    digests = [f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'" for text in (*scripts, *styles)]
    assert (len(scripts), len(styles)) == (4, 2)
    assert re.findall(r"'sha256-[^']*'", policy) == digests
    assert "unsafe" not in policy
    for rule in (
        "default-src 'none'",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "trusted-types 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert rule in policy.split("; ")


@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_nothing_in_the_page_links_out_or_runs_from_an_attribute(which: str, request: pytest.FixtureRequest) -> None:
    page: bytes = request.getfixturevalue(which)
    for tag, attributes in parsed(page).found:
        assert tag not in {"img", "iframe", "object", "embed", "link", "form", "base", "svg"}
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in {"src", "srcset", "srcdoc", "style", "action", "ping", "background", "poster"}, (
                tag,
                name,
            )
            assert name != "href" or str(value).startswith("#"), (tag, value)


def test_hostile_text_adds_no_element_to_the_page(plain: bytes, hostile: bytes) -> None:
    def shape(page: bytes) -> list[str]:
        return [tag for tag, _ in parsed(page).found]

    assert shape(hostile) == shape(plain)


def test_hostile_text_stands_outside_packed_data_only_escaped(hostile: bytes) -> None:
    outside = re.sub(rb"<script.*?</script>", b"", hostile, flags=re.DOTALL).decode()
    for text in HOSTILE:
        if re.search(r"[<>&]", text):
            assert text not in outside
    assert not re.search("[\u0000-\u0008\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", outside)


def test_hostile_text_is_kept_whole_in_the_packed_data(hostile: bytes) -> None:
    events = blocks(hostile)["events"]
    column = events["columns"]["url_original"]
    urls = column.get("values") or column["words"]
    assert any(HOSTILE[1] in url for url in urls if url)


def test_the_bytes_of_an_event_are_the_bytes_of_the_exhibit(tmp_path: Path) -> None:
    case, store = make_case(tmp_path, hostile=True)
    packed = blocks(render(case, store))
    spans = [packed["events"]["columns"][name]["values"] for name in ("span_start", "span_end")]
    exhibit = case.exhibit_path(case.exhibits[0]).read_bytes()
    for start, end, shown in zip(*spans, packed["bytes"], strict=True):
        assert shown.encode("latin-1") == exhibit[start : min(end, start + 1024)]


def test_an_exhibit_that_cannot_be_opened_leaves_its_events_without_bytes(tmp_path: Path) -> None:
    case, store = make_case(tmp_path)
    case.exhibit_path(case.exhibits[0]).unlink()
    assert set(blocks(render(case, store))["bytes"]) == {None}


def test_a_case_without_any_table_still_gives_a_report(tmp_path: Path) -> None:
    case, store = make_case(tmp_path, count=0)
    for part in (tmp_path / "tables").rglob("*.parquet"):
        part.unlink()
    core = blocks(render(case, store))["core"]
    assert core["headline"]["nothing"] == "The data in hand does not support any two accounts as used by one operator."
    assert core["headline"]["warnings"] == ["No legal authority is recorded for E2: authority pending."]


def test_a_reader_without_scripts_gets_the_summary(plain: bytes) -> None:
    text = re.search(rb"<noscript>(.*?)</noscript>", plain, re.DOTALL)
    assert text is not None
    for words in (
        b"Moderately strong support (log10 LR +2.8)",
        b"Weakest against: another person who uses the same device",
        b"authority pending",
        b"not a person",
        b"IP Geolocation by DB-IP",
    ):
        assert words in text.group(1)
