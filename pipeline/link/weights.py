"""The weights of the linkage model, read from `weights.toml`, and as rows that people can read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["ALTERNATIVES", "BANDS", "band_of", "load_weights", "weight_table"]

ALTERNATIVES = ("unrelated", "premises", "device", "imitator")

BANDS: tuple[tuple[float, str], ...] = (
    (0.30103, "no support for one proposition over the other"),
    (1.0, "weak support"),
    (2.0, "moderate support"),
    (3.0, "moderately strong support"),
    (4.0, "strong support"),
    (6.0, "very strong support"),
    (float("inf"), "extremely strong support"),
)
"""Verbal scale of the ENFSI guideline (2015): upper edge in log10 LR (belongs to the lower band), wording."""


def band_of(llr: float) -> str:
    """ENFSI wording for a log10 likelihood ratio; a negative one supports "different operators"."""
    words = next(word for edge, word in BANDS if abs(llr) <= edge)
    return f"{words} (for different operators)" if llr < -BANDS[0][0] else words


@cache
def load_weights() -> dict[str, Any]:
    """The table as plain values; callers must not change it."""
    return tomllib.loads(resources.files("pipeline.link").joinpath("weights.toml").read_text("utf-8"))


def weight_table() -> list[dict[str, Any]]:
    """One row per kind of evidence: kind, cap against each alternative (log10 LR), source."""
    weights = load_weights()
    rows: list[dict[str, Any]] = []
    for name, row in weights["network"]["class"].items():
        cap = row["cap"]
        rows.append(_row(f"network: {name}", cap, cap * row["premises"], cap * row["device"], cap, row["source"]))
    for name, row in weights["identifier"].items():
        rows.append(
            _row(f"same {name}", row["unrelated"], row["premises"], row["device"], row["imitator"], row["source"])
        )
    name = weights["username"]
    for kind in ("exact", "near"):
        cap = name[kind]
        rows.append(
            _row(
                f"user name: {kind}",
                cap,
                cap * name["premises"],
                cap * name["device"],
                name["imitator"],
                name["source"],
            )
        )
    for kind in ("handover", "concurrent"):
        row = weights[kind]
        rows.append(_row(kind, row["unrelated"], row["premises"], row["device"], row["imitator"], row["source"]))
    places, contrary = weights["places"], weights["contrary"]
    rows.append(_row("incompatible places", *_all(places["cap"]), places["source"]))
    rows.append(
        _row("never on a common home network", contrary["never_shared_home"], 0.0, 0.0, 0.0, contrary["source"])
    )
    rows.append(_row("device ids known and all different", *_all(contrary["devices_differ"]), contrary["source"]))
    rows.append(_row("recovery contacts known and different", *_all(contrary["recovery_differs"]), contrary["source"]))
    return rows


def _all(value: float) -> tuple[float, float, float, float]:
    return value, value, value, value


def _row(kind: str, unrelated: float, premises: float, device: float, imitator: float, source: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "unrelated": round(unrelated, 2),
        "premises": round(premises, 2),
        "device": round(device, 2),
        "imitator": round(imitator, 2),
        "source": source,
    }
