"""The framework: names, batches, byte accounting, and what a faulty parser gets."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.contract import Event, Format, Reject, Skip, Source, Span
from parsers.reader import ContractViolation, StreamId, _pieces, event_records, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

STREAM = StreamId("e" * 64, "a > b", "test/lines", 1)


def _parse(source: Source) -> Iterator[Item]:
    at = 0
    for number, line in enumerate(bytes(source.view).splitlines(keepends=True), source.first_line):
        span = Span(source.offset + at, source.offset + at + len(line))
        at += len(line)
        if line[:1] == b"-":
            continue  # a parser that forgets bytes
        if not line.strip():
            yield Skip(span, "blank")
        elif line[:1] == b"!":
            yield Reject(span, "marked bad")
        else:
            for _ in range(2 if line[:1] == b"2" else 1):
                yield Event(span, f"L{number}", "log_message", {"user_agent_original": "\ud800x"}, text="t")


LINES = Format(
    id="test/lines",
    version=1,
    title="t",
    framing="line",
    recognise=lambda _: 0,
    parse=_parse,
    event_types=("log_message",),
    tier="unexercised",
    skips={"blank": "blank lines"},
)


def test_forgotten_bytes_become_rejects_and_everything_adds_up() -> None:
    (batch,) = read(LINES, Source(memoryview(b"one\n\n-lost\n!bad\n2two\n"), offset=100), STREAM)
    account = batch.accounting
    assert (account.bytes_in, account.bytes_parsed, account.bytes_rejected, account.bytes_skipped) == (21, 9, 11, 1)
    assert [(r["span_start"], r["kind"]) for r in batch.rejects.to_pylist()] == [(105, "unread"), (111, "malformed")]


@pytest.mark.parametrize("offset", [0, 10**14 - 300, 10**15])
def test_names_of_many_events_are_stream_place_and_ordinal(offset: int) -> None:
    (batch,) = read(LINES, Source(memoryview(b"one\n2two\n" * 100), offset=offset), STREAM)
    places = [(offset + 9 * n + step, ordinal) for n in range(100) for step, ordinal in ((0, 0), (4, 0), (4, 1))]
    assert batch.events["event_id"].to_pylist() == [f"{STREAM.short}:{at:014d}:{n:03d}" for at, n in places]


def test_events_that_share_bytes_have_names_of_their_own() -> None:
    (batch,) = read(LINES, Source(memoryview(b"2two\n")), STREAM)
    ids = batch.events["event_id"].to_pylist()
    assert ids == [f"{STREAM.short}:00000000000000:000", f"{STREAM.short}:00000000000000:001"]


def test_a_lone_surrogate_is_shown_as_an_escape() -> None:
    (batch,) = read(LINES, Source(memoryview(b"x\n")), STREAM)
    assert next(event_records(batch))["user_agent_original"] == "\\ud800x"


@pytest.mark.parametrize(
    "item",
    [
        Event(Span(0, 99), "L1", "log_message", {}),
        Event(Span(0, 0), "L1", "log_message", {}),
        Event(Span(0, 2), "L1", "log_message", {"no_such_column": 1}),
        Event(Span(0, 2), "L1", "log_message", {"source_port": "text"}),
        Event(Span(0, 2), "L1", "message", {}),
        Skip(Span(0, 2), "undeclared"),
    ],
)
def test_a_parser_that_breaks_its_contract_is_named(item: Item) -> None:
    faulty = dataclasses.replace(LINES, parse=lambda _: iter([item]))
    with pytest.raises(ContractViolation):
        list(read(faulty, Source(memoryview(b"x\n")), STREAM))


@given(st.lists(st.integers(0, 30), max_size=40), st.booleans())
def test_pieces_end_after_newlines_and_know_their_first_line(lengths: list[int], ended: bool) -> None:  # noqa: FBT001
    data = b"\n".join(b"x" * n for n in lengths) + (b"\n" if ended else b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("parsers.reader.BATCH_BYTES", 16)
        pieces = list(_pieces(Source(memoryview(data), offset=5, first_line=7)))
    assert b"".join(bytes(p.view) for p in pieces) == data
    for piece in pieces:
        before = data[: piece.offset - 5]
        assert piece.first_line == 7 + before.count(b"\n")
        assert not before or before.endswith(b"\n")
