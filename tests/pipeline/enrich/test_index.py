"""Finding the run of an address, against plain binary search over the same runs."""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipeline.enrich.index import TABLE_FROM, Index4, Index6, keys6
from pipeline.enrich.nesting import nest

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Seeded = Callable[[int], Random]

_END4, _END6 = 1 << 32, 1 << 128


def _starts4(draw: Random) -> list[int]:
    fine = [draw.randrange(_END4) for _ in range(2000)]
    coarse = [draw.randrange(1 << 24) << 8 for _ in range(2000)]
    return sorted({0, 1, 255, 256, _END4 - 1, *fine, *coarse})


def _starts6(draw: Random) -> list[int]:
    """Many starts that share their high 64 bits, where the low word has to decide."""
    shared = [0x20010DB8 << 96 | draw.randrange(4) << 64 | draw.getrandbits(64) for _ in range(2000)]
    apart = [draw.getrandbits(64) << 64 for _ in range(2000)]
    return sorted({0, 1, _END6 - 1, *shared, *apart})


def _around(starts: list[int], end: int) -> list[int]:
    return [key for start in starts for key in (start - 1, start, start + 1) if 0 <= key < end]


@pytest.mark.parametrize("extra", [1000, TABLE_FROM])
def test_ipv4_runs_equal_plain_binary_search_at_every_boundary(extra: int, seeded: Seeded) -> None:
    draw = seeded(extra)
    starts = _starts4(draw)
    keys = _around(starts, _END4) + [draw.randrange(_END4) for _ in range(extra)]
    found = Index4(np.array(starts, np.uint32)).find(np.array(keys, np.uint32))
    assert found.tolist() == [bisect_right(starts, key) - 1 for key in keys]


def test_ipv6_runs_equal_plain_binary_search_at_every_boundary(seeded: Seeded) -> None:
    draw = seeded(6)
    starts = _starts6(draw)
    keys = _around(starts, _END6) + [draw.getrandbits(128) for _ in range(5000)]
    found = Index6(keys6(starts)).find(keys6(keys))
    assert found.tolist() == [bisect_right(starts, key) - 1 for key in keys]


def _largest_block(key: int, first: int, last: int, bits: int) -> int:
    for length in range(bits + 1):
        hosts = (1 << bits - length) - 1
        if key & ~hosts >= first and key | hosts <= last:
            return length
    raise AssertionError


def _last(starts: list[int], run: int, end: int) -> int:
    return (starts[run + 1] if run + 1 < len(starts) else end) - 1


def test_the_network_named_for_an_ipv4_address_is_the_largest_inside_its_run(seeded: Seeded) -> None:
    draw = seeded(44)
    starts = _starts4(draw)
    keys = draw.sample(_around(starts, _END4), 1500)
    runs = [bisect_right(starts, key) - 1 for key in keys]
    length = Index4(np.array(starts, np.uint32)).prefix_length(np.array(keys, np.uint32), np.array(runs))
    wanted = [_largest_block(k, starts[r], _last(starts, r, _END4), 32) for k, r in zip(keys, runs, strict=True)]
    assert length.tolist() == wanted


def test_the_network_named_for_an_ipv6_address_is_the_largest_inside_its_run(seeded: Seeded) -> None:
    draw = seeded(66)
    starts = _starts6(draw)
    keys = draw.sample(_around(starts, _END6), 1500)
    runs = [bisect_right(starts, key) - 1 for key in keys]
    length = Index6(keys6(starts)).prefix_length(keys6(keys), np.array(runs))
    wanted = [_largest_block(k, starts[r], _last(starts, r, _END6), 128) for k, r in zip(keys, runs, strict=True)]
    assert length.tolist() == wanted


def test_one_run_over_everything_is_the_whole_space() -> None:
    assert Index4(np.zeros(1, np.uint32)).prefix_length(np.array([7], np.uint32), np.array([0])).tolist() == [0]
    assert Index6(keys6([0])).prefix_length(keys6([7]), np.array([0])).tolist() == [0]


def test_nested_networks_are_listed_widest_first_in_each_run() -> None:
    networks = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/24", "10.255.255.255/32")]
    starts, covers = nest([int(n[0]) for n in networks], [int(n[-1]) for n in networks], 32)
    named = [str(ipaddress.IPv4Address(start)) for start in starts]
    assert list(zip(named, covers, strict=True)) == [
        (str(ipaddress.IPv4Address(0)), ()),
        ("10.0.0.0", (0,)), ("10.1.0.0", (0, 1, 2)), ("10.1.1.0", (0, 1)), ("10.2.0.0", (0,)),
        ("10.255.255.255", (0, 3)), ("11.0.0.0", ()),
    ]


def test_random_nested_networks_cover_what_the_standard_library_says(seeded: Seeded) -> None:
    draw = seeded(1)
    lengths = [draw.randrange(1, 33) for _ in range(300)]
    networks = [ipaddress.ip_network((draw.randrange(_END4) >> 32 - n << 32 - n, n)) for n in lengths]
    starts, covers = nest([int(n[0]) for n in networks], [int(n[-1]) for n in networks], 32)
    for key in _around(starts, _END4):
        address = ipaddress.IPv4Address(key)
        wanted = {i for i, network in enumerate(networks) if address in network}
        assert set(covers[bisect_right(starts, key) - 1]) == wanted
