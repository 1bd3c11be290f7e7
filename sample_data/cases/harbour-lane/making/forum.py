"""The forum's database extract (two CSV tables) and the access provider's answer (CSV)."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from making.kit import Draw, Evidence, Fact, Row, at, iso, local, numbered
from making.words import FORUM_CHAT, PIER_POSTS
from making.world import BYSTANDERS, COPY_HOME, DEVICES, ELSEWHERE, HOME, Use, bystanders, sessions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["write"]

_ACTIVITY = (
    "Entry",
    "When",
    "Member",
    "Action",
    "Result",
    "IP address",
    "Source port",
    "Browser",
    "Browser token",
    "Topic",
    "Text",
)
_MEMBERS = ("Member no", "Member", "E-mail", "Former e-mail", "Telephone", "Registered", "Registration IP", "Status")
_LEASES = ("Public IP", "Start (UTC)", "End (UTC)", "Subscriber ref", "Service town", "Product", "Note")
_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:123.0) Gecko/20100101 Firefox/123.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.3; rv:122.0) Gecko/20100101 Firefox/122.0",
    "Mozilla/5.0 (Linux; Android 14; LP-2) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Mobile",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
)
_POSTS = {
    "pier_watcher": PIER_POSTS,
    "pierwatcher_x": ("i watch the pier too...", "anyways", "same bench every evening", "nobody answers anyways"),
}
_JOINED = {
    "pier_watcher": (at("2025-10-19 20:44:10"), HOME, "tern.9941@example.net", "gullwatch@example.com"),
    "lkestrel": (at("2023-04-02 11:08:31"), "203.0.113.201", "lena.k@example.com", ""),
    "pierwatcher_x": (at("2026-03-24 18:22:47"), COPY_HOME, "px@marlow.example", ""),
}


_TELEPHONES = {"pier_watcher": "+353 20 915 0457", "lkestrel": "+353 20 915 1188"}


def _line(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()


def _when(seconds: int) -> str:
    return local(seconds)[0].strftime("%d/%m/%Y %H:%M:%S")


def _browser(use: Use) -> tuple[str, str]:
    if use.device in DEVICES:
        return DEVICES[use.device].browser, DEVICES[use.device].token
    number = BYSTANDERS.index(use.device)
    return _BROWSERS[number % len(_BROWSERS)], f"tw-{number:02d}{number * 7919 % 65536:04x}c0ffee"[:15]


def _entry(
    use: Use, when: int, action: str, *, result: str = "OK", post: tuple[str, str] = ("", "")
) -> tuple[object, ...]:
    """The columns after the number; `post` is topic and text."""
    return (_when(when), use.account.partition(":")[2], action, result, use.ip, use.port, *_browser(use), *post)


def _visit(use: Use, draw: Draw) -> list[tuple[int, tuple[object, ...]]]:
    """A log-in, sometimes after a wrong password; posts; sometimes a log-out."""
    name = use.account.partition(":")[2]
    rows = [(use.when, _entry(use, use.when, "LOGIN"))]
    if draw.chance(0.03):
        rows.insert(0, (use.when - 21, _entry(use, use.when - 21, "LOGIN", result="BAD PASSWORD")))
    if draw.chance(0.35):
        when = use.when + draw.between(40, 280)
        topic = f"t{draw.between(100, 140)}"
        rows.append((when, _entry(use, when, "POST", post=(topic, draw.pick(_POSTS.get(name, FORUM_CHAT))))))
    if draw.chance(0.25):
        when = use.when + draw.between(290, 900)
        rows.append((when, _entry(use, when, "LOGOUT")))
    return rows


# (time, member, fact, what it is, address)
_PLANTED = (
    (ELSEWHERE[0], "pier_watcher", "F13", "the forum account in use at home in Port Aldine", HOME),
    (
        ELSEWHERE[0] + 660,
        "pierwatcher_x",
        "F14",
        "eleven minutes later the imitator's account is in use in Marlow Head",
        COPY_HOME,
    ),
    (at("2026-02-21 15:26:40"), "m.tolland", "F23", "a visitor's account, once, on the shared home address", HOME),
)
_FACTS = {
    (when, member): Fact(
        number,
        what,
        "",
        "authentication",
        {
            "account_login": member,
            "source_ip": ip,
            "timestamp": iso(when),
            "event_action": "login",
            "event_outcome": "success",
        },
    )
    for when, member, number, what, ip in _PLANTED
}


def _odd_rows() -> list[Row]:
    """Rows a reader must survive: an address that is none, a text that looks like a formula, a quoted line break."""
    use = Use(at("2026-02-03 19:30:00"), "tidewater:bosun_bee", "unknown", 0, "bosun_bee")
    formula = Use(at("2026-02-03 19:31:00"), "tidewater:bosun_bee", "198.18.150.77", 40_110, "bosun_bee")
    quoted = Use(at("2026-02-03 19:32:00"), "tidewater:groyne", "198.18.158.9", 40_112, "groyne")
    return [
        Row(use.when, _line((0, *_entry(use, use.when, "LOGIN")))),
        Row(
            formula.when,
            _line((0, *_entry(formula, formula.when, "POST", post=("t101", "=2+3 oars, =HYPERLINK is no link")))),
        ),
        Row(
            quoted.when,
            _line((0, *_entry(quoted, quoted.when, "POST", post=("t101", 'He said "mind the step",\nand left.')))),
        ),
    ]


def _activity() -> tuple[bytes, list[Fact]]:
    draw = Draw("forum")
    uses = [*bystanders()]
    for account in ("tidewater:pier_watcher", "tidewater:lkestrel", "tidewater:pierwatcher_x"):
        uses += sessions_of(account)
    rows = _odd_rows()
    for use in uses:
        for when, entry in _visit(use, draw):
            fact = _FACTS.get((when, str(entry[1]))) if entry[2:4] == ("LOGIN", "OK") else None
            rows.append(Row(when, _line((0, *entry)), (fact,) if fact else ()))
    rows.sort(key=lambda row: (row.when, row.text))
    rows = [Row(row.when, f"{number}{row.text[1:]}", row.facts) for number, row in enumerate(rows, 50_001)]
    lines, facts = numbered(rows, first=2)
    located = [replace(f, locator=f"row {f.locator[1:]}") for f in facts]
    return ("\r\n".join([_line(_ACTIVITY), *lines]) + "\r\n").encode(), located


def _members() -> tuple[bytes, list[Fact]]:
    draw = Draw("members")
    joined = dict(_JOINED)
    for number, name in enumerate(BYSTANDERS):
        joined[name] = (
            at("2024-01-08 09:00:00") + number * 2_411_111,
            f"198.18.{140 + number}.{draw.between(2, 250)}",
            f"{name.replace('.', '')}@example.com",
            "",
        )
    ordered = sorted(joined.items(), key=lambda item: item[1][0])
    lines = [
        _line((1200 + number, name, mail, former, _TELEPHONES.get(name, ""), _when(when), ip, "active"))
        for number, (name, (when, ip, mail, former)) in enumerate(ordered)
    ]
    row = next(line for line in lines if ",pier_watcher," in line)
    values = {
        "account_login": "pier_watcher",
        "source_ip": HOME,
        "identifier": {"type": "email", "value": "tern.9941@example.net"},
    }
    fact = Fact(
        "F15",
        "forum account pier_watcher: e-mail is the throw-away mailbox, former e-mail that of pierwatcher.x",
        row,
        "account_created",
        values,
        f"row {lines.index(row) + 2}",
    )
    return ("\n".join([_line(_MEMBERS), *lines]) + "\n").encode(), [fact]


def _leases() -> tuple[bytes, list[Fact]]:
    """Who held the address when: a former subscriber, then HF-20417 over three renewals without a gap."""
    spans = (
        ("2025-09-02 06:10:00", "2025-10-11 22:47:19", "HF-18802", "ended: moved away"),
        ("2025-10-14 13:02:44", "2026-01-20 03:15:09", "HF-20417", ""),
        ("2026-01-20 03:15:09", "2026-03-02 03:15:41", "HF-20417", "renewed"),
        ("2026-03-02 03:15:41", "2026-04-06 08:00:00", "HF-20417", "renewed, held when the answer was made"),
    )
    lines = [
        _line((HOME, start, end, ref, "Port Aldine", "fibre, one public IPv4", note)) for start, end, ref, note in spans
    ]
    fact = Fact(
        "F16",
        "the provider states which contract held the home address on 2026-03-17",
        lines[3],
        "lease",
        {
            "source_ip": HOME,
            "timestamp": "2026-03-02T03:15:41Z",
            "timestamp_end": "2026-04-06T08:00:00Z",
            "identifier": {"type": "subscriber", "value": "HF-20417"},
        },
        "row 5",
    )
    return ("\n".join([_line(_LEASES), *lines]) + "\n").encode(), [fact]


def write(out: Evidence) -> None:
    """Add the three tables."""
    for path, (data, facts) in (
        ("evidence/tidewater-activity.csv", _activity()),
        ("evidence/tidewater-members.csv", _members()),
        ("evidence/harbour-fibre-HF-2026-0417.csv", _leases()),
    ):
        out.add(path, data, [(fact, ()) for fact in facts])
