"""What `vestigo holder` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.errors import UsageError
from pipeline.leases.show import holder_lines
from tests.pipeline.leases.cases import junos, lease_store, radius

if TYPE_CHECKING:
    from pathlib import Path

OUTSIDE = "203.0.113.80"
DAY = "2026-03-01T"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A carrier NAT in front of an access network, one log of each."""
    (tmp_path / "case.toml").write_text('[case]\nid = "C-1"\n')
    nat = junos("ALLOC", 0, "100.64.0.7", 1024, 1535) + junos("RELEASE", 900, "100.64.0.7", 1024, 1535)
    access = radius("Start", -60, "ada", "100.64.0.7") + radius("Stop", 5000, "ada", "100.64.0.7")
    lease_store(tmp_path, ("network_log/nat_blocks", nat), ("network_log/radius_detail", access))
    return tmp_path


def test_the_inside_address_of_a_port_block_is_followed_to_its_own_holder(case: Path) -> None:
    lines = holder_lines(case, OUTSIDE, "2026-03-01T11:05:00+01:00", 1100, 2)
    events = [line.split("cite    ")[1] for line in lines if "cite" in line]
    assert [line for line in lines if "cite" not in line] == [
        "203.0.113.80 port 1100 at 2026-03-01T10:05:00Z ± 2 s",
        "  1 candidate(s): 1 certain, 0 possible; none is left out",
        "  certain   inside address: 100.64.0.7",
        f"      lease   203.0.113.80 ports 1024 to 1535, from {DAY}10:00:00Z (record) to {DAY}10:15:00Z (stop_record)",
        "      why     the whole time window lies where the records show it as held",
        "      100.64.0.7 at the same time:",
        "        1 candidate(s): 1 certain, 0 possible; none is left out",
        "        certain   account: ada",
        "            lease   100.64.0.7, from 2026-03-01T09:59:00Z (record) to 2026-03-01T11:23:20Z (stop_record)",
        "            why     the whole time window lies where the records show it as held",
    ]
    assert [e.split(" in ")[1] for e in events] == ["EX-001", "EX-002"]


def test_no_record_is_not_said_to_mean_no_holder(case: Path) -> None:
    lines = holder_lines(case, "192.0.2.1", "2026-03-01T10:05:00Z", None, 0)
    assert len(lines) == 2
    assert lines[1] == (
        "  no record in this case covers it (2 lease(s) are known from the exhibits); "
        "that does not say that nobody held it"
    )


@pytest.mark.parametrize(("port", "within"), [(70_000, 0.0), (-1, 0.0), (None, -1.0), (None, float("inf"))])
def test_impossible_ports_and_windows_are_refused(case: Path, port: int | None, within: float) -> None:
    with pytest.raises(UsageError):
        holder_lines(case, OUTSIDE, "2026-03-01T10:05:00Z", port, within)
