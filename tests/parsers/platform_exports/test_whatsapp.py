# ruff: noqa: RUF001 - words of other languages
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

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


CLOCKS = (
    ("14/03/2025, 23:05", 23),
    ("[14/03/2025, 23:05:00]", 23),
    ("[14/3/25 23:05:00]", 23),
    ("3/14/25, 11:05 PM", 23),
    ("[3/14/25, 11:05:00\u202fPM]", 23),
    ("3/14/2025, 11:05\u202fp.m.", 23),
    ("14/3/2025, 11:05 p.\u00a0m.", 23),
    ("14/3/25 11:05 a. m.", 11),
    ("14.03.25, 23:05", 23),
    ("14.03.2025 23:05", 23),
    ("14.03.25 um 23:05", 23),
    ("14-03-2025 23:05", 23),
    ("14-03-25, 11:05 em", 23),
    ("2025-03-14, 23:05", 23),
    ("2025/03/14, 23:05", 23),
    ("14/03/2025 à 23:05", 23),
    ("[2025-03-14 23 h 05 min 00 s]", 23),
    ("14.03.2025 23.05", 23),
    ("14.3.2025 klo 23.05", 23),
    ("14.03.2025 kl. 23.05", 23),
    ("2025. 3. 14. 오전 11:05", 11),
    ("2025/3/14 午前0:05", 0),
    ("2025/3/14 午後11:05", 23),
    ("2025/3/14 凌晨12:05", 0),
    ("2025/3/14 中午12:05", 12),
    ("2025/3/14 晚上11:05", 23),
    ("14.03.25, 11:05 μ.μ.", 23),
    ("14/3/25, ÖS 11:05", 23),
    ("14.03.25 г., 23:05 ч.", 23),
    ("2025. 03. 14. du. 11:05", 23),
    ("14/3/2025, 11:05 CH", 23),
    ("14/3/2025, 11:05 ص", 11),
    ("14/3/2025, 11:05 ب.ظ.", 23),
    ("14.3.2025, 11:05 אחה״צ", 23),
    ("14/3/2568 11:05 หลังเที่ยง", 23),
    ("١٤/٣/٢٠٢٥، ١١:٠٥ م", 23),
)


@pytest.mark.parametrize(("stamp", "hour"), CLOCKS)
def test_every_notation_of_date_and_clock_is_read(stamp: str, hour: int) -> None:
    start = stamp if stamp.startswith("[") else f"{stamp} -"
    (event,) = events(f"{start} Wren: hi\n")
    assert columns(event, "timestamp", "sender", "timestamp_raw") == {
        "timestamp": micros(2025, 3, 14, hour, 5),
        "sender": "Wren",
        "timestamp_raw": stamp.strip("[]"),
    }


def test_names_of_attachments_that_disagree_decide_nothing() -> None:
    line = "[03/04/2025, 10:00:07] Finch: \u200e<attached: 00000003-PHOTO-2025-{}-10-00-07.jpg>\n"
    found = events(line.format("04-03") + "[05/05/2025, 10:00:00] Finch: x\n" + line.format("03-04"))
    assert found[0].values["parse_flags"] == ["date_order_ambiguous"]


def test_a_name_made_at_another_time_decides_nothing() -> None:
    (event,) = events("[03/04/2025, 10:00:07] Finch: \u200e<attached: 00000003-PHOTO-2025-04-03-11-00-07.jpg>\n")
    assert event.values["timestamp"] is None


DELETED = (
    "This message was deleted",
    "You deleted this message.",
    "Diese Nachricht wurde gelöscht.",
    "Du hast diese Nachricht gelöscht.",
    "Ce message a été supprimé",
    "Vous avez supprimé ce message",
    "Se eliminó este mensaje.",
    "Eliminaste este mensaje.",
    "Questo messaggio è stato eliminato.",
    "Hai eliminato questo messaggio.",
    "Esta mensagem foi apagada",
    "Você apagou esta mensagem.",
    "Essa mensagem foi excluída",
    "Dit bericht is verwijderd.",
    "Bu mesaj silindi",
    "Вы удалили данное сообщение",
    "Pesan ini telah dihapus",
    "This message was deleted by admin Tern",
)


@pytest.mark.parametrize("body", DELETED)
def test_a_note_of_deletion_marks_the_message_in_each_language(body: str) -> None:
    (event,) = events(f"31/12/24, 10:00 - Finch: {body}\n")
    assert columns(event, "message_type", "deleted_flag") == {"message_type": "unsent", "deleted_flag": True}
    (typed,) = events(f"31/12/24, 10:00 - Finch: she wrote: {body}, liar\n")
    assert typed.values["deleted_flag"] is None


