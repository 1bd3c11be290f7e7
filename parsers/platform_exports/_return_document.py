"""A provider's HTML return from its first byte to its last: sections, rows, and everything that is neither.

Every byte is an event's, a reject's, or structure. What a section holds that nothing declares is named at its end by
the labels alone, and kept under those labels in the rows.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from parsers.contract import Reject, Skip, Span
from parsers.kit.htmlleaves import leaves, section_start
from parsers.platform_exports._return_events import Context, context_of, event_of_line, events_of, negative_event
from parsers.platform_exports._return_order import lead_of, order_of
from parsers.platform_exports._return_refs import Envelope, envelope_of
from parsers.platform_exports._return_rows import Row, rows
from parsers.platform_exports._return_spec import Spec, key_of
from parsers.platform_exports._return_values import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from parsers.contract import Item, Sample, Source
    from parsers.kit.htmlleaves import Leaf, Section
    from parsers.platform_exports._return_order import Order

__all__ = ["PARAMETERS", "STRUCTURE", "STRUCTURE_MEANING", "parse_return", "return_score"]

PARAMETERS = "request_parameters"
STRUCTURE = "structure"
STRUCTURE_MEANING = "tags, titles and definitions of sections, page headings and text before the first section"
_TOTAL = re.compile(r"\(?(\d{1,9}) total\)?", re.ASCII | re.IGNORECASE)
_NONE = "no responsive records"
_SERVICE = re.compile(rb"\bService\s{0,9}:?(?:\s{0,9}<[^<>]{0,400}>){1,12}\s{0,9}([A-Za-z ]{1,40}[A-Za-z])")
_SECTION_ID = re.compile(rb"<div[^<>]{0,400}?\bid\s{0,9}=\s{0,9}[\"']?property-([\w.-]{1,80})", re.IGNORECASE)
_SHOWN, _MOST_TITLES = 20, 64


def _service_in(window: bytes) -> bytes | None:
    """The service a return names, in lower case, if the window holds it."""
    found = _SERVICE.search(window)
    return found[1].lower() if found else None


@dataclass(slots=True)
class _Document:
    """Reading state: where items end, whose return it is, what the section at hand leaves to say."""

    source: Source
    specs: Mapping[str, Spec]
    envelope: Envelope
    cursor: int
    findings: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    @property
    def end(self) -> int:
        """One past the last byte of the source."""
        return self.source.offset + len(self.source.view)

    def placed(self, items: Iterable[Item]) -> Iterator[Item]:
        """Items with the structure between them."""
        for item in items:
            if item.span.start > self.cursor:
                yield Skip(Span(self.cursor, item.span.start), STRUCTURE)
            yield item
            self.cursor = max(self.cursor, item.span.end)

    def finish(self, until: int, section: Section) -> Iterator[Item]:
        """Name what a section left unread, over the bytes that end it."""
        if self.unplaced:
            titles = ", ".join(f"{title[:60]!a}" for title in self.unplaced[:_SHOWN])
            self.findings.append(f"the section {section.name!a} has labels nothing declares: {titles}; kept in extra")
        start = max(self.cursor, section.start)
        if self.findings and start < until:
            yield from self.placed([Reject(Span(start, until), "; ".join(self.findings), "unknown_structure")])
        self.findings, self.unplaced = [], []


def parse_return(source: Source, specs: Mapping[str, Spec]) -> Iterator[Item]:
    """Every item of a return; `specs` declares its sections by name."""
    document = _Document(source, specs, _first_envelope(source), source.offset)
    section: Section | None = None
    for section_at, found in groupby(leaves(source.view, source.offset), key=lambda leaf: leaf.section):
        if section:
            yield from document.finish(section_at.start, section)
        section = section_at
        yield from document.placed(_section(document, section_at, found))
    yield from _tail(document, section)


def _tail(document: _Document, section: Section | None) -> Iterator[Item]:
    """The bytes after the last item: structure, unless the page ends inside a tag."""
    if section:
        rest = bytes(document.source.view[document.cursor - document.source.offset :][-4096:])
        cut = rest.rfind(b"<")
        if cut >= 0 and b">" not in rest[cut:]:
            start = document.end - (len(rest) - cut)
            yield from document.finish(start, section)
            yield from document.placed([Reject(Span(start, document.end), "the page ends inside a tag", "truncated")])
        else:
            yield from document.finish(document.end, section)
    if document.cursor < document.end:
        yield Skip(Span(document.cursor, document.end), STRUCTURE)


def _first_envelope(source: Source) -> Envelope:
    at = section_start(source.view, PARAMETERS)
    if at is None:
        return envelope_of({})
    return _envelope(_one_section(source.view[at:], source.offset + at))


def _one_section(view: memoryview, offset: int) -> Iterator[Leaf]:
    """Leaves of the section that begins with the view."""
    for _, found in groupby(leaves(view, offset), key=lambda leaf: leaf.section):
        yield from found
        return


def _envelope(found: Iterable[Leaf]) -> Envelope:
    stated: dict[str, str] = {}
    for leaf in found:
        if leaf.parts and leaf.state != "cut":
            stated.setdefault(key_of(leaf.label), leaf.value)
    return envelope_of(stated)


def _section(document: _Document, section: Section, found: Iterator[Leaf]) -> Iterator[Item]:
    if section.name is None:
        return _outside(found)
    spec = document.specs.get(section.name)
    if spec is None:
        return _unknown(document, section, found)
    if section.name == PARAMETERS:
        held = list(found)
        document.envelope = _envelope(held)
        found = iter(held)
    return _declared(document, section, spec, found)


def _outside(found: Iterator[Leaf]) -> Iterator[Item]:
    """A labelled value outside of every section is one this format does not know."""
    for leaf in found:
        if leaf.label and leaf.parts:
            title = f"{key_of(leaf.label)[:60]!a}"
            yield Reject(Span(leaf.start, leaf.end), f"a value outside of every section: {title}", "unknown_structure")


def _unknown(document: _Document, section: Section, found: Iterator[Leaf]) -> Iterator[Item]:
    """A section nothing declares: read only when all it says is that there are no records."""
    first = last = next(found)
    negative: Leaf | None = None
    others = 0
    for leaf in found:
        if leaf.value.casefold().startswith(_NONE):
            negative = leaf
        else:
            others += bool(leaf.parts) and not key_of(leaf.label).endswith("definition")
        last = leaf
    if negative and not others:
        yield negative_event(negative, document.envelope, section.name or "", None, negative.end)
    elif last is not first:
        reason = f"no rule of this format reads the section {section.name!a}"
        yield Reject(Span(first.start, last.end), reason, "unknown_structure")
    else:
        document.findings.append(f"the section {section.name!a} is not known to this format; it holds nothing")


def _declared(document: _Document, section: Section, spec: Spec, found: Iterator[Leaf]) -> Iterator[Item]:
    opening = next(found)
    meaning = _meanings(spec, document.unplaced)
    order = _order(document, section, spec) if spec.layout != "list" else "provider"
    if order == "open":
        last = deque(found, 1)
        end = last[0].end if last else opening.end
        why = "fields are missing and their order is not the provider's: no row is sure"
        yield Reject(Span(opening.start, end), f"in the section {section.name!a} {why}", "unknown_structure")
        return
    if order == "own" and lead_of(spec):
        document.findings.append(f"rows of the section {section.name!a} begin with another field than the provider's")
    if spec.layout == "list":
        yield from _list(document, section, spec, found)
    else:
        yield from _rows(document, section, spec, rows(found, spec, meaning, document.unplaced, order))


def _meanings(spec: Spec, unplaced: list[str]) -> Callable[[str, Leaf], str | None]:
    """What labels mean; in a section with addresses a label nothing declares is read by the shape of its value."""
    peers = "ip" in spec.fields.values()

    def meaning(key: str, leaf: Leaf) -> str | None:
        known = spec.fields.get(key) or spec.context.get(key) or ("part" if key in spec.nested else None)
        shaped = None if known or not peers else shape_of(leaf.value)
        if shaped:
            _note(unplaced, key)
        return known or shaped

    return meaning


def _note(titles: list[str], key: str) -> None:
    if len(titles) < _MOST_TITLES and key not in titles:
        titles.append(key)


def _order(document: _Document, section: Section, spec: Spec) -> Order:
    at = section.start - document.source.offset

    def again() -> Iterator[Leaf]:
        return _one_section(document.source.view[at:], section.start)

    return order_of(again, spec, _meanings(spec, []))


def _rows(document: _Document, section: Section, spec: Spec, found: Iterable[Row | Leaf]) -> Iterator[Item]:
    context: Context | None = None
    number = 0
    for item in found:
        if not isinstance(item, Row):
            yield _loose(document, section, spec, item)
            continue
        negative = next((c.leaf for c in item.cells if c.leaf.value.casefold().startswith(_NONE)), None)
        if negative and len(item.cells) == 1:
            document.unplaced[:] = [title for title in document.unplaced if title != item.cells[0].key]
            yield negative_event(negative, document.envelope, section.name or "", spec.platform, item.end)
            continue
        if item.ends_context:
            context = None
        if item.is_context:
            context = context_of(item, spec, spec.platform or document.envelope.platform)
        number += 1
        yield from events_of(item, spec, document.envelope, context, f"{section.name}/{number}")


def _loose(document: _Document, section: Section, spec: Spec, leaf: Leaf) -> Item:
    """Text of no row: a statement that nothing is held, or text this format does not understand."""
    if leaf.value.casefold().startswith(_NONE):
        return negative_event(leaf, document.envelope, section.name or "", spec.platform, leaf.end)
    span = Span(leaf.start, leaf.end)
    if leaf.label:
        title = f"{key_of(leaf.label)[:60]!a}"
        reason = f"the field {title} of the section {section.name!a} may belong to the row before it or after it"
        return Reject(span, reason, "unknown_structure")
    return Reject(span, f"text without a label in the section {section.name!a}", "unknown_structure")


def _list(document: _Document, section: Section, spec: Spec, found: Iterator[Leaf]) -> Iterator[Item]:
    """Accounts by line; the section's own total is compared with what stands there."""
    stated, number = 0, 0
    titles: set[str] = set()
    for leaf in found:
        key = key_of(leaf.label)
        if key.endswith("definition") or not leaf.parts:
            continue
        if leaf.value.casefold().startswith(_NONE):
            yield negative_event(leaf, document.envelope, section.name or "", spec.platform, leaf.end)
            continue
        titles.add(key)
        if key not in spec.fields and (len(titles) > 1 or not key):
            _note(document.unplaced, key)
        for at, part in enumerate(leaf.parts):
            total = _TOTAL.fullmatch(part.text)
            stated += int(total[1]) if total else 0
            if total or not part.text:
                continue
            number += 1
            end = leaf.parts[at + 1].start if at + 1 < len(leaf.parts) else leaf.text_end
            action = spec.fields.get(key)
            yield event_of_line(part, end, spec, document.envelope, f"{section.name}/{number}", action)
    if stated and stated != number:
        document.findings.append(f"the section {section.name!a} states {stated} entries and holds {number}")


def return_score(sample: Sample, specs: Mapping[str, Spec], services: Collection[str]) -> int:
    """How much a sample looks like a return of one of `services`: its sections' ids, and the service it names."""
    windows = (sample.head, sample.middle, sample.tail)
    names = {m[1].decode("ascii").lower() for w in windows for m in _SECTION_ID.finditer(w)}
    if not names:
        return 0
    service = next((found for w in windows if (found := _service_in(w))), None)
    if service is not None:
        return 95 if service.decode("ascii") in services else 5
    known = len(names & set(specs) - {PARAMETERS})
    return min(80, 50 + 10 * known) if known else 20
