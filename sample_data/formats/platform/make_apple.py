"""Writes the fixtures of Apple's returns and data copies. Run it here: ``python make_apple.py``."""

from __future__ import annotations

from typing import Any

from _books import Sheet, write_book
from _writing import Piece, extra, ident, utc, when, write

OWN = {"account_platform": "apple"}
T = 1767261600  # 2026-01-01T10:00:00Z
HALF_DAY = 14 * 3600
UTC, PLAIN = "2026-01-01 10:00:00 UTC", "2026-01-01 10:00:00"
TERN, WREN, NUMBER = "tern@example.org", "wren@example.org", "8000000001"
MAIL = ident("email", TERN)


def at(desc: str, raw: str = UTC, basis: str = "in_value") -> dict[str, Any]:
    return when(T, desc, raw, basis)


def privacy() -> None:
    signed = {"locator": "row 2", "event_type": "authentication", "event_action": "sign_on", "source_ip": "203.0.113.5"}
    signed |= {**at("Login Time"), "extra": extra(Application="iCloud")}
    widened = {"timestamp_earliest": utc(T - HALF_DAY), "timestamp_latest": utc(T + HALF_DAY + 1 - 1e-6)}
    second = {**signed, "locator": "row 3", "source_ip": "2001:db8::7", **at("Login Time", PLAIN, "assumed"), **widened}
    parts = [
        "Application,Logged In Date,IP Address\n",
        Piece(f"iCloud,{UTC},203.0.113.5\n", (signed,)),
        Piece(f"iCloud,{PLAIN},2001:db8::7\n", (second,)),
        Piece("iCloud\n", rejects=({"kind": "malformed"},)),
    ]
    write("apple_privacy", "signon.csv", parts, OWN)
    imei = "350000000000006"
    device = {"locator": "row 2", "event_type": "session", "event_action": "device_heartbeat"}
    device |= {"device_id": "F2LX0001", "device_id_type": "serial", "source_ip": "203.0.113.6"}
    device |= at("Last Heartbeat Time")
    device["identifiers"] = [ident("device_id", "F2LX0001"), ident("device_id", imei), ident("phone", "+12025550143")]
    device["extra"] = extra(**{"Device Name": "Tern's phone", "Device Time Zone": "Europe/Lisbon"})
    still = {"locator": "row 3", "event_type": "account_profile", "event_action": "device", "device_id": imei}
    still |= {"device_id_type": "imei", "identifiers": [ident("device_id", imei)]}
    still["extra"] = extra(**{"Device Name": "old phone"})
    title = "Device Name,IMEI,Serial,Last Heartbeat IP,Last Heartbeat Timestamp,Phone Number,Device Time Zone\n"
    row = f"Tern's phone,{imei},F2LX0001,203.0.113.6,{UTC},+12025550143,Europe/Lisbon\n"
    parts = [title, Piece(row, (device,)), Piece(f"old phone,{imei},,,,,\n", (still,))]
    write("apple_privacy", "devices.csv", parts, OWN)
    tried = {"locator": "row 2", "event_type": "account_change", "event_action": "recovery_initiated"}
    tried |= {"source_ip": "203.0.113.9", **at("Recovery Time")}
    title = "recovery_initiated_timestamp,recovery_initiated_client_ip,mood\n"
    odd = "no rule of this format reads the columns 'mood'; their cells are kept as written"
    parts = [Piece(title, rejects=({"kind": "unknown_structure", "reason": odd},))]
    parts += [Piece(f"{UTC},203.0.113.9,\n", (tried,))]
    write("apple_privacy", "recovery.csv", parts, OWN)


def remarks(sheet: str, lines: list[str], **own: object) -> dict[str, Any]:
    kept = extra(sheet=sheet, lines=lines)
    return {"locator": f"{sheet}!row 1", "event_type": "record", "event_action": "sheet_remarks", "extra": kept, **own}


def details() -> None:
    cover = [["Apple Inc."], ["Confidential"], ["Account information"], ["Request 77"], [], ["All times are in UTC"]]
    titles = ["DSID", "Apple ID", "Full Name", "Creation Date", "Day Phone", "Rescue Email", "Account Status"]
    row = [NUMBER, TERN, "Tern Harbour", "01/02/2026 10:00:00 AM", "+1 202 555 0143", WREN, "Active"]
    who = {"account_id": NUMBER, "account_login": TERN}
    profile = {"locator": "Account!row 8", "event_type": "account_profile", "event_action": "account_details", **who}
    profile |= {"account_display_name": "Tern Harbour", "extra": extra(**{"Account Status": "Active"})}
    phone = ident("phone", "+12025550143", "+1 202 555 0143")
    profile["identifiers"] = [MAIL, ident("recovery_email", WREN), phone]
    created = {"locator": "Account!row 8", "event_type": "account_created", "event_action": "registration", **who}
    created |= {"timestamp_raw": row[3], "timestamp_desc": "Registration Time", "tz_basis": "format_rule"}
    created |= {"timestamp_earliest": utc(T + 86400), "timestamp_latest": utc(T + 31 * 86400 + 1 - 1e-6)}
    created["parse_flags"] = ["date_order_ambiguous"]  # 2 January or 1 February
    said = remarks("Account", [line[0] for line in cover if line])
    sheet = Sheet("Account", [*cover, titles, row], (said, profile, created))
    write_book("apple_return", "AccountDetails.xlsx", [sheet], OWN)


