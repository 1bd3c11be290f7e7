"""PDF files of TikTok's return: records of addresses, or the subscriber's properties, by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Skip, Span
from parsers.kit.names import plain_name
from parsers.kit.pages import Page, read_pages
from parsers.platform_exports._json_values import phone_digits
from parsers.platform_exports._tiktok_cells import Order, order_of, put_address, read_time
from parsers.platform_exports._tiktok_pages import (
    Record,
    Sheet,
    Subscriber,
    is_property,
    joined,
    records_of,
    subscriber_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item, Source

__all__ = ["PDF_PARTS", "PLAIN_PAGE", "is_return", "read_document"]

PDF_PARTS, PLAIN_PAGE = "PDF parts", "page without records"
_KINDS = {
    **dict.fromkeys(("login", "signin"), "authentication"),
    **dict.fromkeys(("logout", "signout"), "logout"),
    **dict.fromkeys(("register", "registration"), "account_created"),
}
_USER_NAMES = ("Username", "User Name")
_IDENTIFIERS = {
    **dict.fromkeys(_USER_NAMES, "username"),
    **dict.fromkeys(("Phone", "Phone Number"), "phone"),
    **dict.fromkeys(("Email", "Email Address"), "email"),
}
_UNPAIRED = "a time and an address cannot be paired with certainty; nothing of the page is read"


def is_return(lines: tuple[str, ...]) -> bool:
    """Whether the lines of a file's first pages are those of the return."""
    names = {name for name, _ in subscriber_of(lines).properties}
    if sum(name.startswith("Registration") for name in names) >= 2 and names & {*_USER_NAMES, "User ID"}:
        return True
    found = records_of(tuple(line for line in lines if not is_property(line)))
    titled = any("events ip data" in line.casefold() for line in lines)
    return titled and any(record.whole for record in found.records)


class _Leaf(NamedTuple):
    """A page with what stands on it, and its last record's second page if a break cuts it."""

    page: Page
    sheet: Sheet
    subscriber: Subscriber
    over: bool


def read_document(source: Source) -> Iterator[Item]:
    """Items by page; bytes that no page's content holds are passed over by rule, in the order of bytes."""
    pages: list[Page] = []
    for found in read_pages(bytes(source.view), source.offset):
        if isinstance(found, Reject):
            yield found
            return
        pages.append(found)
    leaves = _leaves(pages)
    settings, owner = source.settings, _owner(leaves)
    order = order_of(_written(leaves), settings.date_order)
    said = _Said({}, [])
    for leaf in leaves:
        said.add(leaf.page, list(_items(leaf, owner, order, settings.timezone)))
    yield from said.items(Span(source.offset, source.offset + len(source.view)))


def _owner(leaves: list[_Leaf]) -> str | None:
    """The first user name of the file."""
    properties = [pair for leaf in leaves if leaf.subscriber.certain for pair in leaf.subscriber.properties]
    return next((value for name, value in properties if name in _USER_NAMES and value), None)


def _written(leaves: list[_Leaf]) -> list[str]:
    """Every value of the file, dates among them."""
    records = [value for leaf in leaves for record in leaf.sheet.records for value in record.values]
    return [*records, *(value for leaf in leaves for _, value in leaf.subscriber.properties)]


def _leaves(pages: list[Page]) -> list[_Leaf]:
    sheets_, over = joined([records_of(tuple(x for x in page.lines if not is_property(x))) for page in pages])
    subscribers = [subscriber_of(_above(page.lines)) for page in pages]
    rows = zip(pages, sheets_, subscribers, strict=True)
    return [_Leaf(page, sheet, who, at in over) for at, (page, sheet, who) in enumerate(rows)]


def _above(lines: tuple[str, ...]) -> tuple[str, ...]:
    """What stands above the first record of a page."""
    at = next((i for i, line in enumerate(lines) if line.casefold().startswith("date:")), len(lines))
    return lines[:at]


