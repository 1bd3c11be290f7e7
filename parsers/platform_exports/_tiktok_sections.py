"""Lists and objects of the TikTok download: what they are and say, by names without case, spaces and punctuation.

Generations moved sections below other names and changed the case of members; the name of the list itself stayed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.kit.names import plain_name
from parsers.platform_exports._json_rows import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "CHATS",
    "ID_KINDS",
    "LISTS",
    "MESSAGE",
    "OBJECTS",
    "ROOTS",
    "member_of",
    "named_as_in",
    "shape_of",
    "written",
]

CHATS = "chathistory"
_NOTHING = ("N/A", "n/a")
_DATE = {"date": "time"}
_TARGET = {"date": "time", "username": "target_account_login"}


def _used(action: str, desc: str = "Activity Time") -> Shape:
    return Shape(event_type="activity", action=action, desc=desc, fields=_DATE, utc=True)


def _related(kind: str, action: str, desc: str, fields: Mapping[str, str]) -> Shape:
    return Shape(event_type=kind, action=action, desc=desc, fields=fields, utc=True)


LISTS: Mapping[str, Shape] = MappingProxyType(
    {
        "loginhistorylist": Shape(
            event_type="authentication",
            action="login",
            desc="Login Time",
            fields={"date": "time", "ip": "ip"},
            utc=True,
        ),
        "statuslist": Shape(
            event_type="account_profile",
            action="device",
            desc="Recorded Time",
            fields={
                **dict.fromkeys(("idfa", "gaid"), "ad_id"),
                **dict.fromkeys(("androidid", "idfv", "webid", "deviceid"), "device_id"),
            },
        ),
        "fanslist": _related("relationship", "followed", "Follow Time", {"date": "time", "username": "username"}),
        "following": _related("relationship", "following", "Follow Time", _TARGET),
        "blocklist": _related("block", "blocked", "Block Time", _TARGET),
        "searchlist": _used("search", "Search Time"),
        "videolist": _used("video"),
        "itemfavoritelist": _used("like", "Like Time"),
        "favoritevideolist": _used("favorite", "Favorite Time"),
        "favoritesoundlist": _used("favorite_sound", "Favorite Time"),
        "favoriteeffectslist": _used("favorite_effect", "Favorite Time"),
        "favoritehashtaglist": _used("favorite_hashtag", "Favorite Time"),
        "sharehistorylist": _used("share", "Share Time"),
        "commentslist": _used("comment", "Comment Time"),
    }
)
"""Lists by their own name."""

_BY_SECTION = MappingProxyType(
    {
        ("videobrowsinghistory", "videolist"): _used("video_watched", "Watch Time"),
        ("watchhistory", "videolist"): _used("video_watched", "Watch Time"),
        ("videos", "videolist"): _used("video_posted", "Post Time"),
        ("posts", "videolist"): _used("video_posted", "Post Time"),
    }
)
MESSAGE = Shape(event_type="message", desc="Sent Time", fields={"date": "time", "from": "username"}, utc=True)
OBJECTS: Mapping[str, Shape] = MappingProxyType(
    {
        "profilemap": Shape(
            event_type="account_profile",
            action="profile",
            fields={
                "username": "username",
                "displayname": "account_display_name",
                "emailaddress": "email",
                "telephonenumber": "phone",
            },
        ),
        "settingsmap": Shape(event_type="account_profile", action="settings", fields={}),
        "mostrecentlocationdata": Shape(
            event_type="location",
            action="most_recent_location",
            fields={
                **dict.fromkeys(("date", "locationdata.date"), "time"),
                **dict.fromkeys(("gpsdata.latitude", "latitude"), "latitude"),
                **dict.fromkeys(("gpsdata.longitude", "longitude"), "longitude"),
            },
            utc=True,
        ),
    }
)
"""Single objects by their own name."""

ROOTS = frozenset(
    {
        *("activity", "youractivity", "appsettings", "adsanddata", "comment", "directmessages", "directmessage"),
        *("profile", "profileandsettings", "video", "post", "posts", "tiktoklive", "tiktokshop", "tiktokshopping"),
        *("likesandfavorites", "loginhistory", "incomewallettransactions", "incomewallet", "accountsettings"),
    }
)
"""Names at the top of the file."""

ID_KINDS = MappingProxyType({"androidid": "android_id", "idfv": "idfv", "webid": "tiktok_web_id", "deviceid": "device"})
"""Kinds of device ids, in the order they are preferred."""


def shape_of(section: object, name: object) -> Shape | None:
    """What the items of a list are; of two lists with one name the section tells."""
    return _BY_SECTION.get((plain_name(section), plain_name(name))) or LISTS.get(plain_name(name))


def written(value: Mapping[str, object]) -> dict[str, object]:
    """The members of an object that say something."""
    return {name: member for name, member in value.items() if member not in _NOTHING}


def named_as_in(value: Mapping[str, object], shape: Shape) -> Shape:
    """The shape with its fields under the names this object has for them.

    An advertising or device id of zeros alone is no id and is left undeclared.
    """
    fields = _fields(tuple(shape.fields.items()), tuple(_paths(value)))
    blank = {name for name, meaning in fields.items() if _is_blank_id(meaning, value.get(name))}
    return replace(shape, fields={name: meaning for name, meaning in fields.items() if name not in blank})


@lru_cache(maxsize=1024)
def _fields(declared: tuple[tuple[str, str], ...], paths: tuple[str, ...]) -> Mapping[str, str]:
    own = {".".join(map(plain_name, path.split("."))): path for path in reversed(paths)}
    return MappingProxyType({own[field]: meaning for field, meaning in declared if field in own})


def member_of(value: Mapping[str, object], name: str) -> object:
    """The member with a plain name."""
    return next((member for own, member in value.items() if plain_name(own) == name), None)


def _paths(value: Mapping[str, object]) -> Iterator[str]:
    for name, member in value.items():
        yield name
        yield from (f"{name}.{inner}" for inner in (member if isinstance(member, dict) else ()))


def _is_blank_id(meaning: str, value: object) -> bool:
    return meaning in {"ad_id", "device_id"} and isinstance(value, str) and not value.strip("0-")
