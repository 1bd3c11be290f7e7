from __future__ import annotations

import pytest

from parsers.contract import Event, Item, Reject, Sample, Settings, Source
from parsers.registry import find_format

FORMAT = find_format("platform/synchronoss")
ROW = {
    "Date": "2026-01-01 10:00:00 UTC",
    "Type": "SMS",
    "Direction": "IN",
    "Sender": "+12025550143",
    "Recipients": "+12025550177",
    "Body": "hi",
    "Attachments": "",
    "Message ID": "m1",
}
WANT = ("+12025550143", ["+12025550177"], 1767261600_000_000, "hi", "received")


def table(*rows: dict[str, str]) -> str:
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]) + "\n"


def read(text: str, settings: Settings = Settings()) -> list[Item]:
    return list(FORMAT.parse(Source(memoryview(text.encode()), settings=settings)))


def events(text: str, settings: Settings = Settings()) -> list[Event]:
    return [item for item in read(text, settings) if isinstance(item, Event)]


def facts(event: Event) -> tuple[object, ...]:
    values = event.values
    return (values["sender"], values["recipients"], values.get("timestamp"), event.text, values["event_action"])


@pytest.mark.parametrize("shift", range(8))
def test_columns_in_any_order_give_the_same_message(shift: int) -> None:
    names = list(ROW)
    (event,) = events(table({name: ROW[name] for name in names[shift:] + names[:shift]}))
    assert facts(event) == WANT


def test_an_added_column_is_rejected_by_title_and_its_cells_are_kept() -> None:
    text = table({"Is RCS": "secret", **ROW})
    (event,) = events(text)
    assert facts(event) == WANT
    assert event.values["extra"] == {"Is RCS": "secret"}
    assert [r.reason for r in read(text) if isinstance(r, Reject)] == [
        "no rule of this format reads the columns 'Is RCS'; their cells are kept as written"
    ]


def test_a_table_without_a_column_it_needs_is_rejected_row_by_row() -> None:
    for name in ("Date", "Sender", "Recipients", "Direction"):
        text = table({k: v for k, v in ROW.items() if k != name})
        assert events(text) == []
        assert {r.kind for r in read(text) if isinstance(r, Reject)} == {"unknown_structure"}


def test_a_row_with_too_few_cells_is_rejected_and_its_neighbours_are_read() -> None:
    text = table(ROW) + "1,2,3\n" + table(ROW).split("\n")[1] + "\n"
    assert [facts(event) for event in events(text)] == [WANT, WANT]


def test_who_sent_is_the_number_in_the_row_not_the_word_on_direction() -> None:
    (event,) = events(table({**ROW, "Direction": "OUT"}))
    assert (event.values["sender"], event.values["event_action"]) == ("+12025550143", "sent")
    (nobody,) = events(table({**ROW, "Sender": ""}))
    assert nobody.values["parse_flags"] == ["direction_unknown"]


def test_day_and_month_are_read_as_the_file_or_the_case_says_or_stay_open() -> None:
    (open_,) = events(table({**ROW, "Date": "3/4/2026 10:00 AM"}), Settings(timezone="Etc/UTC"))
    assert (open_.values["timestamp"], open_.values["parse_flags"]) == (None, ["date_order_ambiguous"])
    rows = [{**ROW, "Date": "3/4/2026 10:00"}, {**ROW, "Date": "3/14/2026 10:00"}]
    first, second = events(table(*rows), Settings(timezone="Etc/UTC"))
    assert (first.values["timestamp"], second.values["timestamp"]) == (1772618400_000_000, 1773482400_000_000)


def test_tables_are_recognised_by_their_titles() -> None:
    def score(text: str) -> int:
        return FORMAT.recognise(Sample(text.encode(), b"", b"", len(text)))

    assert score(table(ROW)) == 95
    assert score("Date,From,To,Text\n1,2,3,4\n") == 0


def test_a_message_stated_as_sent_without_a_number_is_the_accounts_own() -> None:
    (event,) = events(table({**ROW, "Direction": "out", "Sender": ""}))
    assert (event.values["event_action"], event.values["sender"], event.values["parse_flags"]) == ("sent", None, None)
