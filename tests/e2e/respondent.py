"""Six answers of six services about one invented respondent, and small exports in several parts."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

from dags.case import STAGES
from pipeline.case import load_case
from pipeline.engine import RunOptions, run_stages
from pipeline.manage import Intake, add_exhibits, new_case
from pipeline.store import Store
from tests.parsers.platform_exports.returns import LETTERS, flat, page, section

if TYPE_CHECKING:
    from pathlib import Path

HOME, PORT, EXIT = "203.0.113.57", 51234, "198.51.100.130"
PHONE, MAIL, RESCUE = "+353209150002", "wren@example.com", "rescue@example.org"
META_DEVICE, ANDROID = "meta-device-77", "4fa1b2c3"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
NONE = "No responsive records located"


def run(root: Path, files: dict[str, bytes]) -> Store:
    """A case of these files, run through every stage."""
    folder = root / "received"
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    new_case(root / "case", case_id="SIX", operator="t")
    about = Intake(authority="production order of 2026-05-01", timezone="UTC")
    add_exhibits(root / "case", [folder / name for name in files], about, operator="t")
    quiet = {"on_progress": lambda *_: None, "on_stage": lambda _: None}
    run_stages(load_case(root / "case"), STAGES, RunOptions(workers=1), **quiet)
    return Store(root / "case")


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def instagram_page(*sections: str) -> bytes:
    head = flat([[("Service", "Instagram"), ("Target", "100200300"), ("Account Identifier", "wren.hale")]])
    return f'<html><body><div id="property-request_parameters">{head}</div>{"".join(sections)}</body></html>'.encode()


def logins(*rows: tuple[str, str]) -> str:
    return section("ip_addresses", "Ip Addresses", flat([[("IP Address", a), ("Time", t)] for a, t in rows]))


def meta() -> bytes:
    """The return proper and a preservation that repeats one of its logins."""
    own = "wren.hale (Instagram: 100200300)"
    message = [("Author", own), ("Sent", "2026-03-02 20:00:00 UTC"), ("Body", "I see your light")]
    people = flat([[("Thread", "(77)"), ("Current Participants", f"{own}<br>finch.six (Instagram: 100200999)")]])
    first = (f"{HOME}:{PORT}", "2026-03-01 20:00:00 UTC")
    device = [
        ("Type", "android"),
        ("Id", META_DEVICE),
        ("Active", "true"),
        ("User", "quiet.pier (Instagram: 100200777)"),
    ]
    whole = instagram_page(
        section("emails", "Emails", flat([[("Email", MAIL)]])),
        section("phone_numbers", "Phone Numbers", flat([[("Phone Number", PHONE)]])),
        logins(first, (EXIT, "2026-03-03 20:00:00 UTC")),
        section("devices", "Devices", flat([device])),
        section("unified_messages", "Unified Messages", people + flat([message])),
        section("searches", "Searches", NONE),
    )
    preserved = instagram_page(logins(first, (HOME, "2026-02-01 09:00:00 UTC")))
    return zipped({"records.html": whole, "preservation-1.html": preserved})


def whatsapp() -> bytes:
    log = [
        ("Timestamp", "2026-03-02 21:00:01 UTC"), ("Message Id", "3EB01"), ("Sender", "353209150002"),
        ("Recipients", "353209150003"), ("Sender Ip", HOME), ("Sender Port", "50001"), ("Sender Device", "android"),
        ("Type", "text"), ("Message Style", "individual"), ("Message Size", "200"),
    ]  # fmt: skip
    body = LETTERS.format("Message", flat([log]))
    return page(section("message_log", "Message Log", body), service="WhatsApp", target="353209150002")


def google() -> bytes:
    gaia, other = "100000000000000000001", "100000000000000000002"
    info = f"""<!DOCTYPE html><html><head><title>Subscriber</title></head><body>
