"""The formats that can be read, as text, JSON, or the README's table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from parsers.registry import all_formats
from parsers.tables.shipped import shipped_names

if TYPE_CHECKING:
    from parsers.contract import Format

__all__ = ["format_lines"]


def format_lines(style: Literal["text", "json", "markdown"]) -> list[str]:
    """Every format with tier and gaps."""
    if style == "json":
        rows = [
            {
                "id": f.id,
                "version": f.version,
                "title": f.title,
                "tier": f.tier,
                "event_types": list(f.event_types),
                "gaps": list(f.gaps),
                "references": list(f.references),
            }
            for f in all_formats()
        ]
        return [json.dumps(rows, indent=2)]
    if style == "markdown":
        head = ["| format | what it is | tier | known gaps |", "|---|---|---|---|"]
        return head + [f"| `{f.id}` | {f.title} | {f.tier} | {'; '.join(f.gaps) or '-'} |" for f in all_formats()]
    maps = f"column maps that are shipped (--map NAME): {', '.join(shipped_names())}"
    return [*(line for f in all_formats() for line in _block(f)), "", maps]


def _block(fmt: Format) -> list[str]:
    lines = [f"{fmt.id}  (version {fmt.version}, {fmt.tier})", f"    {fmt.title}; gives: {', '.join(fmt.event_types)}"]
    return lines + [f"    gap: {gap}" for gap in fmt.gaps]
