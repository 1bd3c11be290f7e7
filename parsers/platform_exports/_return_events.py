"""Rows of a return as events: whose account, which address, who wrote to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.contract import Event, Span
from parsers.platform_exports._return_refs import read_ref
from parsers.platform_exports._return_values import draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.kit.htmlleaves import Leaf, Part
    from parsers.platform_exports._return_refs import Envelope, Ref
    from parsers.platform_exports._return_rows import Row
    from parsers.platform_exports._return_spec import Spec
    from parsers.platform_exports._return_values import Draft

__all__ = ["Context", "context_of", "event_of_line", "events_of", "negative_event"]

_LOGIN_WORDS = (("logout", "logout"), ("log_out", "logout"), ("login", "authentication"), ("log_in", "authentication"))
_MOST_RECIPIENTS = 1000


class Context:
    """What a thread or a call says of all rows below it."""

    __slots__ = ("draft", "row")

    def __init__(self, row: Row, draft: Draft) -> None:
        self.row, self.draft = row, draft

    def people(self, role: str) -> tuple[Ref, ...]:
        """Accounts it names in a role."""
        return self.draft.people.get(role, ())


def context_of(row: Row, spec: Spec, platform: str | None) -> Context:
    """Read the row of a thread or call."""
    return Context(row, draft_of(row, spec, platform))


def events_of(row: Row, spec: Spec, envelope: Envelope, context: Context | None, locator: str) -> Iterator[Event]:
    """The event of a row, and after it the links between accounts that the row states."""
    platform = spec.platform or envelope.platform
    draft = draft_of(row, spec, platform)
    if spec.layout in {"messages", "calls"} or "sender" in draft.people:
        _conversation(draft, context, is_context=row.is_context)
    else:
        draft.values = {**_owner(envelope), **_known(draft.values)}
        if "members" in draft.people:
            _members(draft)
    kind = _kind(draft, spec, is_context=row.is_context)
    yield _event(row.start, row.end, kind, locator, draft)
    for ref in draft.people.get("linked", ()):
        if (ref.id, ref.login) != (envelope.account.id, envelope.account.login):
            yield _link(row, ref, envelope, spec, locator)


def _known(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _owner(envelope: Envelope) -> dict[str, object]:
    return _known(envelope.account.columns())


def _kind(draft: Draft, spec: Spec, *, is_context: bool) -> str:
    if is_context:
        return "thread" if spec.layout == "messages" else "call"
    if spec.layout == "messages":
        return _message_kind(draft)
    action = str(draft.values.get("event_action") or "")
    if spec.event_type == "session":
        return next((kind for word, kind in _LOGIN_WORDS if word in action), "session")
    return spec.event_type


def _message_kind(draft: Draft) -> str:
    """A call or a notice is one by the part of the message that describes it, never by the words of its text."""
    parts = {key.partition(" / ")[0] for key in draft.extra}
    tests = {
        "call": "call record" in parts,
        "system": "subscription event" in parts,
        "unsent": draft.values.get("deleted_flag") is True,
        "share": "share" in parts,
        "media": bool(draft.names) or "attachments" in parts,
        "text": draft.text is not None,
    }
    found = next((name for name, true in tests.items() if true), None)
    draft.values.setdefault("message_type", found)
    return {"call": "call", "system": "system_notice"}.get(found or "", "message")


def _event(start: int, end: int, kind: str, locator: str, draft: Draft) -> Event:
    spec = draft.spec
    values: dict[str, object] = {
        "account_platform": draft.platform,
        "event_action": spec.action,
        **draft.values,
        "attachment_names": list(dict.fromkeys(draft.names)) or None,
        "identifiers": draft.identifiers or None,
        "parse_flags": sorted(draft.flags) or None,
        "extra": draft.extra or None,
    }
    if spec.layout == "messages":
        values["event_action"] = draft.values.get("event_action")
    return Event(Span(start, end), locator, kind, values, draft.text)


def _conversation(draft: Draft, context: Context | None, *, is_context: bool) -> None:
    """Sender and recipients of a message, members of a thread; who is who is decided by ids."""
    inherited = context.draft.values if context else {}
    if "thread_id" in inherited:
        draft.values.setdefault("thread_id", inherited["thread_id"])
    if is_context:
        _members(draft)
        return
    senders = draft.people.get("sender", ())
    sender = senders[0] if len(senders) == 1 else None
    named = sender is not None and bool(sender.id or sender.login or sender.shown)
    if sender is None or not named:
        draft.flags.add("direction_unknown")
    if sender:
        draft.values |= {**_known(sender.columns()), "sender": sender.raw}
        draft.platform = sender.platform or draft.platform
        if draft.platform == "whatsapp" and sender.id:
            draft.identify("phone", sender.id, sender.raw)
    others = draft.people.get("recipients") or (context.people("members") if context else ())
    _recipients(draft, sender if named else None, others)


def _members(draft: Draft) -> None:
    if creators := draft.people.get("sender"):
        draft.values |= {**_known(creators[0].columns()), "sender": creators[0].raw}
    draft.values["recipients"] = [ref.raw for ref in draft.people.get("members", ())[:_MOST_RECIPIENTS]] or None
    if former := draft.people.get("former"):
        draft.extra["past participants"] = [ref.raw for ref in former[:_MOST_RECIPIENTS]]


def _recipients(draft: Draft, sender: Ref | None, others: tuple[Ref, ...]) -> None:
    rest = [ref for ref in others if not _same(ref, sender)]
    if not rest or len(rest) > _MOST_RECIPIENTS:
        return
    draft.values["recipients"] = [ref.raw for ref in rest]
    if len(rest) == 1 and sender:
        draft.values |= _known(rest[0].columns(target=True))


def _same(ref: Ref, sender: Ref | None) -> bool:
    if sender is None:
        return False
    if ref.id or sender.id:
        return ref.id == sender.id
    return ref.raw == sender.raw


def _link(row: Row, ref: Ref, envelope: Envelope, spec: Spec, locator: str) -> Event:
    """An account the provider states together with the return's own."""
    values = {
        **_owner(envelope),
        "account_platform": ref.platform or envelope.platform,
        "event_action": f"linked_by_{spec.action}",
        **_known(ref.columns(target=True)),
        "extra": {"stated": ref.raw},
    }
    return Event(Span(row.start, row.end), locator, "provider_link", values)


