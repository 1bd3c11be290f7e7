from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.contract import Reject, Skip, Source, Span
from parsers.kit._jsontext import value_end
from parsers.kit._jsonwindows import container_end
from parsers.kit.jsonspans import Element, Loaded, open_document, pointer, top_keys, walk


def read(data: bytes, depth: int = 1, offset: int = 0) -> list[Element | Reject | Skip]:
    document = open_document(Source(memoryview(data), offset))
    return list(walk(document, lambda path: len(path) < depth))


def elements(data: bytes, depth: int = 1) -> list[tuple[str, Any]]:
    return [(e.pointer, e.load().value) for e in read(data, depth) if isinstance(e, Element)]  # type: ignore[union-attr]


def rejects(data: bytes, depth: int = 1) -> list[tuple[int, int, str]]:
    return [(*r.span, r.kind) for r in read(data, depth) if isinstance(r, Reject)]


def covered(data: bytes, depth: int) -> bool:
    """Every byte is spoken of exactly once, in order."""
    at = 0
    for item in read(data, depth):
        if item.span.start != at or item.span.end <= at:
            return False
        at = item.span.end
    return at == len(data)


def random_value(rng: random.Random, depth: int) -> object:
    kind = rng.randrange(8 if depth else 5)
    if kind == 0:
        return rng.choice([True, False, None])
    if kind == 1:
        return rng.randrange(-(10**12), 10**12)
    if kind == 2:
        return rng.random() * 1e6
    if kind <= 4:
        return "".join(rng.choice('ab"\\/\n\t{}[],: \u00e9\u20ac\U0001f600') for _ in range(rng.randrange(12)))
    if kind == 5:
        return [random_value(rng, depth - 1) for _ in range(rng.randrange(5))]
    return {f"{rng.choice('kq~/')}{i}": random_value(rng, depth - 1) for i in range(rng.randrange(5))}


def random_document(seed: int) -> tuple[bytes, Any]:
    rng = random.Random(seed)
    root = rng.choice([list, dict])
    value: Any = [random_value(rng, 3) for _ in range(6)]
    if root is dict:
        value = {f"name {i}": v for i, v in enumerate(value)}
    text = json.dumps(value, indent=rng.choice([None, 1]), ensure_ascii=rng.choice([True, False]))
    return text.encode(), value


def test_elements_of_a_named_array_come_with_their_bytes() -> None:
    data = b'{"a": [1, "x"],\n "b": {"c": null}}'
    found = [(e.pointer, data[e.span.start : e.span.end]) for e in read(data, 2) if isinstance(e, Element)]
    assert found == [("/a/0", b"1"), ("/a/1", b'"x"'), ("/b/c", b"null")]


def test_spans_of_random_documents_slice_back_to_the_same_values() -> None:
    for seed in range(150):
        data, value = random_document(seed)
        found = [e for e in read(data) if isinstance(e, Element)]
        want = list(value.values()) if isinstance(value, dict) else value
        assert [json.loads(data[e.span.start : e.span.end]) for e in found] == want
        assert [e.load() for e in found] == [Loaded(v) for v in want]


def test_the_scanner_cuts_a_sound_document_as_the_decoder_does() -> None:
    for seed in range(150):
        data, _ = random_document(seed)
        broken = data + b" x"  # the rest after the document sends the whole of it through the scanner
        assert elements(broken, 2) == elements(data, 2)
        assert rejects(broken) == [(len(data), len(data) + 2, "malformed")]


def test_a_document_cut_at_any_byte_keeps_whole_elements_and_speaks_of_every_byte() -> None:
    for seed in range(25):
        data, _ = random_document(seed)
        whole = elements(data, 2)
        for cut in range(len(data)):
            assert covered(data[:cut], 2)
            assert elements(data[:cut], 2) == whole[: len(elements(data[:cut], 2))]


def test_a_document_with_any_byte_replaced_speaks_of_every_byte() -> None:
    rng = random.Random(7)
    for seed in range(40):
        data, _ = random_document(seed)
        for _ in range(30):
            at = rng.randrange(len(data))
            mutant = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
            assert covered(mutant, 2)
            for item in read(mutant, 2):
                if isinstance(item, Element):
                    item.load()


def test_a_cut_document_is_rejected_as_truncated_from_the_break_on() -> None:
    assert elements(b'{"a": [{"x": 1}, {"x": "2', 2) == [("/a/0", {"x": 1})]
    assert rejects(b'{"a": [{"x": 1}, {"x": "2', 2) == [(15, 25, "truncated")]


def test_a_number_at_the_cut_is_not_taken_for_a_whole_one() -> None:
    assert elements(b"[10, 12") == [("/0", 10)]


def test_garbage_between_elements_is_rejected_with_the_rest() -> None:
    assert elements(b"[1, 2 garbage, 3]") == [("/0", 1), ("/1", 2)]
    assert rejects(b"[1, 2 garbage, 3]") == [(5, 17, "malformed")]


def test_a_fault_inside_an_element_costs_that_element_only() -> None:
    found = [e.load() for e in read(b'[{"a": 1}, {"a": +}, {"a": 3}]') if isinstance(e, Element)]
    assert [type(f).__name__ for f in found] == ["Loaded", "Reject", "Loaded"]


def test_a_quote_after_a_last_backslash_does_not_end_a_string() -> None:
    assert elements(rb'["a", {"k": "b\"') == [("/0", "a")]


