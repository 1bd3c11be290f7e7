"""Writes the fixtures of dating apps' exports. Run it here: ``python make_dating.py``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from _writing import Piece, extra, ident, item, when, write

TINDER, HER = {"account_platform": "tinder"}, {"account_platform": "her"}
T = 1767261600  # 2026-01-01T10:00:00Z, a Thursday
UNKNOWN = "unknown_structure"


def tinder() -> None:
    own = extra(exporting_account=True)

    def said(match: int, index: int, text: str, **more: object) -> Piece:
        stamp = (datetime(2026, 1, 1, 10, tzinfo=UTC) + timedelta(seconds=index)).strftime("%H:%M:%S")
        raw = f"Thu, 01 Jan 2026 {stamp} GMT"
        value = {"to": 900 + match, "from": "You", "message": text, "sent_date": raw}
        event: dict[str, Any] = {"locator": f"/Messages/{match}/messages/{index % 2}", "event_type": "message"}
        event |= when(T + index, "Sent Time", raw, "in_value")
        event |= {"sender": "You", "recipients": [f"{900 + match}"], "target_account_id": f"{900 + match}"}
        event |= {"thread_id": f"Match {match}", "message_type": "text", "text": text, "extra": own}
        return item({**value, **more}, event)

    day: dict[str, Any] = {"locator": "/Usage/app_opens/2026-01-01", "event_type": "activity", "extra": extra(count=7)}
    day |= {"event_action": "app_opens", **when(1767225600, "Usage Day", "2026-01-01", "assumed")}
    user = {
        "email": "tern@example.org",
        "name": "Tern",
        "create_date": "2025-01-01T00:00:00.000Z",
        "active_time": "2026-01-01T10:00:00.000Z",
        "pos": {"lat": 53.3, "lon": -6.2},
        "instagram": {"username": "tern.h"},
        "gender_filter": "A",
    }
    shown = {"account_display_name": "Tern"}
    profile: dict[str, Any] = {"locator": "/User", "event_type": "account_profile", "event_action": "profile", **shown}
    profile |= when(T, "Last Active Time", user["active_time"], "in_value")
    profile |= {"identifiers": [ident("email", "tern@example.org")]}
    kept = {"create_date": user["create_date"], "instagram": user["instagram"], "gender_filter": "A"}
    profile |= {"extra": extra(latitude=53.3, longitude=-6.2, **kept)}
    link = {"locator": "/User", "event_type": "provider_link", "event_action": "instagram", **shown}
    link |= {"identifiers": [ident("external_account", "instagram:tern.h", "tern.h")]}
    made = {"locator": "/User", "event_type": "account_created", "event_action": "created", **shown}
    made |= when(1735689600, "Creation Time", user["create_date"], "in_value")
    made |= {"identifiers": [ident("email", "tern@example.org")]}
    parts: list[str | Piece] = ['{"Usage": {"app_opens": {"2026-01-01": ', item(7, day), ', "2026-01-02": ', item(0)]
    parts += [', "total": ', item(7, reject={"kind": UNKNOWN}), '}, "swipes_likes": {}}, "Campaigns": ', item({"a": 1})]
    parts += [', "User": ', item(user, profile, link, made), ', "Messages": [{"match_id": "Match 0", "messages": [']
    parts += [said(0, 0, "hi \u00e9 \U0001f600"), ", ", said(0, 1, "C:\\Users\\x")]
    parts += [']}, {"messages": [', said(1, 2, "why &amp; how"), '], "match_id": "Match 1"}], "Boosts": ']
    parts += [item([1], reject={"kind": UNKNOWN}), "}"]
    write("tinder_export", "data.json", parts, TINDER)


def her() -> None:
    stamp = "2026-01-01 10:00:00 UTC"
    pinned = '[options]\nformat = "platform/her_export"\n'

    def table(name: str, titles: str, *rows: Piece) -> None:
        write("her_export", name, [titles + "\n", *rows], HER, pinned)

    told = {"locator": "row 2", **when(T, "Sent Time", stamp, "in_value")}
    message = {**told, "event_type": "message", "message_id": "1", "sender": "7", "account_id": "7"}
    message |= {"recipients": ["8"], "text": "hi, you"}
    table(
        "messages.csv",
        "id,sender_id,recipient_id,message,created_at",
        Piece(f'1,7,8,"hi, you",{stamp}\n', (message,)),
        Piece("2,7,8\n", rejects=({"kind": "malformed"},)),
    )
    block = {"locator": "row 2", "event_type": "block", "event_action": "blocked", "target_account_id": "8"}
    block |= when(T, "Block Time", stamp, "in_value")
    table("blocked.csv", "blocked_user_id,created_at", Piece(f"8,{stamp}\n", (block,)))
    report = {"locator": "row 2", "event_type": "activity", "event_action": "reported", "target_account_id": "8"}
    report |= {**when(T, "Report Time", stamp, "in_value"), "text": "threats"}
    table("reported.csv", "reported_user_id,reason,created_at", Piece(f"8,threats,{stamp}\n", (report,)))
    profile = {"locator": "row 2", "event_type": "account_profile", "event_action": "profile", "account_id": "7"}
    profile |= {"account_display_name": "Tern", "identifiers": [ident("email", "tern@example.org")]}
    profile |= {"extra": extra(birthday="2000-02-03")}
    table(
        "profiles.csv",
        "id,name,email,birthday",
        Piece("7,Tern,tern@example.org,2000-02-03\n", (profile,)),
    )


if __name__ == "__main__":
    tinder()
    her()
