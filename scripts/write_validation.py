"""Writes VALIDATION.md: what every format reads of its fixtures, and which tests hold which promise.

Run it after adding a format or a fixture: ``python scripts/write_validation.py``. Everything in the page comes from
``sample_data/formats`` and from the table below, so the same checkout gives the same page; it holds no timings.
"""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from parsers.reader import Accounting  # noqa: E402
from parsers.registry import all_formats, recognise, sample_of  # noqa: E402
from tests.conformance.fixtures import DERIVED, PROVENANCE, fixtures, read_all, settings_for  # noqa: E402
from tests.conformance.test_formats import golden  # noqa: E402

PAGE = ROOT / "VALIDATION.md"

FORMATS = "tests/conformance/test_formats.py"
WEB = "tests/parsers/server_logs"
MAIL = "tests/parsers/email"
FRONT = "tests/attribution/test_front_door.py"
PLATFORM = "tests/parsers/platform_exports"
REQUIREMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Bad input to linking (clocks, zones, cut exports, recycled numbers, taken accounts) is met as stated before",
        ("tests/attribution/test_scenarios.py::test_bad_input_leads_to_what_was_expected_of_it",),
    ),
    (
        "Placeholders, private addresses, surnames and account numbers tie nobody",
        (
            "tests/pipeline/link/test_hostile_values.py::test_a_value_that_stands_for_none_identifies_nothing",
            "tests/pipeline/link/test_hostile_values.py::test_a_private_address_is_another_network_at_every_service",
            "tests/pipeline/link/test_hostile_values.py::test_a_common_surname_says_little_of_people_who_live_together",
            "tests/pipeline/link/test_hostile_values.py::test_an_account_number_is_no_user_name",
        ),
    ),
    (
        "The published figures belong to the shipped weights, and files through the whole pipeline give the same links",
        (
            "tests/attribution/test_card.py::test_the_published_figures_were_computed_with_the_shipped_weights",
            f"{FRONT}::test_the_whole_pipeline_gives_the_numbers_of_the_world_weighed_in_memory",
        ),
    ),
    (
        "Nothing is lost: bytes parsed, rejected and skipped by a named rule add up to the bytes in",
        (
            f"{FORMATS}::test_bytes_in_are_parsed_rejected_or_skipped",
            f"{FORMATS}::test_mutated_input_never_raises_and_bytes_still_add_up",
            "tests/parsers/test_reader.py::test_forgotten_bytes_become_rejects_and_everything_adds_up",
            "tests/e2e/test_harbour_lane.py::test_every_byte_of_every_exhibit_is_accounted_for",
        ),
    ),
    (
        "Every field of every fixture equals a golden that was written without the parsers, in three time zones",
        (f"{FORMATS}::test_a_fixture_reads_as_its_golden_in_any_time_zone",),
    ),
    (
        "A file is recognised by its content, as one format alone",
        (
            f"{FORMATS}::test_a_fixture_is_recognised_as_its_own_format_alone",
            f"{WEB}/test_syslog.py::test_a_mixed_file_is_claimed_by_one_format_only",
        ),
    ),
    (
        "The fast reader of a format gives the rows of its plain reader",
        (
            f"{FORMATS}::test_the_block_parser_reads_what_the_row_parser_reads",
            f"{FORMATS}::test_mutated_input_reads_the_same_by_block_and_by_row",
            f"{WEB}/test_web_block.py::test_lines_mutated_at_their_structure_read_the_same_by_block_and_by_row",
        ),
    ),
    (
        "A log cut into units reads as it does whole",
        (
            f"{FORMATS}::test_a_source_read_in_units_equals_one_read_whole",
            "tests/pipeline/parse/test_units.py::test_units_cover_the_member_and_count_lines",
        ),
    ),
    (
        "Tables on disk hold what was read",
        (
            "tests/pipeline/parse/test_files.py::test_a_part_read_back_with_pyarrow_equals_what_was_written",
            "tests/pipeline/parse/test_files.py::test_a_part_read_back_with_duckdb_equals_what_was_written",
        ),
    ),
    (
        "Text a client controls never supplies the peer address",
        (
            f"{WEB}/test_web_access.py::test_no_text_a_client_sends_supplies_the_peer_address_or_the_time",
            f"{WEB}/test_syslog_messages.py::test_no_user_name_can_supply_an_address",
            f"{WEB}/test_web_error.py::test_text_of_a_client_never_becomes_the_peer_in_nginx",
            f"{WEB}/test_logformat.py::test_a_separator_in_client_text_never_moves_the_peer",
            f"{WEB}/test_mail_logs.py::test_client_text_never_supplies_the_peer",
            "tests/parsers/cloud_logs/test_json_lines.py::test_a_forwarded_header_never_becomes_the_peer_address",
        ),
    ),
    (
        "Log lines of any Apache, nginx or HAProxy format string read back as the record they were written from",
        (f"{WEB}/test_logformat.py::test_what_a_server_writes_of_a_record_reads_back_as_the_record",),
    ),
    (
        "The year of a stamp without year is solved, or stays open",
        (
            f"{WEB}/test_syslog.py::test_with_a_zone_no_line_is_younger_than_the_acquisition",
            f"{WEB}/test_syslog.py::test_without_acquisition_the_year_stays_open_and_the_stamp_is_kept",
            f"{WEB}/test_mail_logs.py::test_the_year_of_mail_stamps_is_solved_over_the_file",
        ),
    ),
    (
        "A local time that occurs twice keeps both readings",
        (f"{WEB}/test_syslog.py::test_the_hour_that_occurs_twice_keeps_both_readings",),
    ),
    (
        "Forged Received fields below the boundary never change the attested address",
        (f"{MAIL}/test_boundary.py::test_forged_fields_below_the_boundary_never_change_the_attested_address",),
    ),
    (
        "A malformed field never loses the message",
        (f"{MAIL}/test_messages.py::test_a_malformed_field_never_loses_the_message",),
    ),
    (
        "Same input, same output: zone, folder, locale and number of workers change no byte; a killed run completes",
        (
            "tests/invariants/test_replay.py::test_zone_folder_locale_and_workers_change_no_byte",
            "tests/invariants/test_replay.py::test_a_killed_run_is_completed_by_the_next",
            "tests/invariants/test_replay.py::test_a_full_disk_stops_with_a_message_and_the_next_run_completes",
        ),
    ),
    (
        "Evidence is never touched, and a case proves it",
        ("tests/e2e/test_harbour_lane.py::test_the_case_verifies_and_evidence_is_unchanged",),
    ),
    (
        "Planted facts are found at their bytes; decoys are not called the same operator",
        (
            "tests/e2e/test_harbour_lane.py::test_a_planted_fact_is_found_with_its_values_at_its_bytes",
            "tests/e2e/test_harbour_lane.py::test_no_decoy_is_called_the_same_operator",
            "tests/e2e/test_harbour_lane.py::test_every_item_cites_events_that_exist",
        ),
    ),
    (
        "Inputs on which open tools lose, invert or mispair records are read as they are",
        tuple(
            f"{PLATFORM}/test_known_failures.py::{name}"
            for name in (
                "test_1_snapchat_chats_in_the_present_layout_keep_text_and_direction",
                "test_2_every_part_of_an_instagram_thread_is_read_into_one_thread",
                "test_3_instagram_logins_are_read_without_the_cookie_and_with_german_labels",
                "test_4_addresses_in_the_newer_markup_of_meta_are_read",
                "test_4b_meta_rows_of_two_fields_never_take_the_next_address",
                "test_5_reddit_text_with_accents_and_emoji_is_kept_letter_for_letter",
                "test_5b_a_backslash_in_reddit_text_loses_nothing",
                "test_6_whatsapp_lines_of_android_have_time_and_sender",
                "test_6b_a_bracket_in_a_whatsapp_message_of_ios_cuts_nothing",
                "test_7_x_messages_with_whole_seconds_are_read",
                "test_8_tiktok_messages_keyed_comment_have_text_and_logins_have_times",
                "test_9_instagram_profiles_with_french_labels_keep_their_contacts",
            )
        ),
    ),
    (
        (
            "Six returns about one respondent lead to one address, its devices and recovery contacts; links that "
            "providers state stand apart from weighed ones; parts of an export are one account and repeats count once"
        ),
        tuple(
            f"tests/e2e/test_six_returns.py::{name}"
            for name in (
                "test_the_home_address_leads_to_every_account",
                "test_devices_reach_the_graph",
                "test_recovery_contacts_reach_the_graph",
                "test_links_that_providers_state_are_edges_of_their_own",
                "test_graphml_keeps_stated_and_inferred_links_apart",
                "test_parts_of_a_download_are_one_account",
                "test_what_two_parts_of_a_return_repeat_counts_once",
            )
        ),
    ),
    (
        "What is missing or not understood is counted, and nothing is claimed of it",
        tuple(
            f"tests/pipeline/complete/test_completeness.py::{name}"
            for name in (
                "test_parts_of_a_read_file_that_no_rule_reads_are_counted_with_their_rejects",
                "test_a_stated_period_stands_beside_the_times_that_were_read",
                "test_the_manifest_of_an_archive_stands_beside_what_is_in_it",
                "test_numbers_missing_between_messages_are_counted_and_not_explained",
            )
        ),
    ),
    (
        "A structure dump holds no value of what it describes",
        (
            "tests/pipeline/structure/test_structure.py::test_no_text_of_a_document_is_in_its_dump",
            "tests/pipeline/structure/test_structure.py::test_no_cell_and_no_name_is_in_the_dump_of_an_archive",
        ),
    ),
    (
        "The report asks for nothing but itself, and nothing of the evidence runs in it",
        (
            "tests/browser/test_report_page.py::test_the_page_asks_for_nothing_but_itself",
            "tests/browser/test_report_page.py::test_nothing_of_the_evidence_ran",
        ),
    ),
)

