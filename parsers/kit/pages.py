"""The only reader of PDF files: the lines of every page, with the bytes of the page's content.

A page's text is packed inside one stream (or several): its lines have no byte range of their own and cite the range
of the first stream, from its object to the next one. Order of lines is the order in which the file writes them; who
reads them must not rely on what stands beside what. Scripts, links and attached files in a PDF are never looked at.
"""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zlib
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from parsers.contract import Reject, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Sample

__all__ = ["Page", "looks_like_pdf", "read_pages", "sampled_lines"]

MAX_BYTES = 256 << 20
MAX_PAGES = 10_000
MAX_TEXT = 4 << 20
"""Longest text of one page, characters; printed pages hold a few thousand."""
_SAMPLED_PAGES, _LOOKED_AT = 3, 50
_END = b"endobj"
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pypdf raises on damaged files beside its own errors."""


class Page(NamedTuple):
    """One page.

    Attributes:
        number: 1-based.
        span: Bytes of its content; None when the file does not say where they stand.
        more: Bytes of further streams of its content, whose text is in `lines`, too.
        lines: Its lines without outer white space, none of them empty.
        fault: Why its text cannot be read, or None.
    """

    number: int
    span: Span | None
    more: tuple[Span, ...]
    lines: tuple[str, ...]
    fault: str | None = None


def looks_like_pdf(head: bytes) -> bool:
    """Whether a file begins as PDF does (ISO 32000-1, 7.5.2; readers allow for bytes before it)."""
    return b"%PDF-" in head[:1024]


def read_pages(data: bytes, offset: int) -> Iterator[Page | Reject]:
    """Every page in order, or why there is none. Raises nothing on damaged files.

    Args:
        data: The whole file.
        offset: Position of its first byte in the member's stream.
    """
    whole = Span(offset, offset + len(data))
    if len(data) > MAX_BYTES:
        yield Reject(whole, f"the PDF is larger than {MAX_BYTES >> 20} MiB", "limit")
        return
    book = _open(data)
    if isinstance(book, str):
        yield Reject(whole, book)
        return
    reader, pages = book
    if len(pages) > MAX_PAGES:
        yield Reject(whole, f"the PDF has more than {MAX_PAGES} pages", "limit")
        return
    objects = _objects(reader, data)
    for number, page in enumerate(pages, 1):
        yield _page(number, page, objects, offset)


def sampled_lines(sample: Sample) -> list[str]:
    """Lines of the first pages, to recognise a file by what it says.

    Of a file larger than the sample its beginning and its end are read as one damaged file: pages whose objects and
    content lie in neither give no lines.
    """
    if not looks_like_pdf(sample.head):
        return []
    book = _open(sample.head + b"\n" + sample.tail if sample.size > len(sample.head) else sample.head)
    pages = [] if isinstance(book, str) else book[1][:_LOOKED_AT]
    found = (read.lines for number, page in enumerate(pages, 1) if (read := _page(number, page, {}, 0)).lines)
    return [line for lines in islice(found, _SAMPLED_PAGES) for line in lines]


def _open(data: bytes) -> tuple[Any, list[Any]] | str:
    """The reader and its pages, or why the file cannot be read."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says of damage is said by rejects here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):  # printing and copying may be barred without a password
                return "the PDF is encrypted with a password"
            pages = [page for page, _ in zip(reader.pages, range(MAX_PAGES + 1), strict=False)]
    except (*_FAULTS, pypdf.errors.PyPdfError, pypdf.errors.DependencyError):
        return "the PDF is damaged or is not one"
    return (reader, pages) if pages else "the PDF has no page"


def _objects(reader: Any, data: bytes) -> dict[int, Span]:  # noqa: ANN401 - damaged files make it anything
    """Number of an object -> its bytes, up to its last ``endobj`` before the next one: ranges never overlap."""
    places = [(number, at) for table in reader.xref.values() for number, at in table.items()]
    found = {number: at for number, at in places if isinstance(at, int) and 0 < at < len(data)}
    following = dict(pairwise(sorted({*found.values(), len(data)})))
    ends = {
        at: (data.rfind(_END, at, end) + len(_END) if _END in data[at:end] else end) for at, end in following.items()
    }
    return {number: Span(at, ends[at]) for number, at in found.items()}


def _page(number: int, page: Any, objects: dict[int, Span], offset: int) -> Page:  # noqa: ANN401 - see above
    import pypdf

    spans: list[Span] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            spans = [Span(offset + s.start, offset + s.end) for n in _contents(page) if (s := objects.get(n))]
            text: str = page.extract_text()
    except (*_FAULTS, pypdf.errors.PyPdfError, pypdf.errors.DependencyError):
        return Page(number, spans[0] if spans else None, tuple(spans[1:]), (), "its text cannot be read")
    fault = None if text.strip() else "it holds no text; pictures are not read"
    if len(text) > MAX_TEXT:
        text, fault = "", "it holds more text than a page can"
    lines = tuple(stripped for line in text.splitlines() if (stripped := line.strip()))
    return Page(number, spans[0] if spans else None, tuple(spans[1:]), lines, fault)


def _contents(page: Any) -> Iterator[int]:  # noqa: ANN401 - see above
    """Numbers of the objects that hold a page's content."""
    value: Any = dict.get(page, "/Contents")
    inner = value.get_object() if hasattr(value, "get_object") else value
    for one in inner if isinstance(inner, list) else [value]:
        number = getattr(one, "idnum", None)
        if isinstance(number, int):
            yield number
