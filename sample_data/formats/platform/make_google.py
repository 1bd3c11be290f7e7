"""Writes the fixtures of Google's exports and returns and, from what it wrote, their goldens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
GAIA = "100000000000000000001"
OTHER = "100000000000000000002"
UA = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
OWN = {"account_platform": "google"}


class Item(NamedTuple):
    """Text of a record, and the events or rejects its bytes must give."""

    raw: str
    events: tuple[dict[str, Any], ...] = ()
    rejects: tuple[dict[str, Any], ...] = ()


def write(kind: str, name: str, parts: list[str | Item], *, encoding: str = "utf-8", bom: bytes = b"") -> None:
    data, events, rejects = bom, [], []
    parsed = rejected = 0
    for part in parts:
        raw = (part if isinstance(part, str) else part.raw).encode(encoding)
        span = {"span_start": len(data), "span_end": len(data) + len(raw)}
        data += raw
        if isinstance(part, Item):
            events += [{"event": {**OWN, **event, **span}} for event in part.events]
            rejects += [{"reject": {**span, **reject}} for reject in part.rejects]
            parsed += len(raw) if part.events else 0
            rejected += len(raw) if part.rejects else 0
    account = {
        "bytes_in": len(data),
        "bytes_parsed": parsed,
        "bytes_rejected": rejected,
        "bytes_skipped": len(data) - parsed - rejected,
        "events": len(events),
        "rejects": len(rejects),
    }
    folder = HERE / f"google_{kind}"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    rows = [{"accounting": account}, *events, *rejects]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{name}.golden.jsonl").write_text(lines, "utf-8")


def extra(**named: object) -> dict[str, str]:
    return kept({k.replace("_", " "): v for k, v in named.items()})


def kept(named: dict[str, object]) -> dict[str, str]:
    return {"extra": json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))}


def at(second: str, raw: str | None, desc: str, basis: str = "in_value") -> dict[str, Any]:
    """A whole second in UTC, ``2026-03-11 02:49:39``, written as `raw`."""
    day, clock = second.split(" ")
    return {
        "timestamp": f"{day}T{clock}.000000Z",
        "timestamp_raw": raw or second,
        "timestamp_desc": desc,
        "tz_basis": basis,
        "time_precision_s": 1.0,
    }


def ident(kind: str, raw: str, value: str | None = None) -> dict[str, str]:
    return {"type": kind, "value": value or raw, "raw": raw}


def idents(*pairs: dict[str, str]) -> dict[str, Any]:
    return {"identifiers": list(pairs)}


def broken(kind: str, reason: str | None = None) -> tuple[dict[str, Any], ...]:
    return ({"kind": kind, **({"reason": reason} if reason else {})},)


# access log

ACCESS = (
    "Gaia ID,Activity Timestamp,IP Address,Proxied Host IP Address,Is Non-routable IP Address,Activity Country,"
    "Activity Region,Activity City,User Agent String,Product Name,Sub-Product Name,Activity Type,Gmail Access Channel"
)


def access(n: int, stamp: str, ip: str, product: str, act: str = "", more: dict[str, Any] | None = None) -> Item:
    raw = f'{GAIA},{stamp} UTC,{ip},,false,ES,,Madrid,"{UA}",{product},,{act},\n'
    event = {
        "locator": f"row {n}",
        "event_type": {"Login": "authentication", "Logout": "logout"}.get(act, "activity"),
        **at(stamp, f"{stamp} UTC", "Activity Time"),
        "account_id": GAIA,
        "source_ip": ip,
        "user_agent_original": UA,
        **({"event_action": act} if act else {}),
        **kept(
            {
                "Is Non-routable IP Address": "false",
                "Activity Country": "ES",
                "Activity City": "Madrid",
                "Product Name": product,
            }
        ),
        **(more or {}),
    }
    return Item(raw, ({k: v for k, v in event.items() if v is not None},))


def access_logs() -> None:
    rows = [
        access(2, "2026-03-11 02:49:39", "203.0.113.5", "Gmail", "Login"),
        access(3, "2026-03-11 02:51:00", "2001:db8::7", "YouTube"),
        access(4, "2026-03-11 03:00:00", "203.0.113.5", "Gmail", "Logout"),
    ]
    private = f"{GAIA},2026-03-11 03:01:00 UTC,203.0.113.5,198.51.100.9,true,,,,,Drive,,,\n"
    event = {
        "locator": "row 5",
        "event_type": "activity",
        **at("2026-03-11 03:01:00", "2026-03-11 03:01:00 UTC", "Activity Time"),
        "account_id": GAIA,
        "source_ip": "203.0.113.5",
        "claimed_ips": ["198.51.100.9"],
        **kept({"Is Non-routable IP Address": "true", "Product Name": "Drive"}),
    }
    short = Item(f"{GAIA},2026-03-11 03:02:00 UTC,203.0.113.6\n", (), broken("malformed"))
    write("takeout_access_log", "activities.csv", [ACCESS + "\n", *rows, Item(private, (event,)), short])
    drifted = "Gaia ID,Product Name,IP Address,Activity Timestamp,Proxiedhost IP Address,Risk Level\n"
    reason = "1 columns are not known; their cells are kept as written: 'Risk Level'"
    named = {"kind": "unknown_structure", "reason": reason}
    moved = {
        "locator": "row 2",
        "event_type": "activity",
        **at("2026-03-11 03:01:00", "2026-03-11 03:01:00 UTC", "Activity Time"),
        "account_id": GAIA,
        "parse_flags": ["invalid_address"],
        **kept({"Product Name": "Drive", "Risk Level": "low", "IP Address": "hidden"}),
    }
    row = Item(f"{GAIA},Drive,hidden,2026-03-11 03:01:00 UTC,,low\n", (moved,))
    write("takeout_access_log", "reordered.txt", [Item(drifted, (), (named,)), row])


def devices() -> None:
    header = (
        "Gaia ID,Device Type,Brand Name,Marketing Name,OS,OS Version,Device Model,User Given Name,"
        "Device Last Location\n"
    )
    place = "Country ISO: ES\nLast Activity Time: 2026-03-10 08:00:00 UTC"
    raw = f'{GAIA},MOBILE,Example,Example Phone 5,Android,14,EX-5,,"{place}"\n'
    cells = extra(
        Device_Type="MOBILE",
        Brand_Name="Example",
        Marketing_Name="Example Phone 5",
        OS="Android",
        OS_Version="14",
        Device_Model="EX-5",
        Device_Last_Location=place,
    )
    base = {"locator": "row 2", "event_type": "account_profile", "event_action": "device"}
    write("takeout_devices", "devices.csv", [header, Item(raw, ({**base, "account_id": GAIA, **cells},))])
    stamp = "2026-03-10 08:00:00"
    timed = f"{GAIA},MOBILE,Example,2026-01-01 08:00:00 UTC,{stamp} UTC\n"
    first = kept({"Device Type": "MOBILE", "Brand": "Example", "First Activity Time": "2026-01-01 08:00:00 UTC"})
    event = {**base, "account_id": GAIA, **at(stamp, f"{stamp} UTC", "Last Activity Time"), **first}
    head = "Gaia ID,Device Type,Brand,First Activity Time,Last Activity Time\n"
    write("takeout_devices", "devices_timed.csv", [head, Item(timed, (event,))])
    play = {**base, "device_id": "3a1b2c", "device_id_type": "android_id", **idents(ident("device_id", "3a1b2c"))}
    play |= kept({"device_ip_country": "es", "carrier_name": "Example Mobile"})
    head = "Android Id,device_ip_country,carrier_name\n"
    write("takeout_devices", "play_devices.csv", [head, Item("3a1b2c,es,Example Mobile\n", (play,))])


def linked() -> None:
    base = {"event_type": "provider_link", "event_action": "linked", "account_id": GAIA, "target_account_id": OTHER}
    cookie = {**base, "locator": "row 2", **idents(ident("cookie", "ck-77"))}
    cookie["target_account_login"] = "second@example.com"
    head = "Gaia ID,Cookie,Linked Gaia ID,Linked Email\n"
    write("linked_accounts", "by_cookies.csv", [head, Item(f"{GAIA},ck-77,{OTHER},second@example.com\n", (cookie,))])
    phone = {**base, "locator": "row 2", **idents(ident("phone", "+34 600 000 000", "+34600000000"))}
    row = Item(f"{GAIA},+34 600 000 000,{OTHER}\n", (phone,))
    write("linked_accounts", "by_phone.csv", ["Gaia ID,Phone Number,Linked Gaia ID\n", row])


def utc(us: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


if __name__ == "__main__":
    access_logs()
    devices()
    linked()
