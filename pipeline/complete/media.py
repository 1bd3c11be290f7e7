"""Media members: digest, type by first bytes, and the events that refer to them by name. Nothing is decoded.

A message refers to a file by the name or path that the provider wrote. The file is looked for in the same exhibit
first, then in the others, since one export may come in several parts. Where different files answer to one name, the
one in the message's own folder is taken; when that does not settle it, none is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from parsers.kit.magic import HEAD, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb

    Row = dict[str, Any]

__all__ = ["find_media"]

_REFERENCES = """
SELECT x.exhibit_id, e.exhibit_sha256, e.member_path, CAST(e.format_id AS VARCHAR) AS format_id, e.event_id,
       unnest(e.attachment_names) AS name
FROM events e JOIN exhibits x ON x.sha256 = e.exhibit_sha256
WHERE e.attachment_names IS NOT NULL ORDER BY e.event_id
"""
_MEMBERS = """
SELECT exhibit_id, exhibit_sha256, member_path, sha256, size FROM members
WHERE verdict IN ('unclaimed', 'ambiguous') AND size > 0 ORDER BY exhibit_id, member_path
"""
_KEPT = 10
_EXAMPLES = 3


class _Place(NamedTuple):
    exhibit: str
    member: str


class _Found(NamedTuple):
    where: _Place
    sha256: str


def find_media(
    con: duckdb.DuckDBPyConnection, open_path: Callable[[str, str], Path]
) -> tuple[list[Row], list[Row], set[tuple[str, str]]]:
    """Media members with their events, rows on references that lead nowhere, and which members are media.

    Args:
        con: The case's tables.
        open_path: The file that holds a member, by exhibit digest and member path.
    """
    media = {}
    for row in con.sql(_MEMBERS).to_arrow_table().to_pylist():
        with open_path(row["exhibit_sha256"], row["member_path"]).open("rb") as stream:
            kind = media_type(stream.read(HEAD))
        if kind:
            media[_Place(row["exhibit_id"], row["member_path"])] = row | {"media_type": kind, "event_ids": []}
    missing = list(_link(con, media))
    rows = [row | {"n_events": len(row["event_ids"]), "event_ids": row["event_ids"][:_KEPT]} for row in media.values()]
    return rows, missing, {(place.exhibit, place.member) for place in media}


def _link(con: duckdb.DuckDBPyConnection, media: dict[_Place, Row]) -> Iterator[Row]:
    by_name: dict[str, list[_Found]] = defaultdict(list)
    for place, row in media.items():
        by_name[_base(place.member)].append(_Found(place, row["sha256"]))
    lost: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for exhibit, sha, member, fmt, event, name in con.execute(_REFERENCES).fetchall():
        found = _choose(by_name.get(_base(name), []), name, _Place(exhibit, member))
        for place in found:
            media[place]["event_ids"].append(event)
        if not found and name:
            lost[exhibit, sha, member, fmt].append(event)
    for (exhibit, sha, member, fmt), events in sorted(lost.items()):
        yield {
            "exhibit_id": exhibit, "exhibit_sha256": sha, "member_path": member, "format_id": fmt,
            "kind": "media_unfound", "subject": "files that records refer to", "n": len(events),
            "detail": "not in the exhibits, or not to be told apart by name", "example_ids": events[:_EXAMPLES],
        }  # fmt: skip


def _choose(found: list[_Found], name: str, message: _Place) -> list[_Place]:
    """The members meant by a name: all copies of one file, or none when different files answer to it."""
    path = name.replace("\\", "/").lstrip("./")
    narrower: tuple[Callable[[_Found], bool], ...] = (
        lambda f: f.where.exhibit == message.exhibit,
        lambda f: _inner(f.where.member).endswith("/" + path) or _inner(f.where.member) == path,
        lambda f: _inner(f.where.member).startswith(_folder(message.member)),
    )
    for test in narrower:
        if len({f.sha256 for f in found}) < 2:
            break
        found = [f for f in found if test(f)] or found
    same = [f for f in found if f.where.exhibit == message.exhibit] or found
    return [f.where for f in same] if len({f.sha256 for f in same}) == 1 else []


def _inner(member: str) -> str:
    return member.rpartition(" > ")[2]


def _folder(member: str) -> str:
    return _inner(member).rpartition("/")[0] + "/"


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition(" > ")[2].rpartition("/")[2].casefold()
