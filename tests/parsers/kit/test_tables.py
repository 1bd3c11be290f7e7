"""Delimited text, record by record, with its bytes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.contract import Reject, Source, Span
from parsers.kit.tables import Row, csv_rows, sniff_delimiter


def rows(data: bytes, delimiter: str = ",", encoding: str = "utf-8") -> list[Row | Reject]:
    return list(csv_rows(Source(memoryview(data), offset=100), delimiter, encoding))


def cells(data: bytes, delimiter: str = ",", encoding: str = "utf-8") -> list[list[str]]:
    return [row.cells for row in rows(data, delimiter, encoding) if isinstance(row, Row)]


def test_a_record_cites_its_bytes_and_number() -> None:
    assert rows(b"a,b\n1,2\n") == [
        Row(Span(100, 104), 1, ["a", "b"], lossy=False),
        Row(Span(104, 108), 2, ["1", "2"], lossy=False),
    ]


def test_a_quoted_field_may_hold_line_ends_quotes_and_delimiters() -> None:
    assert cells(b'1,"a\r\nb ""c"", d"\n2,x\n') == [["1", 'a\r\nb "c", d'], ["2", "x"]]


def test_a_quote_inside_an_unquoted_field_opens_nothing() -> None:
    assert cells(b'5" disk,x\n6,y\n') == [['5" disk', "x"], ["6", "y"]]


def test_a_quote_that_never_closes_costs_one_line() -> None:
    found = rows(b'1,"open\n2,b\n3,"c\nd"\n')
    assert isinstance(found[0], Reject)
    assert found[0].span == Span(100, 108)
    assert [row.cells for row in found[1:] if isinstance(row, Row)] == [["2", "b"], ["3", "c\nd"]]


def test_many_quotes_that_never_close_do_not_make_reading_slow_or_lossy() -> None:
    found = rows(b'a",x,"b\n' * 5001)
    assert sum(row.span.end - row.span.start for row in found) == 8 * 5001
    assert sum(isinstance(row, Reject) for row in found) > 1000


def test_a_line_over_the_limit_is_refused_and_the_next_one_read() -> None:
    found = rows(b"a," + b"x" * 70_000 + b"\n1,2\n")
    assert isinstance(found[0], Reject)
    assert found[0].kind == "limit"
    assert isinstance(found[1], Row)
    assert found[1].cells == ["1", "2"]


def test_utf_16_is_cut_at_whole_characters() -> None:
    text = "a\t\u0a0d\u0d0a\r\nb\tc\r\n"
    assert cells(b"\xff\xfe" + text.encode("utf-16-le"), "\t", "utf-16-le") == [["a", "\u0a0d\u0d0a"], ["b", "c"]]
    assert cells(b"\xfe\xff" + text.encode("utf-16-be"), "\t", "utf-16-be") == [["a", "\u0a0d\u0d0a"], ["b", "c"]]


def test_bytes_that_are_not_in_the_encoding_are_shown_and_said() -> None:
    assert rows(b"caf\xe9,1\n") == [Row(Span(100, 107), 1, ["caf\\xe9", "1"], lossy=True)]
    assert rows(b"caf\xe9,1\n", encoding="latin-1") == [Row(Span(100, 107), 1, ["café", "1"], lossy=False)]


def test_the_delimiter_is_the_one_that_cuts_evenly() -> None:
    assert sniff_delimiter("a;b\n1,5;2\n2;3,5\n") == (";", 1.0, 2)
    assert sniff_delimiter("a,b,c\n1,2,3\n") == (",", 1.0, 3)
    assert sniff_delimiter('a|b\n"x|y"|2\n') == ("|", 1.0, 2)
    assert sniff_delimiter("one\ntwo\n") is None


@settings(deadline=None, derandomize=True, database=None)
@given(st.text(alphabet='ab,"\r\n\t;é\x00', max_size=200))
def test_rows_cover_every_byte_in_order_whatever_the_text(text: str) -> None:
    data = text.encode()
    position = 100
    for row in rows(data):
        assert row.span.start == position
        assert row.span.end > position
        position = row.span.end
    assert position == 100 + len(data)


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.lists(st.text(alphabet='ab,"\r\n é', max_size=9), min_size=2, max_size=4), max_size=9))
def test_what_was_written_with_quotes_is_read_back(table: list[list[str]]) -> None:
    quoted = ["".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row)) for row in table]
    assert cells("".join(row + "\r\n" for row in quoted).encode()) == table
