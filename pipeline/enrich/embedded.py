"""The data that comes with the program: country and AS of each range, and the network-class lists.

Dated snapshots, described in ``pipeline/reference/manifest.json`` (source, date, licence, digest, caution). Every file
is compared with its recorded digest when it is loaded.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.enrich.answers import Answers, answer_table, complete
from pipeline.enrich.classes import ClassIndex
from pipeline.enrich.index import Index4, Index6, Ints, Keys6
from pipeline.enrich.text4 import text4
from pipeline.enrich.text6 import text6
from pipeline.errors import IntegrityError

if TYPE_CHECKING:
    from pipeline.enrich.addresses import Addresses

__all__ = ["Embedded", "Ranges4", "Ranges6", "embedded_digest", "load_embedded"]

FOLDER = Path(__file__).parents[1] / "reference"


@dataclass(frozen=True, slots=True)
class Ranges4:
    """IPv4 runs with the source's value of each; `about` is the manifest entry."""

    index: Index4
    values: pa.Array
    about: dict[str, Any]

    def networks(self, keys: npt.NDArray[np.uint32], runs: Ints) -> tuple[list[str], Ints, Ints]:
        """The largest CIDR block around each key for which the source states one value.

        Returns:
            Text of the distinct blocks, one position in `keys` for each, and the block of each key.
        """
        length = self.index.prefix_length(keys, runs)
        block = keys.astype(np.int64) >> (32 - length) << (32 - length)
        distinct, at, which = np.unique(block << 6 | length, return_index=True, return_inverse=True)
        bases = text4((distinct >> 6).astype(np.uint32))
        return [f"{base}/{n}" for base, n in zip(bases, (distinct & 63).tolist(), strict=True)], at, which


@dataclass(frozen=True, slots=True)
class Ranges6:
    """The same for IPv6."""

    index: Index6
    values: pa.Array
    about: dict[str, Any]

    def networks(self, keys: Keys6, runs: Ints) -> tuple[list[str], Ints, Ints]:
        """See `Ranges4.networks`."""
        length = self.index.prefix_length(keys, runs)
        keep_hi = _high_bits(np.minimum(length, 64))
        keep_lo = _high_bits(np.maximum(length - 64, 0))
        words = np.stack([keys.hi & keep_hi, keys.lo & keep_lo, length.astype(np.uint64)], axis=1)
        distinct, at, which = np.unique(words, axis=0, return_index=True, return_inverse=True)
        bases = text6(Keys6(distinct[:, 0], distinct[:, 1]))
        names = [f"{base}/{n}" for base, n in zip(bases, distinct[:, 2].tolist(), strict=True)]
        return names, at, which.reshape(-1)


