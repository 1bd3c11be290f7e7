"""Google's returns: drift is said aloud, addresses keep to their own line."""

from __future__ import annotations

import pytest

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.registry import find_format, recognise

RETURN = "platform/google_return"
ACCESS = "platform/google_takeout_access_log"
TITLES = ["Timestamp", "IP Address", "Activity Type", "Raw User Agents"]
ROWS = [["2026-01-02 03:04:05 Z", "192.0.2.1", "Login", ""], ["2026-01-02 03:05:05 Z", "192.0.2.2", "Logout", ""]]


def read(format_id: str, text: str) -> list[Item]:
    return list(find_format(format_id).parse(Source(memoryview(text.encode()))))


def events(format_id: str, text: str) -> list[Event]:
    return [item for item in read(format_id, text) if isinstance(item, Event)]


def reasons(format_id: str, text: str) -> list[str]:
    return [item.reason for item in read(format_id, text) if isinstance(item, Reject)]


def page(titles: list[str], rows: list[list[str]], header: str = "th") -> str:
    line = lambda cells, tag: "<tr>" + "".join(f"<{tag}>{c}</{tag}>" for c in cells) + "</tr>"  # noqa: E731
    return f"<html><table>{line(titles, header)}{''.join(line(row, 'td') for row in rows)}</table></html>"


def pairs(found: list[Event]) -> list[tuple[object, object]]:
    return [(event.values["timestamp_raw"], event.values["source_ip"]) for event in found]


def verdict(text: str) -> str | None:
    data = text.encode()
    return recognise(Sample(data[:65536], b"", b"", len(data))).format_id


WANTED = [("2026-01-02 03:04:05 Z", "192.0.2.1"), ("2026-01-02 03:05:05 Z", "192.0.2.2")]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]])
def test_columns_in_any_order_give_the_same_pairs(order: list[int]) -> None:
    text = page([TITLES[i] for i in order], [[row[i] for i in order] for row in ROWS])
    assert pairs(events(RETURN, text)) == WANTED
    assert verdict(text) == RETURN


def test_an_added_column_is_named_and_the_rest_is_read() -> None:
    text = page([*TITLES, "Trust Score"], [[*row, "7"] for row in ROWS])
    assert pairs(events(RETURN, text)) == WANTED
    assert reasons(RETURN, text) == ["1 columns are not known; their cells are kept as written: 'Trust Score'"]
    assert events(RETURN, text)[0].values["extra"] == {"Trust Score": "7"}


def test_a_table_without_its_address_column_is_refused() -> None:
    text = page(["Timestamp", "Activity Type"], [["2026-01-02 03:04:05 Z", "Login"]])
    assert reasons(RETURN, text) == ["no known header stands above this row"] * 2


def test_a_row_with_a_missing_cell_is_refused_and_not_shifted() -> None:
    text = page(TITLES, [["192.0.2.9", "Login", ""], ROWS[1]])
    assert pairs(events(RETURN, text)) == WANTED[1:]
    assert reasons(RETURN, text) == ["the row has 3 cells where its header has 4"]


def test_merged_cells_and_text_between_cells_are_refused() -> None:
    text = page(TITLES, [ROWS[0]]).replace("<td>Login", "<td rowspan='2'>Login")
    assert reasons(RETURN, text) == ["the row has merged cells"]
    text = page(TITLES, [ROWS[0]]).replace("</td><td>Login", "</td>stray<td>Login")
    assert reasons(RETURN, text) == ["text stands between the cells of the row"]


def test_a_header_written_with_plain_cells_is_a_header() -> None:
    assert pairs(events(RETURN, page(TITLES, ROWS, header="td"))) == WANTED


def test_the_next_table_does_not_inherit_the_header_of_the_one_before() -> None:
    text = page(TITLES, ROWS).replace("</html>", "<table><tr><td>a</td><td>b</td><td>c</td><td>d</td></tr></table>")
    assert reasons(RETURN, text) == ["no known header stands above this row"]


def test_the_address_of_the_terms_never_takes_the_time_of_another_line() -> None:
    lines = "<li>Google Account ID: 12345678</li><li>Created on: 2020-01-01 00:00:00 UTC</li>"
    terms = events(RETURN, f"<ul>{lines}<li>Terms of Service IP: 192.0.2.77</li></ul>")[-1]
    assert terms.values["source_ip"] == "192.0.2.77"
    assert terms.values["account_id"] == "12345678"
    assert "timestamp" not in terms.values


def test_labels_in_another_language_are_refused_by_name() -> None:
    assert reasons(RETURN, "<ul><li>Erstellt am: 2020-01-01 00:00:00 UTC</li></ul>") == [
        "the label 'Erstellt am' is not known"
    ]


def test_two_account_ids_on_one_page_give_none() -> None:
    text = "<li>Google Account ID: 12345678</li><li>Google Account ID: 87654321</li><li>Name: Robin</li>"
    assert [event.values["account_id"] for event in events(RETURN, text)] == [None, None, None]


def test_a_script_that_never_ends_hides_nothing() -> None:
    assert reasons(RETURN, "<html><script>Name: Robin") == ["the text belongs to no known label"]


