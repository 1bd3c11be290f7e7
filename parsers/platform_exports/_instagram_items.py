"""Instagram export items (everything but messages) as events: which names exist, and what their items say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject
from parsers.platform_exports._instagram_cells import Cell, Meant, cells_of, read_cells
from parsers.platform_exports._json_values import epoch, iso_title, phone_digits, repaired

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item
    from parsers.kit.jsonspans import Element
    from parsers.kit.time import Moment

__all__ = ["SECTIONS", "Section", "read_item"]


class Section(NamedTuple):
    """What the items under one name are. `role`: whose name an item holds, or whether it records a peer."""

    event_type: str
    action: str | None
    desc: str
    role: str
    """peer: an act, with its address; own: an act or property without one; actor, target: another account; author: the
    title names the account whose post or story was acted upon."""


SECTIONS: dict[str, Section] = {
    "account_history_login_history": Section("authentication", "login", "Login Time", "peer"),
    "account_history_logout_history": Section("logout", "logout", "Logout Time", "peer"),
    "account_history_registration_info": Section("account_created", "registration", "Creation Time", "peer"),
    "account_history_password_change_history": Section("account_change", "password_change", "Change Time", "peer"),
    "account_history_account_privacy_history": Section("account_change", "privacy_change", "Change Time", "peer"),
    "account_history_account_active_status_changes": Section("account_change", "status_change", "Change Time", "peer"),
    "profile_profile_change": Section("account_change", "profile_change", "Change Time", "own"),
    "profile_user": Section("account_profile", "profile", "Recorded Time", "own"),
    "devices_devices": Section("account_profile", "device", "Last Login Time", "own"),
    "relationships_followers": Section("relationship", "followed", "Follow Time", "actor"),
    "relationships_following": Section("relationship", "following", "Follow Time", "target"),
    "relationships_unfollowed_users": Section("relationship", "unfollowed", "Unfollow Time", "target"),
    "relationships_follow_requests_sent": Section("follow_request", "request_sent", "Request Time", "target"),
    "relationships_permanent_follow_requests": Section("follow_request", "request_permanent", "Request Time", "target"),
    "relationships_follow_requests_received": Section("follow_request", "request_received", "Request Time", "actor"),
    "relationships_blocked_users": Section("block", "blocked", "Block Time", "target"),
    "relationships_restricted_users": Section("block", "restricted", "Block Time", "target"),
    "relationships_close_friends": Section("relationship", "close_friend", "Change Time", "target"),
    "relationships_hide_stories_from": Section("block", "hide_stories_from", "Change Time", "target"),
    "relationships_dismissed_suggested_users": Section("relationship", "suggestion_removed", "Removal Time", "target"),
    "account_history_imprecise_last_known_location": Section("location", "last_known_location", "Upload Time", "own"),
    "searches_user": Section("activity", "search", "Search Time", "own"),
    "searches_keyword": Section("activity", "search", "Search Time", "own"),
    "impressions_history_posts_seen": Section("activity", "post_seen", "View Time", "own"),
    "likes_media_likes": Section("activity", "like", "Like Time", "author"),
    "likes_comment_likes": Section("activity", "comment_like", "Like Time", "author"),
    "story_activities_story_likes": Section("activity", "story_like", "Like Time", "author"),
    "comments_media_comments": Section("activity", "comment", "Comment Time", "own"),
}
_BARE_LIST = SECTIONS["relationships_followers"]
_BARE_LABELS = Section("record", None, "Recorded Time", "peer")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?", re.ASCII)
_SHAPES = {"string_map_data", "string_list_data", "label_values"}
_ITEM_KEYS = _SHAPES | {"title", "media_map_data", "media_list_data", "media", "timestamp"}


def read_item(element: Element, section: Section | None) -> Iterator[Item]:
    """The events of one item; `section` is None for an item of a list without a name."""
    loaded = element.load()
    if isinstance(loaded, Reject):
        yield loaded
        return
    item, changed = repaired(loaded.value)
    cells = cells_of(item) if isinstance(item, dict) else None
    if not isinstance(item, dict) or cells is None:
        yield Reject(element.span, "the item has none of the known shapes", "unknown_structure")
        return
    section = section or (_BARE_LIST if "string_list_data" in item else _BARE_LABELS)
    flags = (*loaded.flags, *(["mojibake_repaired"] if changed else []))
    if section.role == "author" and "string_list_data" in item:
        for cell in cells or [Cell("")]:
            yield _event(element, section, _authored(section, item, cell), flags)
    elif section.role in {"actor", "target"}:
        for cell in _one_each(item, cells):
            yield _event(element, section, _relation(section, item, cell), flags)
    else:
        yield _event(element, section, _own(section, item, read_cells(cells, addresses=section.role == "peer")), flags)


def _event(element: Element, section: Section, values: dict[str, object], flags: tuple[str, ...]) -> Event:
    own = values.pop("parse_flags", ())
    merged = sorted({*flags, *(own if isinstance(own, tuple) else ())})
    values |= {"account_platform": "instagram", "event_action": section.action, "parse_flags": merged or None}
    return Event(element.span, element.pointer, section.event_type, values)


def _own(section: Section, item: Mapping[str, object], meant: Meant) -> dict[str, object]:
    """Columns of an item that speaks of the account itself."""
    named, extra = dict(meant.named), dict(meant.left)
    moment = meant.moment or epoch(item.get("timestamp")) or iso_title(item.get("title"))
    port = _port(named.pop("port", None), meant, extra)
    extra |= {name: _degrees(named[name]) for name in ("latitude", "longitude") if name in named}
    _rest(item, moment, extra)
    return {
        **(moment.columns(section.desc) if moment else {}),
        "source_ip": meant.address.ip if meant.address else None,
        "source_port": port,
        "user_agent_original": named.get("user_agent"),
        "account_login": named.get("username"),
        "account_display_name": named.get("name"),
        "session_id": named.get("session"),
        "device_id": named.get("device_id"),
        "device_id_type": "instagram_device_id" if "device_id" in named else None,
        "identifiers": _identifiers(named) or None,
        "attachment_names": _media_names(item) or None,
        "parse_flags": meant.flags,
        "extra": extra,
    }


def _port(written: str | None, meant: Meant, extra: dict[str, object]) -> int | None:
    """The port of the peer: a cell of its own, or written with the address."""
    beside = meant.address.port if meant.address else None
    if written is None:
        return beside
    if written.isascii() and written.isdigit() and len(written) <= 5 and 0 < int(written) <= 65535:
        return int(written)
    extra["port_as_written"] = written
    return beside


def _degrees(written: str) -> float | str:
    """A position as a number; what is none stays as written."""
    return float(written) if _DEGREES.fullmatch(written) else written


def _rest(item: Mapping[str, object], moment: Moment | None, extra: dict[str, object]) -> None:
    """Keep what no column took; a title that repeats the time adds nothing."""
    title = item.get("title")
    said = iso_title(title)
    if title and not (said and moment and said.timestamp == moment.timestamp):
        extra["title"] = title
    extra.update({k: v for k, v in item.items() if k not in _ITEM_KEYS and v not in (None, "", [], {})})


def _identifiers(named: Mapping[str, str]) -> list[dict[str, str]]:
    kinds = ("username", "email", "phone", "device_id", "cookie")
    return [{"type": k, "value": _plain(k, named[k]), "raw": named[k]} for k in kinds if k in named]


def _plain(kind: str, raw: str) -> str:
    return (phone_digits(raw) or raw) if kind == "phone" else raw.strip()


def _media_names(item: Mapping[str, object]) -> list[str]:
    media = item.get("media_map_data")
    rows = list(media.values()) if isinstance(media, dict) else []
    uris = [row.get("uri") for row in rows if isinstance(row, dict)]
    return [uri.rpartition("/")[2] or uri for uri in uris if isinstance(uri, str) and uri]


def _one_each(item: Mapping[str, object], cells: list[Cell]) -> list[Cell]:
    """One cell per account: list rows stand alone; labelled cells of one item speak of one account."""
    if "string_list_data" in item:
        return cells or [Cell("")]
    meant = read_cells(cells, addresses=False)
    hrefs = [c.href or c.value for c in cells if c.href or str(c.value).startswith("https://www.instagram.com/")]
    at = next((c.at for c in cells if c.at), None)
    name = meant.named.get("username") or meant.named.get("name")
    return [Cell("", name, at, str(hrefs[0]) if hrefs else None)]


def _authored(section: Section, item: Mapping[str, object], cell: Cell) -> dict[str, object]:
    """Columns of an act upon another account's post: only the title names an account, the value is a sign."""
    title = item.get("title")
    login = title if isinstance(title, str) and title else None
    moment = epoch(cell.at) or epoch(item.get("timestamp"))
    extra: dict[str, object] = {k: v for k, v in (("href", cell.href), ("value", cell.value)) if v is not None}
    _rest({k: v for k, v in item.items() if not (k == "title" and login)}, moment, extra)
    columns = moment.columns(section.desc) if moment else {}
    return {**columns, "target_account_login": login, "extra": extra}


def _relation(section: Section, item: Mapping[str, object], cell: Cell) -> dict[str, object]:
    """Columns of an item that names another account, by value, by title or by the end of its link."""
    title = item.get("title")
    linked = (cell.href or "").partition("?")[0].rstrip("/").rpartition("/")[2] or None
    login = next((n for n in (cell.value, title, linked) if isinstance(n, str) and n), None)
    moment = epoch(cell.at) or epoch(item.get("timestamp"))
    actor = section.role == "actor"
    extra: dict[str, object] = {"href": cell.href} if cell.href and linked != login else {}
    _rest({k: v for k, v in item.items() if not (k == "title" and v == login)}, moment, extra)
    return {
        **(moment.columns(section.desc) if moment else {}),
        "account_login": login if actor else None,
        "target_account_login": None if actor else login,
        "identifiers": [{"type": "username", "value": login, "raw": login}] if actor and login else None,
        "extra": extra,
    }
