"""Lines and the bytes they came from."""

from __future__ import annotations

from parsers.contract import Event, Reject, Sample, Skip, Source, Span
from parsers.kit.lines import MAX_LINE, Line, iter_lines, line_items, line_share


def lines_of(data: bytes, offset: int = 0, first_line: int = 1) -> list[Line]:
    return list(iter_lines(Source(memoryview(data), offset, first_line)))


def test_a_line_ends_at_line_feed_only() -> None:
    assert [line.raw for line in lines_of(b"a\rb\x0bc\x0c\x1c\xc2\x85d\n\xe2\x80\xa8e\x00\r\n")] == [
        b"a\rb\x0bc\x0c\x1c\xc2\x85d",
        b"\xe2\x80\xa8e\x00",
    ]


def test_one_carriage_return_before_the_line_feed_belongs_to_the_line_end() -> None:
    assert [line.raw for line in lines_of(b"a\r\r\n\r\n")] == [b"a\r", b""]


def test_spans_include_the_line_end_and_count_from_the_unit_offset() -> None:
    assert lines_of(b"one\n\ntwo\r\nrest", 100, 8) == [
        Line(Span(100, 104), 8, b"one"),
        Line(Span(104, 105), 9, b""),
        Line(Span(105, 110), 10, b"two"),
        Line(Span(110, 114), 11, b"rest"),
    ]


def test_no_bytes_are_no_lines() -> None:
    assert lines_of(b"") == []


def test_lines_that_cross_the_reading_chunk_are_whole() -> None:
    row = b"x" * 999 + b"\n"
    found = lines_of(row * 3000)
    assert len(found) == 3000
    assert {line.raw for line in found} == {b"x" * 999}
    assert found[-1].span == Span(2_999_000, 3_000_000)


def test_a_line_over_the_limit_keeps_its_span_and_its_neighbours() -> None:
    for size in (MAX_LINE + 1, (1 << 20) - 1, 1 << 20, 3 << 20):
        first, long, last = lines_of(b"a\n" + b"x" * size + b"\nb")
        assert (first.raw, last.raw, last.number) == (b"a", b"b", 3)
        assert long.span == Span(2, size + 3)
        assert long.over_limit
        assert len(long.raw) == MAX_LINE + 1


def test_a_line_of_exactly_the_limit_is_read() -> None:
    (line,) = lines_of(b"x" * MAX_LINE + b"\r\n")
    assert not line.over_limit
    assert len(line.raw) == MAX_LINE


def test_items_of_blank_and_over_long_lines_are_made_alike_for_all() -> None:
    data = b"a\n \t\r\n" + b"x" * (MAX_LINE + 1) + b"\nb\n"
    items = list(
        line_items(Source(memoryview(data)), lambda line: [Event(line.span, line.locator, "log_message", {})])
    )
    assert items == [
        Event(Span(0, 2), "L1", "log_message", {}),
        Skip(Span(2, 6), "blank line"),
        Reject(Span(6, 65544), "the line is longer than 65536 bytes", "limit"),
        Event(Span(65544, 65546), "L4", "log_message", {}),
    ]


def test_line_share_counts_lines_that_are_not_blank() -> None:
    sample = Sample(b"a 1\n\na 2\nb 3\r\na 4", b"", b"", 17)
    assert line_share(sample, lambda line: line.startswith(b"a")) == 0.75
    assert line_share(Sample(b"\n\n", b"", b"", 2), lambda _: True) == 0.0