class _Said(NamedTuple):
    """Items by the bytes they speak of, and pages whose bytes cannot carry what has to be said of them."""

    by_span: dict[Span, list[Item]]
    mute: list[int]

    def add(self, page: Page, items: list[Item]) -> None:
        """File a page's items; where pages share bytes, only events may share them, too."""
        span = page.span
        if span is None:
            self.mute.append(page.number)
            return
        before = self.by_span.get(span, [])
        events = all(isinstance(item, Event) for item in [*before, *items])
        if events or not before or all(isinstance(item, Skip) for item in before):
            self.by_span[span] = [*(before if events else []), *items]
        else:
            self.mute.append(page.number)
        for more in page.more:
            self.by_span.setdefault(more, [Skip(more, PDF_PARTS)])

    def items(self, whole: Span) -> Iterator[Item]:
        """All in the order of bytes, with what stands between; the bytes before the first page speak for mute pages."""
        at = whole.start
        for span in [*sorted(self.by_span), Span(whole.end, whole.end)]:
            if span.start > at:
                yield self._between(Span(at, span.start), first=at == whole.start)
            yield from self.by_span.get(span, ())
            at = span.end

    def _between(self, span: Span, *, first: bool) -> Item:
        if not (first and self.mute):
            return Skip(span, PDF_PARTS)
        pages = ", ".join(map(str, self.mute[:20]))
        return Reject(span, f"pages {pages}: their content has no bytes of its own in the file; they are not read")


def _items(leaf: _Leaf, owner: str | None, order: Order | None, zone: str | None) -> Iterator[Item]:
    page, span = leaf.page, leaf.page.span
    where = f"page {page.number}"
    if span is None:
        return
    if page.fault:
        yield Reject(span, f"{where}: {page.fault}", "undecodable")
    elif not leaf.sheet.certain or not leaf.subscriber.certain:
        yield Reject(span, f"{where}: {_UNPAIRED}")
    elif not leaf.sheet.records and not leaf.subscriber.properties:
        yield Skip(span, PLAIN_PAGE)
    else:
        yield from _subscriber(leaf, span, owner, order, zone)
        for number, record in enumerate(leaf.sheet.records, 1):
            cut = leaf.over and number == len(leaf.sheet.records)
            locator = f"{where} to {page.number + 1} record {number}" if cut else f"{where} record {number}"
            kind, values = _login(record, owner, order, zone, cut=cut)
            yield Event(span, locator, kind, values)


def _login(
    record: Record, owner: str | None, order: Order | None, zone: str | None, *, cut: bool
) -> tuple[str, dict[str, object]]:
    action, country = record.value("Event"), record.value("Country")
    flags = {"joined_at_page_break"} if cut else set()
    moment = read_time(record.value("Date"), order, zone, utc=False)
    flags.update(moment.flags)
    values: dict[str, object] = {"account_platform": "tiktok", "account_login": owner, "event_action": action or None}
    values |= moment.columns("Event Time") if moment.raw else {}
    extra: dict[str, object] = {"Country": country} if country else {}
    if record.value("IP") and not put_address(values, record.value("IP"), flags):
        extra["IP"] = record.value("IP")
    extra |= {"lines_below": [*record.below]} if record.below else {}
    name = plain_name(action)
    return _KINDS.get(name, "activity"), {**values, "parse_flags": sorted(flags) or None, "extra": extra}


def _subscriber(leaf: _Leaf, span: Span, owner: str | None, order: Order | None, zone: str | None) -> Iterator[Event]:
    said = {name: value for name, value in leaf.subscriber.properties if value}
    locator = f"page {leaf.page.number}"
    base: dict[str, object] = {"account_platform": "tiktok", "account_login": owner}
    about = {name: value for name, value in said.items() if name.startswith("Registration")}
    if leaf.subscriber.properties:
        unknown = {"lines_unknown": [*leaf.subscriber.unknown]} if leaf.subscriber.unknown else {}
        values = {**base, "event_action": "subscriber", "account_id": said.get("User ID"), "extra": unknown}
        values |= {"identifiers": _identifiers(said) or None, "account_display_name": said.get("Nickname")}
        yield Event(span, locator, "account_profile", values)
    if about:
        yield Event(span, locator, "account_created", {**base, **_registration(about, order, zone)})


def _identifiers(said: Mapping[str, str]) -> list[dict[str, str]]:
    pairs = [(_IDENTIFIERS[name], value) for name, value in said.items() if name in _IDENTIFIERS]
    return [{"type": kind, "value": (kind == "phone" and phone_digits(v)) or v, "raw": v} for kind, v in pairs]


def _registration(about: dict[str, str], order: Order | None, zone: str | None) -> dict[str, object]:
    values: dict[str, object] = {"event_action": "registration"}
    flags: set[str] = set()
    rest = dict(about)
    written = rest.pop("Registration Date", None) or rest.pop("Registration Time", None)
    if written:
        moment = read_time(written, order, zone, utc=False)
        values |= moment.columns("Creation Time")
        flags.update(moment.flags)
    if put_address(values, rest.get("Registration IP", ""), flags):
        del rest["Registration IP"]
    return {**values, "parse_flags": sorted(flags) or None, "extra": rest}
