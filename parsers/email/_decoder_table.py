"""The decoders of leaked values: what each is consistent with, and how often it was right on published mail.

Every value is the sender's to choose, so each is only *consistent with* something; a decoder without a figure says so.
Mail corpora: a ham and spam collection of 2002-2003 (6,046 messages), a phishing collection of 2022-2025 (7,909).
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ADDRESS_FIELDS", "DECODERS", "PROVIDER_MEANING", "Decoder"]


class Decoder(NamedTuple):
    """What a decoded value is consistent with, and how far that was checked on published mail."""

    suggests: str
    validation: str


DECODERS: dict[str, Decoder] = {
    "message_id_filetime": Decoder(
        "the sending computer's clock (UTC) and its own local IPv4 address when the message was written; an impossible "
        "time is consistent with a program that imitates Outlook",
        "2002-2003 mail: 215 of 218 within 10 minutes of Date, 218 of 218 within a day; spam: 101 of 700 within 10 "
        "minutes",
    ),
    "boundary_time": Decoder(
        "the sending computer's local wall clock; minus the UTC time of Date it is its offset from UTC",
        "2002-2003 mail: 25 of 25 equal to the offset in Date",
    ),
    "thread_index": Decoder(
        "when the conversation began, and an identity shared by all its messages (and by templates of it)",
        "2002-2003 mail: 7 of 7 starts within 15 minutes of the first Date; 35 of 40 last deltas within 10; all "
        "215 starts of replies lie before their Date",
    ),
    "original_arrival_time": Decoder(
        "when a Microsoft server stored the message (UTC)", "310 of 310 readable values equal to the time in words"
    ),
    "gmail_id_time": Decoder(
        "when Google accepted the message, as wall time in its home zone (Pacific)",
        "2022-2025 mail: 289 of 289 within 120 seconds of the hop's time",
    ),
    "message_id_time": Decoder(
        "the clock of the program that named the message, in UTC or in its local time",
        "949 of 1,011 and 509 of 552 within 10 minutes of Date",
    ),
    "stated_address": Decoder(
        "an address that a server wrote into the message; `meaning` says whose: author (the client that wrote it), "
        "submission (the client that handed it in), edge (the server that handed it over), proxy (a list kept by "
        "proxies) or unsettled",
        "the meaning depends on the provider: in 7,682 of 7,779 messages delivered by Outlook.com X-Sender-IP was the "
        "edge address; others are not measured",
    ),
    "php_script": Decoder(
        "a script on a web server sent the message: the script, and the system account it ran as", "not measured"
    ),
    "script_source": Decoder(
        "a program on a shared web host sent the message: its path, arguments and site folder",
        "found in 71 of 7,909 messages of 2022-2025; not checked further",
    ),
    "authenticated_sender": Decoder(
        "the account that logged in to send, as the sending host names it",
        "found in 86 of 7,909 messages of 2022-2025; not checked further",
    ),
    "caller_ids": Decoder("the system account (uid, gid) that handed the message to the host", "not measured"),
    "incoming_count": Decoder(
        "how many header fields, and bytes, Microsoft's edge received: fields beyond these were added inside",
        "not measured",
    ),
}
"""Name -> what it is consistent with, and its published validation."""

ADDRESS_FIELDS: dict[str, str] = {
    "x-originating-ip": "author",
    "x-originating-client-ip": "author",
    "x-yahoo-post-ip": "author",
    "x-aol-ip": "author",
    "x-php-remote-addr": "author",
    "x-source-ip": "submission",
    "x-client-ip": "unsettled",
    "x-remote-ip": "unsettled",
    "x-real-ip": "unsettled",
    "x-sender-ip": "unsettled",
    "x-forwarded-for": "proxy",
    "x-ms-exchange-crosstenant-originalattributedtenantconnectingip": "edge",
}
"""Field -> whose address it holds when no provider is recognised."""

PROVIDER_MEANING: tuple[tuple[str, str, str], ...] = (
    ("x-sender-ip", "x-incomingtopheadermarker", "edge"),
    ("x-sender-ip", "x-sid-pra", "edge"),
    ("x-sender-ip", "x-ms-exchange-organization-scl", "edge"),
    ("x-originating-ip", "x-aol-sid", "author"),
)
"""(field, a field that shows which provider wrote it, meaning there); the first row that fits counts."""
