"""The published figures belong to the shipped weights."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.attribution import card
from benchmarks.attribution.evaluate import weights_digest

CARD = Path(__file__).parents[2] / "docs" / "attribution-evaluation.json"


def test_the_published_figures_were_computed_with_the_shipped_weights() -> None:
    assert json.loads(CARD.read_text("utf-8"))["weights_sha256"] == weights_digest(), "run: make evaluate"


def test_the_text_of_the_card_says_what_its_figures_say() -> None:
    result = json.loads(CARD.read_text("utf-8"))
    rows = [{k: float("nan") if v is None else v for k, v in row.items()} for row in result["compared"].values()]
    result["compared"] = dict(zip(result["compared"], rows, strict=True))
    written = CARD.with_suffix(".md").read_text("utf-8")
    for name, words, _, _ in card.GOALS:
        row = next(line for line in written.splitlines() if line.startswith(f"| {words} |"))
        assert f"{result['test'][name]:.4f}" in row or f"| {result['test'][name]:.0f} |" in row