FAMILIES = {
    "google": "Google", "meta": "Meta returns", "whatsapp": "WhatsApp", "facebook": "Facebook and Messenger",
    "instagram": "Instagram", "snapchat": "Snapchat", "tiktok": "TikTok", "x": "X (Twitter)", "telegram": "Telegram",
    "discord": "Discord", "kik": "Kik", "reddit": "Reddit", "apple": "Apple", "linkedin": "LinkedIn",
    "roblox": "Roblox", "cashapp": "Cash App", "sms": "SMS Backup & Restore", "synchronoss": "Synchronoss",
    "signal": "Signal", "tinder": "Tinder", "her": "HER", "zendesk": "Zendesk tickets",
}  # fmt: skip
"""First word of a platform format's name -> the family it belongs to; any other word is its own family."""

FAMILY_HEAD = """## Platform exports by family

*Written* counts the records that the generator says it wrote: those that must become events and those that must become
rejects. *Events* and *rejects* are what was read; *named skips* are structure and parts that carry no record, each
passed over by a rule of the format. Written = events + rejects holds in every line, or the page is not written.
*Layouts* are the fixture files: a return's markups, an export's generations, languages, cut and damaged files.
"""

HEAD = """# Validation

Written by `python scripts/write_validation.py` from `sample_data/formats`; a test fails when it is out of date.

## What every format reads of its fixtures

Every fixture lies in `sample_data/formats/<format>/` beside a golden file, written by a `make.py` that does not use the
parsers. *Golden* counts the files in which every event, every field, every reject and every figure of the accounting
equals it. *Recognised* is the lowest score of the format over its fixtures and the highest of any other format (of
100); "stated" means that people say what the file is. *Items* are events, rejects and skips (directives, blank lines,
structure): where lines and items differ, records span several lines or share one. *Bytes* is their sum over the
files, and holds exactly: parsed + rejected + skipped = in.
"""


