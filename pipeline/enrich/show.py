"""`vestigo lookup`: what the sources at hand state about a few addresses, as text for people or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from parsers.kit.addresses import parse_address
from pipeline.enrich.lookup import Database, enrich, load_embedded
from pipeline.enrich.mmdb import about_database, licence_warning
from pipeline.enrich.special import GLOBAL
from pipeline.errors import UsageError
from pipeline.store import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["lookup_json", "lookup_lines", "lookup_text"]

_BASIS = {
    "database": "radius stated by the database; by the usual definition about one device in three lies outside",
    "assumed": "radius assumed from the kind of network, the database states none",
}
_CLASS_BASIS = {
    "database": "stated by a database of the case",
    "list": "an operator's or public list names its network",
    "special_range": "the range is set aside for it",
    "none": "no source here states one",
}


def lookup_text(ips: Sequence[str], paths: Sequence[Path] = (), *, as_json: bool = False) -> str:
    """What `vestigo lookup` prints.

    Databases named for this one question are asked about special-purpose ranges too.

    Raises:
        CaseError: a database cannot be read.
        UsageError: nothing among `ips` is an address.
    """
    databases = [Database(path, path.name, file_sha256(path), overrides_special=True) for path in paths]
    return lookup_json(ips, databases).rstrip("\n") if as_json else "\n".join(lookup_lines(ips, databases))


def lookup_lines(ips: Sequence[str], databases: Sequence[Database] = ()) -> list[str]:
    """One block of lines per distinct address, then what was not an address, then the sources.

    An IPv4 address that another one carries inside gets a block of its own.

    Raises:
        CaseError: a database cannot be read.
        UsageError: nothing among `ips` is an address.
    """
    rows, invalid = _rows(ips, databases)
    lines = [line for row in rows for line in [*_block(row), ""]]
    lines += [f"{text!r} is not an IP address; nothing was looked up for it." for text in invalid]
    return [*lines, *_plugged(databases), *_sources()]


def lookup_json(ips: Sequence[str], databases: Sequence[Database] = ()) -> str:
    """The same as a JSON text: ``addresses`` (rows of the table "addresses"), ``not_addresses``, ``sources``.

    Raises:
        CaseError: a database cannot be read.
        UsageError: nothing among `ips` is an address.
    """
    rows, invalid = _rows(ips, databases)
    document = {"addresses": rows, "not_addresses": invalid, "sources": load_embedded().manifest["files"]}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


def _rows(ips: Sequence[str], databases: Sequence[Database]) -> tuple[list[dict[str, Any]], list[str]]:
    read = {text: parse_address(text) for text in ips}
    valid = [address.ip for address in read.values() if address]
    invalid = [text for text, address in read.items() if not address]
    if not valid:
        named = ", ".join(repr(text) for text in invalid) or "nothing"
        raise UsageError(f"no IP address given ({named})", next_step="write addresses like 192.0.2.1 or 2001:db8::1")
    carried = [inside for inside in enrich(valid).column("embedded_ipv4").to_pylist() if inside]
    rows: list[dict[str, Any]] = enrich([*valid, *carried], databases).to_pylist()
    return rows, invalid


def _block(row: dict[str, Any]) -> Iterator[str]:
    yield row["ip"]
    for label, lines in _facts(row):
        for i, line in enumerate(lines):
            yield f"  {label if i == 0 else '':<9} {line}"


def _facts(row: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield "scope", [_scope(row)]
    if row["embedded_ipv4"]:
        yield "inside", [f"IPv4 address {row['embedded_ipv4']}"]
    if row["eui64_mac"]:
        yield "inside", [f"hardware address {row['eui64_mac']} (from the interface identifier; a lead, not a proof)"]
    yield "country", [_country(row), *_claims(row["country_claims"])]
    yield "place", [_place(row), *_claims(row["place_claims"])]
    yield "operator", [_operator(row), *_claims(row["as_claims"])]
    yield "class", [f"{row['network_class']} ({_CLASS_BASIS[row['class_basis']]})", *_lists(row)]
    yield "note", [row["uncertainty_note"]]


def _scope(row: dict[str, Any]) -> str:
    special = "global" if row["scope"] == GLOBAL else f"special-purpose: {row['scope']}, {row['scope_rfc']}"
    return f"IPv{row['ip_version']}, {special}; compared with others at {row['net_prefix']}"


def _country(row: dict[str, Any]) -> str:
    if row["country"] is None:
        return "no source here states one"
    agree, _, answered = row["country_agreement"].partition("/")
    return f"{row['country']} ({agree} of {answered} {'source' if answered == '1' else 'sources'} that answered)"


def _place(row: dict[str, Any]) -> str:
    if row["centroid_default"]:
        return "country level only: the point given stands for a whole country and is no location"
    named = ", ".join(part for part in (row["city"], row["region"]) if part)
    if row["latitude"] is None:
        return named or "no source here states one"
    circle = f"within {row['accuracy_km']:g} km of {row['latitude']:.4f}, {row['longitude']:.4f}"
    return f"{named + '; ' if named else ''}{circle} ({_BASIS[row['accuracy_basis']]})"


def _operator(row: dict[str, Any]) -> str:
    return "no source here states one" if row["asn"] is None else f"AS{row['asn']} {row['as_name'] or ''}".rstrip()


def _claims(claims: list[dict[str, str]]) -> list[str]:
    return [f"- {c['value']}: {c['database']}, data of {c['date']}, network {c['network']}" for c in claims]


def _lists(row: dict[str, Any]) -> list[str]:
    lines = [
        f"- {c['class']}: {c['list']}, {'list of ' + c['list_date'] if c['list_date'] else 'undated'}, "
        f"network {c['network']}{', ' + c['provider'] if c['provider'] else ''}"
        for c in row["class_claims"]
    ]
    absent = "on no anonymiser or hosting list at hand; that does not make it no VPN, proxy or hosting address"
    return [*lines, *([] if row["listed"] == "listed" else [absent])]


def _plugged(databases: Sequence[Database]) -> Iterator[str]:
    for database in databases:
        about = about_database(database)
        yield f"Database {about['title']}: {about['layout']}, data of {about['date']}, SHA-256 {about['sha256']}"
        if warning := licence_warning(about["layout"]):
            yield f"  Caution: {warning}"


def _sources() -> list[str]:
    files = load_embedded().manifest["files"]
    seen = {(f["title"], f["date"], f["licence"], f["attribution"]): f["caution"] for f in files}
    lines = ["Sources (dated snapshots, kept with the program):"]
    lines += [f"  {title}, {date}, {licence}. {credit}." for title, date, licence, credit in seen]
    return [*lines, *(f"  Caution: {text}" for text in dict.fromkeys(seen.values()))]
