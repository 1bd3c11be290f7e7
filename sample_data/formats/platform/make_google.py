"""Writes the fixtures of Google's exports and returns and, from what it wrote, their goldens."""

from __future__ import annotations

import json
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


# legal return


def line(n: int, label: str, value: str, *events: dict[str, Any], inner: str | None = None) -> Item:
    own = tuple({"locator": f"line {n}", "account_id": GAIA, **event} for event in events)
    return Item(f"<li>{label}: {value if inner is None else inner}</li>", own)


def profile(action: str, **columns: object) -> dict[str, Any]:
    return {"event_type": "account_profile", "event_action": action, **columns}


def cells(*texts: str, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"


PAGE = "<!DOCTYPE html>\n<html><head><title>Subscriber</title><style>li {margin: 0}</style></head><body>\n"
END = "\n</body></html>\n"


def subscriber_lines() -> list[Item]:
    made, seen = "2023-01-02 03:04:05", ("2023-02-25 04:34:32", "2023-02-24 08:00:00")
    logins = [
        {"event_type": "authentication", "event_action": "login", **at(s, f"{s} UTC", "Login Time")} for s in seen
    ]
    phone = idents(ident("recovery_phone", "+34600000001 [ES]", "+34600000001"))
    numbers = idents(ident("phone", "+34600000001 [ES]", "+34600000001"), ident("phone", "+34600000002", None))
    created = {"event_type": "account_created", "event_action": "registration"}
    terms = {"event_type": "account_created", "event_action": "terms_accepted", "source_ip": "198.51.100.20"}
    both = "alt.one@example.net, alt.two@example.net"
    alternates = idents(ident("email", "alt.one@example.net"), ident("email", "alt.two@example.net"))
    services = kept({"services": "Gmail, YouTube & Drive"})
    recovery = idents(ident("recovery_email", "rescue@example.org"))
    return [
        line(2, "Google Account ID", GAIA, profile("account_id", **kept({"account_id_as_written": GAIA}))),
        line(3, "Name", "Wren Hale", profile("name", account_display_name="Wren Hale"), inner="<b>Wren</b> Hale"),
        line(
            4,
            "e-Mail",
            "wren@example.com",
            profile("email", account_login="wren@example.com", **idents(ident("email", "wren@example.com"))),
        ),
        line(5, "Alternate e-Mails", both, profile("alternate_email", **alternates)),
        line(6, "Created on", f"{made} UTC", {**created, **at(made, f"{made} UTC", "Creation Time")}),
        line(7, "Terms of Service IP", "198.51.100.20", terms),
        line(
            8,
            "Services",
            "Gmail, YouTube &amp; Drive",
            profile("services", **services),
        ),
        line(9, "Last Logins", f"{seen[0]} UTC, {seen[1]} UTC", *logins),
        line(11, "Recovery e-Mail", "rescue@example.org", profile("recovery_email", **recovery)),
        line(12, "Recovery SMS", "+34600000001 [ES]", profile("recovery_phone", **phone)),
        line(13, "User Phone Numbers", "+34600000001 [ES], +34600000002", profile("phone", **numbers)),
    ]


IP_TITLES = ("Timestamp", "IP Address", "Activity Type", "Android ID", "Apple iOS IDFV", "Raw User Agents")


def ip_row(n: int, stamp: str, ip: str, act: str, android: str = "", idfv: str = "", ua: str = "") -> Item:
    device = android or idfv
    event = {
        "locator": f"row {n}",
        "event_type": {"Login": "authentication", "Logout": "logout"}[act],
        "event_action": act,
        "account_id": GAIA,
        "source_ip": ip,
        **at(stamp, f"{stamp} Z", "Activity Time"),
    }
    if device:
        event |= {"device_id": device, "device_id_type": "android_id" if android else "idfv"}
        event |= idents(ident("device_id", device))
    event |= {"user_agent_original": ua} if ua else {}
    return Item(cells(f"{stamp} Z", ip, act, android, idfv, ua), (event,))


def returns() -> None:
    lines = subscriber_lines()
    rows = [
        ip_row(16, "2023-02-25 04:34:32", "203.0.113.5", "Login", android="4fa1b2c3", ua=UA),
        ip_row(17, "2023-02-25 05:00:00", "2001:db8::9", "Logout", idfv="0A1B-22"),
    ]
    bad = Item(cells("2023-02-25 06:00:00 Z", "Login"), (), broken("malformed"))
    merged = Item("<tr><td colspan=2>2023-02-25 06:00:00 Z</td><td>Login</td></tr>", (), broken("malformed"))
    unknown = Item("<li>Shoe Size: 39</li>", (), broken("unknown_structure", "the label 'Shoe Size' is not known"))
    parts: list[str | Item] = [PAGE, "<h2>GOOGLE SUBSCRIBER INFORMATION</h2>\n<ul>\n"]
    for n, item in enumerate(lines, 2):
        parts += ["<li>Status:</li>\n"] if n == 10 else []
        parts += [item, "\n"]
    table = ["</ul>\n<h3>IP ACTIVITY</h3>\n<table>", cells(*IP_TITLES, tag="th"), "\n", *rows, bad, merged, "</table>"]
    write("return", "SubscriberInfo.html", [*parts, *table, "<ul>", unknown, "</ul>", END])
    stamp = "2024-05-06 07:08:09"
    change = {
        "locator": "row 3",
        "event_type": "account_change",
        "event_action": "Recovery email changed",
        "source_ip": "203.0.113.7",
        **at(stamp, f"{stamp} Z", "Change Time"),
        **idents(ident("recovery_email", "old@example.org"), ident("recovery_email", "new@example.org")),
        **kept({"old_value": "old@example.org", "new_value": "new@example.org"}),
    }
    titles = ("Timestamp", "IP", "Change Type", "Old Value", "New Value", "Reviewer")
    drift = "1 columns are not known; their cells are kept as written: 'Reviewer'"
    head = Item(cells(*titles, tag="th"), (), broken("unknown_structure", drift))
    row = cells(f"{stamp} Z", "203.0.113.7", "Recovery email changed", "old@example.org", "new@example.org", "")
    cut = Item("<tr><td>2024-05-06 07:09:00 Z</td><td>203.0.113.8", (), broken("truncated"))
    write("return", "ChangeHistory.html", [PAGE, "<h2>CHANGES</h2><table>", head, Item(row, (change,)), "\n", cut])


def part(n: int, text: str, action: str, **named: object) -> Item:
    event = {
        "locator": f"L{n}",
        "event_type": "provider_negative" if action == "no_records" else "account_profile",
        "event_action": action,
        "account_id": GAIA,
        "account_login": "wren@example.com",
        **idents(ident("email", "wren@example.com")),
        **kept(named),
    }
    return Item(text, (event,))


def summary() -> None:
    named = {
        "originating_identifier": "wren@example.com [email]",
        "resolved_identifier": GAIA,
        "service": "Mail",
        "resource": "MessageContent",
        "period_start": "2023-01-01",
        "period_end": "2023-06-30",
    }
    labels = ("Originating Identifier", "Resolved Identifier", "Service", "Resource")
    labels += ("Start of date range", "End of date range")
    text = "".join(f"{label}: {value}\n" for label, value in zip(labels, named.values(), strict=True))
    note = "No records were found for this resource."
    none = text.replace("Mail", "Voice").replace("MessageContent", "Calls") + "\n" + note + "\n"
    first = part(1, text, "export_summary", **named)
    second = part(8, none, "no_records", **{**named, "service": "Voice", "resource": "Calls", "notes": [note]})
    lost = Item("Page 1 of 1\n", (), broken("unknown_structure"))
    write("return_summary", "ExportSummary.txt", [first, "\n", second, "\n", lost])


# my activity


def joined(items: list[Item]) -> list[str | Item]:
    out: list[str | Item] = []
    for item in items:
        out += [",\n", item] if out else [item]
    return out


def did(n: int, stamp: str, title: str, url: str | None, action: str | None, **more: object) -> Item:
    day, clock = stamp.split(" ")
    raw = f"{day}T{clock}Z"
    rest = {"header": "Search", **({"titleUrl": url} if url else {}), "products": ["Search"], **more}
    event = {
        "locator": f"/{n}",
        "event_type": "activity",
        **({"event_action": action} if action else {}),
        **at(stamp, raw, "Activity Time"),
        **kept({k: v for k, v in rest.items() if v != []}),
        "text": title,
    }
    return Item(json.dumps({"title": title, "time": raw, **rest}, ensure_ascii=False), (event,))


def activity() -> None:
    home = [{"name": "At this place", "url": "https://www.google.com/maps/@?center=40.4,-3.7", "source": "Device"}]
    search = "https://www.google.com/search?q=wren+hale+address"
    items = [
        did(0, "2026-01-15 18:54:12", "Searched for wren hale address", search, "search", locationInfos=home),
        did(
            1, "2026-01-15 18:55:00", "Has visitado Ejemplo", "https://www.google.com/url?q=https://a.example", "visit"
        ),
        did(2, "2026-01-15 18:56:00", "Used Search", None, None, details=[], moodRing="x"),
    ]
    lost = Item('{"header": "Search"}', (), broken("unknown_structure"))
    drift = "1 member names are not known; their values are kept as written: '/moodRing' (1)"
    named = Item("]\n", (), broken("unknown_structure", drift))
    write("takeout_activity", "MyActivity.json", ["[", *joined([*items, lost]), named])
    cut = Item(',\n{"title": "Sear', (), broken("truncated"))
    write("takeout_activity", "MyActivity_cut.json", ["[", items[0], cut])


CELL = "content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1"


def page_cell(n: int, html: str, text: str, event: dict[str, Any], rest: dict[str, object]) -> Item:
    raw = (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
        '<div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">Search<br></p></div>'
        f'<div class="{CELL}">{html}</div><div class="{CELL} mdl-typography--text-right"></div>'
        '<div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption"><b>Products:</b><br>'
        "&emsp;Search<br></div></div></div>"
    )
    details = {"header": "Search", "details": ["Products:", "\u2003Search"], **rest}
    return Item(raw, ({"locator": f"item {n}", "event_type": "activity", **event, **kept(details), "text": text},))


def activity_page() -> None:
    narrow = "Jan 15, 2026, 6:54:12\u202fPM UTC"
    url = "https://www.google.com/search?q=a&b=c"
    first = page_cell(
        1,
        f'Searched for\u00a0<a href="{url.replace("&", "&amp;")}">a &amp; b</a><br>{narrow}<br>',
        "Searched for\u00a0a & b",
        {"event_action": "search", **at("2026-01-15 18:54:12", narrow, "Activity Time")},
        {"links": [url]},
    )
    est = "Jul 15, 2026, 6:54:12 PM EST"
    spread = {"timestamp_earliest": "2026-07-15T22:54:12.000000Z", "timestamp_latest": "2026-07-16T00:54:12.999999Z"}
    second = page_cell(
        2, f"Used Search<br>{est}<br>", "Used Search", {**at("2026-07-15 23:54:12", est, "Activity Time"), **spread}, {}
    )
    german = "15.01.2026, 18:54:12 MEZ"
    third = page_cell(
        3, f"Suche<br>{german}<br>", "Suche", {"timestamp_raw": german, "timestamp_desc": "Activity Time"}, {}
    )
    head = '<html><head><title>My Activity History</title></head><body><div class="mdl-grid">'
    write("takeout_activity_html", "MyActivity.html", [head, first, second, third, "</body></html>\n"])


# location history


def point(lat: float, lon: float, **more: object) -> dict[str, str]:
    return kept({"latitude": lat, "longitude": lon, **more})


def place(locator: str, action: str, second: str, raw: str, *places: dict[str, str], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    event = {"locator": locator, "event_type": "location", "event_action": action, **places[0], **more}
    return {**event, **at(second, raw, "Location Time")}


def dumped(value: object, *events: dict[str, Any], **rejects: str) -> Item:
    return Item(json.dumps(value, ensure_ascii=False), events, (rejects,) if rejects else ())


def iso(second: str) -> str:
    return second.replace(" ", "T") + "Z"


def locations() -> None:
    when, late = "2026-03-01 10:00:00", "2026-03-01 11:30:00"
    base = {"latitudeE7": 404000000, "longitudeE7": -37000000, "accuracy": 12}
    seen = {**base, "timestamp": iso(when), "source": "WIFI", "deviceTag": 77, "moon": 1}
    first = place(
        "/locations/0",
        "recorded",
        when,
        iso(when),
        point(40.4, -3.7, accuracy_m=12, source="WIFI", deviceTag=77, moon=1),
    )
    first |= {"device_id": "77", "device_id_type": "device_tag"}
    old = {"latitudeE7": 404000000, "longitudeE7": 4257967296, "timestampMs": "1772359200000"}
    second = place("/locations/1", "recorded", when, "1772359200000", point(40.4, -3.7))
    second |= {"tz_basis": "epoch", "time_precision_s": 0.001}
    none = dumped({"timestamp": iso(when)}, kind="unknown_structure")
    drift = "1 member names are not known; their values are kept as written: '/locations/moon' (1)"
    end = Item("]}", (), broken("unknown_structure", drift))
    rows = joined([dumped(seen, first), dumped(old, second), none])
    write("takeout_location", "Records.json", ['{"locations": [', *rows, end])

    span = {"startTimestamp": iso(when), "endTimestamp": iso(late)}
    ends = {"timestamp_end": f"{late.replace(' ', 'T')}.000000Z"}
    spot = {"latitudeE7": 404000000, "longitudeE7": -37000000, "placeId": "abc", "name": "Example Cafe"}
    named = {"place": {"placeId": "abc", "name": "Example Cafe"}}
    visit = place("/timelineObjects/0", "visit", when, iso(when), point(40.4, -3.7, **named), **ends)
    moved = {
        "startLocation": {"latitudeE7": 404000000, "longitudeE7": -37000000},
        "endLocation": {"latitudeE7": 405000000, "longitudeE7": -38000000},
        "duration": span,
        "activityType": "WALKING",
    }
    walk = [
        place("/timelineObjects/1", "activity_start", when, iso(when), point(40.4, -3.7, activityType="WALKING")),
        place("/timelineObjects/1", "activity_end", late, iso(late), point(40.5, -3.8, activityType="WALKING")),
    ]
    items = [
        dumped({"placeVisit": {"location": spot, "duration": span}}, visit),
        dumped({"activitySegment": moved}, *walk),
    ]
    write("takeout_location", "2026_MARCH.json", ['{"timelineObjects": [', *joined(items), "]}"])
    timelines(when, late)


def timelines(when: str, late: str) -> None:
    span, ends = {"startTime": iso(when), "endTime": iso(late)}, {"timestamp_end": f"{late.replace(' ', 'T')}.000000Z"}
    best = {"placeId": "abc", "probability": 0.5, "placeLocation": {"latLng": "40.4\u00b0, -3.7\u00b0"}}
    named = {"place": {"placeId": "abc", "probability": 0.5}, "probability": 0.9}
    here = place("/semanticSegments/0", "visit", when, iso(when), point(40.4, -3.7, **named), **ends)
    path = [{"point": "40.41\u00b0, -3.71\u00b0", "time": iso(late)}, {"point": "?", "time": iso(late)}]
    there = place("/semanticSegments/1", "path", late, iso(late), point(40.41, -3.71, points_not_read=1))
    raw = {"LatLng": "40.42\u00b0, -3.72\u00b0", "accuracyMeters": 9, "timestamp": iso(when), "source": "GPS"}
    fix = place("/rawSignals/0", "recorded", when, iso(when), point(40.42, -3.72, accuracy_m=9, source="GPS"))
    write(
        "takeout_location",
        "Timeline_android.json",
        [
            '{"semanticSegments": [',
            dumped({**span, "visit": {"probability": 0.9, "topCandidate": best}}, here),
            ", ",
            dumped({**span, "timelinePath": path}, there),
            '], "rawSignals": [',
            dumped({"position": raw}, fix),
            "]}",
        ],
    )
    steps = [{"point": "geo:40.4,-3.7", "durationMinutesOffsetFromStartTime": "90"}]
    step = place("/0", "path", late, f"{iso(when)} + 90 min", point(40.4, -3.7))
    step["time_precision_s"] = 60.0
    moved = {"start": "geo:40.4,-3.7", "end": "geo:40.5,-3.8", "distanceMeters": "100"}
    both = [
        place("/1", "activity_start", when, iso(when), point(40.4, -3.7, distanceMeters="100")),
        place("/1", "activity_end", late, iso(late), point(40.5, -3.8, distanceMeters="100")),
    ]
    items = [dumped({**span, "timelinePath": steps}, step), dumped({**span, "activity": moved}, *both)]
    write("takeout_location", "Timeline_ios.json", ["[", *joined(items), "]"])


# chat


def chat() -> None:
    wren = {"name": "Wren Hale", "email": "wren@example.com", "user_type": "Human"}
    person = {
        "account_login": "wren@example.com",
        "account_display_name": "Wren Hale",
        **idents(ident("email", "wren@example.com")),
    }
    sent = "Monday, January 1, 2024 at 1:02:03\u202fPM UTC"
    base = {"creator": wren, "created_date": sent, "topic_id": "T1", "message_id": "SPACE1/T1/M1"}
    event = {
        "event_type": "message",
        **person,
        "sender": "wren@example.com",
        "message_id": "SPACE1/T1/M1",
        "thread_id": "SPACE1",
        **at("2024-01-01 13:02:03", sent, "Sent Time"),
        **kept({"topic_id": "T1", "creator": {"user_type": "Human"}}),
    }
    said = {**event, "locator": "/messages/0", "message_type": "text", "text": "I know where you park."}
    gone = {**event, "locator": "/messages/1", "message_type": "deleted", "deleted_flag": True}
    files = [{"original_name": "car.jpg", "export_name": "File-car.jpg"}]
    sent_file = {**event, "locator": "/messages/2", "message_type": "media", "attachment_names": ["car.jpg"]}
    sent_file |= kept({"topic_id": "T1", "creator": {"user_type": "Human"}, "attached_files": files})
    items = [
        dumped({**base, "text": "I know where you park."}, said),
        dumped({**base, "message_state": "DELETED"}, gone),
        dumped({**base, "attached_files": files}, sent_file),
        dumped({"text": "lost"}, kind="unknown_structure"),
    ]
    write("takeout_chat", "messages.json", ['{"messages": [', *joined(items), "]}"])
    title = {"locator": "/name", "event_type": "thread", "event_action": "title", **kept({"title": "Garden"})}
    member = {"locator": "/members/0", "event_type": "account_profile", "event_action": "member", **person}
    member |= kept({"user_type": "Human"})
    parts = ['{"name": ', dumped("Garden", title), ', "members": [', dumped(wren, member), "]}"]
    write("takeout_chat", "group_info.json", parts)


if __name__ == "__main__":
    access_logs()
    devices()
    linked()
    returns()
    summary()
    activity()
    activity_page()
    locations()
    chat()
