"""The embedded data: what they state of well-known addresses, and that the index answers what the ranges say."""

from __future__ import annotations

import ipaddress
import json
import shutil
from bisect import bisect_right
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from pipeline.enrich.classes import NETWORK_CLASSES
from pipeline.enrich.columns import locate
from pipeline.enrich.embedded import FOLDER, Ranges4, Ranges6, load_embedded
from pipeline.enrich.lookup import embedded_digest, enrich
from pipeline.enrich.special import SPECIAL
from pipeline.errors import IntegrityError
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    Seeded = Callable[[int], Random]

_SPECIAL = [(ipaddress.ip_network(row.network), row) for row in SPECIAL]


def _starts(ranges: Ranges4 | Ranges6) -> list[int]:
    if isinstance(ranges, Ranges4):
        return ranges.index.starts.tolist()
    words = zip(ranges.index.starts.hi.tolist(), ranges.index.starts.lo.tolist(), strict=True)
    return [hi << 64 | lo for hi, lo in words]


def _silent(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    holding = [(network.prefixlen, row.reachable) for network, row in _SPECIAL if address in network]
    return bool(holding) and not max(holding)[1]


def _drawn(starts: list[int], bits: int, draw: Random) -> list[int]:
    edges = [start + step for start in draw.sample(starts, 2000) for step in (-1, 0, 1)]
    return sorted({key for key in [*edges, *(draw.getrandbits(bits) for _ in range(2000))] if 0 <= key < 1 << bits})


@pytest.mark.parametrize(
    ("ip", "country", "asn", "name"),
    [
        ("8.8.8.8", "US", 15169, "Google LLC"),
        ("1.1.1.1", "AU", 13335, "Cloudflare, Inc."),
        ("9.9.9.9", "US", 19281, "Quad9"),
        ("2001:4860:4860::8888", "CA", 15169, "Google LLC"),
    ],
)
def test_a_well_known_address_has_the_claims_of_the_june_2026_snapshots(
    ip: str, country: str, asn: int, name: str
) -> None:
    row = enrich([ip]).to_pylist()[0]
    assert (row["country"], row["country_agreement"], row["asn"], row["as_name"]) == (country, "1/1", asn, name)
    claim, system = row["country_claims"][0], row["as_claims"][0]
    assert (claim["database"], claim["date"], claim["value"]) == ("DB-IP Lite country", "2026-06-01", country)
    assert (system["date"], system["value"]) == ("2026-06-17", f"AS{asn} {name}")
    assert ipaddress.ip_address(ip) in ipaddress.ip_network(claim["network"])


@pytest.mark.parametrize(("what", "version"), [("country", 4), ("country", 6), ("asn", 4), ("asn", 6)])
def test_the_index_answers_what_binary_search_over_the_same_ranges_answers(
    what: str, version: int, seeded: Seeded
) -> None:
    ranges = getattr(load_embedded(), f"{what}{version}")
    starts, values = _starts(ranges), ranges.values.to_pylist()
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    addresses = [kind(key) for key in _drawn(starts, 32 if version == 4 else 128, seeded(version))]
    wanted = [None if _silent(a) else values[bisect_right(starts, int(a)) - 1] for a in addresses]
    assert locate([str(a) for a in addresses]).column(what).to_pylist() == wanted


def test_the_table_of_a_large_column_answers_like_small_columns(seeded: Seeded) -> None:
    draw = seeded(24)
    starts = load_embedded().asn4.index.starts.tolist()
    edges = (start + step for start in starts[:: len(starts) // 60_000] for step in (-1, 0, 1))
    keys = {key for key in edges if 0 <= key < 1 << 32}
    texts = [str(ipaddress.IPv4Address(key)) for key in [*sorted(keys), *(draw.getrandbits(32) for _ in range(30_000))]]
    whole = locate(texts)
    parts = [locate(texts[i : i + 5000]) for i in range(0, len(texts), 5000)]
    assert whole.to_pylist() == [row for part in parts for row in part.to_pylist()]


def test_repeated_rows_are_answered_in_place_and_what_is_no_address_stays_empty() -> None:
    rows = locate(["8.8.8.8", "example.org", None, "8.8.8.8", "10.0.0.1", "2001:4860:4860::8888"] * 4000).to_pylist()
    google, none = {"country": "US", "asn": 15169}, {"country": None, "asn": None}
    assert rows[:6] == [google, none, none, google, none, {"country": "CA", "asn": 15169}]
    assert rows[-6:] == rows[:6]


def test_a_column_answers_like_the_full_table(seeded: Seeded) -> None:
    draw = seeded(7)
    texts = [str(ipaddress.IPv4Address(draw.getrandbits(32))) for _ in range(3000)]
    texts += [str(ipaddress.IPv6Address(0x2 << 124 | draw.getrandbits(124))) for _ in range(3000)]
    full = {row["ip"]: row for row in enrich(texts).to_pylist()}
    for text, row in zip(texts, locate(texts).to_pylist(), strict=True):
        assert (row["country"], row["asn"]) == (full[text]["country"], full[text]["asn"])


def test_the_network_of_a_claim_states_one_value_throughout() -> None:
    claims = enrich(["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888"]).to_pylist()
    for row in claims:
        network = ipaddress.ip_network(row["country_claims"][0]["network"])
        ends = locate([str(network[0]), str(network[-1])]).column("country").to_pylist()
        assert ends == [row["country"], row["country"]]


def test_a_listed_network_is_named_with_list_and_date_and_the_more_telling_class_comes_first() -> None:
    row = enrich(["52.94.76.1"]).to_pylist()[0]
    assert (row["network_class"], row["class_basis"], row["listed"]) == ("cloud", "list", "listed")
    claim = row["class_claims"][0]
    assert (claim["provider"], claim["list_date"], claim["network"]) == ("Amazon AWS", "2025-12-23", "52.94.72.0/21")
    assert [c["class"] for c in row["class_claims"]] == ["cloud", "hosting"]


def test_the_datacentre_list_that_calls_itself_vpn_never_says_vpn() -> None:
    row = enrich(["8.8.8.8"]).to_pylist()[0]
    assert (row["network_class"], row["class_claims"][0]["list"]) == (
        "hosting", "Datacentre networks (published as vpn-ipv4)",
    )


def test_an_address_on_no_list_is_not_listed_and_its_class_unknown() -> None:
    row = enrich(["9.9.9.9"]).to_pylist()[0]
    assert (row["network_class"], row["class_basis"], row["listed"], row["class_claims"]) == (
        "unknown", "none", "not listed", [],
    )
    assert row["uncertainty_note"].startswith("This address identifies a network endpoint at a time, not a person")


def test_the_table_has_the_declared_schema_and_the_order_of_its_text() -> None:
    table = enrich(["9.9.9.9", "8.8.8.8", "2001:4860:4860::8888", "10.0.0.1", "8.8.8.8"])
    assert table.schema.equals(schema_of("addresses"))
    assert table.column("ip").to_pylist() == ["10.0.0.1", "2001:4860:4860::8888", "8.8.8.8", "9.9.9.9"]
    assert table.equals(enrich(pa.array(["8.8.8.8", "10.0.0.1", "2001:4860:4860::8888", "9.9.9.9"])))


def test_no_address_gives_an_empty_table() -> None:
    assert enrich([]).num_rows == 0
    assert enrich(["example.org"]).schema.equals(schema_of("addresses"))


def test_the_manifest_states_source_date_licence_attribution_and_caution_of_every_file() -> None:
    manifest = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    assert {entry["file"] for entry in manifest["files"]} == {path.name for path in FOLDER.glob("*.parquet")}
    for entry in manifest["files"]:
        assert all(entry[key] for key in ("title", "source", "version", "date", "licence", "attribution", "caution"))
    lists = next(entry["lists"] for entry in manifest["files"] if entry["file"] == "classes.parquet")
    assert {entry["class"] for entry in lists} <= set(NETWORK_CLASSES)
    assert all("vpn" not in entry["class"] for entry in lists)


def test_a_changed_data_file_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(FOLDER, folder)
    with (folder / "asn_v6.parquet").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(IntegrityError, match=r"asn_v6\.parquet"):
        load_embedded(folder)


def test_the_digest_of_the_embedded_data_is_that_of_the_manifest() -> None:
    assert len(embedded_digest()) == 64
