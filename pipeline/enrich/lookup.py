"""What all sources state about each address: one row per distinct address of the case.

The sources are asked separately and stay separate. Plug-in databases speak first, in the order in which the case names
them, then the embedded data. "The country" is the claim of the first source that answered, beside how many agree with
it ("1/2") and every claim with its database, digest, date and network. Special-purpose ranges (private, documentation,
...) are asked about only in databases that the case declares as overriding them; their `scope` stays what the
registries say even then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.enrich.addresses import Addresses, read_addresses
from pipeline.enrich.answers import Answers, Gathered, complete, gather
from pipeline.enrich.classes import INFRASTRUCTURE, NETWORK_CLASSES, UNKNOWN
from pipeline.enrich.embedded import Embedded, embedded_digest, load_embedded
from pipeline.enrich.index import Keys6
from pipeline.enrich.mmdb import Database, ask_database
from pipeline.enrich.notes import note
from pipeline.enrich.places import place_columns
from pipeline.enrich.special import GLOBAL, SPECIAL, decode_ipv4, decode_mac
from pipeline.enrich.text4 import text4
from pipeline.enrich.text6 import text6
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Database", "Embedded", "embedded_digest", "enrich", "load_embedded"]

_SCHEMA = schema_of("addresses")
_VALUE = {"database": "database", "sha256": "sha256", "date": "date", "network": "network"}
_LISTED = {
    "class": "network_class", "list": "database", "list_sha256": "sha256", "list_date": "date", "network": "network",
    "provider": "provider",
}
_SHARED = next(i for i, row in enumerate(SPECIAL) if row.scope == "cgnat_shared")


def enrich(addresses: Sequence[str] | pa.Array | pa.ChunkedArray, databases: Sequence[Database] = ()) -> pa.Table:
    """The table "addresses" for a column of texts; what is no address in it is left out.

    Args:
        addresses: Texts, repeated and mixed as they come.
        databases: Databases of the case, highest priority first.

    Raises:
        CaseError: a database cannot be read.
        IntegrityError: an embedded data file is not the one its manifest describes.
    """
    found = read_addresses(addresses)
    embedded = load_embedded()
    plugged = [answer for database in databases for answer in ask_database(database, found)]
    claims = [*plugged, *embedded.answers(found)]
    size = len(found)
    classes = gather(size, [*plugged, _shared_range(found), *embedded.listed(found)], "network_class")
    class_columns = _class_columns(classes)
    columns = {
        **_identity(found),
        **_country_columns(gather(size, claims, "country")),
        **_place_columns(gather(size, plugged, "place"), class_columns["network_class"]),
        **_as_columns(gather(size, claims, "asn")),
        **class_columns,
    }
    columns["uncertainty_note"] = _notes(columns["scope"], columns["network_class"])
    return pa.table([columns[field.name].cast(field.type) for field in _SCHEMA], schema=_SCHEMA)


def _identity(found: Addresses) -> dict[str, pa.Array]:
    """What the address itself says: version, scope, what it carries inside, the network it is compared at."""
    version = np.full(len(found), 6, np.int64)
    version[found.rows4] = 4
    special = pa.array(found.special, mask=found.special < 0)
    scopes = pa.array([row.scope for row in SPECIAL]).take(special).fill_null(GLOBAL)
    carried, macs = _inside(found)
    return {
        "ip": found.texts, "ip_version": pa.array(version), "scope": scopes,
        "scope_rfc": pa.array([row.rfc for row in SPECIAL]).take(special),
        "embedded_ipv4": carried, "eui64_mac": macs, "net_prefix": _prefixes(found),
    }


def _inside(found: Addresses) -> tuple[pa.Array, pa.Array]:
    carried: list[str | None] = [None] * len(found)
    macs: list[str | None] = [None] * len(found)
    special = found.special[found.rows6]
    marked = (found.keys6.lo >> np.uint64(24) & np.uint64(0xFFFF)) == 0xFFFE
    for i in np.flatnonzero(marked | (special >= 0)).tolist():
        row, hi, lo = int(found.rows6[i]), int(found.keys6.hi[i]), int(found.keys6.lo[i])
        scope = SPECIAL[special[i]].scope if special[i] >= 0 else GLOBAL
        inside = decode_ipv4(scope, hi, lo)
        carried[row] = None if inside is None else text4(np.array([inside], np.uint32))[0]
        macs[row] = decode_mac(scope, lo)
    return pa.array(carried, pa.string()), pa.array(macs, pa.string())


def _prefixes(found: Addresses) -> pa.Array:
    """The /24 of an IPv4 and the /64 of an IPv6 address: what a subscriber's line keeps when the rest changes."""
    nets4, at4 = np.unique(found.keys4 >> np.uint32(8), return_inverse=True)
    nets6, at6 = np.unique(found.keys6.hi, return_inverse=True)
    names = [f"{base}/24" for base in text4(nets4 << np.uint32(8))]
    names += [f"{base}/64" for base in text6(Keys6(nets6, np.zeros(nets6.size, np.uint64)))]
    at = np.empty(len(found), np.int64)
    at[found.rows4] = at4
    at[found.rows6] = at6 + nets4.size
    return pa.array(names, pa.string()).take(pa.array(at))


