"""What every format must do, run over all of them."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from parsers.contract import Format, Source
from parsers.kit.runs import run_end
from parsers.kit.wide import wide_codec
from parsers.reader import StreamId, read
from parsers.registry import all_formats, find_format, recognise, sample_of
from parsers.schema import EVENT_TYPES, EVENTS
from tests.conformance.fixtures import DERIVED, PROVENANCE, fixtures, read_all, settings_for

if TYPE_CHECKING:
    from pathlib import Path

FIXTURES = fixtures()
IDS = [f"{format_id}:{path.name}" for format_id, path in FIXTURES]
every_fixture = pytest.mark.parametrize(("format_id", "path"), FIXTURES, ids=IDS)
every_format = pytest.mark.parametrize("fmt", all_formats(), ids=[f.id for f in all_formats()])


def golden(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    rows = [json.loads(line) for line in path.with_name(path.name + ".golden.jsonl").read_text("utf-8").splitlines()]
    pick = lambda key: [row[key] for row in rows if key in row]  # noqa: E731
    return pick("accounting")[0], pick("event"), pick("reject")


@every_format
def test_a_format_has_a_fixture_folder_with_a_golden(fmt: Format) -> None:
    own = [path for format_id, path in FIXTURES if format_id == fmt.id]
    assert own, f"sample_data/formats/{fmt.id}/ has no fixture"
    assert all(path.with_name(path.name + ".golden.jsonl").exists() for path in own)


@every_format
def test_a_format_declares_only_what_the_schema_knows(fmt: Format) -> None:
    assert fmt.id == fmt.id.lower()
    assert fmt.title
    assert fmt.references
    assert set(fmt.event_types) <= set(EVENT_TYPES)
    assert set(fmt.trust) <= set(EVENTS.names)


@every_fixture
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_a_fixture_reads_as_its_golden_in_any_time_zone(
    format_id: str, path: Path, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    accounting, want_events, want_rejects = golden(path)
    events, rejects, total = read_all(find_format(format_id), path.read_bytes(), settings_for(path), path.name)
    got = [{k: v for k, v in e.items() if k not in PROVENANCE} for e in events]
    for have, want in zip(got, want_events, strict=True):
        assert {k: v for k, v in have.items() if k in want or k not in DERIVED} == want
    assert [{k: r[k] for k in w} for r, w in zip(rejects, want_rejects, strict=True)] == want_rejects
    assert {k: dataclasses.asdict(total)[k] for k in accounting} == accounting


@every_fixture
def test_bytes_in_are_parsed_rejected_or_skipped(format_id: str, path: Path) -> None:
    data = path.read_bytes()
    _, _, total = read_all(find_format(format_id), data, settings_for(path))
    assert total.bytes_in == len(data)
    assert total.bytes_parsed + total.bytes_rejected + total.bytes_skipped == len(data)


@every_fixture
def test_a_fixture_is_recognised_as_its_own_format_alone(format_id: str, path: Path) -> None:
    seen = recognise(sample_of(memoryview(path.read_bytes())))
    settings = settings_for(path)
    if settings.column_map is None and "format" not in settings.options:  # else people state what it is
        assert (seen.verdict, seen.format_id) == ("recognised", format_id), seen
    else:
        assert seen.format_id in {None, format_id}, seen


@every_fixture
def test_the_block_parser_reads_what_the_row_parser_reads(format_id: str, path: Path) -> None:
    fmt = find_format(format_id)
    if fmt.parse_block is None:
        return
    rows = dataclasses.replace(fmt, parse_block=None)
    data, settings = path.read_bytes(), settings_for(path)
    assert read_all(fmt, data, settings) == read_all(rows, data, settings)


def mutate(data: bytes, rng: random.Random) -> bytes:  # noqa: PLR0911 - one return per kind of mutation
    """One structural mutation: cut, repeat, drop, swap or replace a token, a line or a run of bytes."""
    lines = data.splitlines(keepends=True)
    where = rng.randrange(len(data)) if data else 0
    choice = rng.randrange(9)
    if choice == 0:
        return data[:where]
    if choice == 1:
        return (
            data[:where]
            + rng.choice([b"\x00" * 9, b"\xff\xfe", b'"', b"[", b"{", b"\r", b"\n\n", b"<", b"\\"])
            + data[where:]
        )
    if choice == 2 and lines:
        victim = rng.randrange(len(lines))
        return b"".join(lines[:victim] + lines[victim + 1 :])
    if choice == 3 and lines:
        victim = rng.randrange(len(lines))
        return b"".join(lines[:victim] + [lines[victim]] * 3 + lines[victim:])
    if choice == 4:
        tokens = data.split(b" ")
        tokens[rng.randrange(len(tokens))] = rng.choice([b"", b"-", b"null", b"99999999999999999999999", b"\xe9", b'"'])
        return b" ".join(tokens)
    if choice == 5:
        return data.replace(b":", rng.choice([b"", b"::", b";"]), rng.randrange(1, 4))
    if choice == 6:
        return data[where:] + data[:where]
    if choice == 7:
        return data.replace(b"\n", rng.choice([b"\r\n", b"\r", b"\n\n"]), rng.randrange(1, 50))
    span = rng.randrange(1, 40)
    return data[:where] + bytes(rng.randrange(256) for _ in range(span)) + data[where + span :]


@every_fixture
def test_mutated_input_never_raises_and_bytes_still_add_up(format_id: str, path: Path) -> None:
    fmt, settings, original = find_format(format_id), settings_for(path), path.read_bytes()[:40_000]
    for seed in range(int(os.environ.get("VESTIGO_MUTATIONS", "60"))):
        rng = random.Random(seed)
        data = original
        for _ in range(rng.randrange(1, 4)):
            data = mutate(data, rng)
        _, _, total = read_all(fmt, data, settings)
        assert total.bytes_in == len(data) == total.bytes_parsed + total.bytes_rejected + total.bytes_skipped


@every_fixture
def test_mutated_input_reads_the_same_by_block_and_by_row(format_id: str, path: Path) -> None:
    fmt = find_format(format_id)
    if fmt.parse_block is None:
        return
    rows, settings, original = (
        dataclasses.replace(fmt, parse_block=None),
        settings_for(path),
        path.read_bytes()[:40_000],
    )
    for seed in range(int(os.environ.get("VESTIGO_MUTATIONS", "60"))):
        data = mutate(original, random.Random(seed))
        assert read_all(fmt, data, settings) == read_all(rows, data, settings)


@every_fixture
def test_a_source_read_in_units_equals_one_read_whole(format_id: str, path: Path) -> None:
    fmt = find_format(format_id)
    if fmt.framing != "line":
        return
    data, settings = path.read_bytes(), settings_for(path)
    if wide_codec(data):
        return  # UTF-16 is never cut
    cut = data.find(b"\n", len(data) // 2) + 1
    cut = run_end(data, cut, fmt.resumes) if fmt.resumes else cut
    stream = StreamId("0" * 64, "", fmt.id, fmt.version)
    whole = [b.events for b in read(fmt, Source(memoryview(data), settings=settings), stream)]
    first = Source(memoryview(data[:cut]), settings=settings)
    second = Source(memoryview(data[cut:]), cut, 1 + data[:cut].count(b"\n"), settings)
    parts = [b.events for s in (first, second) for b in read(fmt, s, stream)]
    rows = lambda tables: [row for table in tables for row in table.to_pylist()]  # noqa: E731
    assert rows(parts) == rows(whole)