def test_the_access_log_is_known_with_titles_in_any_order_delimiter_and_spelling() -> None:
    text = "Activity Timestamp;Product Name;Proxiedhost IP Address;IP Address;Gaia ID\n"
    text += "2026-03-11 02:49:39 UTC;Gmail;198.51.100.4;203.0.113.5;77\n"
    (event,) = events(ACCESS, text)
    assert verdict(text) == ACCESS
    assert event.values["source_ip"] == "203.0.113.5"
    assert event.values["claimed_ips"] == ["198.51.100.4"]
    assert event.values["account_id"] == "77"


def test_the_access_log_as_html_table_is_read_by_the_same_titles() -> None:
    titles = ["Activity Timestamp", "IP Address", "Product Name"]
    text = page(titles, [["2026-03-11 02:49:39 UTC", "203.0.113.5", "Gmail"]])
    assert pairs(events(RETURN, text)) == [("2026-03-11 02:49:39 UTC", "203.0.113.5")]


def test_rows_of_non_routable_addresses_are_kept() -> None:
    text = "Gaia ID,Activity Timestamp,IP Address,Is Non-routable IP Address,Product Name\n"
    (event,) = events(ACCESS, text + "77,2026-03-11 02:49:39 UTC,10.0.0.5,true,Gmail\n")
    assert event.values["source_ip"] == "10.0.0.5"


def test_a_title_that_comes_twice_counts_once_and_is_named() -> None:
    text = "Gaia ID,Activity Timestamp,IP Address,Product Name,IP Address\n"
    text += "77,2026-03-11 02:49:39 UTC,192.0.2.1,Gmail,192.0.2.2\n"
    assert pairs(events(ACCESS, text)) == [("2026-03-11 02:49:39 UTC", "192.0.2.1")]
    assert reasons(ACCESS, text) == ["1 columns are not known; their cells are kept as written: 'IP Address'"]


def test_a_second_part_with_its_own_header_is_read_by_that_header() -> None:
    first = "Gaia ID,Activity Timestamp,IP Address,Product Name\n77,2026-01-02 03:04:05 Z,192.0.2.1,Gmail\n"
    second = "IP Address,Product Name,Activity Timestamp\n192.0.2.2,Gmail,2026-01-02 03:05:05 Z\n"
    assert pairs(events(ACCESS, first + second)) == WANTED


def test_a_header_row_of_another_table_ends_the_one_before() -> None:
    other = "<tr><th>Device</th><th>Owner</th><th>Shop</th><th>Colour</th></tr>"
    other += "<tr><td>a</td><td>b</td><td>c</td><td>d</td></tr>"
    text = page(TITLES, ROWS).replace("</table>", other + "</table>")
    assert pairs(events(RETURN, text)) == WANTED
    assert reasons(RETURN, text) == ["no known header stands above this row"] * 2


def test_rows_under_an_unknown_header_in_a_table_of_text_are_refused() -> None:
    text = "Gaia ID,Activity Timestamp,IP Address,Product Name\n77,2026-01-02 03:04:05 Z,192.0.2.1,Gmail\n"
    text += "Shop,Owner,Colour,Price\n77,Robin,red,5\n"
    assert len(events(ACCESS, text)) == 1
    assert (
        reasons(ACCESS, text) == ["neither the time nor the address can be read where the header says they stand"] * 2
    )


def test_an_empty_account_id_is_not_filled_from_the_next_line() -> None:
    text = "<ul><li>Google Account ID:</li><li>Recovery SMS: 34600000001</li><li>Name: Robin</li></ul>"
    assert [event.values["account_id"] for event in events(RETURN, text)] == [None, None]


def test_a_display_name_cannot_state_the_account_id() -> None:
    text = "<ul><li>Name: Google Account ID: 99999999</li><li>Status: Enabled</li></ul>"
    assert [event.values["account_id"] for event in events(RETURN, text)] == [None, None]


def test_a_statement_of_no_records_carries_its_scope_and_period() -> None:
    text = "Originating Identifier: wren@example.com\nResolved Identifier: 77\nService: Voice\nResource: Calls\n"
    text += "Start of date range: 2023-01-01\nEnd of date range: 2023-02-01\n\nNo responsive records.\n"
    (event,) = events("platform/google_return_summary", text)
    assert event.event_type == "provider_negative"
    assert event.values["extra"] == {
        "originating_identifier": "wren@example.com",
        "resolved_identifier": "77",
        "service": "Voice",
        "resource": "Calls",
        "period_start": "2023-01-01",
        "period_end": "2023-02-01",
        "notes": ["No responsive records."],
    }


def test_a_condition_that_mentions_no_records_is_no_statement() -> None:
    text = "Resolved Identifier: 77\nService: Mail\nResource: All\nIf no records are listed, ask again.\n"
    assert [event.event_type for event in events("platform/google_return_summary", text)] == ["account_profile"]


def test_a_message_that_quotes_a_page_is_not_a_page() -> None:
    assert verdict("Subject: hello\n\n" + page(TITLES, ROWS)) != RETURN