def _country_columns(countries: Gathered) -> dict[str, pa.Array]:
    kind = _SCHEMA.field("country_claims").type
    return {
        "country": countries.first("country"),
        "country_agreement": countries.agreement("country"),
        "country_claims": countries.claims(kind, {**_VALUE, "value": "country"}),
    }


def _as_columns(systems: Gathered) -> dict[str, pa.Array]:
    kind = _SCHEMA.field("as_claims").type
    return {
        "asn": systems.first("asn"), "as_name": systems.first("as_name"),
        "as_claims": systems.claims(kind, {**_VALUE, "value": "as_text"}),
    }


def _place_columns(places: Gathered, classes: pa.Array) -> dict[str, pa.Array]:
    kind = _SCHEMA.field("place_claims").type
    return {**place_columns(places, classes), "place_claims": places.claims(kind, {**_VALUE, "value": "place"})}


def _shared_range(found: Addresses) -> Answers:
    """The one special range that is a network class of its own: 100.64.0.0/10."""
    row = SPECIAL[_SHARED]
    said = {
        "network": row.network, "network_class": row.scope, "provider": row.name, "kind": "special_range",
        "database": f"IANA IPv4 Special-Purpose Address Registry ({row.rfc})",
    }
    table = complete({name: pa.array([value]) for name, value in said.items()}, 1)
    return Answers(np.where(found.special == _SHARED, 0, -1), table)


def _class_columns(classes: Gathered) -> dict[str, pa.Array]:
    """The first claim decides; a word that is none of `NETWORK_CLASSES` stays a claim and gives "unknown"."""
    first = classes.first("network_class").fill_null(UNKNOWN)
    known = pc.is_in(first, pa.array(NETWORK_CLASSES))
    listed = np.zeros(len(first), np.bool_)
    hits = pc.is_in(classes.rows.column("network_class"), pa.array(sorted(INFRASTRUCTURE)))
    owner = np.repeat(np.arange(len(first)), np.diff(classes.offsets))
    listed[owner[hits.to_numpy()]] = True
    return {
        "network_class": pc.if_else(known, first, UNKNOWN),
        "class_basis": classes.first("kind").fill_null("none"),
        "class_claims": classes.claims(_SCHEMA.field("class_claims").type, _LISTED),
        "listed": pc.if_else(pa.array(listed), "listed", "not listed"),
    }


def _notes(scopes: pa.Array, classes: pa.Array) -> pa.Array:
    left, right = scopes.dictionary_encode(), classes.dictionary_encode()
    width = max(len(right.dictionary), 1)
    pairs: npt.NDArray[np.int64] = left.indices.to_numpy().astype(np.int64) * width + right.indices.to_numpy()
    distinct, which = np.unique(pairs, return_inverse=True)
    known, named = left.dictionary.to_pylist(), right.dictionary.to_pylist()
    texts = [note(known[pair // width], named[pair % width]) for pair in distinct.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(which))
