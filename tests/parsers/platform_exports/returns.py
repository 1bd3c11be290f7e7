"""Pages of provider returns, written field by field in each generation of markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.registry import find_format

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

LETTERS = '<div class="t o"><div class="t i">{}<div class="m"><div>{}<div class="p"></div></div></div></div></div>\n'
CLASSES = (
    '<div class="div_table outer"><div class="div_table inner">{}<div class="most_inner">{}</div></div></div>\n'
)
STYLES = '<div style="display:table;">{}<div style="display:table-cell;">{}</div></div>\n'
TABLES = "<table><tr><th>{}</th><td>{}</td></tr></table>\n"
MARKUPS = (LETTERS, CLASSES, STYLES, TABLES)
BREAK = '<div id="page_2" class="pageBreak">Meta Platforms Business Record Page 2</div>'

Fields = list[tuple[str, str]]


def section(name: str, title: str, body: str, markup: str = LETTERS) -> str:
    return f'<div id="property-{name}">{markup.format(title, body)}</div>\n'


def flat(rows: Sequence[Fields], markup: str = LETTERS) -> str:
    return "".join(markup.format(label, value) for row in rows for label, value in row)


def page(*sections: str, service: str = "Instagram", target: str = "100200300") -> bytes:
    head = flat([[("Service", service), ("Target", target), ("Date Range", "2025")]])
    return f'<html><body><div id="property-request_parameters">{head}</div>{"".join(sections)}</body></html>'.encode()


def read(data: bytes, format_id: str) -> list[Item]:
    return list(find_format(format_id).parse(Source(memoryview(data))))


def events(data: bytes, format_id: str) -> list[Event]:
    """Events but for the one of the request's parameters."""
    found = [item for item in read(data, format_id) if isinstance(item, Event)]
    return [event for event in found if not event.locator.startswith("request_parameters")]


def rejects(data: bytes, format_id: str) -> list[str]:
    return [item.reason for item in read(data, format_id) if isinstance(item, Reject)]


def score(data: bytes, format_id: str) -> int:
    return find_format(format_id).recognise(Sample(data[:65536], b"", b"", len(data)))


def pairs(found: list[Event]) -> list[tuple[object, object]]:
    """Address and time as written of each event."""
    return [(e.values.get("source_ip"), e.values.get("timestamp_raw")) for e in found]


def mutations(rows: list[Fields], rng: random.Random) -> list[Fields]:
    """Rows of two or more fields after one change of their layout."""
    changes: list[Callable[[list[Fields]], list[Fields]]] = [
        lambda r: [[("Colour", "blue"), *row] for row in r],
        lambda r: [[*row, ("Colour", "blue")] for row in r],
        lambda r: [row[::-1] for row in r],
        lambda r: [[("Adresse" if k.startswith("IP") else "Zeit", v) for k, v in row] for row in r],
        lambda r: [row if rng.random() > 0.3 else row[1:] for row in r],
        lambda r: [row if rng.random() > 0.3 else row[:-1] for row in r],
        lambda r: [[*row, ("Colour", "blue")] if rng.random() < 0.4 else row for row in r],
        lambda r: [[("Colour", "blue"), *row] if rng.random() < 0.4 else row for row in r],
        lambda r: [row[1:] if at == 0 else row for at, row in enumerate(r)],
        lambda r: [row[:-1] if at == len(r) - 1 else row for at, row in enumerate(r)],
        lambda r: [row[1:] if at == 1 else row[::-1] for at, row in enumerate(r)],
        lambda r: r[::-1],
        lambda r: [[row[0], row[0], *row[1:]] if at == 1 else row for at, row in enumerate(r)],
    ]
    return rng.choice(changes)(rows)
