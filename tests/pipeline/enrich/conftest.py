"""Seeded draws, and small databases in MaxMind format over documentation ranges."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from pipeline.enrich.lookup import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BUILT = 1_772_323_200  # 2026-03-01T00:00:00Z


@pytest.fixture
def seeded() -> Callable[[int], random.Random]:
    """A generator that draws the same on every run."""
    return random.Random


class MakeDatabase:
    """Writes a database of these networks; the file's stated build date is 2026-03-01."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        networks: dict[str, Any],
        *,
        name: str = "case",
        layout: str = "City",
        overrides: bool = True,
        version: int = 6,
    ) -> Database:
        writer = MMDBWriter(ip_version=version, database_type=layout, ipv4_compatible=version == 6)
        for network, record in networks.items():
            writer.insert_network(IPSet([network]), record)
        path = self.folder / f"{name}.mmdb"
        writer.to_db_file(str(path))
        return Database(path, name, hashlib.sha256(path.read_bytes()).hexdigest(), overrides)


@pytest.fixture
def make_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeDatabase:
    """The writer of test databases, with its clock stopped."""
    monkeypatch.setattr("mmdb_writer.time.time", lambda: BUILT)
    return MakeDatabase(tmp_path)