def _high_bits(counts: Ints) -> npt.NDArray[np.uint64]:
    masks = np.array([((1 << n) - 1) << (64 - n) for n in range(65)], np.uint64)
    return masks[counts]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Everything embedded, ready to be asked.

    Attributes:
        manifest: ``manifest.json`` as written.
    """

    country4: Ranges4
    country6: Ranges6
    asn4: Ranges4
    asn6: Ranges6
    as_numbers: npt.NDArray[np.uint32]
    as_names: pa.Array
    classes: ClassIndex
    manifest: dict[str, Any]

    def answers(self, addresses: Addresses) -> list[Answers]:
        """Country and AS claims, without special-purpose addresses."""
        asked = addresses.reachable()
        four, six = np.flatnonzero(asked[addresses.rows4]), np.flatnonzero(asked[addresses.rows6])
        rows4, keys4 = addresses.rows4[four], addresses.keys4[four]
        rows6, keys6 = addresses.rows6[six], addresses.keys6.take(six)
        size = len(addresses)
        return [
            self._ask(self.country4, "country", keys4, rows4, size),
            self._ask(self.country6, "country", keys6, rows6, size),
            self._ask(self.asn4, "asn", keys4, rows4, size),
            self._ask(self.asn6, "asn", keys6, rows6, size),
        ]

    def _ask(self, ranges: Any, column: str, keys: Any, rows: Ints, size: int) -> Answers:  # noqa: ANN401 - v4 or v6
        runs = ranges.index.find(keys)
        networks, at, which = ranges.networks(keys, runs)
        values = ranges.values.take(pa.array(runs[at]))
        where = np.full(size, -1, np.int64)
        where[rows] = which
        extra = self._named(values) if column == "asn" else {}
        return Answers(where, answer_table(networks, ranges.about, {column: values, **extra}))

    def _named(self, numbers: pa.Array) -> dict[str, pa.Array]:
        names = self.names_of(numbers)
        text = pc.binary_join_element_wise("AS", numbers.cast(pa.string()), "")
        return {"as_name": names, "as_text": pc.coalesce(pc.binary_join_element_wise(text, names, " "), text)}

    def names_of(self, numbers: pa.Array) -> pa.Array:
        """Name of each AS number as the source writes it; null for null."""
        known = pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False).astype(np.int64)
        at = np.minimum(np.searchsorted(self.as_numbers, known), self.as_numbers.size - 1)
        return self.as_names.take(pa.array(at, mask=self.as_numbers[at] != known))

    def listed(self, addresses: Addresses) -> list[Answers]:
        """Class claims of the embedded lists, one layer per further list that names an address."""
        asked = addresses.reachable()
        four, six = self.classes.find4(addresses.keys4), self.classes.find6(addresses.keys6)
        rows = self._list_rows()
        layers = []
        for k in range(max(len(four), len(six))):
            where = np.full(len(addresses), -1, np.int64)
            where[addresses.rows4] = four[k] if k < len(four) else -1
            where[addresses.rows6] = six[k] if k < len(six) else -1
            layers.append(Answers(np.where(asked, where, -1), rows))
        return layers

    def _list_rows(self) -> pa.Table:
        about = {entry["id"]: entry for entry in self.entry("classes.parquet")["lists"]}
        named = pa.array(self.classes.lists).dictionary_encode()
        ids = named.dictionary.to_pylist()

        def spread(key: str) -> pa.Array:
            return pa.array([about[i][key] or None for i in ids], pa.string()).take(named.indices)

        return complete({
            "network": pa.array(self.classes.networks, pa.string()), "network_class": spread("class"),
            "provider": spread("provider"), "database": spread("title"), "sha256": spread("sha256"),
            "date": spread("date"), "kind": pa.array(["list"] * len(named), pa.string()),
        }, len(named))

    def entry(self, file: str) -> dict[str, Any]:
        """What the manifest says of one file."""
        return _entry(self.manifest, file)


def _entry(manifest: dict[str, Any], file: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in manifest["files"] if entry["file"] == file)
    return found


def embedded_digest() -> str:
    """One digest for all embedded data: that of the manifest, which holds the digest of every file."""
    return hashlib.sha256((FOLDER / "manifest.json").read_bytes()).hexdigest()


@lru_cache(maxsize=2)
def load_embedded(folder: Path = FOLDER) -> Embedded:
    """Load and check the embedded data; the second call returns the same object.

    Raises:
        IntegrityError: a file is missing or is not the one the manifest describes.
    """
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    names = _read(folder, manifest, "as_names.parquet")
    lists = _read(folder, manifest, "classes.parquet")
    class_of = {entry["id"]: entry["class"] for entry in _entry(manifest, "classes.parquet")["lists"]}
    return Embedded(
        country4=_ranges4(folder, manifest, "country"),
        country6=_ranges6(folder, manifest, "country"),
        asn4=_ranges4(folder, manifest, "asn"),
        asn6=_ranges6(folder, manifest, "asn"),
        as_numbers=names.column("asn").to_numpy(),
        as_names=names.column("name").combine_chunks(),
        classes=ClassIndex(lists.column("network").to_pylist(), lists.column("list").to_pylist(), class_of),
        manifest=manifest,
    )


def _read(folder: Path, manifest: dict[str, Any], file: str) -> pa.Table:
    try:
        data = (folder / file).read_bytes()
    except FileNotFoundError:
        data = b""
    found = hashlib.sha256(data).hexdigest()
    if found != _entry(manifest, file)["sha256"]:
        raise IntegrityError(
            f"embedded data file {file} is missing or is not the one its manifest describes",
            next_step="install the program again", path=str(folder / file), sha256=found,
        )
    return pq.read_table(pa.BufferReader(data))


def _ranges4(folder: Path, manifest: dict[str, Any], what: str) -> Ranges4:
    file = f"{what}_v4.parquet"
    table = _read(folder, manifest, file)
    index = Index4(table.column("start").to_numpy())
    return Ranges4(index, table.column(what).combine_chunks(), _entry(manifest, file))


def _ranges6(folder: Path, manifest: dict[str, Any], what: str) -> Ranges6:
    file = f"{what}_v6.parquet"
    table = _read(folder, manifest, file)
    index = Index6(Keys6(table.column("start_hi").to_numpy(), table.column("start_lo").to_numpy()))
    return Ranges6(index, table.column(what).combine_chunks(), _entry(manifest, file))
