"""Tables read by a column map."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.contract import Event, Reject, Settings, Skip, Source
from parsers.registry import sample_of
from parsers.tables.mapped import FORMATS, MapError, compile_map, parse, recognise
from tests.conformance.fixtures import read_all

MAP = """
event_type = "lease"
[columns]
timestamp = "when"
source_ip = "ip"
account_login = "user"
"""


def read(data: bytes, column_map: str | None = MAP, zone: str | None = "UTC") -> list[dict[str, Any]]:
    spec = tomllib.loads(column_map) if column_map is not None else None
    return read_all(FORMATS[0], data, Settings(timezone=zone, column_map=spec))[0]


def test_titles_are_found_whatever_their_case_and_space() -> None:
    (row,) = read(b" When ,IP,  USER\n2026-03-01T10:00:00Z,192.0.2.1,jordan\n")
    assert (row["timestamp"], row["source_ip"], row["account_login"]) == (
        "2026-03-01T10:00:00.000000Z",
        "192.0.2.1",
        "jordan",
    )


def test_a_port_column_wins_over_a_port_beside_the_address() -> None:
    (row,) = read(b"ip,port\n192.0.2.1:50000,40000\n", '[columns]\nsource_port = "port"\nsource_ip = "ip"\n')
    assert row["source_port"] == 40000
    (row,) = read(b"ip,port\n192.0.2.1:50000,40000\n", '[columns]\nsource_ip = "ip"\nsource_port = "port"\n')
    assert row["source_port"] == 40000


def test_a_number_that_does_not_fit_stays_as_written() -> None:
    (row,) = read(
        b"port,size\n70000,99999999999999999999\n", '[columns]\nsource_port = "port"\nhttp_response_bytes = "size"\n'
    )
    assert row["extra"] == '{"port":"70000","size":"99999999999999999999"}'
    assert "source_port" not in row


def test_without_a_zone_the_time_is_widened() -> None:
    (row,) = read(b"when,ip,user\n2026-03-01 10:00:00,192.0.2.1,a\n", zone=None)
    assert (row["tz_basis"], row["timestamp_earliest"]) == ("assumed", "2026-02-28T20:00:00.000000Z")


def test_the_map_s_zone_wins_over_the_case_s() -> None:
    (row,) = read(
        b"when,ip,user\n2026-03-01 10:00:00,192.0.2.1,a\n", MAP + '[time]\nzone = "Asia/Kolkata"\n', "Europe/Berlin"
    )
    assert row["timestamp"] == "2026-03-01T04:30:00.000000Z"


def test_without_a_map_every_cell_is_kept_under_its_title() -> None:
    (row,) = read(b"when,ip\n2026-03-01,192.0.2.1\n", None)
    assert (row["event_type"], row["extra"]) == ("record", '{"ip":"192.0.2.1","when":"2026-03-01"}')


def test_no_cell_is_lost_when_titles_repeat_or_collide() -> None:
    (row,) = read(b"a,a,,column 3,source\n1,2,3,4,5\n", 'title = "T"')
    assert (
        row["extra"]
        == '{"a":"1","a (column 2)":"2","column 3":"3","column 3 (column 4)":"4","source":"5","source (2)":"T"}'
    )


def test_a_missing_column_is_reported_and_the_rows_are_read() -> None:
    items = list(
        parse(
            Source(memoryview(b"when,user\n2026-03-01T10:00:00Z,a\n"), settings=Settings(column_map=tomllib.loads(MAP)))
        )
    )
    assert [type(item) for item in items] == [Reject, Event]
    assert isinstance(items[0], Reject)
    assert items[0].reason == "the table has no column ip"


def test_the_header_is_found_below_cover_lines_or_where_the_map_says() -> None:
    table = b"Answer;17\n\nwhen;ip;user\n2026-03-01T10:00:00Z;192.0.2.1;a\n"
    assert [row["locator"] for row in read(table, MAP + '[time]\nzone = "UTC"\n')] == ["row 4"]
    assert [row["locator"] for row in read(table, 'header_row = 3\ndelimiter = ";"\n' + MAP)] == ["row 4"]


def test_excel_s_empty_and_repeated_rows_are_passed_over_by_rule() -> None:
    data = b"when,ip,user\n,,\nwhen,ip,user\n2026-03-01T10:00:00Z,192.0.2.1,a\n"
    items = list(parse(Source(memoryview(data), settings=Settings(column_map=tomllib.loads(MAP)))))
    assert [item.rule for item in items if isinstance(item, Skip)] == ["header row", "empty row", "header row"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colums = {}", "'colums' is no key; did you mean 'columns'?"),
        ('[columns]\nsource_pi = "x"', "'source_pi' is no event field in [columns]; did you mean 'source_ip'?"),
        ('[columns]\nevent_id = "x"', "'event_id' is no event field in [columns]"),
        ('event_type = "leases"', "did you mean 'lease'?"),
        ('[identifiers]\nphones = "x"', "did you mean 'phone'?"),
        ('[time]\nformat = "HH:MM"', "needs a year"),
        ('[time]\nzone = "Europe/Berlni"', "is no time zone"),
        ('encoding = "utf-9"', "did you mean 'utf-8'?"),
        ('delimiter = ";;"', "one character"),
        ("header_row = 0", "from 1"),
        ("[columns]\nsource_ip = 3", "columns.source_ip must be text"),
        ('[columns]\nsource_ip = ["a", "b"]', "columns.source_ip must be text"),
        ("[constants]\nsource_port = 99999999999", "out of range"),
        ('[constants]\nsource_port = "1"', "must be int"),
        ('[constants]\nevent_outcome = "ok"', "'ok' is no event outcome"),
        ('[values.event_outcome]\nOK = "sucess"', "did you mean 'success'?"),
        ("columns = 3", "[columns] must be a table"),
        ("title = 3", "title must be text"),
    ],
)
def test_a_mistake_in_the_map_is_named_with_the_nearest_right_word(text: str, message: str) -> None:
    with pytest.raises(MapError) as caught:
        compile_map(tomllib.loads(text))
    assert message in str(caught.value)


def test_a_clean_table_is_a_candidate_and_never_a_winner() -> None:
    assert recognise(sample_of(memoryview(b"when,ip,user\n1,2,3\n4,5,6\n"))) == 40
    assert recognise(sample_of(memoryview(b"a line of prose, with a comma\nand one without\n"))) == 0
    assert recognise(sample_of(memoryview(b"1,2\n3,4\n5,6\n"))) == 0


cell = st.text(alphabet='ab,;"\r\n é=\x00-', max_size=8)


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(cell, cell, cell), max_size=12))
def test_every_row_written_becomes_an_event_or_is_empty(rows: list[tuple[str, str, str]]) -> None:
    quote = lambda text: '"' + text.replace('"', '""') + '"'  # noqa: E731
    data = "when,ip,user\r\n" + "".join(",".join(map(quote, row)) + "\r\n" for row in rows)
    events, rejects, total = read_all(
        FORMATS[0], data.encode(), Settings(column_map=tomllib.loads('delimiter = ","\n' + MAP))
    )
    assert not rejects
    assert len(events) == sum(any(cell.strip() for cell in row) for row in rows)
    assert total.bytes_parsed + total.bytes_skipped == len(data.encode())


@settings(deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_it_raise_or_lose_count(data: bytes) -> None:
    _, _, total = read_all(FORMATS[0], data, Settings(column_map=tomllib.loads(MAP)))
    assert total.bytes_in == len(data) == total.bytes_parsed + total.bytes_rejected + total.bytes_skipped
