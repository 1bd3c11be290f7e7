"""Writes the fixtures of Snapchat's legal return. Run it here: ``python make_snapchat_return.py``."""

from __future__ import annotations

from typing import Any

from _writing import Piece, extra, ident, when, write

OWN = {"account_platform": "snapchat"}
FOLDER = "snapchat_return"
ID, LOGIN, MAIL = "3f2a0c1e-0000-4000-8000-000000000001", "tern_h", "tern@example.org"
WREN = "3f2a0c1e-0000-4000-8000-000000000002"
WHO = {"account_id": ID, "account_login": LOGIN}
UA = "Snapchat/13.5.0 (iPhone; iOS 19.1; gzip)"
DASHES, EQUALS = "-" * 40 + "\n", "=" * 40 + "\n"
T = 1629374400  # 2021-08-19T12:00:00Z
T_ISO, T_MON = 1775880120, 1775447311  # 2026-04-11T04:02:00Z, 2026-04-06T03:48:31Z
JAVA, ISO, MON = "Thu Aug 19 12:00:00 UTC 2021", "2026-04-11 04:02:00 UTC", "Apr 06 2026 03:48:31 UTC"
PERIOD = "2021-01-01 to 2026-04-12"


def start(text: str = f'Target username "{LOGIN}" and email "{MAIL}" is associated with User ID "{ID}"\n') -> list[Any]:
    target = {"locator": "row 1", "event_type": "account_profile", "event_action": "target", **WHO}
    target["identifiers"] = [ident("username", LOGIN), ident("email", MAIL)]
    return [Piece(text, (target,)), f"Date range searched: {PERIOD}\n", "\n"]


def section(legend: str) -> str:
    return DASHES + legend + EQUALS


def unknown(text: str, reason: str) -> Piece:
    return Piece(text, rejects=({"kind": "unknown_structure", "reason": reason},))


def columns(*titles: str) -> str:
    return f"no rule of this format reads the columns {', '.join(map(repr, titles))}; their cells are kept as written"


def subscriber() -> None:
    at = {"locator": "row 8"}
    profile = {
        **at,
        "event_type": "account_profile",
        "event_action": "subscriber",
        **WHO,
        "account_display_name": "Tern",
        "identifiers": [ident("username", LOGIN), ident("email", MAIL), ident("phone", "+12025550143")],
        "extra": extra(
            email_status="verified",
            phone_status="verified",
            status="active",
            birthdate="1990-01-01",
            last_active="2026-04-10 21:02:00",
            app_version="13.5.0",
            **{"2fa_status": "disabled"},
        ),
    }
    created = {**at, "event_type": "account_created", "event_action": "registration", **WHO}
    created |= {**when(T, "Creation Time", JAVA, "in_value"), "source_ip": "203.0.113.5"}
    active = {**at, "event_type": "activity", "event_action": "last_active", **WHO}
    active |= when(T_ISO, "Last Active Time", "2026-04-10 21:02:00", "format_rule")
    titles = "user_id,username,email_address,email_status,pending_email_address,phone_number,phone_status,"
    titles += "pending_phone_number,former_phone_number,display_name,created,creation_ip,status,birthdate,last_active,"
    row = f"{ID},{LOGIN},{MAIL},verified,,+12025550143,verified,,,Tern,{JAVA},203.0.113.5,active,1990-01-01,"
    row += "2026-04-10 21:02:00,13.5.0,disabled\n"
    legend = section('"last_active is in PST/PDT, all other times in UTC"\n')
    parts = [*start(), legend, titles + "app_version,2fa_status\n"]
    write(FOLDER, "subscriber_info.csv", [*parts, Piece(row, (profile, created, active))], OWN)
    change = {"locator": "row 8", "event_type": "account_change", "event_action": "EMAIL_CHANGE", **WHO}
    change |= when(T_MON, "Change Time", MON, "in_value")
    change["identifiers"] = [ident("email", "old@example.org"), ident("email", MAIL)]
    change["extra"] = extra(old_value="old@example.org", new_value=MAIL)
    parts = [*start(), section("Account changes\n"), "date,action,old_value,new_value,reason\n"]
    parts.append(Piece(f"{MON},EMAIL_CHANGE,old@example.org,{MAIL},\n", (change,)))
    write(FOLDER, "subscriber_account_change_history.csv", parts, OWN)


