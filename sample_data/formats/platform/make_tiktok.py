"""Writes the fixtures of TikTok account downloads. Run it here: ``python make_tiktok.py``."""

from __future__ import annotations

from typing import Any

from _writing import Piece, extra, ident, item, listed, when, write

OWN = {"account_platform": "tiktok"}
T = 1767261600  # 2026-01-01T10:00:00Z
NAIVE, NAMED = "2026-01-01 10:00:00", "2026-01-01 10:00:00 UTC"
UNKNOWN = "unknown_structure"
ME = {"account_login": "tern_h"}


def at(path: str, kind: str, action: str | None, desc: str | None = None, raw: str = NAIVE) -> dict[str, Any]:
    """What every event of a list has."""
    basis = "in_value" if raw.endswith("UTC") else "format_rule"
    acted = {"event_action": action} if action else {}
    return {"locator": path, "event_type": kind, **acted, **(when(T, desc, raw, basis) if desc else {})}


def section(name: str, member: str, items: list[Piece]) -> list[str | Piece]:
    """``"name": {"member": [...]}``."""
    return [f'"{name}": {{"{member}": ', *listed(items, "[", "]"), "}"]


def profile(path: str, **more: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The owner's profile and the account it is linked to."""
    linked = at(path, "provider_link", "platform_info")
    linked |= ME | {"identifiers": [ident("external_account", "Google:Tern H.", "Tern H.")]}
    linked["extra"] = extra(Description="login", Name="Tern H.", Platform="Google")
    who = [ident("username", "tern_h"), ident("email", "tern@example.org"), ident("phone", "+12025550143")]
    return {**at(path, "account_profile", "profile"), **ME, "identifiers": who, **more}, linked


PROFILE = {
    "userName": "tern_h",
    "emailAddress": "tern@example.org",
    "telephoneNumber": "+12025550143",
    "birthDate": "01-Jan-2000",
    "profilePhoto": "None",
    "PlatformInfo": [{"Platform": "Google", "Name": "Tern H.", "Description": "login"}],
}


def logins(top: str, raw: str, name: str = "LoginHistoryList") -> list[str | Piece]:
    path = f"/{top}/Login History/{name}/"
    row = {"Date": raw, "IP": "203.0.113.5", "DeviceModel": "Pixel 9", "DeviceSystem": "Android 16"}
    row |= {"NetworkType": "Wi-Fi", "Carrier": ""}
    kept = {"DeviceModel": "Pixel 9", "DeviceSystem": "Android 16", "NetworkType": "Wi-Fi"}
    good = {**at(path + "0", "authentication", "login", "Login Time", raw), **ME, "source_ip": "203.0.113.5"}
    bad = {**at(path + "1", "authentication", "login", "Login Time", raw), **ME, "parse_flags": ["invalid_address"]}
    items = [
        item(row, {**good, "extra": extra(**kept)}),
        item({**row, "IP": "203.0.113.x"}, {**bad, "extra": extra(**kept, IP="203.0.113.x")}),
        item("gone", reject={"kind": UNKNOWN, "reason": "the item is not an object"}),
    ]
    return section("Login History", name, items)


def status(top: str) -> list[str | Piece]:
    row = {"Resolution": "1080*2400", "IDFA": "00000000-0000-0000-0000-000000000000", "GAID": "gaid-1"}
    row |= {"Android ID": "android-1", "IDFV": "", "Web ID": "7000000000000000001"}
    event = {**at(f"/{top}/Status/Status List/0", "account_profile", "device"), **ME}
    event |= {"device_id": "android-1", "device_id_type": "android_id"}
    event["identifiers"] = [ident("ad_id", "gaid-1"), ident("device_id", "android-1")]
    event["identifiers"].append(ident("device_id", "7000000000000000001"))
    event["extra"] = extra(Resolution="1080*2400", IDFA="00000000-0000-0000-0000-000000000000")
    return section("Status", "Status List", [item(row, event)])


def people(top: str) -> list[str | Piece]:
    to_me = {"account_login": "wren", "target_account_login": "tern_h"}
    to_me["identifiers"] = [ident("username", "wren")]  # type: ignore[assignment]
    fan = {**at(f"/{top}/Follower List/FansList/0", "relationship", "followed", "Follow Time"), **to_me}
    other = at(f"/{top}/Following List/Following/0", "relationship", "following", "Follow Time")
    row = {"Date": NAIVE, "UserName": "wren"}
    parts = [*section("Follower List", "FansList", [item(row, fan)]), ", "]
    other |= ME | {"target_account_login": "wren"}
    return [*parts, *section("Following List", "Following", [item(row, other)])]


def used(top: str) -> list[str | Piece]:
    """Searches, watched videos, a place, and a section nobody declared."""
    search = at(f"/{top}/Search History/SearchList/0", "activity", "search", "Search Time")
    search |= ME | {"extra": extra(SearchTerm="harbour lane")}
    parts = section("Search History", "SearchList", [item({"Date": NAIVE, "SearchTerm": "harbour lane"}, search)])
    watched = at(f"/{top}/Video Browsing History/VideoList/0", "activity", "video_watched", "Watch Time")
    watched |= ME | {"extra": extra(Link="https://www.example.com/v/1/")}
    row = {"Date": NAIVE, "Link": "https://www.example.com/v/1/"}
    parts += [", ", *section("Video Browsing History", "VideoList", [item(row, watched)])]
    place = at(f"/{top}/Most Recent Location Data", "location", "most_recent_location", "Recorded Time")
    place |= ME | {"extra": extra(latitude=52.5, longitude=13.25, LastRegion="DE")}
    row = {"Date": NAIVE, "GpsData": {"Latitude": 52.5, "Longitude": 13.25}, "LastRegion": "DE"}  # type: ignore[dict-item]
    parts += [', "Most Recent Location Data": ', item(row, place)]
    unknown = {"kind": UNKNOWN, "reason": f"no rule of this format reads the member '/{top}/Sticker/StickerList'"}
    return [*parts, ', "Sticker": {"StickerList": ', item([{"Date": NAIVE}], reject=unknown), "}"]


def chat(path: str, body: str, raw: str) -> list[Piece]:
    """One message each way, one of somebody else, and one of nobody."""
    rows: list[tuple[str | None, str | None, dict[str, Any]]] = [
        ("wren", "I know where you live, “é” 🐦", {"recipients": ["tern_h"]}),
        ("tern_h", "stop", {"recipients": ["wren"]}),
        ("heron", "hello", {}),
        (None, "who?", {"parse_flags": ["direction_unknown"]}),
        ("wren", None, {"recipients": ["tern_h"]}),
    ]
    out = []
    for index, (sender, text, more) in enumerate(rows):
        event = {**at(f"{path}/{index}", "message", None, "Sent Time", raw), "thread_id": "wren", **more}
        event |= {"text": text, "message_type": "text"} if text else {}
        event |= {"sender": sender, "account_login": sender} if sender else {}
        event |= {"identifiers": [ident("username", sender)]} if sender else {}
        row = {"Date": raw, "From": sender, body: text}
        out.append(item({k: v for k, v in row.items() if v is not None or k == body}, event))
    return out


def first_generation() -> None:
    parts: list[str | Piece] = ['{"Activity": {', *logins("Activity", NAIVE), ", ", *status("Activity"), ", "]
    parts += [*people("Activity"), ", ", *used("Activity"), ', "Like List": {"ItemFavoriteList": null}}']
    blocked = {**at("/App Settings/Block/BlockList/0", "block", "blocked", "Block Time"), **ME}
    blocked["target_account_login"] = "wren"
    rows = [item({"Date": NAIVE, "UserName": "wren"}, blocked)]
    parts += [', "App Settings": {', *section("Block", "BlockList", rows)]
    settings = {**at("/App Settings/Settings/SettingsMap", "account_profile", "settings"), **ME}
    settings["extra"] = extra(**{"Private Account": "Enabled"})
    parts += [', "Settings": {"SettingsMap": ', item({"Private Account": "Enabled"}, settings), "}}"]
    path = "/Direct Messages/Chat History/ChatHistory/Chat History with wren:"
    parts += [', "Direct Messages": {"Chat History": {"ChatHistory": {"Chat History with wren:": ']
    parts += [*listed(chat(path, "Content", NAIVE), "[", "]"), "}}}"]
    kept = extra(birthDate="01-Jan-2000", profilePhoto="None", PlatformInfo=PROFILE["PlatformInfo"])
    parts += [', "Profile": {"Profile Information": {"ProfileMap": ']
    parts += [item(PROFILE, *profile("/Profile/Profile Information/ProfileMap", extra=kept)), "}}}"]
    write("tiktok_download", "user_data.json", parts, OWN)


def second_generation() -> None:
    """Other names and cases, null lists, empty sections, times that end in UTC, texts under ``comment``."""
    top = "Your Activity"
    parts: list[str | Piece] = ['{"Profile And Settings": {"Profile Info": {"ProfileMap": ']
    named = {**PROFILE, "displayName": "Tern"}
    kept = extra(birthDate="01-Jan-2000", profilePhoto="None", PlatformInfo=PROFILE["PlatformInfo"])
    path = "/Profile And Settings/Profile Info/ProfileMap"
    parts.append(item(named, *profile(path, account_display_name="Tern", extra=kept)))
    parts += ['}, "Block List": {"BlockList": null}}, "Your Activity": {', *logins(top, NAMED, "loginHistoryList")]
    parts += [', "Search History": {"SearchList": null}, "Watch History": {}, "Hashtag": {"HashtagList": []}}']
    comment = {**at("/Comment/Comments/CommentsList/0", "activity", "comment", "Comment Time", NAMED), **ME}
    comment |= {"text": "nice boat", "extra": extra(url="https://www.example.com/c/1")}
    row = {"date": NAMED, "comment": "nice boat", "photo": "N/A", "url": "https://www.example.com/c/1"}
    parts += [', "Comment": {', *section("Comments", "CommentsList", [item(row, comment)]), "}"]
    path = "/Direct Message/Direct Messages/ChatHistory/Chat History with wren:"
    parts += [', "Direct Message": {"Direct Messages": {"ChatHistory": {"Chat History with wren:": ']
    parts += [*listed(chat(path, "comment", NAMED), "[", "]"), "}}}"]
    unknown = {"kind": UNKNOWN, "reason": "no rule of this format reads the member '/Notes'"}
    parts += [', "Notes": ', item("x", reject=unknown), "}"]
    write("tiktok_download", "user_data_tiktok.json", parts, OWN)


if __name__ == "__main__":
    first_generation()
    second_generation()
