"""case.toml: what is accepted, and how mistakes are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.case import Exhibit, append_exhibit, load_case, new_case_text
from pipeline.errors import CaseError

if TYPE_CHECKING:
    from pathlib import Path

SHA = "ab" * 32


def write(root: Path, text: str) -> Path:
    (root / "case.toml").write_text(text, "utf-8")
    return root


def test_a_new_case_reads_back(tmp_path: Path) -> None:
    case = load_case(write(tmp_path, new_case_text("HARBOUR-1", 'a "quoted" title', "Europe/Dublin")))
    assert (case.info.id, case.info.title, case.info.timezone) == ("HARBOUR-1", 'a "quoted" title', "Europe/Dublin")


@pytest.mark.parametrize(
    "name", ["plain.log", 'a"b\\c.log', "tab\tnew\nline", "\u202egol.exe", "del\x7f", "😀", "\udcff"]
)
def test_any_exhibit_name_survives_the_file(tmp_path: Path, name: str) -> None:
    write(tmp_path, new_case_text("A", "", "UTC"))
    append_exhibit(tmp_path, Exhibit(id="EX-001", sha256=SHA, name=name, size=1, authority="consent"))
    assert load_case(tmp_path).exhibits[0].name == name.encode("utf-8", "backslashreplace").decode()


def test_an_empty_exhibit_reads_back(tmp_path: Path) -> None:
    write(tmp_path, new_case_text("A", "", "UTC"))
    append_exhibit(tmp_path, Exhibit(id="EX-001", sha256=SHA, name="empty", size=0, options={"format": '%h "%r"'}))
    exhibit = load_case(tmp_path).exhibits[0]
    assert (exhibit.size, exhibit.options) == (0, {"format": '%h "%r"'})


def test_what_people_wrote_stays_when_an_exhibit_is_added(tmp_path: Path) -> None:
    text = new_case_text("A", "", "UTC") + "\n# my own remark\n"
    write(tmp_path, text)
    append_exhibit(tmp_path, Exhibit(id="EX-001", sha256=SHA, name="x", size=1))
    assert (tmp_path / "case.toml").read_text("utf-8").startswith(text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ('[case]\nid="A"\ntimezon="UTC"\n', "case.timezone"),
        ('[case]\nid="A"\n[weights]\nunrelatd=1\n', "weights.unrelated"),
        ('[case]\nid="A"\n[[exhibit]]\nautority="x"\n', "exhibit.authority"),
        ('[case]\nid="A"\n[limit]\n', "limits"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(tmp_path: Path, text: str, near: str) -> None:
    with pytest.raises(CaseError) as caught:
        load_case(write(tmp_path, text))
    assert near in caught.value.next_step


@pytest.mark.parametrize(
    "text",
    [
        "[case",
        '[case]\nid="lower case"\n',
        '[case]\nid="A"\ntimezone="Mars/Olympus"\n',
        '[case]\nid="A"\n[weights]\nunrelated=0.5\n',
        '[case]\nid="A"\n[[exhibit]]\nid="EX"\nsha256="12"\nname="x"\nsize=1\n',
        f'[case]\nid="A"\n[[exhibit]]\nid="../x"\nsha256="{SHA}"\nname="x"\nsize=1\n',
        f'[case]\nid="A"\n[[exhibit]]\nid="EX"\nsha256="{SHA}"\nname="x"\nsize=1\nacquired_at="2026-01-01T00:00:00"\n',
        '[case]\nid="A"\n[[exhibit]]\nid=3\n',
    ],
)
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaseError):
        load_case(write(tmp_path, text))


def test_a_folder_without_a_case_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        load_case(tmp_path)
    assert "vestigo new" in caught.value.next_step
