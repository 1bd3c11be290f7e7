from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from parsers.contract import Event, Item, Reject, Sample, Settings, Source
from parsers.registry import find_format

FORMAT = find_format("platform/whatsapp_chat")


def read(text: str | bytes, settings: Settings = Settings()) -> list[Item]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(FORMAT.parse(Source(memoryview(data), settings=settings)))


def events(text: str | bytes, settings: Settings = Settings()) -> list[Event]:
    return [item for item in read(text, settings) if isinstance(item, Event)]


def micros(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc, arg-type]


def score(text: str) -> int:
    data = text.encode()
    return FORMAT.recognise(Sample(data, b"", b"", len(data)))


def columns(event: Event, *names: str) -> dict[str, Any]:
    return {name: event.values.get(name) for name in names}


def test_a_bracket_inside_a_message_does_not_cut_it() -> None:
    (event,) = events("[31/12/2024, 23:59:01] Finch: look ] here: [31/12/2024]\n")
    assert event.text == "look ] here: [31/12/2024]"


def test_android_lines_have_time_and_sender() -> None:
    (event,) = events("12/31/24, 11:59 PM - Finch: hi\n")
    assert columns(event, "sender", "timestamp") == {"sender": "Finch", "timestamp": micros(2024, 12, 31, 23, 59)}


def test_year_first_dates_do_not_swap_month_and_day() -> None:
    (event,) = events("[2020-02-01, 10:00:00] Finch: hi\n")
    assert event.values["timestamp"] == micros(2020, 2, 1, 10, 0)


def test_an_ambiguous_date_has_no_time_but_both_bounds() -> None:
    (event,) = events("03/04/25, 10:00 - Finch: hi\n", Settings(timezone="Etc/UTC"))
    assert columns(event, "timestamp", "timestamp_earliest", "timestamp_latest", "parse_flags") == {
        "timestamp": None,
        "timestamp_earliest": micros(2025, 3, 4, 10, 0),
        "timestamp_latest": micros(2025, 4, 3, 10, 1) - 1,
        "parse_flags": ["date_order_ambiguous"],
    }


def test_a_date_that_is_possible_one_way_decides_for_the_whole_file() -> None:
    text = "03/04/25, 10:00 - Finch: a\n13/04/25, 10:00 - Finch: b\n"
    assert [e.values["timestamp"] for e in events(text)] == [micros(2025, 4, 3, 10, 0), micros(2025, 4, 13, 10, 0)]


def test_the_case_decides_when_the_file_does_not() -> None:
    text = "03/04/25, 10:00 - Finch: a\n"
    assert events(text, Settings(date_order="mdy"))[0].values["timestamp"] == micros(2025, 3, 4, 10, 0)
    assert events(text, Settings(date_order="dmy"))[0].values["timestamp"] == micros(2025, 4, 3, 10, 0)


def test_two_digit_years_that_come_first_are_read_when_the_case_says_so() -> None:
    (event,) = events("24-12-31 10:00 - Finch: a\n", Settings(date_order="ymd"))
    assert event.values["timestamp"] == micros(2024, 12, 31, 10, 0)


def test_two_digit_years_that_come_first_are_read_when_nothing_else_is_possible() -> None:
    (event,) = events("25-01-02 10:00 - Finch: a\n")  # as a last year, 02 is before the service began
    assert event.values["timestamp"] == micros(2025, 1, 2, 10, 0)


def test_one_typed_date_does_not_overturn_the_order_of_a_long_chat() -> None:
    rows = [f"{month}/{number}/24, 10:00 AM - Wren: x" for month in range(1, 7) for number in range(13, 18)]
    rows.insert(9, "25/12/24, 11:00 AM - Wren: forged")
    found = events("\n".join(rows) + "\n")
    assert len(found) == 30
    assert found[8].text == "x\n25/12/24, 11:00 AM - Wren: forged"
    assert found[0].values["timestamp"] == micros(2024, 1, 13, 10, 0)


def test_lines_in_a_foreign_notation_are_text_of_the_message_around_them() -> None:
    rows = ["[31/12/2024, 10:00:00] Finch: m"] * 9
    rows.insert(4, "12/24/24, 6:00 PM - Wren: quoted")
    found = events("\n".join(rows) + "\n")
    assert [e.text for e in found[3:5]] == ["m\n12/24/24, 6:00 PM - Wren: quoted", "m"]


