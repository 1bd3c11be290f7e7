"""The words for numbers, and the words that no report may use."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from pipeline.report import headline, method, wording

REPORT = Path(inspect.getfile(wording)).parent
EDGES = [
    (0.0, "no support for one proposition over the other"),
    (0.30102999566, "no support for one proposition over the other"),
    (0.30103, "weak support"),
    (1.0, "weak support"),
    (1.0001, "moderate support"),
    (2.0, "moderate support"),
    (2.0001, "moderately strong support"),
    (3.0, "moderately strong support"),
    (3.0001, "strong support"),
    (4.0, "strong support"),
    (4.0001, "very strong support"),
    (6.0, "very strong support"),
    (6.0001, "extremely strong support"),
    (300.0, "extremely strong support"),
]


@pytest.mark.parametrize(("llr", "words"), EDGES)
def test_an_edge_of_the_verbal_scale_belongs_to_the_lower_band(llr: float, words: str) -> None:
    assert wording.band(llr) == words
    assert wording.band(-llr) == words


def test_a_negative_number_supports_different_operators() -> None:
    assert wording.support(-2.5) == "moderately strong support for different operators"
    assert wording.support(2.5) == "moderately strong support for one operator"


def test_a_headline_holds_band_and_number_together() -> None:
    assert wording.cluster_sentence(["a:b", "c:d"], 2.8) == (
        "Moderately strong support (log10 LR +2.8) for one operator of these 2 accounts: a:b, c:d."
    )


def test_the_weakest_alternative_is_named_with_its_number() -> None:
    assert wording.weakest_sentence("premises", 0.4) == (
        "Weakest against: another person on the same premises, behind the same connection "
        "(log10 LR +0.4, weak support)."
    )


def test_a_ratio_is_told_in_two_significant_figures() -> None:
    assert wording.ratio_sentence(2.8) == (
        "The findings are about 630 times more probable under one operator than under the alternatives together."
    )
    assert wording.ratio_sentence(-1.0) == (
        "The findings are about 10 times more probable under the alternatives together than under one operator."
    )
    assert wording.ratio_sentence(0.1) == "The findings fit one operator and the alternatives about equally well."


def test_numbers_carry_a_sign_and_never_a_negative_nothing() -> None:
    assert [wording.number(value) for value in (2.84, -0.96, -0.01, None)] == ["+2.8", "\u22121.0", "0.0", "\u2013"]


def test_a_small_share_is_never_rounded_to_nothing() -> None:
    assert [wording.share(*pair) for pair in ((0, 10), (1, 1_000_000), (5, 100), (0, 0))] == [
        "0 %", "below 0.1 %", "5.0 %", "0 %",
    ]  # fmt: skip


def test_a_pair_that_fits_an_alternative_says_which_and_how_well() -> None:
    row = {"decision": "not_merged", "weakest": "premises", "llr_premises": 0.0}
    assert wording.why_apart(row, "both used 203.0.113.57", None, 2.0) == (
        "Both used 203.0.113.57. The findings fit another person on the same premises, behind the same connection "
        "about as well as one operator."
    )
    row["llr_premises"] = -0.4
    assert wording.why_apart(row, None, None, 2.0).endswith("connection 2.5 times better than one operator.")
    row["llr_premises"] = 1.0
    assert "only about 10 times more probable under one operator than under another person" in wording.why_apart(
        row, None, None, 2.0
    )


def test_the_number_of_a_group_names_its_pair_and_the_weaker_ones() -> None:
    assert wording.group_sentence(("a:b", "c:d"), [("a:b", "e:f", 1.1)]) == (
        "The number is that of the weakest pair that holds the group together: a:b \u2013 c:d. "
        "Weaker by themselves: a:b \u2013 e:f +1.1."
    )


def test_the_headline_says_how_it_rests_on_declared_shares() -> None:
    row = {"llr_unrelated": 7.5, "llr_premises": 1.9, "llr_device": 1.4, "llr_imitator": 3.5}
    row |= {"mixture_low": 1.7, "mixture_high": 3.0}
    assert wording.range_sentence(row, (0.88, 0.08, 0.02, 0.02)) == (
        "Against each alternative: unrelated +7.5, premises +1.9, device +1.4, imitator +3.5; weighted as declared "
        "88/8/2/2 %. With other shares the number lies between +1.7 and +3.0: the wording runs from moderate support "
        "for one operator to moderately strong support for one operator."
    )


FORBIDDEN = re.compile(
    r"\b(the user did|the suspect|the stalker|proves?|proven that|always|certainly|undoubtedly|hackers?|guilty|culprit|"
    r"perpetrator|criminal|victim|belongs to (?:mr|mrs|him|her)|is the person|identified as)\b",
    re.IGNORECASE,
)


def spoken(path: Path) -> str:
    """Text of a file that people can read in a report: string literals and markup, without comments."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        text = re.sub(r'"""(?s:.)*?"""', "", text)
    return re.sub(r"^\s*(#|//|\*|/\*).*$", "", text, flags=re.MULTILINE)


SPEAKING = sorted([*REPORT.glob("*.py"), *REPORT.glob("app/*")])


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.name)
def test_no_report_text_claims_more_than_the_data(path: Path) -> None:
    assert FORBIDDEN.findall(spoken(path)) == []


def test_the_limits_say_that_an_address_is_not_a_person() -> None:
    assert "It is not a person" in wording.LIMITS[0]
    assert headline.NOTHING.startswith("The data in hand does not support")
    assert set(method.TIERS) == {"data-proven", "source-verified", "unexercised"}
