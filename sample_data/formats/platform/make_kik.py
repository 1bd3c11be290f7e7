"""Writes the fixtures of Kik's legal returns. Run it here: ``python make_kik.py``."""

from __future__ import annotations

from typing import Any

from _writing import Piece, extra, when, write

OWN = {"account_platform": "kik"}
FOLDER = "kik_return"
T = 1767261600.25  # 2026-01-01T10:00:00.250Z
MS, WRITTEN = "1767261600250", "2026-01-01 10:00:00"
TERN, WREN, GROUP = "tern_h_abc@talk.kik.com", "wren_xyz@talk.kik.com", "1100@groups.kik.com"
BAD = ({"kind": "malformed"},)


def at(desc: str) -> dict[str, Any]:
    return when(T, desc, MS)


def row(kind: str, action: str, number: int = 2, **more: object) -> dict[str, Any]:
    return {"locator": f"row {number}", "event_type": kind, "event_action": action, **more}


def content() -> None:
    said = {**at("Sent Time"), "sender": TERN, "account_login": TERN, "recipients": [WREN]}
    near = {"source_ip": "203.0.113.5", "source_port": 50123}
    text = row("message", "stored_content", **said, **near, message_id="1", message_type="text")
    text |= {"text": 'I know, "where"\nna\u00efve', "extra": extra(content_id="c1", sent_at=WRITTEN, app_name="kik")}
    reply = row("message", "stored_content", 3, **said, message_id="2", in_reply_to="1", message_type="media")
    reply |= {"attachment_names": ["photo, one.jpg"], "source_ip": "2001:db8::5", "extra": extra(content_id="c2")}
    titles = "id,content_id,filename,message,sender_id,receiver_id,ip,port,parent_id,sent_at,sent_at_ts,app_name\n"
    first = f'1,c1,,"I know, ""where""\nna\u00efve",{TERN},{WREN},203.0.113.5,50123,,{WRITTEN},{MS},kik\n'
    second = f'2,c2,"photo, one.jpg",,{TERN},{WREN},2001:db8::5,,1,,{MS},\n'
    parts = [titles, Piece(first, (text,)), Piece(second, (reply,)), Piece("3,c3\n", rejects=BAD)]
    write(FOLDER, "data-text.csv", parts, OWN)


def logs() -> None:
    pair = {**at("Sent Time"), "sender": TERN, "account_login": TERN, "recipients": [WREN], "source_ip": "203.0.113.5"}
    logged = row("message", "message_logged", **pair, extra=extra(words="5"))
    line = Piece(f"{TERN},{WREN},203.0.113.5,{MS},5\n", (logged,))
    write(FOLDER, "chat_sent.csv", ["user_jid,friend_user_jid,ip,ts,words\n", line, "\n"], OWN)
    sent = row("message", "media_logged", **pair, extra=extra(app_name="Camera", cid="c2", mood="calm"))
    reason = "no rule of this format reads the columns 'mood'; their cells are kept as written"
    title = Piece("mood\tcid\tts\tip\tapp_name\tfriend_user_jid\tuser_jid\n")
    title = title._replace(rejects=({"kind": "unknown_structure", "reason": reason},))
    line = Piece(f"calm\tc2\t{MS}\t203.0.113.5\tCamera\t{WREN}\t{TERN}\n", (sent,))
    write(FOLDER, "chat_platform_sent.tsv", [title, line], OWN)
    group = {**at("Recorded Time"), "thread_id": GROUP}
    said = row("message", "group_message_logged", **group, sender=WREN, account_login=WREN, recipients=[TERN])
    said |= {"source_ip": "198.51.100.7", "extra": extra(receive_ip="203.0.113.5", sender_device_type="ios")}
    got = row("activity", "group_message_received", **group, account_login=TERN, source_ip="203.0.113.5")
    line = Piece(f"{WREN},{TERN},{GROUP},198.51.100.7,203.0.113.5,ios,{MS}\n", (said, got))
    titles = "sender,receiver,group_jid,sender_ip,receive_ip,sender_device_type,epoch\n"
    write(FOLDER, "group_receive.csv", [titles, line], OWN)


def account() -> None:
    bind = row("session", "bind", **at("Bind Time"), account_login=TERN, source_ip="203.0.113.5", source_port=50123)
    bind |= {"extra": extra(device="iPhone")}
    line = Piece(f"{TERN},203.0.113.5,50123,{MS},iPhone\n", (bind,))
    write(FOLDER, "binds.csv", ["user_jid,ip,port,ts,device\n", line], OWN)
    friend = row("relationship", "listed", **at("Recorded Time"), account_login=TERN, target_account_login=WREN)
    line = Piece(f"{TERN},{WREN},{MS}\n", (friend,))
    write(FOLDER, "friends_added.csv", ["user_jid,friend_user_jid,ts\n", line], OWN)
    block = row("block", "blocked", **at("Block Time"), account_login=TERN, target_account_login=WREN)
    line = Piece(f"{TERN},{WREN},{MS}\n", (block,))
    write(FOLDER, "block_user.csv", ["user_jid,blocked_user_jid,ts\n", line], OWN)
    named = row("thread", "group", thread_id=GROUP, extra=extra(group_name="Harbour"))
    line = Piece(f"{GROUP},Harbour\n", (named,))
    write(FOLDER, "group-legend-1.csv", ["group_jid,group_name\n", line], OWN)


def untitled() -> None:
    slashed = "2026/01/01 10:00:00 UTC"
    bind = {"locator": "L1", "event_type": "activity", "event_action": "untitled_row", **at("Recorded Time")}
    bind |= {"account_login": TERN, "source_ip": "203.0.113.5"}
    bind["extra"] = extra(cell_1=MS, cell_2=TERN, cell_3="203.0.113.5", cell_4="50123", cell_5=slashed)
    chat = {"locator": "L2", "event_type": "activity", "event_action": "untitled_row", **at("Recorded Time")}
    chat |= {"parse_flags": ["direction_unknown"]}
    chat["extra"] = extra(cell_1=MS, cell_2=TERN, cell_3=WREN, cell_4="3", cell_5="203.0.113.5")
    group = {"locator": "L3", "event_type": "activity", "event_action": "untitled_row"}
    group |= {**when(1767261600, "Recorded Time", slashed, "in_value"), "account_login": TERN, "thread_id": GROUP}
    group["extra"] = extra(cell_1=TERN, cell_2=GROUP, cell_3=slashed)
    odd = ({"kind": "unknown_structure"},)
    parts = [
        Piece(f"{MS}\t{TERN}\t203.0.113.5\t50123\t{slashed}\n", (bind,)),
        Piece(f"{MS}\t{TERN}\t{WREN}\t3\t203.0.113.5\n", (chat,)),
        Piece(f"{TERN}\t{GROUP}\t{slashed}\n", (group,)),
        "\n",
        Piece("end of log\n", rejects=odd),
    ]
    write(FOLDER, "bind.txt", parts, OWN)


if __name__ == "__main__":
    for make in (content, logs, account, untitled):
        make()