<h2>GOOGLE SUBSCRIBER INFORMATION</h2><ul>
<li>Google Account ID: {gaia}</li><li>Name: Wren Hale</li><li>e-Mail: {MAIL}</li>
<li>Created on: 2023-01-02 03:04:05 UTC</li><li>Terms of Service IP: {HOME}</li>
<li>Recovery e-Mail: {RESCUE}</li><li>Recovery SMS: {PHONE} [IE]</li></ul><h3>IP ACTIVITY</h3>
<table><tr><th>Timestamp</th><th>IP Address</th><th>Activity Type</th><th>Android ID</th><th>Apple iOS IDFV</th>
<th>Raw User Agents</th></tr><tr><td>2026-03-01 20:05:00 Z</td><td>{HOME}</td><td>Login</td><td>{ANDROID}</td>
<td></td><td>{AGENT}</td></tr></table></body></html>""".encode()
    linked = f"Gaia ID,Cookie,Linked Gaia ID,Linked Email\n{gaia},ck-77,{other},second@example.com\n".encode()
    inner = {"Google Account/wren.SubscriberInfo.html": info}
    return zipped({
        f"{MAIL}.{gaia}.GoogleAccount.SubscriberInfo_001.zip": zipped(inner),
        f"{MAIL}.{gaia}.GoogleAccountTargetAssociation.LinkedByCookies_001/LinkedByCookies.csv": linked,
    })  # fmt: skip


def snapchat() -> bytes:
    uid = "3f2a0c1e-0000-4000-8000-000000000001"
    banner = f'Target username "wren_snaps" and email "{MAIL}" is associated with User ID "{uid}"\n'
    head = f"{banner}Date range searched: 2021-01-01 to 2026-04-12\n\n"
    rule = "-" * 40 + "\n{}\n" + "=" * 40 + "\n"
    titles = (
        "user_id,username,email_address,email_status,pending_email_address,phone_number,phone_status,"
        "pending_phone_number,former_phone_number,display_name,created,creation_ip,status,birthdate,last_active,"
        "app_version,2fa_status\n"
    )
    row = f"{uid},wren_snaps,{MAIL},verified,,{PHONE},verified,,,Wren,Thu Aug 19 12:00:00 UTC 2021,{HOME},active,,,,\n"
    addresses = f"ip,timestamp,user_agent,login_status\n{HOME},2026-03-01 20:10:00 UTC,Snapchat/13.5.0,SUCCESS\n"
    part = "wren_snaps-1-2-1-20260412/"
    return zipped({
        f"{part}subscriber_info.csv": (head + rule.format("Subscriber") + titles + row).encode(),
        f"{part}ip_data.csv": (head + rule.format("Login log") + addresses).encode(),
    })  # fmt: skip


def discord() -> bytes:
    session = {
        "user_data": {"client_info": {"ip": HOME, "os": "Linux"}, "creation_time": "2026-03-01T20:15:00+00:00",
                      "approx_last_used_time": "2026-03-01T20:20:00+00:00", "is_mfa": False}
    }  # fmt: skip
    user = {
        "id": "300000000000000001", "username": "wren_d", "global_name": "Wren", "email": MAIL, "phone": PHONE,
        "ip": HOME, "verified": True, "user_sessions": [session],
        "connections": [{"type": "spotify", "id": "77", "name": "wren.hale"}], "relationships": [],
    }  # fmt: skip
    return zipped({"account/user.json": json.dumps(user).encode()})


def tiktok() -> bytes:
    login = {"Date": "2026-03-01 20:25:00 UTC", "IP": HOME, "DeviceModel": "Pixel 9", "DeviceSystem": "Android 16",
             "NetworkType": "Wi-Fi", "Carrier": ""}  # fmt: skip
    profile = {"userName": "wren.tok", "emailAddress": MAIL, "telephoneNumber": PHONE, "birthDate": "01-Jan-2000"}
    data = {
        "Profile And Settings": {"Profile Info": {"ProfileMap": profile}, "Block List": {"BlockList": None}},
        "Your Activity": {"Login History": {"LoginHistoryList": [login]}, "Search History": {"SearchList": None}},
        "Direct Message": {"Direct Messages": {"ChatHistory": {}}},
    }
    return json.dumps(data).encode()


def six_returns() -> dict[str, bytes]:
    return {
        "meta.zip": meta(), "whatsapp.html": whatsapp(), "google.zip": google(), "snapchat.zip": snapchat(),
        "discord.zip": discord(), "user_data_tiktok.json": tiktok(),
    }  # fmt: skip


def thread(numbers: range, name: str = "finch_17842290013") -> bytes:
    messages = [
        {"sender_name": "Wren Hale" if n % 2 else "Finch Six", "timestamp_ms": 1767225600000 + n * 60_000,
         "content": f"message {n}", "is_geoblocked_for_viewer": False}
        for n in numbers
    ]  # fmt: skip
    people = [{"name": "Finch Six"}, {"name": "Wren Hale"}]
    return json.dumps({
        "participants": people, "messages": messages, "title": "Finch Six", "is_still_participant": True,
        "thread_path": f"inbox/{name}", "magic_words": [],
    }).encode()  # fmt: skip


def split_instagram() -> dict[str, bytes]:
    """A download in two archives: profile and newer messages in the first, logins, older messages in the second.

    The second part repeats ``message_1.json`` as it stands in the first.
    """
    profile = {"profile_user": [{"string_map_data": {
        "Username": {"value": "wren.hale"}, "Email": {"value": MAIL}, "Name": {"value": "Wren Hale"},
    }}]}  # fmt: skip
    cell = {"Cookie Name": {"value": "****abc"}, "IP Address": {"value": HOME}, "Port": {"value": str(PORT)},
            "User Agent": {"value": AGENT}, "Time": {"timestamp": 1767225600}}  # fmt: skip
    login = {"account_history_login_history": [{"title": "2026-01-01T00:00:00+00:00", "string_map_data": cell}]}
    inbox = "your_instagram_activity/messages/inbox/finch_17842290013"
    newer, older = thread(range(10, 20)), thread(range(10))
    return {
        "instagram-wren.hale-part-001.zip": zipped({
            "personal_information/personal_information.json": json.dumps(profile).encode(),
            f"{inbox}/message_1.json": newer,
        }),
        "instagram-wren.hale-part-002.zip": zipped({
            "security_and_login_information/login_activity.json": json.dumps(login).encode(),
            f"{inbox}/message_1.json": newer, f"{inbox}/message_2.json": older,
        }),
    }  # fmt: skip
