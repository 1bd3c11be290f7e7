from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.contract import Event, Item, Reject, Sample, Settings, Source
from parsers.registry import find_format

FORMAT = find_format("platform/signal_export")


def read(text: str, settings: Settings = Settings()) -> list[Item]:
    return list(FORMAT.parse(Source(memoryview(text.encode()), settings=settings)))


def events(text: str, settings: Settings = Settings()) -> list[Event]:
    return [item for item in read(text, settings) if isinstance(item, Event)]


def score(text: str) -> int:
    return FORMAT.recognise(Sample(text.encode(), b"", b"", len(text.encode())))


@pytest.mark.parametrize("stamp", ["2019-05-29, 15:04", "2019-05-29 15:04", "2019-05-29 15:04:00"])
def test_every_spelling_of_the_time_is_read(stamp: str) -> None:
    (event,) = events(f"[{stamp}] Me: hi\n")
    assert event.values["timestamp"] == int(datetime(2019, 5, 29, 15, 4, tzinfo=UTC).timestamp()) * 1_000_000
    assert (event.values["timestamp_raw"], event.text) == (stamp, "hi")


def test_a_minute_is_the_smallest_step_and_an_unknown_zone_widens_the_time() -> None:
    (event,) = events("[2019-05-29, 15:04] Me: hi\n")
    assert (event.values["time_precision_s"], event.values["tz_basis"]) == (60.0, "assumed")
    early, late = event.values["timestamp_earliest"], event.values["timestamp_latest"]
    assert isinstance(early, int)
    assert isinstance(late, int)
    assert late - early == 28 * 3600 * 1_000_000 + 60 * 1_000_000 - 1


def test_brackets_and_colons_in_a_body_stay() -> None:
    (event,) = events("[2019-05-29, 15:04] Wren: see: [this] ] and [2019-05-29] x\n")
    assert (event.values["sender"], event.text) == ("Wren", "see: [this] ] and [2019-05-29] x")


def test_a_time_no_clock_shows_is_text_of_the_message_before() -> None:
    (event,) = events("[2019-05-29, 15:04] Wren: a\n[2019-13-29, 15:04] Wren: b\n")
    assert event.text == "a\n[2019-13-29, 15:04] Wren: b"


def test_a_sentence_about_disappearing_messages_is_a_message() -> None:
    (event,) = events("[2019-05-29, 15:04] Wren: why did you say: set disappearing messages to 1 week, then?\n")
    assert event.event_type == "message"


def test_the_owner_is_whom_the_case_states() -> None:
    (event,) = events("[2019-05-29, 15:04] Me: hi\n", Settings(options={"owner": "+12025550177"}))
    assert event.values["extra"] == {"exporting_account": "+12025550177"}


def test_a_line_without_a_sender_says_so() -> None:
    (event,) = events("[2019-05-29, 15:04] No-Sender: hi\n")
    assert (event.values["sender"], event.values["parse_flags"]) == (None, ["direction_unknown"])


def test_a_file_without_any_message_is_rejected_whole() -> None:
    (reject,) = read("nothing\nhere\n")
    assert isinstance(reject, Reject)


def test_exports_are_recognised_and_logs_and_other_chats_are_not() -> None:
    assert score("[2019-05-29, 15:04] Me: hi\n" * 3) == 92
    assert score("[2019-05-29 15:04:11] Me: hi\n" * 3) == 80
    assert score("[2019-05-29 15:04:11] production.ERROR: hi\n" * 3) == 0
    assert score("[2019-05-29 15:04] INFO: hi\n" * 3) == 0
    assert score("[2019-05-29 15:04:11] worker: hi\n" * 3) == 0
    assert score("[29/05/2019, 15:04:11] Wren: hi\n" * 3) == 0
    assert score("Date,From,Text\n2019-05-29,Me,hi\n") == 0
