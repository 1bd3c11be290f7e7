from __future__ import annotations

import random

import pytest

from parsers.kit.htmlleaves import Leaf, leaves, section_start

OPEN = '<div id="property-x">'
LETTERS = '<div class="t o"><div class="t i">{}<div class="m"><div>{}<div class="p"></div></div></div></div></div>'
BREAK = '<div id="page_2" class="pageBreak">Record Page 2</div>'


def read(page: str | bytes, offset: int = 0) -> list[Leaf]:
    data = page.encode() if isinstance(page, str) else page
    return [leaf for leaf in leaves(memoryview(data), offset) if leaf.level >= 0]


def pairs(page: str) -> list[tuple[str, str]]:
    return [(leaf.label, leaf.value) for leaf in read(page)]


@pytest.mark.parametrize(
    "row",
    [
        LETTERS,
        '<div class="t o"><div class="t i">{}</div><div class="m"><div>{}</div></div></div>',
        '<div class="div_table outer"><div class="div_table inner">{}<div class="most_inner">{}</div></div></div>',
        '<div style="color: red; display:table;">{}<div style="display: table-cell; padding: 2px">{}</div></div>',
        "<table><tr><th>{}</th><td>{}</td></tr></table>",
        "<table><tbody><tr><th>{}<td>{}</table>",
        "<DIV CLASS='t o'><DIV CLASS='t i'>{}<DIV CLASS=m><DIV>{}</DIV></DIV></DIV></DIV>",
    ],
)
def test_every_markup_gives_label_and_value(row: str) -> None:
    assert pairs(OPEN + row.format("IP Address", "192.0.2.1") + row.format("Time", "now") + "</div>") == [
        ("IP Address", "192.0.2.1"),
        ("Time", "now"),
    ]


def test_a_leaf_reaches_from_its_row_to_the_next_one() -> None:
    page = OPEN + LETTERS.format("A", "1") + LETTERS.format("B", "2") + "</div>"
    first, second = read(page, 1000)
    assert page[first.start - 1000 : first.end - 1000] == LETTERS.format("A", "1")
    assert page[second.start - 1000 : second.end - 1000].endswith("<div>2")
    assert page[first.parts[0].start - 1000 : first.parts[0].end - 1000] == "1"


def test_nested_rows_know_the_labels_around_them() -> None:
    page = OPEN + LETTERS.format("Share", "look " + LETTERS.format("Url", "here"))
    outer, inner = read(page)
    assert (outer.path, outer.value, outer.holds_rows) == (("Share",), "look", True)
    assert (inner.path, inner.level, inner.parent) == (("Share", "Url"), 1, outer.start)


def test_entities_are_resolved_and_line_elements_make_lines() -> None:
    page = LETTERS.format("R&amp;D", "a &lt;b&gt;<br>c&#128512;<p>&unknown; &amp")
    assert pairs(OPEN + page) == [("R&D", "a <b>\nc\U0001f600\n&unknown; &amp")]


def test_a_number_of_thousands_of_digits_is_no_entity() -> None:
    assert pairs(OPEN + LETTERS.format("A", "&#" + "9" * 5000 + ";"))[0][1].startswith("&#999")


def test_what_looks_like_a_tag_and_is_none_stays_text() -> None:
    assert pairs(OPEN + LETTERS.format("Body", "I <grin> you --> <3")) == [("Body", "I <grin> you --> <3")]


def test_inline_elements_do_not_split_a_value() -> None:
    assert pairs(OPEN + LETTERS.format("Body", "no<b>t</b> <i>a</i> word")) == [("Body", "not a word")]


@pytest.mark.parametrize(
    "row",
    [
        LETTERS.format("A" + BREAK, "1"),
        LETTERS.format("A", BREAK + "1"),
        LETTERS.format("A", "1" + BREAK),
        '<div class="t o"><div class="t i">A</div></div></div>' + BREAK + '<div class="m"><div>1</div></div>',
        '<div class="t o"><div class="t i">A</div></div></div>' + BREAK + "<div>1</div>",
        LETTERS.format("A", '<div id="page_3" class="pageBreak"><div>Record</div><span>3</span></div>1'),
    ],
)
def test_a_page_heading_is_no_part_of_label_or_value(row: str) -> None:
    assert pairs(OPEN + row + LETTERS.format("B", "2")) == [("A", "1"), ("B", "2")]


