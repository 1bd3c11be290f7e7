"""The journal: what it saw itself, and what a sender wrote."""

# ruff: noqa: E501 - log lines as servers write them

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.server_logs import journald
from tests.conformance.fixtures import read_all

(FORMAT,) = journald.FORMATS
LOGIN = "Accepted password for root from 203.0.113.20 port 22 ssh2"


def read(*entries: object) -> list[dict[str, Any]]:
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    return read_all(FORMAT, text.encode())[0]


def entry(**fields: object) -> dict[str, object]:
    return {"__REALTIME_TIMESTAMP": "1772359200123456", "__CURSOR": "s=1", "_HOSTNAME": "gate", **fields}


def test_the_clock_of_the_journal_is_utc_to_the_microsecond() -> None:
    (row,) = read(entry(MESSAGE="x", _SOURCE_REALTIME_TIMESTAMP="1772359200000000"))
    assert (row["timestamp"], row["tz_basis"]) == ("2026-03-01T10:00:00.123456Z", "epoch")
    assert '"_SOURCE_REALTIME_TIMESTAMP":"1772359200000000"' in row["extra"]


@pytest.mark.parametrize("seen", ["logger", "python3", "systemd-cat", "bash"])
def test_a_login_line_written_by_another_program_is_text_only(seen: str) -> None:
    (row,) = read(entry(SYSLOG_IDENTIFIER="sshd", _COMM=seen, MESSAGE=LOGIN))
    assert (row["event_type"], row["parse_flags"]) == ("log_message", ["program_unconfirmed"])
    assert "source_ip" not in row
    assert row["text"] == LOGIN


@pytest.mark.parametrize("fields", [{"_COMM": "sshd"}, {"_COMM": "sshd-session"}, {}])
def test_a_login_line_of_sshd_is_read(fields: dict[str, str]) -> None:
    (row,) = read(entry(SYSLOG_IDENTIFIER="sshd", MESSAGE=LOGIN, **fields))
    assert (row["event_type"], row["source_ip"], row["account_login"]) == ("authentication", "203.0.113.20", "root")


def test_a_message_that_is_not_utf8_comes_as_bytes() -> None:
    (row,) = read(entry(MESSAGE=[0x63, 0x61, 0x66, 0xE9]))
    assert (row["text"], row["parse_flags"]) == ("caf\\xe9", ["lossy_text"])


@pytest.mark.parametrize("stamp", ["", "x", "-1", "9" * 40, "1e9", None, 12.5, [1], {"a": 1}, "0", "\u0661"])
def test_a_time_that_is_none_leaves_the_entry(stamp: object) -> None:
    (row,) = read(entry(MESSAGE="x") | {"__REALTIME_TIMESTAMP": stamp})
    assert "timestamp" not in row
    assert row["text"] == "x"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)
NAMES = st.sampled_from(["MESSAGE", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM", "_PID", "__REALTIME_TIMESTAMP", "PRIORITY", "X"])


@given(entries=st.lists(st.one_of(JSON, st.dictionaries(NAMES, JSON)), max_size=6))
@settings(max_examples=200, deadline=None)
def test_any_json_line_is_an_event_a_reject_or_a_skip(entries: list[object]) -> None:
    text = "".join(json.dumps(each) + "\n" for each in entries)
    events, rejects, total = read_all(FORMAT, text.encode())
    assert len(events) + len(rejects) + sum(total.skips.values()) == len(entries)