def test_two_exports_in_one_file_are_both_read() -> None:
    text = "[31/12/2024, 10:00:00] Finch: a\n" * 3 + "31.12.24, 10:00 - Wren: b\n" * 3
    assert [e.values["sender"] for e in events(text)] == ["Finch"] * 3 + ["Wren"] * 3


def test_a_typed_marker_is_text_where_the_app_leads_its_own() -> None:
    text = "[31/12/2024, 10:00:00] Finch: \u200eimage omitted\n[31/12/2024, 10:00:01] Finch: image omitted\n"
    assert [e.values["message_type"] for e in events(text)] == ["media", "text"]


def test_a_marker_inside_a_sentence_is_the_sentence() -> None:
    (event,) = events("31/12/24, 10:00 - Finch: you wrote This message was deleted.\n")
    assert columns(event, "message_type", "deleted_flag") == {"message_type": "text", "deleted_flag": None}


def test_a_message_over_the_limit_keeps_its_first_mebibyte_and_rejects_the_rest() -> None:
    middle = "a line of the same message\n" * 50_000
    text = f"31/12/24, 10:00 - Finch: start\n{middle}31/12/24, 10:01 - Finch: end\n"
    first, rest, last = read(text)
    assert isinstance(first, Event)
    assert first.values["parse_flags"] == ["truncated"]
    assert first.span.end - first.span.start <= (1 << 20) + 27
    assert isinstance(rest, Reject)
    assert (rest.kind, rest.span.start) == ("limit", first.span.end)
    assert isinstance(last, Event)
    assert (last.text, last.span.start) == ("end", rest.span.end)


def test_times_that_no_clock_shows_do_not_begin_a_message() -> None:
    for stamp in ("31/12/24, 25:00", "31/12/24, 10:61", "12/31/24, 13:00 PM", "32/13/24, 10:00", "31/12/1999, 10:00"):
        assert [type(i).__name__ for i in read(f"{stamp} - Finch: hi\n")] == ["Reject"], stamp


def test_midnight_and_noon_follow_the_twelve_hour_clock() -> None:
    text = "12/31/24, 12:00 AM - F: a\n12/31/24, 12:00 PM - F: b\n"
    assert [e.values["timestamp"] for e in events(text)] == [micros(2024, 12, 31, 0, 0), micros(2024, 12, 31, 12, 0)]


def test_an_hour_that_occurs_twice_keeps_both_readings() -> None:
    (event,) = events("27/10/24, 02:30 - Finch: hi\n", Settings(timezone="Europe/Berlin"))
    assert event.values["parse_flags"] == ["dst_fold"]
    assert event.values["timestamp_latest"] == micros(2024, 10, 27, 1, 31) - 1


def test_a_sender_the_phone_had_no_name_for_is_its_number() -> None:
    (event,) = events("31/12/24, 10:00 - +353 20 915 0002: hi\n")
    assert columns(event, "account_id", "sender") == {"account_id": "+353209150002", "sender": "+353 20 915 0002"}
    (named,) = events("31/12/24, 10:00 - +353 fan club: hi\n")
    assert named.values.get("account_id") is None


def test_a_file_without_any_message_is_rejected_whole() -> None:
    (reject,) = read("nothing\nhere\n")
    assert isinstance(reject, Reject)
    assert reject.span == (0, 13)
    assert read(b"") == []


def test_chats_are_recognised_and_logs_and_other_chats_are_not() -> None:
    assert score("[31/12/2024, 23:59:01] Finch: a\nb\nc\n") == 95
    assert score("12/31/24, 11:59 PM - Finch: a\n" * 5) == 95
    assert score("[2026-03-01 10:00:00] production.ERROR: failed\n" * 5) == 0
    assert score("2026-03-01 10:00:00 - worker: started\n" * 5) == 0
    assert score("01/03/2026 10:00 - INFO: started\n" * 5) == 0
    assert score("[2019-05-29, 15:04] Me: hi\n" * 5) == 0
    assert score('192.0.2.1 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n' * 5) == 0
    assert score("2026/03/01 10:00:00 [error] 1#1: *1 open() failed\n" * 5) == 0
    assert score("Date,From,Text\n31/12/24,Finch,hi\n") == 0
