"""Numbers that should follow each other: parts, pages, record numbers. Gaps are counted; nothing is claimed of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import duckdb

    Row = dict[str, Any]

__all__ = ["PAGED", "id_rows", "page_numbers", "page_rows", "part_rows"]

PAGED = ("platform/meta_return", "platform/whatsapp_return")
"""Formats whose pages carry numbered headings."""
_COUNTED = ("platform/telegram_json",)
"""Formats whose record numbers rise by one inside a thread or an account."""
_PAGE = re.compile(rb"""id\s{0,3}=\s{0,3}["']?page_?(\d{1,9})["'\s>]""", re.IGNORECASE)
_PIECE = 1 << 20
_OVERLAP = 64
_PART = re.compile(
    r"(?<![A-Za-z])(?P<stem>(?:message|messages|followers|posts|stories|reels|comments|preservation|part|likes|photos)[_-]?)"
    r"(?P<number>\d{1,3})(?P<end>\.[a-z]{2,5})\Z"
)
_ARCHIVE_PART = re.compile(r"(?P<stem>.{3,200}[-_.](?:part)?)(?P<number>\d{3})(?P<end>\.(?:zip|tgz))\Z")
_LONGEST_SERIES = 1000  # a missing number is named up to this many parts
_NAMED = 20

_IDS = """
WITH record AS (
  SELECT exhibit_sha256, member_path, CAST(format_id AS VARCHAR) AS format_id, thread_id,
         try_cast(message_id AS BIGINT) AS id
  FROM events WHERE CAST(format_id AS VARCHAR) IN ({formats}) AND message_id IS NOT NULL
)
SELECT x.exhibit_id, r.exhibit_sha256, r.member_path, r.format_id, coalesce(r.thread_id, '') AS subject,
       max(r.id) - min(r.id) + 1 - count(DISTINCT r.id) AS n, min(r.id) AS low, max(r.id) AS high,
       count(DISTINCT r.id) AS held
FROM record r JOIN exhibits x ON x.sha256 = r.exhibit_sha256
WHERE r.id BETWEEN 0 AND 1000000000000
GROUP BY ALL HAVING n > 0 ORDER BY ALL
"""


class _Part(NamedTuple):
    exhibit_id: str
    sha256: str
    name: str


def part_rows(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Numbers missing from parts of one export: members of one folder, or exhibits that differ in a number only."""
    series: dict[tuple[str, str], dict[int, _Part]] = {}
    members = con.execute("SELECT exhibit_id, exhibit_sha256, member_path FROM members WHERE member_path <> ''")
    for exhibit, sha, name in members.fetchall():
        _take(series, exhibit, _Part(exhibit, sha, name))
    for exhibit, sha, name in con.execute("SELECT exhibit_id, sha256, name FROM exhibits").fetchall():
        _take(series, "", _Part(exhibit, sha, name or ""))
    for (_, name), parts in sorted(series.items()):
        missing = missing_numbers(parts)
        if missing:
            first = parts[min(parts)]
            yield {
                "exhibit_id": first.exhibit_id, "exhibit_sha256": first.sha256, "member_path": "",
                "kind": "part_missing", "subject": name, "n": len(missing),
                "detail": f"parts {listed(parts)} are here; {listed(missing)} not",
            }  # fmt: skip


def _take(series: dict[tuple[str, str], dict[int, _Part]], where: str, part: _Part) -> None:
    match = _PART.search(part.name) or _ARCHIVE_PART.match(part.name)
    if match:
        name = f"{part.name[: match.start('number')]}#{match['end']}"
        series.setdefault((where, name), {}).setdefault(int(match["number"]), part)


def missing_numbers(found: Iterable[int]) -> list[int]:
    """Numbers from 1 to the highest that are not there; none when the numbers do not look like a series."""
    held = set(found)
    high = max(held)
    series = high <= _LONGEST_SERIES and (len(held) > 1 or high < 10) and high <= 3 * len(held) + 10
    return [n for n in range(1, high) if n not in held] if series else []


def listed(numbers: Iterable[int]) -> str:
    """Numbers in words: runs as 1 to 4, at most twenty of them."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    shown = [str(a) if a == b else f"{a} to {b}" for a, b in runs[:_NAMED]]
    return ", ".join(shown) + (f" and {len(runs) - _NAMED} more" if len(runs) > _NAMED else "")


def id_rows(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Record numbers between the lowest and the highest of a thread that are not in the file."""
    query = _IDS.format(formats=", ".join(f"'{name}'" for name in _COUNTED))
    for row in con.sql(query).to_arrow_table().to_pylist():
        low, high, held = row.pop("low"), row.pop("high"), row.pop("held")
        detail = f"{held} of the numbers {low} to {high} are here; some services count over several conversations"
        yield row | {"kind": "id_gap", "subject": f"thread {row['subject']}".strip(), "detail": detail}


def page_numbers(path: Path) -> set[int]:
    """Numbers of the page headings of a return. Reads the file in pieces."""
    found: set[int] = set()
    tail = b""
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            data = tail + piece
            found.update(int(m[1]) for m in _PAGE.finditer(data))
            tail = data[-_OVERLAP:]
    return found


def page_rows(member: Row, numbers: set[int]) -> Iterator[Row]:
    """Page headings that are missing between the first and the last one of a member."""
    missing = [n for n in range(min(numbers), max(numbers)) if n not in numbers] if numbers else []
    if missing:
        yield {
            **member, "kind": "page_missing", "subject": "page headings", "n": len(missing),
            "detail": f"pages {listed(numbers)} are here; {listed(missing)} not",
        }  # fmt: skip
