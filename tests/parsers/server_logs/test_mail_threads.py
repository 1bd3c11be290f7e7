"""Joining lines of one message keeps its memory within bounds and its names apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.server_logs import _mail_threads
from parsers.server_logs._mail_threads import Threads
from parsers.server_logs._syslog_rules import Reading

if TYPE_CHECKING:
    import pytest


def line(threads: Threads, queue: str, role: str = "", number: int = 1, **values: object) -> Reading:
    return threads.join(Reading("log_message", dict(values), {}, queue=queue, role=role), "mx", number)


def name(reading: Reading) -> object:
    return reading.values["thread_id"]


def test_a_line_without_queue_id_passes_unchanged() -> None:
    reading = Reading("log_message", {}, {})
    assert Threads().join(reading, "mx", 1) is reading


def test_deferred_messages_keep_their_facts_until_they_leave() -> None:
    threads = Threads()
    line(threads, "A1", "open", source_ip="198.51.100.1")
    for number in range(2, 5):
        assert line(threads, "A1", "deliver", number).values["source_ip"] == "198.51.100.1"
    line(threads, "A1", "close")
    assert name(line(threads, "A1", "start")) == "mx/A1#2"


def test_what_a_delivery_states_itself_wins_over_what_was_joined() -> None:
    threads = Threads()
    line(threads, "A1", "open", sender="a@example.org")
    assert line(threads, "A1", "deliver", sender="b@example.org").values["sender"] == "b@example.org"


def test_exim_ids_need_no_number() -> None:
    assert name(line(Threads(), "1uAbCd-0001Ef-2G", "open")) == "mx/1uAbCd-0001Ef-2G"


def test_messages_beyond_the_bound_lose_their_facts_but_not_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mail_threads, "_LIVE", 2)
    threads = Threads()
    for queue in ("A1", "A2", "A3"):
        line(threads, queue, "open", source_ip="198.51.100.1")
    late = line(threads, "A1", "deliver")
    assert (name(late), "source_ip" in late.values) == ("mx/A1#1", False)


def test_a_forgotten_id_is_never_given_the_number_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mail_threads, "_REMEMBERED", 2)
    monkeypatch.setattr(_mail_threads, "_LEFT", 0)
    threads = Threads()
    for queue in ("A1", "A2", "A3"):
        line(threads, queue, "open")
        line(threads, queue, "close")
    assert name(line(threads, "A1", "open")) == "mx/A1#2"
