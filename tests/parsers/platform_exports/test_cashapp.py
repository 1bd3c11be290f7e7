from __future__ import annotations

import io

import openpyxl
import pytest

from parsers.contract import Event, Item, Reject, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._titled_rows import OWN_MEANINGS
from parsers.platform_exports.cashapp_return import BOOK
from parsers.registry import find_format, recognise, sample_of

CASH = find_format("platform/cashapp_return")
TIME = "2026-01-01 10:00:00 UTC"
PAYMENT = {"Date": TIME, "Sender": "C_tern0001", "Recipient": "C_wren0002", "Amount": "0.01", "Note": "answer me"}
WANT = ("C_tern0001", "C_wren0002", 1767261600_000000, "answer me")


def book(*rows: list[str]) -> bytes:
    written, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        written.active.append(row)
    written.save(out)
    return out.getvalue()


def read(*rows: list[str]) -> list[Item]:
    return list(CASH.parse(Source(memoryview(book(*rows)))))


def events(*rows: list[str]) -> list[Event]:
    found = [item for item in read(*rows) if isinstance(item, Event)]
    return [event for event in found if event.event_type != "record"]


def reasons(*rows: list[str]) -> str:
    return " ".join(item.reason for item in read(*rows) if isinstance(item, Reject))


def facts(event: Event) -> tuple[object, ...]:
    return (*(event.values.get(name) for name in ("account_id", "target_account_id", "timestamp")), event.text)


def test_every_declared_title_has_a_meaning() -> None:
    tables = (*BOOK.tables, *BOOK.labels.values())
    assert {meaning for one in tables for meaning in one.fields.values()} <= MEANINGS | OWN_MEANINGS
    assert BOOK.pairs is not None
    assert set(BOOK.pairs.fields.values()) <= MEANINGS | {""}


@pytest.mark.parametrize("shift", range(1, 5))
def test_columns_in_any_order_give_the_same_note(shift: int) -> None:
    names = list(PAYMENT)
    moved = names[shift:] + names[:shift]
    (event,) = events(moved, [PAYMENT[name] for name in moved])
    assert facts(event) == WANT


def test_a_payment_without_a_note_is_no_message() -> None:
    (event,) = events(list(PAYMENT), list({**PAYMENT, "Note": ""}.values()))
    assert (event.event_type, event.values["event_action"], event.text) == ("activity", "payment", None)


def test_a_name_in_the_place_of_a_token_names_no_account() -> None:
    (event,) = events(list(PAYMENT), list({**PAYMENT, "Sender": "Tern Harbour"}.values()))
    assert event.values.get("account_id") is None
    assert event.values.get("account_login") is None
    assert (event.values["sender"], event.values["account_display_name"]) == ("Tern Harbour", "Tern Harbour")


def test_blocks_under_labels_keep_their_own_titles() -> None:
    rows = (["Display Name History"], ["Date", "Display Name"], [TIME, "Tern"])
    more = (["Payment Source History"], ["Card Number", "Date"], ["4000", TIME])
    first, second = events(*rows, [], *more)
    assert (first.values["event_action"], first.values["account_display_name"]) == ("display_name", "Tern")
    assert second.values["event_action"] == "payment_source"
    assert second.values["identifiers"] == [{"type": "payment", "value": "4000", "raw": "4000"}]


@pytest.mark.parametrize("gap", [[], [[]]])
def test_a_block_nobody_knows_is_rejected_row_by_row_and_not_read_as_the_one_before(gap: list[list[str]]) -> None:
    rows = [["Display Name History"], ["Display Name", "Date", "Source"], ["Tern", TIME, "app"], *gap]
    rows += [["Weather History"], ["Sky", "Seen", "Wind"], ["grey", TIME, "9"]]
    (event,) = events(*rows)
    assert event.values["account_display_name"] == "Tern"
    said = reasons(*rows)
    assert said.count("belongs to no table") == 2
    assert "grey" not in said


def test_a_label_with_titles_of_another_kind_gives_nothing() -> None:
    rows = (["Display Name History"], ["Sky", "Wind"], ["grey", "9"])
    assert events(*rows) == []
    assert "belongs to no table" in reasons(*rows) or "names columns" in reasons(*rows)


def test_the_subject_of_the_sheet_is_the_account_of_its_blocks() -> None:
    rows = (["Customer Token", "C_tern0001"], ["Email", "tern@example.org"], [], ["IP Addresses"])
    profile, session = events(*rows, ["Date", "IP Address"], [TIME, "203.0.113.5"])
    assert profile.values["identifiers"] == [{"type": "email", "value": "tern@example.org", "raw": "tern@example.org"}]
    assert (session.values["account_id"], session.values["source_ip"]) == ("C_tern0001", "203.0.113.5")


def test_a_list_of_payments_of_another_service_is_not_claimed() -> None:
    data = book(list(PAYMENT), list(PAYMENT.values()))
    assert recognise(sample_of(memoryview(data))).format_id is None
