"""JSON values that stand one after the other with white space between them, each as a document of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.kit._jsontext import OPENERS, skip_space, value_end
from parsers.kit.jsonspans import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["documents"]


def documents(document: Document) -> Iterator[Document]:
    """Each value with its own bytes of the member.

    What follows a value and begins none is left with the last of them, so that `parsers.kit.jsonspans.walk` says why
    it is not read.
    """
    text, at, start = document.text, 0, document.start
    while (end := value_end(text, skip_space(text, start))) is not None:
        following = skip_space(text, end)
        if following == len(text) or text[following] not in OPENERS:
            break
        yield _part(document, at, end, start - at)
        at = start = end
    yield _part(document, at, len(text), start - at)


def _part(document: Document, at: int, end: int, start: int) -> Document:
    units = document.units
    if units is None:
        return Document(document.text[at:end], start, document.offset + at)
    return Document(document.text[at:end], start, document.offset, units[at : end + 1])