def addresses() -> None:
    login = {"locator": "row 8", "event_type": "authentication", "event_action": "login", "event_outcome": "success"}
    login |= {**WHO, **when(T, "Recorded Time", JAVA, "in_value"), "source_ip": "203.0.113.5", "source_port": 50123}
    login |= {"user_agent_original": UA, "session_id": "s1"}
    login["extra"] = extra(login_status="SUCCESS", authentication_device_descriptor="iPhone17,1")
    failed = {"locator": "row 9", "event_type": "authentication", "event_action": "login", "event_outcome": "failure"}
    failed |= {**WHO, **when(T_ISO, "Recorded Time", ISO, "in_value"), "source_ip": "2001:db8::5"}
    failed |= {"extra": extra(login_status="FAILED")}
    upload = {"locator": "row 14", "event_type": "activity", "event_action": "upload", **WHO}
    upload |= {**when(T_MON, "Recorded Time", MON, "in_value"), "source_ip": "198.51.100.7", "source_port": 443}
    upload |= {"target_account_login": "wren", "extra": extra(media_id="tok1")}
    seen = {"locator": "row 19", "event_type": "session", "event_action": "address_used", **WHO}
    seen |= {**when(T, "First Seen Time", JAVA, "in_value"), "source_ip": "203.0.113.5"}
    seen |= {"timestamp_end": "2026-04-11T04:02:00.000000Z", "extra": extra(asn="64496")}
    nothing = {"locator": "row 23", "event_type": "provider_negative", "event_action": "no_responsive_records", **WHO}
    nothing["extra"] = extra(scope="Web visits", period=PERIOD, statement="NO RESPONSIVE DATA FOUND")
    titles = "ip,timestamp,user_agent,login_status,authentication_device_descriptor,auth_session_id,"
    titles += "client_source_port\n"
    parts = [
        *start(),
        section("Login log\n"),
        titles,
        Piece(f'203.0.113.5,{JAVA},{UA},SUCCESS,"iPhone17,1",s1,50123\n', (login,)),
        Piece(f"2001:db8::5,{ISO},,FAILED,,,\n", (failed,)),
        section("Media uploads\n"),
        "media_id,sender_name,recipient,ip,source_port_number,timestamp\n",
        Piece(f"tok1,{LOGIN},wren,198.51.100.7,443,{MON}\n", (upload,)),
        section("Addresses\n"),
        "ip,asn,first seen time,last seen time\n",
        Piece(f"203.0.113.5,64496,{JAVA},{ISO}\n", (seen,)),
        section("Web visits\n"),
        Piece("NO RESPONSIVE DATA FOUND\n", (nothing,)),
    ]
    write(FOLDER, "ip_data.csv", parts, OWN)


CONVERSATION = (
    "content_type,message_type,conversation_id,message_id,reply_to_message_id,conversation_title,sender_username,"
    "sender_user_id,recipient_username,recipient_user_id,text,media_id,is_saved,is_one_on_one,group_member_usernames,"
    "upload_ip,source_port_number,timestamp"
)


def message(row: int, number: str, **more: object) -> dict[str, Any]:
    base = {"locator": f"row {row}", "event_type": "message", "thread_id": "c1", "message_id": number}
    return {**base, "message_type": "TEXT", **more}


def conversations() -> None:
    by_tern = {"sender": LOGIN, **WHO}
    one = message(8, "m1", **by_tern, recipients=["wren"], text='I know,\n"where" you are\n-----\nna\u00efve')
    one |= {**when(T_ISO, "Sent Time", ISO, "in_value"), "source_ip": "203.0.113.5", "source_port": 50123}
    one["extra"] = extra(content_type="CHAT", recipient_user_id=WREN, is_saved="true", is_one_on_one="true")
    two = message(9, "m2", sender="wren", account_login="wren", account_id=WREN, recipients=[LOGIN, "gull"], text="no")
    two |= {**when(T_MON, "Sent Time", MON, "in_value"), "in_reply_to": "m1"}
    members = f"{LOGIN},wren,gull"
    two["extra"] = extra(
        content_type="CHAT", conversation_title="Harbour", is_one_on_one="false", group_member_usernames=members
    )
    three = message(10, "m3", text="who", **when(T, "Sent Time", JAVA, "in_value"))
    three |= {"parse_flags": ["direction_unknown"], "extra": extra(content_type="CHAT")}
    first = f'CHAT,TEXT,c1,m1,,,{LOGIN},{ID},wren,{WREN},"I know,\n""where"" you are\n-----\nna\u00efve",,true,true,,'
    parts = [
        *start(),
        section("Messages\n"),
        CONVERSATION + "\n",
        Piece(first + f"203.0.113.5,50123,{ISO}\n", (one,)),
        Piece(f'CHAT,TEXT,c1,m2,m1,Harbour,wren,{WREN},,,no,,,false,"{members}",,,{MON}\n', (two,)),
        Piece(f"CHAT,TEXT,c1,m3,,,,,,,who,,,,,,,{JAVA}\n", (three,)),
        Piece("CHAT,TEXT,c1\n", rejects=({"kind": "malformed"},)),
    ]
    write(FOLDER, "conversations.csv", parts, OWN)
    new = "timestamp,is_encrypted,is_topic_chat,vibe,text,sender_username,message_id,conversation_id\n"
    known = {"locator": "row 2", "event_type": "message", "thread_id": "c1", "message_id": "m1", "text": "hi"}
    known |= {"sender": LOGIN, "account_login": LOGIN, **when(T_ISO, "Sent Time", ISO, "in_value")}
    known["extra"] = extra(is_encrypted="true", is_topic_chat="false", vibe="calm")
    row = Piece(f"{ISO},true,false,calm,hi,{LOGIN},m1,c1\n", (known,))
    write(FOLDER, "conversations_new.csv", [unknown(new, columns("vibe")), row], OWN)


