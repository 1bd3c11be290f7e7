"""What a reader needs to judge and repeat the work: formats and their gaps, dated data sources, weights, versions."""

from __future__ import annotations

import json
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

from parsers.registry import all_formats
from parsers.schema import COLUMNS, EVENT_TYPES, PARSE_FLAGS, TIME_BASES
from pipeline.report import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.case import Case

    Row = dict[str, Any]

__all__ = ["method_payload", "sources", "version"]

TIERS = {
    "data-proven": "checked against published real-world samples",
    "source-verified": "written from documentation and synthetic samples",
    "unexercised": "not yet checked against samples",
}
TRUST = {
    "server_observed": "server observed",
    "provider_asserted": "provider asserted",
    "sender_controlled": "sender controlled",
}
ERRORS = (
    "Time zones: a time written without a zone is read as the case says, or as UTC widened by 14 hours both ways.",
    "Addresses: databases of places and networks are dated snapshots and are often wrong below the level of a country.",
    "Shared networks: many people can use one address at the same time; classes of networks come from lists.",
    "Accounts: a record that names no account is tied to one only by the stated basis (export owner, case setting).",
    "Weights: the strengths given to kinds of evidence are declared values, not measured on this case.",
    "Coverage: exhibits hold what was asked for and returned; gaps in them look like silence.",
)


def version() -> str:
    """Version of the installed program."""
    try:
        return metadata.version("vestigo")
    except metadata.PackageNotFoundError:
        return "not installed"


def sources() -> list[Row]:
    """Data that ships with the program, from its manifest."""
    manifest = resources.files("pipeline.reference").joinpath("manifest.json")
    if not manifest.is_file():
        return []
    keep = ("title", "file", "source", "version", "date", "licence", "attribution", "caution")
    files = json.loads(manifest.read_text("utf-8")).get("files", [])
    merged: dict[tuple[object, object], Row] = {}
    for row in files:
        shown = {name: row[name] for name in keep if name in row}
        held = merged.setdefault((row.get("title"), row.get("version")), shown)
        if held["file"] != row["file"]:
            held["file"] += ", " + row["file"]
    return list(merged.values())


def formats(used: set[str]) -> list[Row]:
    """Formats that read something in this case."""
    return [
        {
            "id": f.id, "version": f.version, "title": f.title, "tier": f.tier, "tier_words": TIERS[f.tier],
            "trust": {column: TRUST[who] for column, who in sorted(f.trust.items())}, "gaps": list(f.gaps),
            "references": list(f.references), "skips": dict(sorted(f.skips.items())),
        }
        for f in all_formats()
        if f.id in used
    ]  # fmt: skip


def method_payload(
    case: Case,
    used: set[str],
    weights: Sequence[Mapping[str, object]],
    overrides: Sequence[Mapping[str, object]] = (),
) -> Row:
    """Everything of section 8 and the words that the other sections look up."""
    shares = case.weights
    return {
        "version": version(),
        "formats": formats(used),
        "sources": sources(),
        "weights": [dict(row) for row in weights],
        "overrides": [dict(row) for row in overrides],
        "shares": {name: getattr(shares, name) for name in wording.ALTERNATIVES},
        "threshold": shares.threshold,
        "databases": [{"path": d.path, "name": d.name} for d in case.databases],
        "trusted": {"proxies": list(case.trust.proxies), "mail_hosts": list(case.trust.mail_hosts)},
        "scale": [{"low": row.low, "high": min(row.high, 99.0), "words": row.words} for row in wording.SCALE],
        "alternatives": wording.ALTERNATIVES,
        "errors": list(ERRORS),
        "limits": list(wording.LIMITS),
        "words": {
            "event_types": EVENT_TYPES, "flags": PARSE_FLAGS, "time_bases": TIME_BASES,
            "columns": {c.name: c.meaning for c in COLUMNS}, "order": [c.name for c in COLUMNS],
        },
    }  # fmt: skip