class Row(NamedTuple):
    """What one fixture gave."""

    format_id: str
    lines: int
    total: Accounting
    exact: bool
    own: int | None
    next_best: int
    name: str
    written: int


def rows() -> list[Row]:
    """Every fixture read once."""
    formats = {fmt.id: fmt for fmt in all_formats()}
    return [_row(formats[format_id], path) for format_id, path in fixtures() if format_id in formats]


def _row(fmt: Any, path: Path) -> Row:  # noqa: ANN401 - a Format
    data, settings = path.read_bytes(), settings_for(path)
    events, rejects, total = read_all(fmt, data, settings, path.name)
    scores = dict(recognise(sample_of(memoryview(data))).candidates)
    stated = settings.column_map is not None or "format" in settings.options or fmt.id not in scores
    others = [score for name, score in scores.items() if name != fmt.id]
    lines = 0 if b"\0" in data else data.count(b"\n") + int(bool(data) and not data.endswith(b"\n"))
    own = None if stated else scores[fmt.id]
    _, want_events, want_rejects = golden(path)
    written = len(want_events) + len(want_rejects)
    exact = _is_exact(path, events, rejects, total)
    return Row(fmt.id, lines, total, exact, own, max(others, default=0), path.stem, written)


def _is_exact(path: Path, events: list[dict[str, Any]], rejects: list[dict[str, Any]], total: Accounting) -> bool:
    accounting, want_events, want_rejects = golden(path)
    if len(events) != len(want_events) or len(rejects) != len(want_rejects):
        return False
    got = [{k: v for k, v in e.items() if k not in PROVENANCE} for e in events]
    same = all(
        {k: v for k, v in have.items() if k in want or k not in DERIVED} == want
        for have, want in zip(got, want_events, strict=True)
    )
    figures = asdict(total)
    return (
        same
        and all(r[k] == w[k] for r, w in zip(rejects, want_rejects, strict=True) for k in w)
        and all(figures[k] == value for k, value in accounting.items())
    )


