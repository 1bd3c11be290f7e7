from __future__ import annotations

from parsers.contract import Source
from parsers.kit.xmltags import Tag, unescape, xml_tags


def tags(text: str | bytes) -> list[Tag]:
    data = text if isinstance(text, bytes) else text.encode()
    found = list(xml_tags(Source(memoryview(data))))
    assert [t.span.start for t in found] == [0, *(t.span.end for t in found[:-1])][: len(found)]
    assert not found or found[-1].span.end == len(data)
    return found


def facts(text: str) -> list[tuple[str, str, dict[str, str]]]:
    return [(t.kind, t.name, dict(t.attributes)) for t in tags(text) if t.kind != "blank"]


def test_tags_come_with_names_and_attributes() -> None:
    assert facts("<?xml version='1.0'?>\n<a n=\"1\"><b x='>' y = \"/\" />t</a><!-- < -->") == [
        ("aside", "", {}),
        ("open", "a", {"n": "1"}),
        ("empty", "b", {"x": ">", "y": "/"}),
        ("text", "", {}),
        ("close", "a", {}),
        ("aside", "", {}),
    ]


def test_a_quote_that_never_closes_costs_its_own_tag() -> None:
    assert facts('<a x="1/><a x="2"/>') == [("broken", "", {}), ("empty", "a", {"x": "2"})]
    assert facts('<a x="he said "hi" there"/><a x="2"/>') == [("broken", "a", {}), ("empty", "a", {"x": "2"})]


def test_a_name_that_comes_twice_breaks_the_tag() -> None:
    assert facts('<a x="1" x="2"/>') == [("broken", "a", {})]


def test_the_file_may_end_anywhere() -> None:
    text = '<a x="1"><!-- c --><b y="2"/></a>'
    for end in range(len(text)):
        tags(text[:end])


def test_references_are_undone_once_and_unknown_ones_stay() -> None:
    assert unescape("&lt;&amp;lt; &#233;&#xE9; &#10;&own; &#0; &#99999999;") == "<&lt; éé \n&own; &#0; &#99999999;"


def test_two_references_to_surrogates_are_one_character() -> None:
    assert unescape("&#55357;&#56832;!") == "\U0001f600!"
    assert unescape("&#55357;!") == "\ud83d!"


def test_bytes_that_are_no_utf_8_are_shown_as_escapes() -> None:
    (tag,) = tags(b'<a x="caf\xe9"/>')
    assert (dict(tag.attributes), tag.lossy) == ({"x": "caf\\xe9"}, True)


def test_entities_of_the_file_are_never_expanded() -> None:
    found = facts('<!DOCTYPE a [<!ENTITY e "boom">]><a x="&e;"/>')
    assert found[-1] == ("empty", "a", {"x": "&e;"})


def test_a_comment_that_never_ends_costs_its_own_beginning() -> None:
    found = facts("<!-- " + '<a x="1"/>' + "<!-- " * 3)
    assert found[:2] == [("broken", "", {}), ("empty", "a", {"x": "1"})]
