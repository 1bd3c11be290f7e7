"""The model card: figures of a validation run as text, JSON and pictures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.attribution.metrics import cross_entropy, pav

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.attribution.metrics import Tippett

__all__ = ["GOALS", "text", "write"]

GOALS: tuple[tuple[str, str, str, float], ...] = (
    ("precision", "precision", ">=", 0.95),
    ("recall", "recall", ">=", 0.66),
    ("f1", "F1", ">=", 0.78),
    ("b3_f1", "B-cubed F1", ">=", 0.93),
    ("cllr", "Cllr", "<=", 0.14),
    ("cllr_cal", "Cllr, calibration loss", "<=", 0.02),
    ("household_called_same", "people of one household called the same", "<=", 0.01),
    ("household_premises_above_100", "LR against same premises > 100, different people at home", "<=", 0.005),
    ("misleading_10000_count", "LR above 10,000 on different people, pairs", "<=", 0.0),
)
"""Name, wording, direction and bound of each goal on the test seeds."""

_STRESS = ("precision", "recall", "household_called_same", "copycat_called_same", "misleading_10000_count")


def text(result: dict[str, Any]) -> str:
    """The card as Markdown."""
    test, goals = result["test"], {name for name, *_ in GOALS}
    further = "; ".join(f"{name} {_number(value)}" for name, value in test.items() if name not in goals)
    intro = (
        f"Weights: SHA-256 `{result['weights_sha256']}`. Pairs of the test cases: {test['pairs']:,.0f}, of which "
        f"{test['same']:,.0f} of one operator.\n"
    )
    blocked = (
        f"Pairs that never became candidates get log10 LR {result['blocked_llr']} (no, under ten, ten or more "
        "sightings of the quieter account), from the calibration cases.\n"
    )
    fair = (
        "Candidate pairs of the first three test cases; every model but ours at the threshold that gives it its best "
        "F1 on these very cases.\n"
    )
    parts = [
        _HEAD,
        intro,
        *_table(["Figure", "Test", "Interval (95 %, by case)", "Goal", "Met"], [_goal(result, *g) for g in GOALS]),
        f"\nFurther figures: {further}.\n",
        blocked,
        "## Under stress\n",
        *_table(
            ["Profile", *_STRESS],
            [[profile, *(_number(row[k]) for k in _STRESS)] for profile, row in result["stress"].items()],
        ),
        "\n## Beside other models\n",
        fair,
        *_table(
            ["Model", *next(iter(result["compared"].values()))],
            [[name, *map(_number, row.values())] for name, row in result["compared"].items()],
        ),
        "",
        _TAIL,
    ]
    return "\n".join(parts)


def _goal(result: dict[str, Any], name: str, words: str, sign: str, bound: float) -> list[str]:
    value, interval = result["test"][name], result["intervals"].get(name)
    met = value >= bound if sign == ">=" else value <= bound
    shown = f"{interval[1]:.3f} to {interval[2]:.3f}" if interval else ""
    return [words, _number(value), shown, f"{sign} {bound:g}", "yes" if met else "**no**"]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]


def _number(value: float) -> str:
    if np.isnan(value):
        return ""
    whole = float(value).is_integer() and (abs(value) >= 1 or value == 0)
    return f"{value:,.0f}" if whole else f"{value:.4f}"


def write(out: Path, result: dict[str, Any], llr: np.ndarray, same: np.ndarray, curves: Tippett) -> None:
    """Write the card, its figures and its pictures."""
    out.mkdir(exist_ok=True, parents=True)
    clean = json.loads(json.dumps(result), parse_constant=lambda _: None)
    (out / "attribution-evaluation.json").write_text(json.dumps(clean, indent=1, sort_keys=True) + "\n", "utf-8")
    (out / "attribution-evaluation.md").write_text(text(result) + "\n", "utf-8")
    pictures = out / "pictures"
    pictures.mkdir(exist_ok=True)
    at = np.linspace(-5, 5, 201)
    lines = {
        "same operator": np.interp(at, *_points(curves, 0)),
        "different operators": np.interp(at, *_points(curves, 1)),
    }
    _svg(pictures / "attribution-tippett.svg", "Tippett plot: share of pairs with log10 LR of at least x", at, lines)
    level, where = np.unique(llr, return_inverse=True)
    best = pav(llr, same)[np.unique(where, return_index=True)[1]]
    keep = np.isfinite(best) & (np.abs(level) <= 5)
    _svg(pictures / "attribution-pav.svg", "PAV plot: log10 LR after calibration against log10 LR as stated",
         level[keep], {"after PAV": best[keep], "identity": level[keep]})  # fmt: skip
    prior = np.linspace(-4, 2, 61)
    entropy = {"as stated": cross_entropy(llr, same, prior), "after PAV": cross_entropy(pav(llr, same), same, prior),
               "without evidence": cross_entropy(np.zeros(2), np.array([True, False]), prior)}  # fmt: skip
    _svg(pictures / "attribution-ece.svg", "Empirical cross-entropy (bits) over log10 prior odds", prior, entropy)


def _points(curves: Tippett, which: int) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(curves.llr), np.asarray((curves.same, curves.different)[which])


_COLOURS = ("#1b6ca8", "#b5532a", "#777777")


def _svg(path: Path, title: str, x: np.ndarray, lines: dict[str, np.ndarray]) -> None:
    """A line chart as plain SVG."""
    ys = np.concatenate(list(lines.values()))
    low, high = float(np.nanmin(ys)), float(np.nanmax(ys))
    high = high if high > low else low + 1

    def place(a: float, b: float) -> str:
        left = 60 + 560 * (a - x[0]) / (x[-1] - x[0])
        return f"{left:.1f},{300 - 250 * (b - low) / (high - low):.1f}"

    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 340" font-family="sans-serif" font-size="12">',
             '<rect width="660" height="340" fill="white"/>', f'<text x="60" y="24" font-size="14">{title}</text>',
             '<path d="M60,50V300H620" fill="none" stroke="#444"/>']  # fmt: skip
    across = [(60 + 560 * (t - x[0]) / (x[-1] - x[0]), t) for t in np.linspace(x[0], x[-1], 7)]
    up = [(304 - 250 * (t - low) / (high - low), t) for t in np.linspace(low, high, 6)]
    parts += [f'<text x="{at:.0f}" y="318" text-anchor="middle">{t:.1f}</text>' for at, t in across]
    parts += [f'<text x="54" y="{at:.0f}" text-anchor="end">{t:.2f}</text>' for at, t in up]
    for n, (name, y) in enumerate(lines.items()):
        dots = " ".join(place(float(a), float(b)) for a, b in zip(x, y, strict=True))
        parts.append(f'<polyline points="{dots}" fill="none" stroke="{_COLOURS[n]}" stroke-width="2"/>')
        parts.append(f'<text x="{70 + 190 * n}" y="336" fill="{_COLOURS[n]}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>", ""]), "utf-8")


_HEAD = """# How well the linkage model does on simulated cases

Written by `make evaluate` (`python -m benchmarks.attribution.evaluate`); do not edit. Every figure here is from
simulated cases: no public data set has accounts, addresses, devices and the truth together, and no real casework was
at hand. The figures compare designs and bound claims; they are not error rates of real cases. The simulator was
written from a description of such cases, apart from the model, but by people of one team. Parameters were chosen
looking at seeds 0-19 only.
"""

_TAIL = """![Tippett plot](pictures/attribution-tippett.svg)
![PAV plot](pictures/attribution-pav.svg)
![Empirical cross-entropy](pictures/attribution-ece.svg)

## What the figures do not show

- Texts of the simulator are not language: what it says of writing style is weak.
- Copycats, recycled numbers and devices of protected people are few per case; their rates are rough.
- Two operators of one account are left out of pairs and groups here; `tests/attribution` states what is reported.
- Households, carriers and shared devices differ between countries; the declared shares of the alternatives in
  `case.toml` exist for that reason, and every report prints the number against each alternative apart.
"""