CALLS = (
    ("Missed voice call", "voice", "missed", None),
    ("Missed group video call", "video", "missed", None),
    ("Voice call, 5 min", "voice", "finished", 300),
    ("Video call, 1 hr 5 min", "video", "finished", 3900),
    ("Voice call. 12 sec", "voice", "finished", 12),
    ("Voice call, 1:02:03", "voice", "finished", 3723),
    ("Voice call, No answer", "voice", "no_answer", None),
    ("Verpasster Videoanruf", "video", "missed", None),
    ("Sprachanruf, 2 Std. 1 Min.", "voice", "finished", 7260),
    ("Appel vocal, 3 min", "voice", "finished", 180),
    ("Appel vidéo manqué", "video", "missed", None),
    ("Videollamada, 1 h 2 min", "video", "finished", 3720),
    ("Llamada perdida", "voice", "missed", None),
    ("Videochiamata persa", "video", "missed", None),
    ("Chamada de voz, 4 min", "voice", "finished", 240),
    ("Gemiste spraakoproep", "voice", "missed", None),
    ("Пропущенный видеозвонок", "video", "missed", None),
    ("Cevapsız sesli arama", "voice", "missed", None),
)


@pytest.mark.parametrize(("body", "medium", "outcome", "seconds"), CALLS)
def test_a_call_states_its_medium_outcome_and_length(
    body: str, medium: str, outcome: str, seconds: int | None
) -> None:
    (event,) = events(f"31/12/24, 10:00 - Finch: {body}\n")
    extra = event.values["extra"]
    assert isinstance(extra, dict)
    assert event.event_type == "call"
    assert (extra["call_medium"], extra["call_outcome"], extra.get("call_duration")) == (medium, outcome, seconds)


def test_a_sentence_about_a_call_is_a_message_where_the_app_marks_nothing() -> None:
    for body in ("Voice call, please", "voice call", "Llamada, por favor", "Video call me now"):
        (event,) = events(f"31/12/24, 10:00 - Finch: {body}\n")
        assert (event.event_type, event.values["message_type"]) == ("message", "text"), body


def test_coordinates_of_a_location_are_read_and_impossible_ones_are_not() -> None:
    line = "31/12/24, 10:00 - Finch: location: https://maps.google.com/?q={}\n"
    (good,) = events(line.format("-33.85,151.21"))
    assert good.values["extra"] == {
        "latitude": -33.85,
        "longitude": 151.21,
        "url": "https://maps.google.com/?q=-33.85,151.21",
    }
    (bad,) = events(line.format("95.0,10.0"))
    assert bad.values["extra"] == {"url": "https://maps.google.com/?q=95.0,10.0"}


def test_a_poll_keeps_question_options_and_votes() -> None:
    (event,) = events("31/12/24, 10:00 - Finch: UMFRAGE:\nWo?\nOPTION: Park (1 Stimme)\nOPTION: offen\n")
    assert event.values["message_type"] == "poll"
    assert event.values["extra"] == {
        "poll": {"question": "Wo?", "options": [{"option": "Park", "votes": 1}, {"option": "offen", "votes": None}]}
    }


def test_a_note_of_a_new_number_ties_both_to_one_account() -> None:
    (event,) = events("31/12/24, 10:00 - \u202a+353 20 915 0002\u202c changed to \u202a+353 20 915 0003\u202c\n")
    assert (event.event_type, event.values["event_action"]) == ("account_change", "phone_changed")
    assert event.values["account_id"] == "+353209150002"
    assert [row["value"] for row in event.values["identifiers"]] == ["+353209150002", "+353209150003"]  # type: ignore[attr-defined]


def test_unblocking_is_not_read_as_blocking() -> None:
    rows = ("You blocked this contact", "Vous avez débloqué ce contact", "Desbloqueaste a este contacto")
    text = "".join(f"31/12/24, 10:00 - {row}.\n" for row in rows)
    assert [(e.event_type, e.values["event_action"]) for e in events(text)] == [
        ("block", "blocked"),
        ("relationship", "unblocked"),
        ("relationship", "unblocked"),
    ]


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


def test_a_name_the_sender_chose_is_told_from_one_of_the_address_book() -> None:
    (event,) = events("[31/12/2024, 10:00:00] ~\u202fFinch: hi\n")
    assert columns(event, "sender", "account_display_name", "extra") == {
        "sender": "~\u202fFinch",
        "account_display_name": "Finch",
        "extra": {"name_by": "the sender"},
    }


def test_a_file_without_any_message_is_rejected_whole() -> None:
    (reject,) = read("nothing\nhere\n")
    assert isinstance(reject, Reject)
    assert reject.span == (0, 13)
    assert read(b"") == []


def test_chats_are_recognised_and_logs_and_other_chats_are_not() -> None:
    assert score("[31/12/2024, 23:59:01] Finch: a\nb\nc\n") == 95
    assert score("12/31/24, 11:59 PM - Finch: a\n" * 5) == 95
    assert score("[2024/12/31 23:59:01] Finch: \u200eimage omitted\n[2024/12/31 23:59:02] Finch: a\n") == 95
    assert score("[2024/12/31 23:59:01] worker: a\n" * 5) == 0
    assert score("[2026-03-01 10:00:00] production.ERROR: failed\n" * 5) == 0
    assert score("2026-03-01 10:00:00 - worker: started\n" * 5) == 0
    assert score("01/03/2026 10:00 - INFO: started\n" * 5) == 0
    assert score("[2019-05-29, 15:04] Me: hi\n" * 5) == 0
    assert score('192.0.2.1 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n' * 5) == 0
    assert score("2026/03/01 10:00:00 [error] 1#1: *1 open() failed\n" * 5) == 0
    assert score("Date,From,Text\n31/12/24,Finch,hi\n") == 0
