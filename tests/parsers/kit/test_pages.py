from __future__ import annotations

import io
import random

import pytest
from pypdf import PdfWriter

from parsers.contract import Reject, Sample, Span
from parsers.kit.pages import Page, looks_like_pdf, read_pages, sampled_lines
from tests.parsers.pdfs import pdf


def pages(data: bytes, offset: int = 0) -> list[Page]:
    return [page for page in read_pages(data, offset) if isinstance(page, Page)]


def test_every_page_gives_its_lines_and_the_bytes_of_its_content() -> None:
    data = pdf(["one", "two"], ["three"])
    first, second = pages(data, 100)
    assert (first.number, first.lines, second.lines) == (1, ("one", "two"), ("three",))
    assert first.span is not None
    part = data[first.span.start - 100 : first.span.end - 100]
    assert part.startswith(b"5 0 obj")
    assert part.endswith(b"endobj")
    assert b"(two) Tj" in part


def test_a_page_without_text_says_so() -> None:
    (page,) = pages(pdf([]))
    assert page.fault == "it holds no text; pictures are not read"


def test_a_damaged_or_other_file_is_one_reject() -> None:
    for data in (b"%PDF-1.4\nnothing", b"", b"%PDF-1.4\ntrailer << /Root 9 0 R >>"):
        (found,) = read_pages(data, 5)
        assert isinstance(found, Reject)
        assert found.span == Span(5, 5 + len(data))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_file_that_bars_copying_is_read_and_one_with_a_password_is_not(algorithm: str) -> None:
    for password, want in (("", ("one",)), ("secret", None)):
        writer, out = PdfWriter(clone_from=io.BytesIO(pdf(["one"]))), io.BytesIO()
        writer.encrypt(password, "owner", algorithm=algorithm)
        writer.write(out)
        (found,) = read_pages(out.getvalue(), 0)
        if want is None:
            assert isinstance(found, Reject)
            assert found.reason == "the PDF is encrypted with a password"
        else:
            assert isinstance(found, Page)
            assert found.lines == want


def test_damage_anywhere_never_raises_and_ranges_stay_inside() -> None:
    data = pdf(["one", "two"], ["three"])
    for seed in range(300):
        rng = random.Random(seed)
        cut = bytearray(data)
        for _ in range(rng.randrange(1, 6)):
            cut[rng.randrange(len(cut))] = rng.randrange(256)
        for found in read_pages(bytes(cut[: rng.randrange(1, len(cut) + 1)]), 0):
            assert found.span is None or 0 <= found.span.start <= found.span.end <= len(data)


def test_a_sample_gives_the_lines_of_its_first_pages() -> None:
    data = pdf(["one"], ["two"], ["three"], ["four"])
    assert sampled_lines(Sample(data, b"", b"", len(data))) == ["one", "two", "three"]
    assert looks_like_pdf(data)
    assert not looks_like_pdf(b"plain text")


def test_a_file_larger_than_the_sample_gives_the_lines_its_ends_hold() -> None:
    data = pdf(["one", "two"])
    cut = data.index(b"xref")
    picture = b"9 0 obj\n<< /Length 200000 >>\nstream\n" + b"x" * 200_000 + b"\nendstream\nendobj\n"
    end = data[cut:].replace(b"startxref\n%d" % cut, b"startxref\n%d" % (cut + len(picture)))
    filled = data[:cut] + picture + end
    sample = Sample(filled[:65536], filled[70_000:135_536], filled[-65536:], len(filled))
    assert sampled_lines(sample) == ["one", "two"]


def test_a_content_in_several_streams_cites_the_first_and_names_the_others() -> None:
    data = pdf(["one"], ["", "two"]).replace(b"/Contents 5 0 R ", b"/Contents [5 0 R 7 0 R] ")
    first, second = pages(data)
    assert first.lines == ("one", "two")
    assert first.more == (second.span,)
