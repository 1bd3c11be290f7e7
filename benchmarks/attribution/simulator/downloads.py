"""Files that people hold: an account download, a mailbox, an exported chat. Layouts as in sample_data/formats."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["chat", "instagram_download", "mailbox"]

Row = dict[str, Any]
Found = tuple[str, bytes, list[tuple[str, str]]]
_SECURITY = "security_and_login_information/login_and_profile_creation/login_activity.json"
_PROFILE = "personal_information/personal_information/personal_information.json"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _cell(value: str = "", when: int = 0) -> Row:
    return {"href": "", "value": value, "timestamp": when}


def _item(title: str, fields: Mapping[str, Row]) -> Row:
    return {"title": title, "media_map_data": {}, "string_map_data": dict(fields)}


def _time(t_us: int) -> datetime:
    return datetime.fromtimestamp(t_us // 1_000_000, UTC)


def _login(row: Row) -> Row:
    at = row["t_us"] // 1_000_000
    fields = {"IP Address": _cell(row["ip"]), "Time": _cell("", at), "User Agent": _cell(row["user_agent"] or "")}
    if row["device_id"]:
        fields["Device ID"] = _cell(row["device_id"])
    return _item(_time(row["t_us"]).isoformat(), fields)


def _zip(members: Mapping[str, object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in members.items():
            info = zipfile.ZipInfo(name, (2026, 6, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, json.dumps(value, indent=2))
    return out.getvalue()


def instagram_download(account: Row, sessions: Sequence[Row]) -> bytes:
    """The download of one account: what it says of itself, and its log-ins, newest first."""
    profile = {"Username": _cell(account["login"])}
    if account["display_name"]:
        profile["Name"] = _cell(account["display_name"])
    return _zip(
        {
            _PROFILE: {"profile_user": [_item("", profile)]},
            _SECURITY: {"account_history_login_history": [_login(row) for row in reversed(sessions)]},
        }
    )


def _mail(row: Row, sender: str, to: str, number: int) -> str:
    at = _time(row["t_us"])
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    date = f"{day}, {at.day:02} {month} {at.year} {at:%H:%M:%S} +0000"
    body = "\n".join(f">{line}" if line.startswith(("From ", ">From ")) else line for line in row["text"].split("\n"))
    head = (
        f"From {sender} {day} {month} {at.day:2} {at:%H:%M:%S} {at.year}",
        f"Return-Path: <{sender}>",
        "Received: from out.example.net (out.example.net [192.0.2.250])",
        f"\tby mx.example.org with ESMTPS id s{number:05};",
        f"\t{date}",
        f"Date: {date}",
        f"From: <{sender}>",
        f"To: <{to}>",
        f"Message-ID: <s{number:05}@example.net>",
        f"Subject: {' '.join(row['text'].split()[:3])}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    )
    return "\n".join(head) + f"\n\n{body}\n\n"


def mailbox(owner: Row, received: Sequence[Row], accounts: Mapping[str, Row]) -> Found:
    """The mailbox of one recipient (mbox), each message relayed by one service; senders under mail addresses."""
    to, aliases, parts = f"{owner['login']}@example.org", {}, []
    for number, row in enumerate(received):
        sender = f"{accounts[row['account']]['login']}@example.net"
        aliases[f"email:{sender}"] = row["account"]
        parts.append(_mail(row, sender, to, number))
    return f"mailbox-{owner['login']}.mbox", "".join(parts).encode(), sorted(aliases.items())


def chat(owner: Row, received: Sequence[Row], accounts: Mapping[str, Row]) -> Found:
    """A chat as a telephone exports it; senders under the names shown."""
    aliases, lines = {}, []
    for row in received:
        shown = accounts[row["account"]]["display_name"] or accounts[row["account"]]["login"]
        aliases[f"whatsapp:~{shown}"] = row["account"]
        lines.append(f"[{_time(row['t_us']):%d/%m/%Y, %H:%M:%S}] {shown}: {row['text']}")
    return f"WhatsApp Chat with {owner['login']}.txt", ("\r\n".join(lines) + "\r\n").encode(), sorted(aliases.items())
