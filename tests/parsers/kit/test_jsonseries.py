from __future__ import annotations

from parsers.contract import Source
from parsers.kit.jsonseries import documents
from parsers.kit.jsonspans import Document, Element, open_document, walk


def elements(document: Document) -> list[tuple[object, int, int]]:
    found = [e for part in documents(document) for e in walk(part, lambda _path: False) if isinstance(e, Element)]
    return [(e.load().value, *e.span) for e in found]  # type: ignore[union-attr]


def test_every_value_of_a_series_keeps_its_own_bytes() -> None:
    text = b'\xef\xbb\xbf {"a": 1}\n\n{"b": "}{"}[2]\r\n'
    assert elements(open_document(Source(memoryview(text), offset=100))) == [
        ({"a": 1}, 104, 112),
        ({"b": "}{"}, 114, 125),
        ([2], 125, 128),
    ]


def test_a_series_in_two_byte_text_keeps_the_places_of_the_original() -> None:
    text = '{"a": 1}\n{"é": 2}'.encode("utf-16-le")
    assert elements(open_document(Source(memoryview(text)))) == [({"a": 1}, 0, 16), ({"é": 2}, 18, 34)]


def test_a_cut_value_ends_the_series() -> None:
    assert elements(Document(memoryview(b'{"a": 1} {"b": '), 0, 0)) == [({"a": 1}, 0, 8)]
