"""A structure dump shows the layout of an export and nothing of what it says."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.structure.jsonshape import paths, read_json
from pipeline.structure.show import structure_text
from pipeline.structure.words import is_header, is_known, is_value_like

if TYPE_CHECKING:
    from pathlib import Path

MARK = "qz"  # in every value of the property test, in no word that a dump uses


def dump_of(tmp_path: Path, name: str, data: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(data)
    return structure_text(path)


def shape(data: bytes) -> dict[str, dict[str, int]]:
    return {line.path: line.kinds for line in paths(read_json(io.BytesIO(data))[0])}


def test_json_gives_paths_kinds_and_counts() -> None:
    text = b'{"messages": [{"sender_name": "Ann Other", "timestamp_ms": 1735725600000}, {"sender_name": ""}]}'
    assert shape(text) == {
        "/": {"object": 1},
        "/messages": {"list": 1},
        "/messages[]": {"object": 2},
        "/messages[]/sender_name": {"empty text": 1, "text": 1},
        "/messages[]/timestamp_ms": {"whole number of 13 digits": 1},
    }


def test_accounts_that_stand_as_names_of_fields_are_counted_and_not_shown() -> None:
    text = json.dumps({"quayside_ann": [{"From": "x"}], "friend": [{"From": "y"}], "b.rook": [{"From": "z"}]}).encode()
    assert shape(text) == {
        "/": {"object": 1},
        "/<key: 3>": {"list": 3},
        "/<key: 3>[]": {"object": 3},
        "/<key: 3>[]/From": {"text": 3},
    }


def test_a_single_name_that_may_be_an_account_is_not_shown() -> None:
    assert "/<key: 1>[]" in shape(b'{"quayside_ann": [1]}')


def test_a_field_of_another_language_is_shown_when_it_repeats_as_fields_do() -> None:
    rows = [{"name": "a", "skrevet": 5, "id": "1"} for _ in range(6)]
    assert shape(json.dumps(rows).encode())["[]/skrevet"] == {"number": 6}


def test_very_many_names_at_one_place_are_kept_as_one() -> None:
    text = json.dumps({f"person {n:04d}x": {"title": "t"} for n in range(5000)} | {"count": 3}).encode()
    assert shape(text)["/<key: 5000>/title"] == {"text": 5000}


@pytest.mark.parametrize(
    "name", ["ann@example.org", "192.0.2.7", "+353 1 5550100", "user_12345", "https://x", "a\nb", ""]
)
def test_names_that_look_like_values_are_never_shown(name: str) -> None:
    assert is_value_like(name)
    assert not is_known(name)


def test_broken_json_is_described_up_to_the_break(tmp_path: Path) -> None:
    dump = dump_of(tmp_path, "a.json", b'{"messages": [{"text": "a"}, {"text": "b"]')
    assert "/messages[]/text: 2 text" in dump
    assert "the brackets stop pairing" in dump


def test_an_assignment_before_the_json_is_passed_over() -> None:
    assert "[]/dmConversation/messages" in shape(
        b'window.YTD.direct_messages.part0 = [{"dmConversation": {"messages": []}}]'
    )


def test_text_that_crosses_a_piece_is_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.structure.jsonshape._PIECE", 7)
    text = json.dumps({"messages": [{"text": 'long "quoted" \\ text', "count": 1234567, "read": True}] * 3}).encode()
    assert shape(text)["/messages[]"] == {"object": 3}
    assert shape(text)["/messages[]/count"] == {"number": 3}


def test_a_table_gives_its_titles_and_not_its_cells(tmp_path: Path) -> None:
    table = (
        b"timestamp,ip address,Ann Other,user agent\n2026-01-01,192.0.2.7,secret,Mozilla\n2026-01-02,192.0.2.8,b,c\n"
    )
    dump = dump_of(tmp_path, "a.csv", table)
    assert "header: timestamp | ip address | <column> | user agent" in dump
    assert "2 rows of 4 cells" in dump
    assert "192.0.2" not in dump


def test_a_table_without_titles_shows_none(tmp_path: Path) -> None:
    dump = dump_of(tmp_path, "a.txt", b"annother\tquayside\t5\nquayside\tannother\t9\n")
    assert "no row looks like a header" in dump
    assert "quayside" not in dump


def test_every_section_of_a_table_gives_its_titles(tmp_path: Path) -> None:
    text = b"ip,timestamp,status\n192.0.2.7,t,Ok\n=====\nlatitude,longitude,accuracy\n1,2,3\n"
    dump = dump_of(tmp_path, "a.csv", text)
    assert "header: ip | timestamp | status" in dump
    assert "header: latitude | longitude | accuracy" in dump


def test_a_data_row_is_no_header() -> None:
    assert not is_header(["192.0.2.7", "timestamp"])
    assert not is_header(["quayside", "annother", "message"])


def test_a_workbook_gives_the_row_that_names_its_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Account Details"
    for row in (["Report of Ann Other"], [], ["Email", "Phone Number", "Last Login"], ["ann@example.org", "1", "2"]):
        sheet.append(row)
    book.create_sheet("Ann Other").append(["x"])
    out = io.BytesIO()
    book.save(out)
    dump = dump_of(tmp_path, "a.xlsx", out.getvalue())
    assert "sheet Account Details: row 3: Email | Phone Number | Last Login" in dump
    assert "sheet <sheet>: no header row found" in dump
    assert "example.org" not in dump


def test_markup_gives_ids_and_classes(tmp_path: Path) -> None:
    page = b'<html><div id="property-ip_addresses" class="t o">Ann Other</div><div id="annother"></div></html>'
    dump = dump_of(tmp_path, "a.html", page)
    assert "id property-ip_addresses: 1" in dump
    assert "id <name>: 1" in dump
    assert "nnother" not in dump.replace(" ", "").lower()


def test_archives_in_archives_are_opened_and_no_name_is_shown(tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as z:
        z.writestr("quayside_ann/messages_annother.json", '{"messages": []}')
    with zipfile.ZipFile(outer, "w") as z:
        z.writestr("quayside-ann.zip", inner.getvalue())
        z.writestr("notes.annother", "hello\n")
    dump = dump_of(tmp_path, "annother.zip", outer.getvalue())
    assert "<archive>/<archive>/<folder>/*.json (data)" in dump
    assert "<archive>/*.? (data)" in dump
    assert "annother" not in dump
    assert "quayside" not in dump


def test_members_built_alike_are_described_once(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"message_{n}.json").write_text('{"messages": [{"text": "a"}]}')
    shapes = json.loads(structure_text(tmp_path, as_json=True))["shapes"]
    assert [(s["members"], s["paths"][-1]) for s in shapes] == [(3, {"path": "/messages[]/text", "kinds": {"text": 3}})]


def test_the_command_prints_text_and_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"messages": []}')
    assert "/messages: 1 list" in CliRunner().invoke(main, ["structure", str(path)]).output
    assert (
        json.loads(CliRunner().invoke(main, ["structure", str(path), "--json"]).output)["shapes"][0]["kind"] == "JSON"
    )


value = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).map(lambda t: MARK + t)
document = st.recursive(
    value | st.integers() | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "text", "list"]) | value, inner, max_size=6)
    ),
    max_leaves=25,
)


@given(document)
def test_no_text_of_a_document_is_in_its_dump(tree: object) -> None:
    for data in (json.dumps(tree), json.dumps(tree, ensure_ascii=False)):
        place, _trouble = read_json(io.BytesIO(data.encode("utf-8", "surrogatepass")))
        assert not [line for line in paths(place) if MARK in str(line)]


@given(
    st.lists(st.lists(value, min_size=1, max_size=5), min_size=1, max_size=8),
    st.sampled_from(["csv", "json", "html", "x"]),
)
def test_no_cell_and_no_name_is_in_the_dump_of_an_archive(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str
) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as z:
        z.writestr(f"{MARK}name/{MARK}.{MARK}", "\n".join(",".join(row) for row in rows))
        z.writestr(f"{MARK}.{end}", "<p id='{0}' class='{0}'><{0} {0}='{0}'>".format(rows[0][0].replace("'", "")))
    path = tmp_path_factory.mktemp("s") / "a.zip"
    path.write_bytes(held.getvalue())
    assert MARK not in structure_text(path).lower()
