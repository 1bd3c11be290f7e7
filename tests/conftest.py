"""Shared by all tests: sockets are blocked unless a test serves on loopback and says so."""

from __future__ import annotations

import socket

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=True, database=None)  # no clock decides a test
settings.load_profile("suite")

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection that leaves this machine fails the test."""
    real = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in _LOOPBACK:  # type: ignore[index]
            raise AssertionError(f"a packet would leave for {address!r}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
