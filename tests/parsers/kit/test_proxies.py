"""Walking a forwarded list from the right, through trusted proxies only."""

from __future__ import annotations

import pytest

from parsers.kit.proxies import ProxyListError, client_behind, trusted_networks

TRUSTED = trusted_networks("192.0.2.0/24, 2001:db8:1::/48")


@pytest.mark.parametrize(
    ("peer", "claimed", "wanted"),
    [
        ("203.0.113.7", ["198.51.100.1"], ("203.0.113.7", "peer")),
        ("192.0.2.1", ["198.51.100.66", "203.0.113.7"], ("203.0.113.7", "stated_by_trusted_proxy")),
        ("192.0.2.1", ["198.51.100.66", "203.0.113.7", "192.0.2.9"], ("203.0.113.7", "stated_by_trusted_proxy")),
        ("192.0.2.1", ["203.0.113.7:4711"], ("203.0.113.7", "stated_by_trusted_proxy")),
        ("2001:db8:1::5", ["[2001:db8:2::7]:443"], ("2001:db8:2::7", "stated_by_trusted_proxy")),
        ("192.0.2.1", ["192.0.2.7", "192.0.2.9"], ("192.0.2.7", "all_hops_trusted")),
        ("192.0.2.1", [], ("192.0.2.1", "nothing_stated")),
        ("192.0.2.1", ["203.0.113.7", "unknown"], (None, "not_an_address")),
        ("192.0.2.1", ["203.0.113.7", "_hidden", "192.0.2.9"], (None, "not_an_address")),
    ],
)
def test_the_walk_ends_at_the_first_hop_that_is_not_trusted(
    peer: str, claimed: list[str], wanted: tuple[str | None, str]
) -> None:
    assert client_behind(peer, claimed, TRUSTED) == wanted


def test_a_list_of_proxies_that_is_no_list_says_so() -> None:
    with pytest.raises(ProxyListError, match=r"trusted_proxies: 'proxy\.example\.org'"):
        trusted_networks("192.0.2.1, proxy.example.org")


def test_a_network_with_host_bits_is_refused() -> None:
    with pytest.raises(ProxyListError, match="has host bits set"):
        trusted_networks("192.0.2.1/24")
