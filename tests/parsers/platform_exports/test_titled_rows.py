from __future__ import annotations

import pytest

from parsers.contract import Event, Item, Reject, Sample, Skip, Source
from parsers.kit.tables import Row
from parsers.platform_exports._titled_rows import (
    Table,
    first_header,
    header_of,
    read_tables,
    row_items,
    title_key,
    title_score,
)

LOGIN = Table(
    event_type="authentication",
    action="login",
    desc="Login Time",
    required=frozenset({"time", "ip"}),
    fields={"time": "time", "date": "time", "ip": "ip", "user": "account_login", "note": "kept"},
)
WEAK = Table(event_type="activity", required=frozenset({"ip"}), fields={"ip": "ip"}, weak=True, score=70)
MESSAGE = Table(
    event_type="message",
    required=frozenset({"from", "body"}),
    fields={"from": "sender", "to": "recipients", "body": "text", "file": "attachment"},
)
TABLES = (WEAK, LOGIN, MESSAGE)
TIME = "2026-01-01 10:00:00 UTC"


def read(text: str) -> list[Item]:
    return list(read_tables(Source(memoryview(text.encode())), TABLES, "example"))


def events(text: str) -> list[Event]:
    return [item for item in read(text) if isinstance(item, Event)]


def rejects(text: str) -> list[str]:
    return [item.reason for item in read(text) if isinstance(item, Reject)]


@pytest.mark.parametrize("title", ["first_seen_time", "First Seen Time", " first-seen time ", "FIRST\u00a0SEEN TIME"])
def test_spellings_of_a_title_are_one_title(title: str) -> None:
    assert title_key(title) == "firstseentime"


def test_the_table_that_knows_most_titles_is_chosen() -> None:
    header = header_of(["ip", "time", "user"], TABLES)
    assert header is not None
    assert header.table is LOGIN


def test_a_common_title_needs_half_of_the_others_to_be_known() -> None:
    assert header_of(["ip", "shoe"], TABLES) is not None
    assert header_of(["ip", "shoe", "hat"], TABLES) is None


def test_a_row_with_a_long_cell_is_never_a_header() -> None:
    assert header_of(["ip", "time", "x" * 81], TABLES) is None


def test_of_two_titles_for_one_column_the_first_declared_wins_and_the_other_is_kept() -> None:
    (event,) = events(f"date,ip,time\n2026-01-02 10:00:00 UTC,203.0.113.5,{TIME}\n")
    assert event.values["timestamp_raw"] == TIME
    assert event.values["extra"] == {"date": "2026-01-02 10:00:00 UTC"}


def test_a_title_that_stands_twice_is_read_once_and_named() -> None:
    text = f"ip,time,ip\n203.0.113.5,{TIME},203.0.113.6\n"
    (event,) = events(text)
    assert (event.values["source_ip"], event.values["extra"]) == ("203.0.113.5", {"ip#3": "203.0.113.6"})
    assert rejects(text) == ["no rule of this format reads the columns 'ip#3'; their cells are kept as written"]


def test_a_column_without_a_title_is_named_by_its_place() -> None:
    (event,) = events(f"ip,time,\n203.0.113.5,{TIME},x\n")
    assert event.values["extra"] == {"#3": "x"}


def test_rows_follow_the_last_header_above_them() -> None:
    text = f"ip,time\n203.0.113.5,{TIME}\nfrom,to,body\na,b,hi\n"
    assert [event.event_type for event in events(text)] == ["authentication", "message"]


def test_rows_above_every_header_are_rejected() -> None:
    assert rejects(f"x,y\nip,time\n203.0.113.5,{TIME}\n") == ["no row above this one names the columns"]


def test_an_empty_row_is_passed_over_by_name() -> None:
    rules = [item.rule for item in read(f"ip,time\n,\n\n203.0.113.5,{TIME}\n") if isinstance(item, Skip)]
    assert rules == ["header row", "blank line", "blank line"]


def test_a_list_of_recipients_is_taken_apart_and_a_file_name_is_not() -> None:
    (event,) = events('from,to,body,file\na,"b, c;d",hi,"x, y.jpg"\n')
    assert (event.values["recipients"], event.values["attachment_names"]) == (["b", "c", "d"], ["x, y.jpg"])
    assert (event.values["sender"], event.values["account_login"], event.text) == ("a", "a", "hi")


def test_an_address_that_is_none_stays_with_its_time() -> None:
    (event,) = events(f"ip,time\nunknown,{TIME}\n")
    assert (event.values.get("source_ip"), event.values["timestamp_raw"]) == (None, TIME)
    assert event.values["extra"] == {"ip": "unknown"}


@pytest.mark.parametrize(
    ("cell", "want"), [("", ("own", "7")), ("own", ("own", "7")), ("other", ("other", None))]
)
def test_the_account_of_a_file_is_given_to_rows_that_name_no_other(cell: str, want: tuple[str, str | None]) -> None:
    header = header_of(["ip", "time", "user"], TABLES)
    row = Row((0, 1), 2, ["203.0.113.5", TIME, cell], lossy=False)  # type: ignore[arg-type]
    (event,) = row_items(header, row, "example", None, {"account_login": "own", "account_id": "7"})
    assert isinstance(event, Event)
    assert (event.values["account_login"], event.values.get("account_id")) == want


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_a_header(delimiter: str) -> None:
    found = first_header(delimiter.join(["ip", "time"]) + "\n", TABLES)
    assert found is not None
    assert found[0] == delimiter


def test_points_fall_with_the_share_of_unknown_titles() -> None:
    scores = [title_score(Sample(t, b"", b"", len(t)), TABLES) for t in (b"ip,time\n", b"ip,time,a,b\n", b"a,b\n")]
    assert scores == [95, 88, 0]


def test_a_table_in_utf16_is_read() -> None:
    data = f"ip,time\n203.0.113.5,{TIME}\n".encode("utf-16")
    items = list(read_tables(Source(memoryview(data)), TABLES, "example"))
    assert [type(item) for item in items] == [Skip, Event]