def test_a_page_heading_that_is_never_closed_swallows_no_row() -> None:
    assert pairs(OPEN + '<div class="pageBreak">Page 2' + LETTERS.format("A", "1")) == [("A", "1")]


def test_a_value_after_a_page_heading_is_not_added_to_a_label_that_has_one() -> None:
    page = OPEN + LETTERS.format("Time", "now") + BREAK + '<div class="m"><div>192.0.2.1</div></div>'
    assert pairs(page) == [("Time", "now"), ("", "192.0.2.1")]


def test_text_without_a_label_is_a_leaf_of_its_own() -> None:
    assert pairs(OPEN + "lost" + LETTERS.format("A", "1")) == [("", "lost"), ("A", "1")]


def test_rows_of_an_unknown_generation_are_text_without_a_label() -> None:
    page = OPEN + '<div class="q2"><div class="q3">IP</div><div>192.0.2.1</div></div>'
    assert pairs(page) == [("", "IP"), ("", "192.0.2.1")]


def test_a_table_with_its_labels_in_one_row_gives_no_pairs() -> None:
    page = OPEN + "<table><tr><th>IP</th><th>Time</th></tr><tr><td>192.0.2.1</td><td>now</td></tr></table>"
    assert pairs(page) == [("IP", ""), ("Time", ""), ("", "192.0.2.1"), ("", "now")]


@pytest.mark.parametrize("raw", ["<style>", "<script>", "<!-- "])
def test_rows_after_raw_content_that_is_never_closed_are_read(raw: str) -> None:
    assert pairs(f"{raw} a < b {OPEN}" + LETTERS.format("A", "1")) == [("A", "1")]


def test_a_section_forgets_what_was_open_before_it() -> None:
    page = OPEN + '<div class="t i">Lost<div class="m">' + '<div id="property-y">' + LETTERS.format("A", "1")
    assert [(leaf.section.name, leaf.level, leaf.label) for leaf in read(page)] == [("x", 0, "Lost"), ("y", 0, "A")]


def test_bytes_that_end_inside_a_value_are_marked() -> None:
    whole = OPEN + LETTERS.format("IP", "198.51.100.23")
    cut_in_value = whole[: whole.index(".23")]
    cut_in_tag = whole[: whole.index(".23") + 8]
    assert [(leaf.value, leaf.state) for leaf in read(cut_in_value)] == [("198.51.100", "cut")]
    assert [(leaf.value, leaf.state) for leaf in read(cut_in_tag)] == [("198.51.100.23", "open")]


def test_links_of_a_value_are_kept() -> None:
    (leaf,) = read(OPEN + LETTERS.format("File", '<a href="linked_media/1.jpg">1</a><img src=linked_media/2.png>'))
    assert leaf.links == ("linked_media/1.jpg", "linked_media/2.png")


def test_bytes_that_are_not_utf_8_stay_visible() -> None:
    (leaf,) = read(OPEN.encode() + LETTERS.encode().replace(b"{}", b"A", 1).replace(b"{}", b"caf\xe9"))
    assert (leaf.value, leaf.parts[0].lossy) == ("caf\\xe9", True)


def test_a_section_is_found_by_its_whole_name() -> None:
    page = b'<div id="property-name_history"></div><div class="a" id=property-name>'
    assert section_start(memoryview(page), "name") == 38
    assert section_start(memoryview(page), "emails") is None


def test_elements_nested_beyond_all_measure_end() -> None:
    page = OPEN + "<div class=m>" * 20_000 + "</td>" * 20_000 + LETTERS.format("A", "1")
    assert any(leaf.value == "1" for leaf in read(page))


def test_leaves_are_in_order_and_apart_whatever_is_damaged() -> None:
    table = "<table><tr><th>B<td>3</table>"
    page = (OPEN + LETTERS.format("A", "1<br>2") + BREAK + table + LETTERS.format("C", "4")) * 3
    for seed in range(300):
        rng = random.Random(seed)
        at = rng.randrange(len(page))
        put = rng.choice(["", "<", "</div>", "<td>", "</table>", "<div class=m>"])
        damaged = page[:at] + put + page[at + rng.randrange(9) :]
        last = 0
        for leaf in leaves(memoryview(damaged.encode())):
            assert last <= leaf.start <= leaf.text_end <= leaf.end <= len(damaged)
            last = leaf.start
