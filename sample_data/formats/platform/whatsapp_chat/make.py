"""Writes the WhatsApp chat fixtures and, from what it wrote, their goldens. Run it here: ``python make.py``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LRM, NNBSP = "\u200e", "\u202f"
HOURS = 14  # either way, when no zone is known


def utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Chat:
    """Collects lines, and the items they must give."""

    def __init__(self, precision: float, zone_hours: int | None = None) -> None:
        """Start an empty chat with times in steps of `precision` seconds, in a zone if one is known."""
        self.data, self.number = b"", 1
        self.rows: list[dict[str, Any]] = []
        self.rejects: list[dict[str, Any]] = []
        self.precision, self.zone_hours = precision, zone_hours

    def _add(self, text: str | bytes) -> tuple[dict[str, int], str]:
        raw = text if isinstance(text, bytes) else text.encode()
        span = {"span_start": len(self.data), "span_end": len(self.data) + len(raw)}
        first, self.number = self.number, self.number + raw.count(b"\n")
        self.data += raw
        return span, f"L{first}" if self.number == first + 1 else f"L{first}-L{self.number - 1}"

    def reject(self, text: str | bytes, **more: object) -> None:
        """Lines that must be rejected."""
        span, _ = self._add(text)
        self.rejects.append({**span, "kind": "malformed", **more})

    def times(self, stamp: str, *days: datetime) -> dict[str, Any]:
        """Columns of a local time that means one day, or one of several."""
        shift = timedelta(hours=self.zone_hours or 0)
        slack = timedelta(hours=HOURS if self.zone_hours is None else 0)
        step = timedelta(seconds=self.precision) - timedelta(microseconds=1)
        return {
            **({"timestamp": utc(days[0] - shift)} if len(days) == 1 else {}),
            "timestamp_raw": stamp, "timestamp_desc": "Recorded Time", "time_precision_s": self.precision,
            "tz_basis": "assumed" if self.zone_hours is None else "case_setting",
            "timestamp_earliest": utc(min(days) - shift - slack),
            "timestamp_latest": utc(max(days) - shift + slack + step),
        }  # fmt: skip

    def event(
        self, line: str | bytes, stamp: str, days: list[datetime], text: str | None, kind: str, **columns: object
    ) -> None:
        """Lines that must give one event."""
        span, locator = self._add(line)
        event = {
            "locator": locator,
            "event_type": kind,
            "account_platform": "whatsapp",
            **self.times(stamp, *days),
            **span,
        }
        self.rows.append({**event, **({"text": text} if text is not None else {}), **columns})

    def said(
        self, line: str | bytes, stamp: str, days: list[datetime], sender: str, text: str | None, **columns: object
    ) -> None:
        """A message, by whom and what."""
        columns = {"message_type": "text", **columns}
        self.event(
            line,
            stamp,
            days,
            text,
            columns.pop("kind", "message"),
            sender=sender,
            account_display_name=sender,
            **columns,
        )

    def notice(self, line: str, stamp: str, days: list[datetime], text: str, **columns: object) -> None:
        """A line of the app's own."""
        self.event(
            line, stamp, days, text, str(columns.pop("kind", "system_notice")), **{"message_type": "system", **columns}
        )

    def write(self, name: str, settings: str = "") -> None:
        """The fixture, its golden and its settings."""
        size = lambda rows: sum(r["span_end"] - r["span_start"] for r in rows)  # noqa: E731
        account = {
            "bytes_in": len(self.data), "bytes_parsed": size(self.rows), "bytes_rejected": size(self.rejects),
            "bytes_skipped": 0, "events": len(self.rows), "rejects": len(self.rejects),
        }  # fmt: skip
        rows = [{"accounting": account}, *({"event": r} for r in self.rows), *({"reject": r} for r in self.rejects)]
        (HERE / name).write_bytes(self.data)
        golden = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (HERE / f"{name}.golden.jsonl").write_text(golden, "utf-8")
        if settings:
            (HERE / f"{name}.settings.toml").write_text(settings, "utf-8")


def day(year: int, month: int, number: int, hour: int = 0, minute: int = 0, second: int = 0) -> list[datetime]:
    return [datetime(year, month, number, hour, minute, second, tzinfo=UTC)]


