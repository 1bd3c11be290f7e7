from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.contract import Event, Item, Reject, Source
from parsers.kit.entries import entries, items_of_entries, written_in

if TYPE_CHECKING:
    from parsers.kit.lines import Line


def begins(line: Line) -> str | None:
    return line.raw.decode() if line.raw.startswith(b"#") else None


def source(text: str) -> Source:
    return Source(memoryview(text.encode()), offset=100)


def test_lines_that_begin_nothing_belong_to_the_entry_before() -> None:
    one = source("#a\nb\n\n#c\r\n")
    found = list(entries(one, begins))
    assert [(e.beginning, e.span, e.locator) for e in found] == [("#a", (100, 106), "L1-L3"), ("#c", (106, 110), "L4")]
    assert [written_in(one, e) for e in found] == [b"#a\nb\n", b"#c"]


def test_lines_before_the_first_entry_are_rejected() -> None:
    items: list[Item] = list(items_of_entries(source("x\n#a\n"), begins, lambda e, b: Event(e.span, b, "record", {})))
    assert [(type(i), i.span) for i in items] == [(Reject, (100, 102)), (Event, (102, 105))]


def test_lines_beyond_the_limit_are_rejected_and_the_next_entry_is_read() -> None:
    text = "#a\n" + "x" * 99 + "\n"
    whole = source(text + ("y" * 1023 + "\n") * 1200 + "#b\n")
    first, second = entries(whole, begins)
    assert first.excess is not None
    assert (first.span.end, first.excess.end) == (first.excess.start, second.span.start)
    assert first.span.end - first.span.start <= 1 << 20
