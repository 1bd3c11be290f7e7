"""What a simulated world hands out: plain Arrow tables, every column declared with its unit.

Times (`*_us`) are microseconds since 1970-01-01T00:00:00Z as a source reports them, so with that source's errors;
`truth` is in true time. A missing value is null, never "".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["TABLES", "Case", "Column", "table"]

_S, _I, _F, _B = pa.string(), pa.int64(), pa.float64(), pa.bool_()


class Column(NamedTuple):
    """One column of a table of the world."""

    name: str
    type: pa.DataType
    meaning: str


TABLES: dict[str, tuple[Column, ...]] = {
    "accounts": (
        Column("account", _S, "key of the account: platform:native_id"),
        Column("platform", _S, "the service; its fields are declared in platforms.py"),
        Column("native_id", _S, "the service's own number, as text"),
        Column("login", _S, "user name"),
        Column("display_name", _S, "name shown, chosen by the holder"),
        Column("created_us", _I, "time of registration, us UTC"),
    ),
    "sessions": (
        Column("account", _S, "account that acted"),
        Column("t_us", _I, "reported time, us UTC, with the source's clock error"),
        Column("uncertainty_us", _I, "declared half-width of the time, us; 0 = none declared"),
        Column("ip", _S, "address seen by the service"),
        Column("port", _I, "source port; null where the service keeps none"),
        Column("device_id", _S, "device identifier; null where the service keeps none"),
        Column("user_agent", _S, "as sent; null where the service keeps none"),
        Column("kind", _S, "login, session, post or scheduled"),
        Column("exhibit", _S, "file it stands in"),
    ),
    "identifiers": (
        Column("account", _S, "account it belongs to"),
        Column(
            "kind",
            _S,
            "recovery_email, recovery_phone, email, phone, cookie, ad_id, payment, url, media_sha256, exif_serial,"
            " mailer_id",
        ),
        Column("value", _S, "the identifier, normalised"),
        Column("t_us", _I, "since when, or when seen, us UTC"),
        Column("verified", _B, "the service says it verified it"),
        Column("exhibit", _S, "file it stands in"),
    ),
    "messages": (
        Column("account", _S, "sender"),
        Column("to_account", _S, "recipient; null for public posts"),
        Column("thread", _S, "conversation"),
        Column("t_us", _I, "reported time, us UTC"),
        Column("text", _S, "the words; lines that begin with '> ' quote somebody else"),
        Column("exhibit", _S, "file it stands in"),
    ),
    "relations": (
        Column("account", _S, "account that states the relation"),
        Column("kind", _S, "follows or contact"),
        Column("other", _S, "the other account"),
        Column("t_us", _I, "since when, us UTC"),
    ),
    "provider_links": (
        Column("account", _S, "account the provider was asked about"),
        Column("other", _S, "account the provider names"),
        Column("basis", _S, "cookie, recovery_phone, recovery_email or payment"),
        Column("exhibit", _S, "file it stands in"),
    ),
    "networks": (
        Column("ip", _S, "address as in sessions"),
        Column("label_class", _S, "class a database states, with its mistakes"),
        Column("true_class", _S, "class it really has"),
        Column("latitude", _F, "degrees north, as a database states it"),
        Column("longitude", _F, "degrees east, as a database states it"),
        Column("radius_km", _F, "stated radius of that place, km"),
    ),
    "truth": (
        Column("account", _S, "account"),
        Column("operator", _S, "person who used it"),
        Column("from_us", _I, "from, true us UTC"),
        Column("to_us", _I, "until (exclusive), true us UTC"),
    ),
    "pairs": (
        Column("account_a", _S, "the smaller key"),
        Column("account_b", _S, "the larger key"),
        Column("stratum", _S, "why the pair is of interest; strata are listed in pairs.py"),
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated case. Pairs that `pairs` does not list are different people without a known reason."""

    seed: int
    profile: str
    accounts: pa.Table
    sessions: pa.Table
    identifiers: pa.Table
    messages: pa.Table
    relations: pa.Table
    provider_links: pa.Table
    networks: pa.Table
    truth: pa.Table
    pairs: pa.Table
    notes: Mapping[str, tuple[str, ...]]


def table(name: str, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    """Make the declared table `name` from its columns."""
    return pa.table(
        [pa.array(columns[column.name], column.type, from_pandas=False) for column in TABLES[name]],
        schema=pa.schema([(column.name, column.type) for column in TABLES[name]]),
    )