def places() -> None:
    here = {"locator": "row 8", "event_type": "location", "event_action": "position", **WHO}
    here |= when(T_ISO, "Recorded Time", ISO, "in_value")
    here["extra"] = extra(latitude=34.47, longitude=-118.2, accuracy_m=39.66, is_live_location="false")
    region = {"locator": "row 13", "event_type": "location", "event_action": "region", **WHO}
    region["extra"] = extra(country="US", region="CA", city="Los Angeles")
    parts = [
        *start(),
        section("Positions\n"),
        "latitude,longitude,timestamp,is_live_location\n",
        Piece(f"34.47 \u00b1 39.66 meters,-118.2 \u00b1 12.1 meters,{ISO},false\n", (here,)),
        section("Regions\n"),
        "country,region,city\n",
        Piece("US,CA,Los Angeles\n", (region,)),
    ]
    write(FOLDER, "geo_locations.csv", parts, OWN)


def others() -> None:
    call = {"locator": "row 8", "event_type": "call", **WHO, **when(T_ISO, "Call Start Time", ISO, "in_value")}
    call |= {"timestamp_end": "2026-04-11T04:03:00.000000Z", "thread_id": "c1", "message_type": "VIDEO"}
    joined = {"locator": "row 11", "event_type": "call", "event_action": "participant", "account_login": "wren"}
    joined |= when(T_ISO, "Joined Time", ISO, "in_value")
    parts = [
        *start(),
        section("Calls\n"),
        "call_start,call_end,conversation_id,call_type\n",
        Piece(f"{ISO},2026-04-11 04:03:00 UTC,c1,VIDEO\n", (call,)),
        "---\n",
        "participant_username,join_time\n",
        Piece(f"wren,{ISO}\n", (joined,)),
        "---\n",
        unknown("gull,left\n", "these words stand between the sections and no rule of this format reads them"),
    ]
    write(FOLDER, "call_logs.csv", parts, OWN)
    friend = {"locator": "row 8", "event_type": "block", "event_action": "Blocked", **WHO}
    friend |= {"target_account_login": "wren", "target_account_id": WREN, **when(T, "Added Time", JAVA, "in_value")}
    parts = [*start(), section("Friends\n"), "friend_username,friend_user_id,link_type,added_time\n"]
    write(FOLDER, "friends_list.csv", [*parts, Piece(f"wren,{WREN},Blocked,{JAVA}\n", (friend,))], OWN)
    phone = {"locator": "row 8", "event_type": "account_profile", "event_action": "advertising_id", **WHO}
    phone |= {"identifiers": [ident("ad_id", "00000000-1111-4222-8333-444444444444")]}
    parts = [*start(), section("Advertising ids\n"), "device_advertising_id\n"]
    row = Piece("00000000-1111-4222-8333-444444444444\n", (phone,))
    write(FOLDER, "device_advertising_id.csv", [*parts, row], OWN)
    token = {"locator": "row 8", "event_type": "account_profile", "event_action": "push_token", **WHO}
    named = {"push_token": "apns:1"}
    token |= {"extra": extra(**named)}
    write(FOLDER, "push_tokens.csv", [*start(), section("Tokens\n"), "push_token\n", Piece("apns:1\n", (token,))], OWN)
    report = {"locator": "row 8", "event_type": "activity", "event_action": "report", "account_id": WREN}
    report |= {"target_account_id": ID, **when(T_MON, "Message Time", MON, "in_value")}
    report |= {"extra": extra(reason="threats")}
    parts = [*start(), section("Reports\n"), "reporter_user_id,reason,reported_user_id,message_timestamp\n"]
    write(FOLDER, "reported_conversations.csv", [*parts, Piece(f"{WREN},threats,{ID},{MON}\n", (report,))], OWN)
    reason = "no table of this format has the columns 'sent', 'channel', 'body', 'user_agent'"
    parts = [*start(), section("Communications\n"), unknown("sent,channel,body,user_agent\n", reason)]
    parts.append(unknown(f"{MON},email,hello,{UA}\n", "no row above this one names the columns"))
    write(FOLDER, "snap_inc_communications.csv", parts, OWN)


if __name__ == "__main__":
    for make in (subscriber, addresses, conversations, places, others):
        make()
