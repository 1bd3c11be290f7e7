"""Windows events: what is isolated from what, and what may be said of a logon."""

from __future__ import annotations

import random

import pytest

from parsers.registry import find_format, recognise, sample_of
from parsers.windows_logs._event_fields import WindowsEvent, columns_of
from tests.conformance.fixtures import ROOT, read_all

EVTX, XML = find_format("windows_log/evtx_logons"), find_format("windows_log/event_xml")
LOG = (ROOT / "windows_log" / "evtx_logons" / "Security.evtx").read_bytes()
CHUNK = 0x10000
SECURITY = "Microsoft-Windows-Security-Auditing"
NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"


def logon(**data: object) -> dict[str, object]:
    event = WindowsEvent(4624, SECURITY, "Security", "PC", 1, "2026-03-01T10:00:00Z", 1, None, None, dict(data))
    return columns_of(event)[1]


def test_every_record_cites_its_own_bytes() -> None:
    events, _, _ = read_all(EVTX, LOG)
    assert all(LOG[e["span_start"] : e["span_start"] + 4] == b"**\0\0" for e in events)
    assert all(
        int.from_bytes(LOG[e["span_end"] - 4 : e["span_end"]], "little") == e["span_end"] - e["span_start"]
        for e in events
    )


def test_a_chunk_cut_out_of_a_log_is_read_by_itself() -> None:
    chunk = LOG[0x1000 : 0x1000 + CHUNK]
    assert recognise(sample_of(memoryview(chunk))).format_id == "windows_log/evtx_logons"
    events, rejects, _ = read_all(EVTX, chunk)
    assert (len(events), rejects) == (20, [])


def test_damage_in_one_chunk_leaves_the_others_as_they_are() -> None:
    whole, _, _ = read_all(EVTX, LOG)
    keep = [
        {k: v for k, v in e.items() if k not in {"event_id", "exhibit_sha256"}}
        for e in whole
        if e["span_start"] >= 0x1000 + CHUNK
    ]
    for seed in range(40):
        rng = random.Random(seed)
        damaged = bytearray(LOG)
        for _ in range(20):
            damaged[rng.randrange(0x1000, 0x1000 + CHUNK)] = rng.randrange(256)
        events, _, total = read_all(EVTX, bytes(damaged))
        got = [
            {k: v for k, v in e.items() if k not in {"event_id", "exhibit_sha256"}}
            for e in events
            if e["span_start"] >= 0x1000 + CHUNK
        ]
        assert got == keep
        assert total.bytes_parsed + total.bytes_rejected + total.bytes_skipped == len(LOG)


def test_a_record_left_over_in_unused_space_is_reported_not_read() -> None:
    log = bytearray(LOG[: 0x1000 + CHUNK])
    record = LOG[0x1000 + 512 : 0x1000 + 512 + int.from_bytes(LOG[0x1000 + 516 : 0x1000 + 520], "little")]
    at = 0x1000 + CHUNK - 4096
    log[at : at + len(record)] = record
    events, rejects, _ = read_all(EVTX, bytes(log))
    assert (len(events), [(r["kind"], r["span_start"]) for r in rejects]) == (20, [("unread", at)])


@pytest.mark.parametrize(
    ("written", "address", "flags"),
    [
        ("192.0.2.1", "192.0.2.1", None),
        ("::ffff:192.0.2.1", "192.0.2.1", ["v4_mapped"]),
        ("fe80::1%12", "fe80::1", None),
        ("-", None, None),
        ("LOCAL", None, None),
        ("pc-7", None, ["invalid_address"]),
    ],
)
def test_the_network_address_of_a_logon_is_read_or_left_in_the_data(
    written: str, address: str | None, flags: list[str] | None
) -> None:
    values = logon(IpAddress=written)
    assert (values.get("source_ip"), values.get("parse_flags")) == (address, flags)


def test_a_failed_logon_has_no_account_id_since_windows_writes_none() -> None:
    event = WindowsEvent(
        4625, SECURITY, "Security", "PC", 1, None, 1, None, None, {"TargetUserSid": "S-1-0-0", "TargetUserName": "x"}
    )
    event_type, values = columns_of(event)
    assert (event_type, values["event_outcome"], values["account_login"], "account_id" in values) == (
        "authentication",
        "failure",
        "x",
        False,
    )


def test_the_same_number_of_another_provider_means_nothing() -> None:
    event = WindowsEvent(4624, "Other", "Application", "PC", 1, None, 1, None, None, {"TargetUserName": "x"})
    assert columns_of(event)[0] == "log_message"


def test_an_entity_declared_above_the_events_is_never_expanded() -> None:
    data = (
        f"<!DOCTYPE Events [<!ENTITY a 'bomb'>]><Events><Event xmlns='{NAMESPACE}'><System><Provider Name='&a;'/>"
        "</System></Event></Events>"
    ).encode()
    events, rejects, _ = read_all(XML, data)
    assert (events, [r["kind"] for r in rejects]) == ([], ["malformed", "malformed"])
