"""The event columns: name, type, meaning, and the standard each name comes from.

One name, one type, everywhere. Names are ECS field names in snake_case where ECS has one; STIX SCO, UCO/CASE or
Plaso's `timestamp_desc` otherwise; "ours" where no standard has the notion. Nulls are free and never "" or "-".
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

__all__ = [
    "COLUMNS",
    "EVENTS",
    "EVENT_TYPES",
    "IDENTIFIER_TYPES",
    "PARSE_FLAGS",
    "REJECTS",
    "TEXTS",
    "TIME_BASES",
    "Column",
    "column_type",
]

_TEXT = pa.string()
_WORD = pa.dictionary(pa.int32(), pa.string())
_TIME = pa.timestamp("us", tz="UTC")
_WORDS = pa.list_(pa.string())
_IDENTIFIER = pa.struct([("type", _TEXT), ("value", _TEXT), ("raw", _TEXT)])
_HOP = pa.struct(
    [
        ("index", pa.int32()),  # 0 is the newest (top-most) Received field
        ("ip", _TEXT),
        ("port", pa.int32()),
        ("rdns", _TEXT),
        ("helo", _TEXT),
        ("by", _TEXT),
        ("with", _TEXT),
        ("id", _TEXT),
        ("for", _TEXT),
        ("envelope_from", _TEXT),
        ("auth", _TEXT),
        ("tls", _TEXT),
        ("time", _TIME),
        ("time_raw", _TEXT),
        ("attested", pa.bool_()),
        ("span_start", pa.int64()),
        ("span_end", pa.int64()),
        ("raw", _TEXT),
    ]
)
_HEADER = pa.struct([("name", _TEXT), ("value", _TEXT), ("span_start", pa.int64()), ("span_end", pa.int64())])


class Column(NamedTuple):
    """One event column."""

    name: str
    type: pa.DataType
    meaning: str
    twin: str


COLUMNS: tuple[Column, ...] = (
    # provenance: filled by the framework
    Column("event_id", _TEXT, "stream id, first byte, ordinal: where the record is, as a name", "ours"),
    Column("exhibit_sha256", _WORD, "digest of the exhibit as received", "CASE hash / ECS file.hash.sha256"),
    Column("member_path", _WORD, "names inside nested archives, joined by ' > '; empty for the exhibit itself", "ours"),
    Column("format_id", _WORD, "which format read it", "ours"),
    Column("format_version", pa.int32(), "version of that format's reading", "ours"),
    Column("span_start", pa.int64(), "first byte of the record in the member's stream", "CASE dataRangeOffset"),
    Column("span_end", pa.int64(), "one past its last byte", "CASE dataRangeOffset + dataRangeSize"),
    Column("locator", _TEXT, "line, JSON pointer, row or page, for people", "ours"),
    Column("tier", _WORD, "how far the reading is proven", "ours"),
    Column("recovered_status", _WORD, "null for live records; else how a deleted record was found", "ours"),
    # time
    Column("timestamp", _TIME, "best reading of when, UTC; null when unknown or ambiguous", "ECS @timestamp"),
    Column("timestamp_end", _TIME, "end of an interval record", "ECS event.end"),
    Column("timestamp_raw", _TEXT, "the time as written", "ours"),
    Column("timestamp_desc", _WORD, "what the time is the time of", "Plaso timestamp_desc"),
    Column("tz_basis", _WORD, "how zone (and year) are known: see TIME_BASES", "ours"),
    Column("time_precision_s", pa.float64(), "smallest step of the written time, seconds", "ours"),
    Column("timestamp_earliest", _TIME, "no earlier than", "ours"),
    Column("timestamp_latest", _TIME, "no later than", "ours"),
    # event
    Column("event_type", _WORD, "kind of event: see EVENT_TYPES", "ECS event.category (narrowed)"),
    Column("event_action", _WORD, "what was done, in the source's sense", "ECS event.action"),
    Column("event_outcome", _WORD, "success, failure or unknown", "ECS event.outcome"),
    # network
    Column("source_ip", _TEXT, "peer address, canonical text form", "ECS source.ip / STIX ipv4-addr, ipv6-addr"),
    Column("source_port", pa.int32(), "peer port, when the evidence has it", "ECS source.port (RFC 6302)"),
    Column("destination_ip", _TEXT, "", "ECS destination.ip"),
    Column("destination_port", pa.int32(), "", "ECS destination.port"),
    Column("claimed_ips", _WORDS, "addresses stated by the client or a proxy, in the order written", "ours"),
    Column("host_name", _WORD, "host that wrote the record", "ECS host.name"),
    Column("network_protocol", _WORD, "application protocol", "ECS network.protocol"),
    Column("process_name", _WORD, "program that wrote the record", "ECS process.name"),
    Column("process_pid", pa.int64(), "", "ECS process.pid"),
    # web
    Column("url_domain", _WORD, "virtual host asked for", "ECS url.domain"),
    Column("http_request_method", _WORD, "", "ECS http.request.method"),
    Column("url_original", _TEXT, "request target as written", "ECS url.original"),
    Column("http_version", _WORD, "", "ECS http.version"),
    Column("http_response_status_code", pa.int32(), "", "ECS http.response.status_code"),
    Column("http_response_bytes", pa.int64(), "", "ECS http.response.bytes"),
    Column("http_request_referrer", _TEXT, "", "ECS http.request.referrer"),
    Column("user_agent_original", _TEXT, "", "ECS user_agent.original"),
    # account
    Column("account_platform", _WORD, "service the account belongs to", "UCO DigitalAccountFacet"),
    Column("account_id", _TEXT, "the service's own stable id", "UCO accountIdentifier"),
    Column("account_login", _TEXT, "login or user name", "UCO accountLogin / ECS user.name"),
    Column("account_display_name", _TEXT, "name shown to others; changeable", "UCO displayName / ECS user.full_name"),
    Column("target_account_id", _TEXT, "account acted upon", "ECS user.target.id"),
    Column("target_account_login", _TEXT, "account acted upon", "ECS user.target.name"),
    Column("session_id", _TEXT, "", "ECS (none) / ours"),
    Column("device_id", _TEXT, "device or install id", "ECS device.id"),
    Column("device_id_type", _WORD, "what kind of id it is", "ours"),
    Column("identifiers", pa.list_(_IDENTIFIER), "identifiers the record ties to the account", "ours"),
    # message
    Column("message_id", _TEXT, "the service's id, or RFC 5322 Message-ID", "UCO messageID / STIX message_id"),
    Column("thread_id", _TEXT, "", "UCO MessageThread"),
    Column("in_reply_to", _TEXT, "", "RFC 5322 In-Reply-To"),
    Column("sender", _TEXT, "sender as the record names it", "UCO from"),
    Column("recipients", _WORDS, "recipients as the record names them", "UCO to"),
    Column("message_type", _WORD, "text, media, call, system ...", "UCO messageType"),
    Column("text_id", _TEXT, "row of the table texts", "ours"),
    Column("attachment_sha256s", _WORDS, "digests of attachments whose bytes are in the exhibit", "CASE hash"),
    Column("attachment_names", _WORDS, "attachment names as written", "ECS email.attachments.file.name"),
    Column("deleted_flag", pa.bool_(), "the record itself marks the message deleted or unsent", "ours"),
    # e-mail
    Column("email_from", _TEXT, "RFC 5322 From address, as written", "ECS email.from.address"),
    Column("email_sender", _TEXT, "RFC 5322 Sender address", "ECS email.sender.address"),
    Column("email_to", _WORDS, "To and Cc addresses", "ECS email.to.address"),
    Column("email_subject", _TEXT, "", "ECS email.subject"),
    Column("email_headers", pa.list_(_HEADER), "every header in order with its bytes; duplicates kept", "ours"),
    Column("hops", pa.list_(_HOP), "Received fields, newest first", "RFC 5321 4.4"),
    Column("attested_ip", _TEXT, "hand-over address: recorded by the last host the case trusts", "ours"),
    Column("boundary_host", _TEXT, "the host that recorded it", "ours"),
    Column("auth_results", _WORDS, "Authentication-Results as written", "RFC 8601"),
    # the rest
    Column("parse_flags", _WORDS, "what the reader had to repair or leave open: see PARSE_FLAGS", "ours"),
    Column("extra", _TEXT, "named values without a column, as a canonical JSON object", "ours"),
)

EVENTS: pa.Schema = pa.schema([(c.name, c.type) for c in COLUMNS])

TEXTS: pa.Schema = pa.schema(
    [("text_id", _TEXT), ("event_id", _TEXT), ("exhibit_sha256", _WORD), ("kind", _WORD), ("text", _TEXT)]
)

REJECTS: pa.Schema = pa.schema(
    [
        ("reject_id", _TEXT),
        ("exhibit_sha256", _WORD),
        ("member_path", _WORD),
        ("format_id", _WORD),
        ("span_start", pa.int64()),
        ("span_end", pa.int64()),
        ("kind", _WORD),
        ("reason", _TEXT),
    ]
)

EVENT_TYPES: dict[str, str] = {
    "http_request": "a web server answered a request",
    "authentication": "a login was tried or made",
    "logout": "a session was ended",
    "session": "a session was recorded as open or active",
    "account_created": "an account was registered",
    "account_profile": "the record states properties of an account",
    "account_change": "a property of an account was changed",
    "message": "a message was sent in a service",
    "email_message": "an e-mail message (RFC 5322)",
    "thread": "the record describes a conversation and its participants",
    "call": "a voice or video call",
    "follow_request": "a follow or friend request",
    "relationship": "follow, unfollow, contact or similar between accounts",
    "block": "an account blocked or muted another",
    "system_notice": "a service's own notice inside a conversation",
    "privilege_use": "a command was run with another user's rights",
    "connection": "a network connection was opened or closed",
    "lease": "an address (and ports) was assigned to a subscriber for an interval",
    "provider_link": "a provider asserts that accounts are linked",
    "provider_negative": "a provider asserts that it holds no such records",
    "audit_action": "a service recorded an action in its audit log, with no finer reading",
    "location": "a position was recorded or inferred",
    "activity": "a service was used: a search, a visit, a view",
    "log_message": "a log line with no finer reading",
    "record": "a row of a mapped table with no finer type",
}

IDENTIFIER_TYPES: dict[str, str] = {
    "email": "e-mail address of or for the account",
    "phone": "telephone number of or for the account",
    "username": "login or handle",
    "device_id": "device or install id",
    "cookie": "browser or machine cookie",
    "ad_id": "advertising id",
    "payment": "payment instrument as the provider names it",
    "recovery_email": "recovery e-mail address",
    "recovery_phone": "recovery telephone number",
    "external_account": "account on another service, as stated",
    "subscriber": "subscriber or contract reference",
    "key_fingerprint": "public key fingerprint",
    "url": "link the account posted",
    "media_sha256": "SHA-256 of a file the account posted",
    "camera_serial": "body serial number in the metadata of a file the account posted",
}

TIME_BASES: dict[str, str] = {
    "in_value": "the written time carries its own zone or offset",
    "epoch": "the value is seconds (or a fraction) since 1970 UTC",
    "format_rule": "the format's documentation fixes the zone",
    "case_setting": "the zone comes from case.toml or --timezone",
    "assumed": "no zone is known: read as UTC, widened by 14 hours both ways",
}

PARSE_FLAGS: dict[str, str] = {
    "lossy_text": "bytes that are not valid UTF-8 are shown as \\xNN",
    "mojibake_repaired": "UTF-8 that had been written as Latin-1 escapes was repaired; the original is in the bytes",
    "escape_repaired": "control characters written as \\xNN, an escape JSON does not have, were read as such",
    "entities_decoded": "character references of HTML in a text were read as the characters they stand for",
    "truncated": "the record is cut short; what is certain is kept",
    "date_order_ambiguous": "day and month cannot be told apart; both readings bound the time",
    "year_inferred": "the written time has no year",
    "year_ambiguous": "the year cannot be decided from the exhibit",
    "dst_fold": "the local time occurs twice; both readings bound the time",
    "dst_gap": "the local time does not exist in the zone",
    "address_is_name": "the peer field holds a host name, not an address",
    "address_list": "the peer field holds a list; nothing in it is attested",
    "v4_mapped": "the address was written as IPv4-mapped IPv6",
    "salvaged": "the line departs from its layout; only what stands before that is read",
    "unsplit_request": "the request line does not have the three parts of RFC 9112",
    "invalid_address": "an address field does not hold an address; it is kept as written in extra",
    "peer_ambiguous": "more than one place of the record looks like the peer address; none is attested",
    "duplicate_header": "a header that must be single occurs more than once",
    "direction_unknown": "the record does not settle who sent it",
    "clock_corrected": "the case states that this clock was wrong; the stated seconds were added",
    "edited": "the record marks the message as edited",
    "attached_copy": "the message came attached to another one; whoever attached it could have written all of it",
    "fields_ambiguous": "a client's text, or a cut, leaves open where a field ends; such fields are not taken",
    "lines_joined": "lines without a stamp of their own follow the entry and were taken for part of it",
    "joined_at_page_break": "a page heading stands inside the record; the parts on both sides were joined",
    "program_unconfirmed": "the program named is not the one that was seen writing; its message is kept as text only",
}


def column_type(name: str) -> pa.DataType:
    """Arrow type of an event column.

    Raises:
        KeyError: there is no such column.
    """
    return EVENTS.field(name).type