PHONE = {
    "account_id": "+353209150002",
    "identifiers": [{"type": "phone", "value": "+353209150002", "raw": "+353 20 915 0002"}],
}


def called(medium: str, outcome: str, **more: object) -> str:
    """What a call states."""
    return extra(call_medium=medium, call_outcome=outcome, **more)


def extra(**named: object) -> str:
    """The extra column."""
    return json.dumps(named, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


BY_OWNER = extra(deleted_by="the exporting account")


def ios() -> None:
    c = Chat(1.0)
    f = "Finch"

    def say(number: int, clock: str, body: str, sender: str = f, lead: str = "", **columns: object) -> None:
        stamp = f"{number}/12/2024, {clock}"
        days = day(2024, 12, number, *(int(part) for part in clock.split(":")))
        text = body.removeprefix(LRM).replace("\r\n", "\n") or None
        c.said(f"{lead}[{stamp}] {sender}: {body}\r\n", stamp, days, sender, text, **columns)

    notice = "Messages and calls are end-to-end encrypted. No one outside of this chat can read them."
    first = "29/12/2024, 08:00:00"
    under = '{"shown_under":"Finch"}'
    c.notice(
        *(f"[{first}] {f}: {LRM}{notice}\r\n", first, day(2024, 12, 29, 8), notice),
        event_action="encryption",
        extra=under,
    )
    say(30, "09:15:01", "see [clause 4] and ]this]")
    say(30, "09:16:00", "first line\r\nsecond: line\r\n\r\n10:30 [not] a header", "Wren Hale")
    photo = "00000012-PHOTO-2024-12-31-23-59-01.jpg"
    say(31, "23:59:01", f"{LRM}<attached: {photo}>", lead=LRM, message_type="media", attachment_names=[photo])
    say(31, "23:59:02", f"{LRM}image omitted", lead=LRM, message_type="media")
    say(31, "23:59:03", "image omitted")  # typed, for the app leads its own words with a mark in this file
    say(31, "23:59:04", "This message was deleted.")
    say(31, "23:59:05", f"{LRM}This message was deleted.", lead=LRM, message_type="unsent", deleted_flag=True)
    say(31, "23:59:06", f"meet me {LRM}<This message was edited>", parse_flags=["edited"])
    call = f"{LRM}Missed voice call, {LRM}Tap to call back"
    say(31, "23:59:07", call, lead=LRM, message_type="call", kind="call", extra=called("voice", "missed"))
    ended = called("video", "finished", call_duration=300, call_duration_raw="5 min")
    say(31, "23:59:08", f"{LRM}Video call, {LRM}5 min", lead=LRM, message_type="call", kind="call", extra=ended)
    plan = f"plan.pdf \u2022 {LRM}3 pages {LRM}document omitted"
    say(31, "23:59:09", plan, message_type="media", attachment_names=["plan.pdf"])
    say(31, "23:59:10", "new number, same me", "+353 20 915 0002", **PHONE)
    say(31, "23:59:11", "\U0001f469\u200d\U0001f4bb ok")
    quote = "12/24/24, 6:00 PM - Wren Hale: I love it\r\n[99/99/2024, 10:00:00] Wren Hale: no date"
    say(31, "23:59:12", f"look what she wrote:\r\n{quote}")
    say(31, "23:59:13", "")
    bad, stamp = b"[31/12/2024, 23:59:14] Finch: caf\xe9\r\n", "31/12/2024, 23:59:14"
    c.said(bad, stamp, day(2024, 12, 31, 23, 59, 14), f, "caf\\xe9", parse_flags=["lossy_text"])
    c.write("ios.txt")


def ios_twelve_hours() -> None:
    c = Chat(1.0, zone_hours=0)
    for clock, hour, minute in (("12:05:00 AM", 0, 5), ("11:59:01 PM", 23, 59), ("12:30:00 PM", 12, 30)):
        stamp = f"12/31/24, {clock.replace(' ', NNBSP)}"
        c.said(f"[{stamp}] Finch: {clock}\n", stamp, day(2024, 12, 31, hour, minute, int(clock[6:8])), "Finch", clock)
    c.write("ios_twelve_hours.txt", 'timezone = "Etc/UTC"\n')


def android() -> None:
    c = Chat(60.0, zone_hours=-5)
    w, f = "Wren Hale", "Finch"

    def line(stamp: str, rest: str) -> tuple[str, str]:
        return f"{stamp} - {rest}\n", stamp

    def new_year(hour: int, minute: int) -> list[datetime]:
        return day(2025, 1, 1, hour, minute)

    opening = (
        "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them."
    )
    c.notice(*line("12/31/24, 11:58 PM", opening), day(2024, 12, 31, 23, 58), opening, event_action="encryption")
    c.said(
        *line("12/31/24, 11:59 PM", f"{f}: I know where you park"),
        day(2024, 12, 31, 23, 59),
        f,
        "I know where you park",
    )
    c.said(*line("1/1/25, 12:01 AM", f"{w}: stop"), new_year(0, 1), w, "stop")
    c.said(*line(f"1/1/25, 12:02{NNBSP}AM", f"{w}: please: stop"), new_year(0, 2), w, "please: stop")
    image = "IMG-20250101-WA0001.jpg"
    c.said(
        *line("1/1/25, 12:03 AM", f"{f}: {LRM}{image} (file attached)\nyour door"), new_year(0, 3), f,
        f"{image} (file attached)\nyour door", message_type="media", attachment_names=[image],
    )  # fmt: skip
    c.said(
        *line("1/1/25, 12:04 AM", f"{f}: <Media omitted>"), new_year(0, 4), f, "<Media omitted>", message_type="media"
    )
    c.said(
        *line("1/1/25, 12:05 AM", f"{f}: This message was deleted"), new_year(0, 5), f, "This message was deleted",
        message_type="unsent", deleted_flag=True,
    )  # fmt: skip
    c.said(
        *line("1/1/25, 12:06 AM", f"{w}: You deleted this message"), new_year(0, 6), w, "You deleted this message",
        message_type="unsent", deleted_flag=True, extra=BY_OWNER,
    )  # fmt: skip
    told = "I see: This message was deleted, coward"
    c.said(*line("1/1/25, 12:07 AM", f"{f}: {told}"), new_year(0, 7), f, told)
    c.notice(
        *line("1/1/25, 12:08 AM", "Missed voice call"),
        new_year(0, 8),
        "Missed voice call",
        message_type="call",
        kind="call",
        extra=called("voice", "missed"),
    )
    renamed = "Finch changed the subject from \u201cClub: 1\u201d to \u201cClub: 2\u201d"
    c.notice(*line("1/1/25, 12:09 AM", renamed), new_year(0, 9), renamed, event_action="group_changed")
    marked = "\u202a+353 20 915 0002\u202c"
    c.said(*line("1/1/25, 12:10 AM", f"{marked}: me again"), new_year(0, 10), "+353 20 915 0002", "me again", **PHONE)
    c.said(
        *line("1/1/25, 12:11 AM", f"{f}: fine <This message was edited>"),
        new_year(0, 11),
        f,
        "fine <This message was edited>",
        parse_flags=["edited"],
    )
    c.notice(
        *line("1/1/25, 12:12 AM", "You blocked this contact. Tap to unblock."),
        new_year(0, 12),
        "You blocked this contact. Tap to unblock.",
        kind="block",
        event_action="blocked",
    )
    c.write("android.txt", 'timezone = "America/Bogota"\n')


def localised() -> None:
    german = Chat(60.0, zone_hours=1)
    words = [
        ("Diese Nachricht wurde gelöscht", {"message_type": "unsent", "deleted_flag": True}),
        ("Du hast diese Nachricht gelöscht.", {"message_type": "unsent", "deleted_flag": True, "extra": BY_OWNER}),
        ("<Medien ausgeschlossen>", {"message_type": "media"}),
        ("IMG-1.jpg (Datei angehängt)", {"message_type": "media", "attachment_names": ["IMG-1.jpg"]}),
        (
            "Verpasster Sprachanruf",
            {"message_type": "call", "kind": "call", "extra": called("voice", "missed")},
        ),
        ("gut <Diese Nachricht wurde bearbeitet.>", {"parse_flags": ["edited"]}),
        ("Bis morgen", {}),
    ]
    for minute, (text, columns) in enumerate(words):
        stamp = f"31.01.25, 14:0{minute}"
        german.said(f"{stamp} - Zaunkönig: {text}\n", stamp, day(2025, 1, 31, 14, minute), "Zaunkönig", text, **columns)
    german.write("german.txt", 'timezone = "Europe/Berlin"\n')
    spanish = Chat(60.0)
    words = [
        ("Eliminaste este mensaje.", {"message_type": "unsent", "deleted_flag": True, "extra": BY_OWNER}),
        ("<Multimedia omitido>", {"message_type": "media"}),
        ("Llamada perdida", {"message_type": "call", "kind": "call", "extra": called("voice", "missed")}),
        ("hola", {}),
    ]
    for minute, (text, columns) in enumerate(words):
        stamp = f"28/2/25, 1{minute}:05 {'p' if minute == 2 else 'a'}.\u00a0m."
        hour = {0: 10, 1: 11, 2: 12, 3: 1}[minute]
        stamp = stamp if minute < 3 else "28/2/25 1:05 p. m."
        when = day(2025, 2, 28, hour if minute < 3 else 13, 5)
        if minute < 3:
            spanish.said(f"{stamp} - Golondrina: {text}\n", stamp, when, "Golondrina", text, **columns)
    last = "28/2/25, 1:05 p. m."
    spanish.said(f"{last} - Golondrina: hola\n", last, day(2025, 2, 28, 13, 5), "Golondrina", "hola")
    spanish.write("spanish.txt")
    romance = Chat(1.0)
    words = [
        ("Ce message a été supprimé.", {"message_type": "unsent", "deleted_flag": True}),
        ("Questo messaggio è stato eliminato.", {"message_type": "unsent", "deleted_flag": True}),
        ("Mensagem apagada", {"message_type": "unsent", "deleted_flag": True}),
        ("<pièce jointe : 0001-PHOTO.jpg>", {"message_type": "media", "attachment_names": ["0001-PHOTO.jpg"]}),
        ("immagine omessa", {"message_type": "media"}),
        ("imagem ocultada", {"message_type": "media"}),
    ]
    for second, (text, columns) in enumerate(words):
        stamp = f"2025-02-01, 08:00:0{second}"
        romance.said(f"{LRM}[{stamp}] Ana: {LRM}{text}\n", stamp, day(2025, 2, 1, 8, 0, second), "Ana", text, **columns)
    romance.write("year_first.txt")


def order_of_day_and_month() -> None:
    ambiguous = Chat(60.0, zone_hours=0)
    for number, month in ((3, 4), (5, 6), (7, 7)):  # forward under both readings
        stamp = f"0{number}/0{month}/25, 10:00"
        days = day(2025, month, number, 10) + (day(2025, number, month, 10) if number != month else [])
        flags = {"parse_flags": ["date_order_ambiguous"]} if number != month else {}
        ambiguous.said(f"{stamp} - Finch: day {number}\n", stamp, days, "Finch", f"day {number}", **flags)
    ambiguous.write("ambiguous.txt", 'timezone = "Etc/UTC"\n')

    pinned = Chat(60.0, zone_hours=0)
    for number, month in ((3, 4), (5, 6)):
        stamp = f"0{number}/0{month}/25, 10:00"
        pinned.said(f"{stamp} - Finch: day {number}\n", stamp, day(2025, month, number, 10), "Finch", f"day {number}")
    pinned.write("pinned.txt", 'timezone = "Etc/UTC"\ndate_order = "dmy"\n')

    course = Chat(60.0, zone_hours=0)
    for month, number in ((1, 11), (2, 1), (2, 2), (3, 1)):  # as day/month: 1 November, 2 January ... going back
        stamp = f"{month}/{number}/25, 7:30 AM"
        course.said(f"{stamp} - Finch: {month}\n", stamp, day(2025, month, number, 7, 30), "Finch", str(month))
    course.write("course_of_time.txt", 'timezone = "Etc/UTC"\n')

    acquired = Chat(60.0, zone_hours=0)
    stamp = "03-12-2026 10:00"  # 3 December would be after the exhibit was taken
    acquired.said(f"{stamp} - Finch: hi\n", stamp, day(2026, 3, 12, 10), "Finch", "hi")
    acquired.write(
        "not_younger_than_the_exhibit.txt", 'timezone = "Etc/UTC"\nacquired_at = "2026-06-01T00:00:00+00:00"\n'
    )


def edges() -> None:
    c = Chat(60.0, zone_hours=0)
    c.reject("exported by hand\n\n", reason="these lines stand before the first message")
    for minute in range(6):
        stamp = f"13/12/24 10:0{minute}"
        c.said(f"{stamp} - Finch: m{minute}\n", stamp, day(2024, 12, 13, 10, minute), "Finch", f"m{minute}")
    stamp = "13/12/24 10:07"
    c.event(
        f"{stamp} - : nobody\n",
        stamp,
        day(2024, 12, 13, 10, 7),
        "nobody",
        "message",
        message_type="text",
        parse_flags=["direction_unknown"],
    )
    c.said(f"{stamp} - Finch: no line end", stamp, day(2024, 12, 13, 10, 7), "Finch", "no line end")
    c.rows[-1]["locator"] = "L10"
    c.write("edges.txt", 'timezone = "Etc/UTC"\n')


CLOCKS = (  # language of the phone, beginning up to the sender, the time as written, hour
    ("korean", "2025. 3. 14. 오후 11:05 - ", "2025. 3. 14. 오후 11:05", 23),
    ("chinese", "2025/3/14 下午11:05 - ", "2025/3/14 下午11:05", 23),
    ("arabic", "\u200f14\u200f/3\u200f/2025، 11:05 م - ", "14\u200f/3\u200f/2025، 11:05 م", 23),
    ("finnish", "14.3.2025 klo 23.05 - ", "14.3.2025 klo 23.05", 23),
    ("thai", "14/03/2568 23:05 - ", "14/03/2568 23:05", 23),
    ("hindi", "१४/३/२५, ११:०५ अपराह्न - ", "१४/३/२५, ११:०५ अपराह्न", 23),
)


def clocks() -> None:
    """One export a language of the phone."""
    for language, start, stamp, hour in CLOCKS:
        c = Chat(60.0, zone_hours=0)
        for index in range(3):
            c.said(f"{start}Wren: {index}\n", stamp, day(2025, 3, 14, hour, 5), "Wren", str(index))
        c.write(f"clock_{language}.txt", 'timezone = "Etc/UTC"\n')
    c = Chat(1.0)
    for second in range(3):
        stamp = f"2025. 3. 14. 오후 11:05:0{second}"
        c.said(f"[{stamp}] 굴뚝새: {LRM}사진\n", stamp, day(2025, 3, 14, 23, 5, second), "굴뚝새", f"{LRM}사진"[1:])
    c.write("clock_korean_ios.txt")


def words() -> None:
    """The app's words beyond the first fixtures, led by its mark."""
    c = Chat(1.0, zone_hours=0)
    bodies: list[tuple[str, dict[str, Any]]] = [
        (f"{LRM}View once photo omitted", {"message_type": "view_once"}),
        (f"{LRM}Voice call, {LRM}1 hr 5 min", call_of("voice", "finished", 3900, "1 hr 5 min")),
        (f"{LRM}Voice call, {LRM}No answer", call_of("voice", "no_answer")),
        (f"{LRM}Verpasster Gruppen-Videoanruf", call_of("video", "missed", group=True)),
        (f"{LRM}Appel vidéo, {LRM}12 s", call_of("video", "finished", 12, "12 s")),
        (f"{LRM}Videollamada, {LRM}2 min", call_of("video", "finished", 120, "2 min")),
        (
            f"{LRM}This message was deleted by admin Tern",
            {"message_type": "unsent", "deleted_flag": True, "extra": extra(deleted_by="admin Tern")},
        ),
        (
            f"{LRM}Location: https://maps.google.com/?q=53.3498,-6.2603",
            {
                "message_type": "location",
                "extra": extra(
                    latitude=53.3498, longitude=-6.2603, url="https://maps.google.com/?q=53.3498,-6.2603"
                ),
            },
        ),
        (
            f"{LRM}Standort: https://foursquare.com/v/4b0588",
            {"message_type": "location", "extra": extra(url="https://foursquare.com/v/4b0588")},
        ),
        (
            f"{LRM}POLL:\nWhere?\n{LRM}OPTION: Park ({LRM}2 votes)\n{LRM}OPTION: Home ({LRM}0 votes)",
            {
                "message_type": "poll",
                "extra": extra(
                    poll={
                        "question": "Where?",
                        "options": [{"option": "Park", "votes": 2}, {"option": "Home", "votes": 0}],
                    }
                ),
            },
        ),
        ("POLL:\ntyped\nOPTION: no", {}),
        ("Voice call, 5 min", {}),
        (f"{LRM}Je hebt dit bericht verwijderd.", {"message_type": "unsent", "deleted_flag": True, "extra": BY_OWNER}),
        (f"{LRM}Данное сообщение удалено", {"message_type": "unsent", "deleted_flag": True}),
        (f"goed {LRM}<Dit bericht is bewerkt>", {"parse_flags": ["edited"]}),
        ("a\u200bb ] c \u202f d", {}),
    ]
    for second, (body, columns) in enumerate(bodies):
        stamp = f"31/01/2025, 08:00:{second:02d}"
        when = day(2025, 1, 31, 8, 0, second)
        c.said(f"[{stamp}] Finch: {body}\n", stamp, when, "Finch", body.removeprefix(LRM), **columns)
    stamp = "31/01/2025, 08:00:50"
    changed = "+353 20 915 0002 changed to +353 20 915 0003"
    shown = {"account_id": "+353209150002", "kind": "account_change", "event_action": "phone_changed"}
    numbers = [("+353209150002", "+353 20 915 0002"), ("+353209150003", "+353 20 915 0003")]
    c.notice(
        *(f"[{stamp}] Finch: {LRM}{changed}\n", stamp, day(2025, 1, 31, 8, 0, 50), changed),
        **shown,
        identifiers=[{"type": "phone", "value": value, "raw": raw} for value, raw in numbers],
        extra='{"shown_under":"Finch"}',
    )
    freed = "You unblocked this contact."
    c.notice(
        *(f"[{stamp}] Finch: {LRM}{freed}\n", stamp, day(2025, 1, 31, 8, 0, 50), freed),
        kind="relationship",
        event_action="unblocked",
        extra='{"shown_under":"Finch"}',
    )
    c.write("words.txt", 'timezone = "Etc/UTC"\n')


def call_of(
    medium: str, outcome: str, seconds: int | None = None, raw: str = "", *, group: bool = False
) -> dict[str, Any]:
    """Columns of a call."""
    length = {} if seconds is None else {"call_duration": seconds, "call_duration_raw": raw}
    told = called(medium, outcome, **length, **({"call_group": True} if group else {}))
    return {"message_type": "call", "kind": "call", "extra": told}


def names_decide() -> None:
    """Day and month fit both ways; the name the app made for a picture says which."""
    c = Chat(1.0, zone_hours=0)
    stamp, photo = "03/04/2025, 10:00:07", "00000003-PHOTO-2025-04-03-10-00-07.jpg"
    body = f"{LRM}<attached: {photo}>"
    columns = {"message_type": "media", "attachment_names": [photo]}
    c.said(f"[{stamp}] Finch: {body}\n", stamp, day(2025, 4, 3, 10, 0, 7), "Finch", body[1:], **columns)
    stamp = "05/06/2025, 10:00:00"
    c.said(f"[{stamp}] Finch: hi\n", stamp, day(2025, 6, 5, 10), "Finch", "hi")
    c.write("attachment_name_decides.txt", 'timezone = "Etc/UTC"\n')


if __name__ == "__main__":
    clocks()
    words()
    names_decide()
    ios()
    ios_twelve_hours()
    android()
    localised()
    order_of_day_and_month()
    edges()
