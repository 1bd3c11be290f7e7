"""Networks that lie inside each other, laid out as runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["nest"]

Cover = tuple[int, ...]


def nest(firsts: Sequence[int], lasts: Sequence[int], bits: int) -> tuple[list[int], list[Cover]]:
    """The runs that a set of CIDR networks cuts the address space into.

    CIDR networks either nest or are apart, so one walk in address order with a stack of open networks is enough.

    Args:
        firsts: First address of each network.
        lasts: Last address of each network.
        bits: Width of an address, 32 or 128.

    Returns:
        First address of each run (the first is 0), and for each run the networks that cover it, widest first.
    """
    starts: list[int] = [0]
    covers: list[Cover] = [()]
    open_: list[int] = []

    def step(address: int) -> None:
        if starts[-1] == address:
            starts.pop()
            covers.pop()
        starts.append(address)
        covers.append(tuple(open_))

    def close(before: int) -> None:
        while open_ and lasts[open_[-1]] < before:
            end = lasts[open_[-1]]
            while open_ and lasts[open_[-1]] == end:
                open_.pop()
            if end + 1 < 1 << bits:
                step(end + 1)

    for i in sorted(range(len(firsts)), key=lambda i: (firsts[i], -lasts[i], i)):
        close(firsts[i])
        open_.append(i)
        step(firsts[i])
    close(1 << bits)
    return starts, covers