def event_of_line(part: Part, end: int, spec: Spec, envelope: Envelope, locator: str, action: str | None) -> Event:
    """One line of a list of accounts."""
    platform = spec.platform or envelope.platform
    ref = read_ref(part.text, platform)
    own, other = envelope.account, ref
    actor, target = (other, own) if spec.role == "actor" else (own, other)
    values: dict[str, object] = {
        "account_platform": ref.platform or platform,
        **_known(actor.columns()),
        **_known(target.columns(target=True)),
        "event_action": action or spec.action,
        "parse_flags": ["lossy_text"] if part.lossy else None,
        "extra": {"stated": part.text} if part.text not in {ref.login, ref.id} else None,
    }
    if spec.role == "actor" and ref.id is None and ref.login is None:
        values["account_display_name"] = ref.shown
    return Event(Span(part.start, end), locator, spec.event_type, values)


def negative_event(leaf: Leaf, envelope: Envelope, section: str, platform: str | None, end: int) -> Event:
    """What the provider says it does not hold; not that nothing happened."""
    values: dict[str, object] = {
        **_owner(envelope),
        "account_platform": platform or envelope.platform,
        "event_action": "no_responsive_records",
        "extra": {"scope": section, "period": envelope.period, "statement": leaf.value},
    }
    return Event(Span(leaf.start, end), section, "provider_negative", values)
