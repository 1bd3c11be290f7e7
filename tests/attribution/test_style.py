"""Writing style as evidence: bounded by words, nothing against disguise, read against the case."""

from __future__ import annotations

import copy
import random

import numpy as np
import pyarrow as pa
import pytest

from pipeline.link.style import StyleProfiles, profiles, style_llr
from pipeline.link.weights import load_weights

ROW = load_weights()["style"]
CAPS = [(99, 0.0), (100, 0.5), (249, 0.5), (250, 0.8), (499, 0.8), (500, 1.0), (999, 1.0), (1000, 1.5), (2500, 2.0)]
Text = tuple[str, str, str]


def _lexicon(seed: int, size: int = 300) -> list[str]:
    """Words of an invented language."""
    draw = random.Random(f"language {seed}")
    signs = "aeioumnrstlkdpv" if seed < 9 else "бвгдежзиклмнопр"
    return ["".join(draw.choice(signs) for _ in range(2 + i % 6)) for i in range(size)]


def _texts(
    account: str, writer: int, words: int, *, language: int = 0, genre: str = "chat", habit: float = 1.0
) -> list[Text]:
    """Lines of ten words, no two alike; a writer prefers words of the language, more so the larger `habit`."""
    lexicon = _lexicon(language)
    taste = random.Random(f"writer {writer}")
    common = [1 / (rank + 2) for rank in range(len(lexicon))]
    weights = [c * 4 ** (habit * taste.gauss(0, 1)) for c in common]
    draw = random.Random(account)
    lines = [" ".join(draw.choices(lexicon, weights, k=10)) for _ in range(words // 10)]
    rest = words % 10
    return [(account, line, genre) for line in [*lines, " ".join(draw.choices(lexicon, weights, k=rest))] if line]


def _table(*parts: list[Text]) -> pa.Table:
    rows = [row for part in parts for row in part]
    account, text, genre = zip(*rows, strict=True)
    return pa.table({"account": account, "text": text, "genre": genre}, schema=_SCHEMA)


_SCHEMA = pa.schema([("account", pa.string()), ("text", pa.string()), ("genre", pa.string())])


def _others(words: int = 400, n: int = 14, **keywords: int) -> list[Text]:
    return [row for i in range(n) for row in _texts(f"other {i:02}", 100 + i, words, **keywords)]


def _llr(found: StyleProfiles, a: str, b: str) -> float:
    return float(style_llr(found, *(np.array([found.accounts.index(x)]) for x in (a, b)))[0][0])


def _eager() -> dict[str, object]:
    """The shipped caps and floor with a slope that reaches them at once."""
    row = copy.deepcopy(ROW)
    for band in row["band"]:
        band |= {"slope": 100.0, "offset": 0.0}
    return row


def test_one_writer_on_two_accounts_is_supported() -> None:
    found = profiles(_table(_texts("a", 1, 400), _texts("b", 1, 400), _others()))
    assert 0.3 < _llr(found, "a", "b") <= 0.8


def test_two_writers_are_hardly_contradicted() -> None:
    found = profiles(_table(_texts("a", 1, 400), _texts("b", 2, 400), _others()))
    assert -0.3 <= _llr(found, "a", "b") <= 0.0


@pytest.mark.parametrize(("words", "cap"), CAPS)
def test_the_smaller_text_bounds_what_style_may_say(words: int, cap: float) -> None:
    found = profiles(_table(_texts("a", 1, 3000), _texts("b", 1, words), _others(2600)), _eager())
    at = [np.array([found.accounts.index(x)]) for x in ("a", "b")]
    llr, few, _ = style_llr(found, *at)
    assert (float(llr[0]), int(few[0])) == (cap, words)


def test_a_case_without_long_texts_supports_no_long_text_claims() -> None:
    found = profiles(_table(_texts("a", 1, 3000), _texts("b", 1, 3000), _others(300)), _eager())
    assert _llr(found, "a", "b") == 0.8


def test_unlikeness_never_goes_below_the_floor() -> None:
    found = profiles(_table(_texts("a", 1, 3000), _texts("b", 2, 3000), _others(2600)), _eager())
    assert _llr(found, "a", "b") == ROW["floor"] == -0.3


def test_a_writer_in_disguise_loses_no_more_than_the_floor() -> None:
    own, disguised = _texts("a", 1, 1000), _texts("b", 77, 1000, habit=2.0)
    found = profiles(_table(own, disguised, _others(900)))
    assert -0.3 <= _llr(found, "a", "b") <= 0.0


def test_other_genres_count_half() -> None:
    parts = (_texts("a", 1, 600), _others(600))
    same = profiles(_table(_texts("b", 1, 600), *parts), _eager())
    other = profiles(_table(_texts("b", 1, 600, genre="mail"), *parts), _eager())
    at = [np.array([same.accounts.index(x)]) for x in ("a", "b")]
    assert _llr(same, "a", "b") == 1.0
    assert _llr(other, "a", "b") == 0.5
    assert [bool(style_llr(found, *at)[2][0]) for found in (same, other)] == [False, True]


def test_a_common_language_is_not_a_common_style() -> None:
    parts = (_texts("a", 1, 400, language=9), _texts("b", 2, 400, language=9), _others(400, 30))
    found = profiles(_table(*parts), _eager())
    assert _llr(found, "a", "b") == 0.0


def test_two_languages_are_not_compared() -> None:
    parts = [_others(400), [(f"x{a}", t, g) for a, t, g in _others(400, 14, language=9)]]
    found = profiles(_table(_texts("a", 1, 400), _texts("b", 1, 400, language=9), *parts), _eager())
    assert _llr(found, "a", "b") == 0.0


def test_too_few_other_accounts_are_no_background() -> None:
    found = profiles(_table(_texts("a", 1, 400), _texts("b", 1, 400), _others(400, 7)), _eager())
    assert _llr(found, "a", "b") == 0.0
    more = profiles(_table(_texts("a", 1, 400), _texts("b", 1, 400), _others(400, 9)), _eager())
    assert _llr(more, "a", "b") == 0.8


def test_words_quoted_from_the_other_account_do_not_count() -> None:
    a = _texts("a", 1, 400)
    quoting = [("b", f"> {text}", "chat") for _, text, _ in a] + [("b", text, "chat") for _, text, _ in a]
    found = profiles(_table(a, quoting, _texts("b", 2, 90), _others()), _eager())
    assert int(found.words[found.accounts.index("b")]) == 90
    assert _llr(found, "a", "b") == 0.0


def test_mass_produced_text_does_not_count() -> None:
    template = " ".join(_lexicon(5, 120))
    sent = [(account, f"{account} {template} {i}", "chat") for account in ("a", "b", "other 01") for i in range(3)]
    with_it = profiles(_table(_texts("a", 1, 90), _texts("b", 2, 90), sent, _others()), _eager())
    assert _llr(with_it, "a", "b") == 0.0
    assert with_it.words[:2].max() < 100


def test_repeating_oneself_is_not_writing_more() -> None:
    found = profiles(_table(_texts("a", 1, 200) * 9, _texts("b", 1, 200) * 9, _others()))
    assert found.words[:2].tolist() == [200, 200]


def test_the_order_of_texts_and_of_the_pair_does_not_matter() -> None:
    table = _table(_texts("a", 1, 300), _texts("b", 1, 600), _others())
    rows = table.to_pylist()
    random.Random(5).shuffle(rows)
    first, second = profiles(table), profiles(pa.Table.from_pylist(rows, schema=_SCHEMA))
    at, to = np.triu_indices(len(first.accounts), 1)
    assert style_llr(first, at, to)[0].tolist() == style_llr(second, at, to)[0].tolist()
    assert style_llr(first, at, to)[0].tolist() == style_llr(first, to, at)[0].tolist()


def test_many_accounts_of_one_writer_do_not_hide_each_other_once_grouped() -> None:
    socks = [row for i in range(10) for row in _texts(f"sock {i}", 1, 400)]
    found = profiles(_table(socks, _others()))
    at = np.flatnonzero([account.startswith("sock") for account in found.accounts])
    groups = np.arange(len(found.accounts))
    groups[at] = -1
    plain, grouped = (style_llr(found, at[:-1], at[1:], g)[0] for g in (None, groups))
    assert plain.max() < 0.3
    assert grouped.min() > 0.3


def test_groups_of_one_change_nothing() -> None:
    found = profiles(_table(_texts("a", 1, 300), _texts("b", 1, 600), _others()))
    at, to = np.triu_indices(len(found.accounts), 1)
    alone = np.arange(len(found.accounts)) + 7
    assert style_llr(found, at, to)[0].tolist() == style_llr(found, at, to, alone)[0].tolist()


def test_an_account_is_not_compared_with_itself() -> None:
    found = profiles(_table(_texts("a", 1, 400), _others()), _eager())
    assert _llr(found, "a", "a") == 0.0


def test_no_texts_give_no_profiles_and_no_ratios() -> None:
    found = profiles(_SCHEMA.empty_table())
    nothing = np.empty(0, np.int64)
    assert found.accounts == ()
    assert [part.tolist() for part in style_llr(found, nothing, nothing)] == [[], [], []]


def test_accounts_with_empty_texts_say_nothing() -> None:
    found = profiles(_table([("a", "", ""), ("b", "12", "")]))
    assert _llr(found, "a", "b") == 0.0


def test_a_missing_genre_is_a_genre() -> None:
    written = [*_texts("a", 1, 300), *_texts("b", 1, 300), *_others()]
    rows = [{"account": a, "text": t, "genre": None} for a, t, _ in written]
    found = profiles(pa.Table.from_pylist(rows, schema=_SCHEMA), _eager())
    assert _llr(found, "a", "b") == 0.8


def test_unrelated_writers_are_seldom_supported() -> None:
    found = profiles(_table(*(_texts(f"w{i:02}", i, 300) for i in range(60))))
    llr = style_llr(found, *np.triu_indices(60, 1))[0]
    assert (llr > 0).mean() < 0.2
    assert (llr > 0.5).mean() < 0.03
