"""Tables of Kik's return: content, logs of messages sent and received, binds, relations, groups.

Accounts are named by addresses such as ``name_abc@talk.kik.com`` throughout; they are taken as logins, as written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.platform_exports._titled_rows import Draft, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["TABLES"]

_PAIR = {"userjid": "sender", "frienduserjid": "recipients", "ts": "time", "ip": "ip", "port": "port"}
_RELATION = {"userjid": "account_login", "ts": "time", "ip": "ip", "port": "port"}


def _kept(*keys: str) -> dict[str, str]:
    return dict.fromkeys(keys, "kept")


def _content(draft: Draft, _cells: Mapping[str, str]) -> Iterable[Draft]:
    """Stored content is text or a file."""
    kind = "text" if draft.text is not None else "media" if draft.values.get("attachment_names") else None
    return (draft._replace(values=draft.values | {"message_type": kind}),)


def _group(draft: Draft, cells: Mapping[str, str]) -> Iterator[Draft]:
    """A message to a group; the address at which it was received is the receiver's own, in an event of its own."""
    yield draft
    written, receiver = cells.get("receiveip", ""), cells.get("receiver")
    address = parse_address(written)
    if not receiver or address is None:
        return
    timed = {k: v for k, v in draft.values.items() if k.startswith("time") or k == "tz_basis"}
    own: dict[str, object] = {
        "account_platform": "kik",
        "account_login": receiver,
        "event_action": "group_message_received",
        "thread_id": draft.values.get("thread_id"),
        "source_ip": address.ip,
        "source_port": address.port,
        "parse_flags": ["v4_mapped"] if address.v4_mapped else None,
    }
    yield Draft("activity", timed | own)


TABLES: tuple[Table, ...] = (
    Table(
        event_type="message",
        action="stored_content",
        desc="Sent Time",
        required=frozenset({"contentid", "senderid", "receiverid"}),
        fields={
            "id": "message_id",
            "senderid": "sender",
            "receiverid": "recipients",
            "message": "text",
            "filename": "attachment",
            "parentid": "in_reply_to",
            "ip": "ip",
            "port": "port",
            "sentatts": "time",
            "sentat": "time",
            **_kept("contentid", "appname"),
        },
        finish=_content,
    ),
    Table(
        event_type="message",
        action="message_logged",
        desc="Sent Time",
        required=frozenset({"userjid", "frienduserjid", "words"}),
        fields={**_PAIR, **_kept("words")},
    ),
    Table(
        event_type="message",
        action="media_logged",
        desc="Sent Time",
        required=frozenset({"userjid", "frienduserjid", "cid"}),
        fields={**_PAIR, **_kept("appname", "cid")},
    ),
    Table(
        event_type="message",
        action="group_message_logged",
        desc="Recorded Time",
        required=frozenset({"sender", "receiver", "groupjid"}),
        fields={
            "sender": "sender",
            "receiver": "recipients",
            "groupjid": "thread_id",
            "senderip": "ip",
            "epoch": "time",
            **_kept("receiveip", "senderdevicetype", "receiverdevicetype", "appname", "cid", "words"),
        },
        finish=_group,
    ),
    Table(
        event_type="session",
        action="bind",
        desc="Bind Time",
        required=frozenset({"userjid", "ip", "port", "device"}),
        fields={**_RELATION, **_kept("device")},
    ),
    Table(
        event_type="block",
        action="blocked",
        desc="Block Time",
        required=frozenset({"userjid", "blockeduserjid"}),
        fields={**_RELATION, "blockeduserjid": "target_account_login"},
    ),
    Table(
        event_type="relationship",
        action="listed",
        desc="Recorded Time",
        required=frozenset({"userjid", "frienduserjid", "ts"}),
        fields={**_RELATION, "frienduserjid": "target_account_login"},
        weak=True,
    ),
    Table(
        event_type="thread",
        action="group",
        desc="Recorded Time",
        required=frozenset({"groupjid", "groupname"}),
        fields={"groupjid": "thread_id", **_kept("groupname", "groupcode", "hashtag", "ispublic")},
        weak=True,
    ),
)
