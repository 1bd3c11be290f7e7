"""How much the start of a member looks like a message."""

from __future__ import annotations

from parsers.email._event import CORE
from parsers.email._headers import split_headers
from parsers.email._paste import is_wrapped

__all__ = ["score_headers", "score_message"]

_HEAD = 1 << 16


def score_headers(head: bytes) -> int:
    """Points for a header block, from its first line on, with at least three of the fields every message has."""
    block = split_headers(head[:_HEAD])
    core = len({h.key for h in block.headers} & CORE)
    return 0 if core < 3 else min(98, 86 + 3 * core) - 12 * len(block.defects)


def score_message(head: bytes) -> int:
    """The same for a message as it was stored; a paste whose wrapped lines lost their indent is another format's."""
    score = score_headers(head)
    return min(score, 40) if score and is_wrapped(head) else score
