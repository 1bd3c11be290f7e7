"""case.toml: what is accepted, and how mistakes are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.case import Exhibit, append_exhibit, load_case, new_case_text
from pipeline.errors import CaseError
from pipeline.link.weights import load_weights, merged_weights, model_rows

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


HEAD = '[case]\nid="A"\n'
CAP = "network.class.fixed_isp.cap"


@pytest.mark.parametrize(
    "text",
    [
        f'[model]\n"{CAP}" = 2.0\nreason = "stated by the provider"\n',
        f'[model]\n{CAP} = 2.0\nreason = "stated by the provider"\n',
        f'[model]\n"{CAP}" = {{ value = 2.0, reason = "stated by the provider" }}\n',
        f'[model.{CAP}]\nvalue = 2.0\nreason = "stated by the provider"\n',
    ],
)
def test_a_parameter_of_the_model_can_be_set_with_a_reason(tmp_path: Path, text: str) -> None:
    model = load_case(write(tmp_path, HEAD + text)).model
    assert [(o.key, o.value, o.reason) for o in model] == [(CAP, 2.0, "stated by the provider")]
    assert merged_weights(model)["network"]["class"]["fixed_isp"]["cap"] == 2.0
    assert load_weights()["network"]["class"]["fixed_isp"]["cap"] == 2.5
    assert model_rows(model)["overrides"] == [
        {"key": CAP, "shipped": 2.5, "used": 2.0, "reason": "stated by the provider"}
    ]
    row = next(r for r in model_rows(model)["weights"] if r["kind"] == "network: fixed_isp")
    assert row["unrelated"] == 2.0


def test_entries_of_lists_are_set_by_their_place(tmp_path: Path) -> None:
    text = '[model]\nreason = "x"\n"style.band.0.cap" = 0.2\n"network.rank_factors.1" = 0.1\n'
    weights = merged_weights(load_case(write(tmp_path, HEAD + text)).model)
    assert (weights["style"]["band"][0]["cap"], weights["network"]["rank_factors"]) == (0.2, [1.0, 0.1, 0.06])


@pytest.mark.parametrize(
    "text",
    [
        f'"{CAP}" = 2.0',
        f'"{CAP}" = {{ value = 2.0, reason = "  " }}',
        f'"{CAP}" = {{ value = "two", reason = "x" }}',
        f'"{CAP}" = {{ value = nan, reason = "x" }}',
        f'"{CAP}" = {{ value = 2.0, reason = "x", because = "y" }}',
        f'reason = "x"\n"{CAP}" = 2.0\n{CAP} = 1.0',
    ],
)
def test_a_parameter_without_a_reason_or_a_number_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaseError):
        load_case(write(tmp_path, f"{HEAD}[model]\n{text}\n"))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('"network.class.fixed_ips.cap" = 2.0', "model.network.class.fixed_isp.cap"),
        ('"cieling" = 3.0', "model.ceiling"),
        ('"network.class.fixed_isp.source" = 3.0', "model.network.class.fixed_isp."),
        ('"veto" = 1.0', "shipped: -1.0"),
        ('"group_cap" = 2.5', "shipped: 50"),
        ('"group_cap" = 0', "shipped: 50"),
        ('"network.class.mobile_carrier.pool" = 1.0', "write the same kind"),
        ('"network.class.fixed_isp.share_same" = 1.5', "shipped: 0.75"),
        ('"network.reading.fixed_isp.fixed_isp" = 0.5', "add up to 1"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused_and_the_error_helps(tmp_path: Path, setting: str, said: str) -> None:
    case = load_case(write(tmp_path, f'{HEAD}[model]\nreason = "x"\n{setting}\n'))
    with pytest.raises(CaseError) as caught:
        merged_weights(case.model)
    assert said in caught.value.next_step


def test_a_new_case_explains_the_model_table(tmp_path: Path) -> None:
    text = new_case_text("A", "", "UTC")
    line = next(line for line in text.splitlines() if "fixed_isp.cap" in line)
    model = load_case(write(tmp_path, HEAD + "[model]\n" + line.removeprefix("# "))).model
    assert merged_weights(model)["network"]["class"]["fixed_isp"]["cap"] == 2.0
