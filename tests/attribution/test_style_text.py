"""What counts as an account's own words."""

from __future__ import annotations

import random

import pytest

from pipeline.link.style_text import OwnText, own_texts, words_of

RULES = {"passage_words": 8, "template_words": 5, "template_accounts": 3}


def _own(*texts: tuple[int, str], genre: str = "chat") -> list[OwnText]:
    return own_texts(1 + max(account for account, _ in texts), [(a, t, genre) for a, t in texts], RULES)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("I wrote this\n> you wrote that", ("I wrote this",)),
        ("Am Montag schrieb Erika Muster:\n\n> du hast das geschrieben\nich nicht", ("ich nicht",)),
        ("my own words\n-- \nJohn Doe, Example Ltd", ("my own words",)),
        ("look here\n---------- Forwarded message ---------\nFrom: someone else", ("look here",)),
        ("siehe unten\n-----Ursprüngliche Nachricht-----\nfremde Worte", ("siehe unten",)),
        ("ok then\nVon: a@example.org\nGesendet: Montag\nAn: b@example.org\nfremde Worte", ("ok then",)),
        ("see https://example.org/a?b=c and www.example.net/x now", ("see and now",)),
        ("write to mail@example.org or @someone or #topic", ("write to or or",)),
        ('he said "you will regret this some day" to me', ("he said to me",)),
        ("in room 1234 at 17:05", ("in room 0 at 0:0",)),
        ("tabs\tand   spaces", ("tabs and spaces",)),
        ("12345\n!!!\nhello", ("hello",)),
        ("same\nSame\nSAME", ("SAME",)),
        ("", ()),
    ],
)
def test_own_lines_are_what_is_left_of_a_text(text: str, lines: tuple[str, ...]) -> None:
    assert _own((0, text))[0].lines == lines


def test_a_line_that_two_accounts_have_belongs_to_neither() -> None:
    own = _own((0, "good morning to you\nthis is mine"), (1, "Good Morning to you\nand this is not"))
    assert own[0].lines == ("this is mine",)
    assert own[1].lines == ("and this is not",)


def test_words_quoted_from_the_other_party_are_nobodys_style() -> None:
    own = _own(
        (0, "please stop writing to me at night or I call them"),
        (1, "you wrote please stop writing to me at night or I call them, really?"),
    )
    assert own[0].lines == ()
    assert own[1].lines == ("you wrote , really?",)


def test_seven_words_in_common_are_still_own_words() -> None:
    own = _own((0, "one two three four five six seven a"), (1, "one two three four five six seven b"))
    assert (own[0].words, own[1].words) == (8, 8)


def test_a_template_of_three_accounts_is_removed_and_what_was_filled_in_stays() -> None:
    own = _own(
        (0, "hi anna thank you for your order today bye"),
        (1, "hello bert thank you for your order yours"),
        (2, "dear carla thank you for your order regards"),
    )
    assert [o.lines for o in own] == [("hi anna today bye",), ("hello bert yours",), ("dear carla regards",)]


def test_words_are_counted_by_genre_after_removal() -> None:
    own = own_texts(1, [(0, "one two three", "mail"), (0, "four five\n> six seven", "chat")], RULES)[0]
    assert own.words == 5
    assert own.genres == {"mail": 3, "chat": 2}


def test_the_order_of_texts_does_not_matter() -> None:
    name = "abcdefg"
    texts = [(i % 4, f"line {name[i % 7]} of {name[i % 5]} words\nOther {name[i % 3]}", "x") for i in range(40)]
    shuffled = random.Random(1).sample(texts, len(texts))
    assert own_texts(4, texts, RULES) == own_texts(4, shuffled, RULES)


def test_signs_and_digits_are_not_words() -> None:
    assert words_of("It's 5 o\u2019clock -- d\u00e9j\u00e0 vu!") == ["it's", "o\u2019clock", "d\u00e9j\u00e0", "vu"]


def test_lone_surrogates_are_read() -> None:
    assert _own((0, "bad \ud800 text"))[0].words == 2


def test_accounts_without_texts_have_no_words() -> None:
    assert own_texts(2, [], RULES) == [OwnText((), 0, {}), OwnText((), 0, {})]