def test_members_with_equal_names_are_all_handed_out() -> None:
    assert elements(b'{"a": 1, "a": 1, "b": 2}') == [("/a", 1), ("/a", 1), ("/b", 2)]
    assert elements(b'{"a": 2, "a": 2}') == [("/a", 2), ("/a", 2)]


def test_nesting_without_end_is_a_limit_and_no_crash() -> None:
    data = b'[1, {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}, 2]"
    found = [e.load() for e in read(data) if isinstance(e, Element)]
    assert [f.kind if isinstance(f, Reject) else f.value for f in found] == [1, "limit", 2]
    assert rejects(b"[" * 100_000, 2) == [(0, 100_000, "truncated")]


def test_a_byte_order_mark_is_structure() -> None:
    assert read(b"\xef\xbb\xbf[1]")[0] == Skip(Span(0, 4), "json structure")
    assert elements(b"\xef\xbb\xbf[1]") == [("/0", 1)]


def test_utf_16_text_keeps_the_spans_of_the_original_bytes() -> None:
    for codec, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"")):
        data = mark + '{"n": ["\u00e9\U0001f600", 7]}'.encode(codec)
        found = [e for e in read(data, 2) if isinstance(e, Element)]
        assert [e.load() for e in found] == [Loaded("\u00e9\U0001f600"), Loaded(7)]
        assert data[found[0].span.start : found[0].span.end].decode(codec) == '"\u00e9\U0001f600"'
        assert data[found[1].span.start : found[1].span.end].decode(codec) == "7"


def test_spans_count_from_the_offset_of_the_source() -> None:
    assert [i.span for i in read(b"[5]", offset=100)] == [Span(100, 101), Span(101, 102), Span(102, 103)]


def test_lone_surrogates_and_control_characters_are_read() -> None:
    assert elements(b'["\\ud83d", "a\x01b", "ok"]') == [("/0", "\ud83d"), ("/1", "a\x01b"), ("/2", "ok")]


def test_bytes_that_are_not_utf_8_become_visible_escapes() -> None:
    (found,) = [e.load() for e in read(b'["a\xffb"]') if isinstance(e, Element)]
    assert found == Loaded("a\\xffb", ("lossy_text",))


def test_numbers_beyond_every_type_are_kept_as_text() -> None:
    assert elements(b"[1e999, " + b"9" * 50 + b", NaN]")[0] == ("/0", "1e999")
    assert elements(b'["\\ud83d", NaN]')[1] == ("/1", "NaN")


def test_blank_and_empty_texts_hold_no_element() -> None:
    assert read(b"") == []
    assert read(b" \n") == [Skip(Span(0, 2), "json structure")]
    assert read(b"[]") == [Skip(Span(0, 2), "json structure")]


def test_a_pointer_escapes_what_rfc_6901_reserves_and_what_cannot_be_stored() -> None:
    assert pointer(("a/b", 0, "~", "\ud83d")) == "/a~1b/0/~0/\\ud83d"


def test_top_keys_are_seen_without_the_end_of_the_document() -> None:
    assert top_keys(b'{"participants": [{"name": "x"}], "messages": [{"sender_n') == ("{", ("participants", "messages"))
    assert top_keys(b'\xef\xbb\xbf [ {"title": "", "data": [1]}, {"other": 1}]') == ("[", ("title", "data"))
    assert top_keys('{"a": 1}'.encode("utf-16")) == ("{", ("a",))
    assert top_keys(b"192.0.2.1 - - [") == ("", ())
    assert top_keys(b"[1, 2]") == ("[", ())


@pytest.mark.parametrize("window", [16, 40, 200])
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8) | st.sampled_from(['\\"', "[", "},", "\\\\"]),
        lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
        max_leaves=60,
    ),
    st.integers(0, 400),
    st.sampled_from([b"", b"]", b'"', b",", b"\\", b"{"]),
)
def test_windows_give_what_the_scanner_gives(window: int, tree: object, at: int, byte: bytes) -> None:
    data = json.dumps({"a": [tree] * 25, "b": tree}, indent=1).encode()
    data = data[:at] + byte + data[at:]
    usual = read(data, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("parsers.kit.jsonspans._LARGE", 0)
        patch.setattr("parsers.kit.jsonspans._SHORT", 1)
        patch.setattr("parsers.kit.jsonspans._FIRST_WINDOW", window)
        patch.setattr("parsers.kit.jsonspans.WINDOW", window * 4)
        patch.setattr("parsers.kit._jsonwindows.WINDOW", window)
        patch.setattr("parsers.kit._jsontext._LARGE", window)
        found = read(data, 2)
    assert [(type(i), i.span) for i in found] == [(type(i), i.span) for i in usual]
    assert [i.path for i in found if isinstance(i, Element)] == [i.path for i in usual if isinstance(i, Element)]


@pytest.mark.parametrize("text", [b'[1, [2, "]"], {"a": "\\\\"}] ', b'{"a\\"}": [}', b'[["x', b"[]"])
def test_where_a_large_container_ends_is_where_the_scanner_says(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = value_end(memoryview(text), 0)
    for window in (1, 2, 3, 7):
        monkeypatch.setattr("parsers.kit._jsonwindows.WINDOW", window)
        assert container_end(memoryview(text), 0) == usual
