"""Writes the fixtures of Reddit's tables. Run it here: ``python make_reddit.py``."""

from __future__ import annotations

from typing import Any

from _writing import Piece, extra, ident, when, write

OWN = {"account_platform": "reddit"}
T = 1767261600  # 2026-01-01T10:00:00Z
UTC = "2026-01-01 10:00:00 UTC"
FOLDER = "reddit_export"


def at(desc: str) -> dict[str, Any]:
    return when(T, desc, UTC, "in_value")


def odd(reason: str) -> tuple[dict[str, Any], ...]:
    return ({"kind": "unknown_structure", "reason": reason},)


def addresses() -> None:
    first = {
        "locator": "row 2",
        "event_type": "account_created",
        "event_action": "registration",
        "source_ip": "203.0.113.5",
    }
    second = {"locator": "row 3", "event_type": "activity", "event_action": "address_used", **at("Recorded Time")}
    bad = {"locator": "row 4", "event_type": "activity", "event_action": "address_used", **at("Recorded Time")}
    bad |= {"parse_flags": ["invalid_address"], "extra": extra(ip="unknown")}
    parts = [
        "date,ip\n",
        Piece("registration ip,203.0.113.5\n", (first,)),
        Piece(f"{UTC},2001:db8::7\n", ({**second, "source_ip": "2001:db8::7"},)),
        Piece(f"{UTC},unknown\n", (bad,)),
        Piece(f"{UTC}\n", rejects=({"kind": "malformed", "reason": "the row has 1 cells where its header has 2"},)),
    ]
    write(FOLDER, "ip_logs.csv", parts, OWN)


def messages() -> None:
    def event(row: int, number: str, text: str, **more: object) -> dict[str, Any]:
        base = {"locator": f"row {row}", "event_type": "message", "event_action": "private_message"}
        who = {"sender": "tern_h", "account_login": "tern_h", "recipients": ["wren"], "thread_id": "t1"}
        rest = {"message_id": number, "text": text, **at("Sent Time")}
        return {**base, **who, **rest, **more}

    link = "https://www.reddit.com/message/messages/a1"
    kept = extra(permalink=link, subject="hello")
    parts = [
        "id,permalink,thread_id,date,ip,from,to,subject,body\n",
        Piece(
            f'a1,{link},t1,{UTC},203.0.113.5,tern_h,wren,hello,"caf\u00e9 \U0001f600, ""again""\nsecond line"\n',
            (event(2, "a1", 'caf\u00e9 \U0001f600, "again"\nsecond line', source_ip="203.0.113.5", extra=kept),),
        ),
        Piece(
            f"a2,{link},t1,{UTC},,tern_h,wren,hello,C:\\Users\\x \\u0041\n",
            (event(3, "a2", "C:\\Users\\x \\u0041", extra=kept),),
        ),
    ]
    write(FOLDER, "messages.csv", parts, OWN)
    moved = [
        Piece(
            "body,mood,to,from,ip,date,thread_id,id\n",
            rejects=odd("no rule of this format reads the columns 'mood'; their cells are kept as written"),
        ),
        Piece(
            f"hi,calm,wren,tern_h,203.0.113.5,{UTC},t1,a1\n",
            (event(2, "a1", "hi", source_ip="203.0.113.5", extra=extra(mood="calm")),),
        ),
        "\n",
    ]
    write(FOLDER, "messages_moved.txt", moved, OWN)


def chat() -> None:
    event = {
        "locator": "row 2",
        "event_type": "message",
        "event_action": "chat_message",
        **at("Sent Time"),
        "sender": "tern_h",
        "account_login": "tern_h",
        "message_id": "m1",
        "thread_id": "channel-1",
        "message_type": "direct",
        "text": "good morning",
        "extra": extra(updated_at=UTC, channel_name="wren"),
    }
    title = "message_id,created_at,updated_at,username,message,thread_parent_message_id,channel_url,subreddit,"
    row = f"m1,{UTC},{UTC},tern_h,good morning,,channel-1,,wren,direct\n"
    write(FOLDER, "chat_history.csv", [title + "channel_name,conversation_type\n", Piece(row, (event,))], OWN)


def items() -> None:
    base = {"locator": "row 2", "event_type": "activity", "source_ip": "203.0.113.5", "message_id": "c1"}
    said = {"event_action": "comment", **at("Comment Time"), "thread_id": "https://example.org/l", "text": "well"}
    kept = extra(permalink="https://example.org/c", subreddit="harbour", gildings="0")
    comment = {**base, **said, "in_reply_to": "p1", "extra": kept}
    row = f"c1,https://example.org/c,{UTC},203.0.113.5,harbour,0,https://example.org/l,p1,well,\n"
    title = "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\n"
    write(FOLDER, "comments.csv", [title, Piece(row, (comment,))], OWN)
    kept = extra(
        permalink="https://example.org/p", subreddit="harbour", gildings="0", title="News", url="https://example.org/u"
    )
    post = {**base, "event_action": "post", **at("Post Time"), "text": "long", "extra": kept}
    row = f"c1,https://example.org/p,{UTC},203.0.113.5,harbour,0,News,https://example.org/u,long\n"
    title = "id,permalink,date,ip,subreddit,gildings,title,url,body\n"
    write(FOLDER, "posts.csv", [title, Piece(row, (post,))], OWN)


def votes() -> None:
    vote = {"locator": "row 2", "event_type": "activity", "event_action": "vote", "message_id": "p1"}
    vote["extra"] = extra(permalink="https://example.org/p", direction="down")
    parts = ["id,permalink,direction\n", Piece("p1,https://example.org/p,down\n", (vote,))]
    write(FOLDER, "post_votes.csv", parts, OWN)


def account() -> None:
    linked = {"locator": "row 2", "event_type": "provider_link", "event_action": "linked_identity"}
    linked |= {"identifiers": [ident("external_account", "https://accounts.example.org:77", "77")]}
    linked |= {"extra": extra(issuer_id="https://accounts.example.org", subject_id="77")}
    row = Piece("https://accounts.example.org,77\n", (linked,))
    write(FOLDER, "linked_identities.csv", ["issuer_id,subject_id\n", row], OWN)
    base = {"locator": "row 2", "event_type": "account_profile"}
    gender = {**base, "event_action": "account_gender", "extra": extra(account_gender="woman")}
    write(FOLDER, "account_gender.csv", ["account_gender\n", Piece("woman\n", (gender,))], OWN)
    name = {**base, "event_action": "statistic", "account_login": "tern_h"}
    name |= {"identifiers": [ident("username", "tern_h")], "extra": extra(statistic="account name", value="tern_h")}
    verified = {"locator": "row 3", "event_type": "account_profile", "event_action": "statistic"}
    verified |= {"extra": extra(statistic="email verified", value="True")}
    rows = [Piece("account name,tern_h\n", (name,)), Piece("email verified,True\n", (verified,))]
    write(FOLDER, "statistics.csv", ["statistic,value\n", *rows], OWN)


if __name__ == "__main__":
    for make in (addresses, messages, chat, items, votes, account):
        make()