def log(row: int, ip: str, action: str, **more: object) -> dict[str, Any]:
    event = {"locator": f"Logs!row {row}", "event_type": "activity", "event_action": action, "source_ip": ip}
    event |= {"account_login": TERN, "account_id": NUMBER, "identifiers": [MAIL]}
    event |= at("Access Time", PLAIN, "format_rule")
    return {**event, "extra": extra(Service="iCloud Mail"), **more}


def logs() -> None:
    titles = ["Date and Time (UTC)", "Apple ID", "DSID", "IP Address", "Port", "Service", "Action", "Mood"]
    base = [PLAIN, TERN, NUMBER]
    rows = [
        ["iCloud logs for", "x"],
        ["Dates and times are in UTC"],
        titles,
        [*base, "203.0.113.5", "50123", "iCloud Mail", "Read", "calm"],
        [*base, "2001:db8::7", "", "iCloud Mail", "Sign In"],
        [],
        [*base, "unknown", "", "iCloud Mail", "Read", "", "beyond"],
        ["sometime", TERN, NUMBER, "nowhere", "", "iCloud Mail"],
        ["End of report"],
    ]
    first = log(4, "203.0.113.5", "Read", source_port=50123, extra=extra(Service="iCloud Mail", Mood="calm"))
    second = log(5, "2001:db8::7", "Sign In", event_type="authentication")
    bad = extra(**{"Service": "iCloud Mail", "IP Address": "unknown", "#9": "beyond"})
    third = log(7, "", "Read", parse_flags=["invalid_address"], extra=bad)
    del third["source_ip"]
    said = remarks("Logs", ["iCloud logs for | x", "Dates and times are in UTC", "End of report"])
    reason = (
        "sheet 'Logs': row 3: no rule of this format reads the columns 'Mood', '#9'; their cells are kept as written; "
        "row 8: neither the time nor the address can be read where the header says they stand"
    )
    reject = {"kind": "unknown_structure", "reason": reason}
    negative = {
        "locator": "Backups!row 2",
        "event_type": "provider_negative",
        "event_action": "no_records",
        "account_login": TERN,
        "extra": extra(scope="Backups", statement="No responsive records were found"),
    }
    kept = remarks("Backups", [f"Apple ID: {TERN}", "No responsive records were found"], account_login=TERN)
    none = Sheet("Backups", [[f"Apple ID: {TERN}"], ["No responsive records were found"]], (kept, negative))
    foreign = Sheet("Other", [["a", "b"], ["c", "d"]], (), {"kind": "unknown_structure"})
    held = Sheet("Logs", rows, (said, first, second, third), reject)
    write_book("apple_return", "iCloudLogs.xlsx", [held, none, foreign], OWN)


def people() -> None:
    asked = {"locator": "IDS!row 3", "event_type": "activity", "event_action": "handle_lookup", "account_login": TERN}
    asked |= {"target_account_login": "tel:+12025550143", "extra": extra(Service="Madrid", Result="5000")}
    asked |= at("Query Time")
    titles = ["Date", "Source Handle", "Target Handle", "Service", "Result"]
    rows = [["IDS query logs"], titles, [UTC, TERN, "tel:+12025550143", "Madrid", "5000"]]
    ids = Sheet("IDS", rows, (remarks("IDS", ["IDS query logs"]), asked))
    friend = {"locator": "FMF!row 3", "event_type": "relationship", "event_action": "find_my_friends_follower"}
    friend |= {"account_login": TERN, "target_account_login": WREN, "identifiers": [MAIL], **at("Request Time")}
    fmf = Sheet(
        "FMF",
        [["Find My Friends"], ["Apple ID", "Follower", "Request Date"], [TERN, WREN, UTC]],
        (remarks("FMF", ["Find My Friends"]), friend),
    )
    told = {"locator": "Messages!row 2", "event_type": "message", "event_action": "message", "sender": WREN}
    told |= {"account_login": WREN, "recipients": [TERN], "thread_id": "chat1", "text": "=1+1 \U0001f600"}
    told["target_account_login"] = TERN
    told |= {"deleted_flag": True, "extra": extra(Deleted="TRUE"), **at("Sent Time")}
    titles = ["Text", "Sender", "Recipients", "Chat ID", "Date", "Deleted"]
    rows = [titles, ["=1+1 \U0001f600", WREN, TERN, "chat1", UTC, "TRUE"]]
    sheets = [ids, fmf, Sheet("Messages", rows, (told,)), Sheet("None", [titles])]
    write_book("apple_return", "messages.xlsx", sheets, OWN)


if __name__ == "__main__":
    privacy()
    details()
    logs()
    people()