def format_table(read: list[Row]) -> list[str]:
    """One line per format."""
    lines = [
        "| format | tier | files | lines | items | events | rejects | skips | bytes | golden | recognised (next) |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for fmt in all_formats():
        own = [row for row in read if row.format_id == fmt.id]
        if own:
            lines.append(_format_line(fmt, own))
    return lines


def _format_line(fmt: Any, own: list[Row]) -> str:  # noqa: ANN401 - a Format
    total = Accounting()
    for row in own:
        total.add(row.total)
    if total.bytes_in != total.bytes_parsed + total.bytes_rejected + total.bytes_skipped:
        raise SystemExit(f"{fmt.id}: bytes do not add up")
    skips = sum(total.skips.values())
    scores = [row.own for row in own if row.own is not None]
    known = f"{min(scores)} ({max(row.next_best for row in own)})" if scores else "stated"
    cells = (
        f"`{fmt.id}`",
        fmt.tier,
        len(own),
        f"{sum(row.lines for row in own):,}" if all(row.lines for row in own) else "",
        f"{total.events + total.rejects + skips:,}",
        f"{total.events:,}",
        f"{total.rejects:,}",
        f"{skips:,}",
        f"{total.bytes_in:,}",
        f"{sum(row.exact for row in own)} of {len(own)}",
        known,
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def family_table(read: list[Row]) -> list[str]:
    """One line per family of platform exports.

    Raises:
        SystemExit: a family reads another number of records than its generators wrote.
    """
    lines = [
        "| family | formats | tier | written | events | rejects | named skips | layouts |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    families: dict[str, list[Row]] = {}
    for row in read:
        family, _, kind = row.format_id.partition("/")
        if family == "platform":
            word = kind.partition("_")[0]
            families.setdefault(FAMILIES.get(word, word), []).append(row)
    return lines + [_family_line(name, own) for name, own in sorted(families.items())]


def _family_line(name: str, own: list[Row]) -> str:
    total = Accounting()
    for row in own:
        total.add(row.total)
    written = sum(row.written for row in own)
    if written != total.events + total.rejects:
        raise SystemExit(f"{name}: {written} records written, {total.events} events and {total.rejects} rejects read")
    ids = sorted({row.format_id for row in own})
    tiers = sorted({fmt.tier for fmt in all_formats() if fmt.id in ids})
    layouts = {i: sorted({row.name for row in own if row.format_id == i}) for i in ids}
    cells = (
        name,
        "<br>".join(f"`{i.partition('/')[2]}`" for i in ids),
        ", ".join(tiers),
        f"{written:,}",
        f"{total.events:,}",
        f"{total.rejects:,}",
        f"{sum(total.skips.values()):,}",
        "<br>".join(f"{len(names)}: {', '.join(names)}" for names in layouts.values()),
    )
    return "| " + " | ".join(cells) + " |"


def requirement_table() -> list[str]:
    """Which tests hold which promise."""
    lines = ["## Which test holds which promise", "", "| promise | tests |", "| --- | --- |"]
    for promise, tests in REQUIREMENTS:
        lines.append(f"| {promise} | {'<br>'.join(f'`{test}`' for test in tests)} |")
    return lines


LINKAGE_HEAD = """## Links between accounts

Figures on simulated cases (`make evaluate`; [the whole card](docs/attribution-evaluation.md)), never on real casework:
"""


def linkage_table() -> list[str]:
    """Goals and figures of the linkage model, from the last validation run."""
    from benchmarks.attribution.card import GOALS

    test = json.loads((ROOT / "docs" / "attribution-evaluation.json").read_text("utf-8"))["test"]
    lines = [LINKAGE_HEAD, "| figure | test cases | goal | met |", "| --- | --- | --- | --- |"]
    for name, words, sign, bound in GOALS:
        met = test[name] >= bound if sign == ">=" else test[name] <= bound
        lines.append(f"| {words} | {test[name]:.4f} | {sign} {bound:g} | {'yes' if met else '**no**'} |")
    return [*lines, ""]


def missing_tests() -> list[str]:
    """Test ids named above that do not exist."""
    return sorted({test for _, tests in REQUIREMENTS for test in tests if not _exists(test)})


def _exists(test: str) -> bool:
    path, _, name = test.partition("::")
    file = ROOT / path
    body = ast.parse(file.read_text("utf-8")).body if file.is_file() else []
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in body)


def page() -> str:
    """The whole page."""
    read = rows()
    total = Accounting()
    for row in read:
        total.add(row.total)
    summary = (
        f"{len({row.format_id for row in read})} formats, {len(read)} files, {total.events:,} events, "
        f"{total.rejects:,} rejects, {total.bytes_in:,} bytes; golden equal in {sum(r.exact for r in read)} files."
    )
    families = [FAMILY_HEAD, *family_table(read), ""]
    claims = [*linkage_table(), *requirement_table()]
    return "\n".join([HEAD, summary, "", *format_table(read), "", *families, *claims, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
