"""The weights of the linkage model, read from `weights.toml`, and as rows that people can read."""

from __future__ import annotations

import copy
import difflib
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pipeline.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.overrides import Override

__all__ = ["ALTERNATIVES", "BANDS", "band_of", "load_weights", "merged_weights", "model_rows", "weight_table"]

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


def merged_weights(overrides: Sequence[Override]) -> dict[str, Any]:
    """The table with what a case sets differently.

    Raises:
        CaseError: a parameter does not exist, or cannot have that value.
    """
    if not overrides:
        return load_weights()
    weights = copy.deepcopy(load_weights())
    known = dict(_leaves(weights))
    for override in overrides:
        if override.key not in known:
            near = difflib.get_close_matches(override.key, known, n=1, cutoff=0)
            raise CaseError(
                f"case.toml: unknown key 'model.{override.key}'",
                next_step=f"did you mean 'model.{near[0]}'?",
                key=override.key,
            )
        _set(weights, override.key, _checked(override, known[override.key]))
    for label, reading in weights["network"]["reading"].items():
        if abs(sum(reading.values()) - 1) > 1e-6:
            raise CaseError(
                f"[model] network.reading.{label} adds up to {sum(reading.values()):g}, not to 1",
                next_step="set all of its shares so that they add up to 1",
            )
    return weights


def _leaves(value: Any, where: str = "") -> Iterator[tuple[str, float | bool]]:  # noqa: ANN401 - any part of the table
    """Every parameter that is one number, by its dotted path; entries of lists by their place, from 0."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, f"{where}.{key}" if where else str(key))
    elif not isinstance(value, str) and where != "version":
        yield where, value


def _set(weights: Any, path: str, value: float | bool) -> None:  # noqa: ANN401, FBT001 - a value of the table
    *parts, last = path.split(".")
    for part in parts:
        weights = weights[int(part)] if isinstance(weights, list) else weights[part]
    weights[int(last) if isinstance(weights, list) else last] = value


def _checked(override: Override, shipped: float | bool) -> float | bool:  # noqa: FBT001 - a value of the table
    """A value that can stand where the shipped one does: same kind, same sign, shares within 0 and 1."""
    value, name = override.value, override.key
    if isinstance(shipped, bool) or isinstance(value, bool):
        if type(shipped) is not type(value):
            raise CaseError(f"[model] {name} is {shipped!r} as shipped, not {value!r}", next_step="write the same kind")
        return value
    if isinstance(shipped, int):
        if value != int(value) or value < 1:
            raise CaseError(f"[model] {name} must be a whole number above 0", next_step=f"shipped: {shipped}")
        return int(value)
    if (shipped < 0 < value) or (shipped >= 0 > value):
        raise CaseError(f"[model] {name} may not change its sign", next_step=f"shipped: {shipped}")
    if not value and name.endswith(("share_same", "smoothing_hours")):
        raise CaseError(f"[model] {name} must be above 0", next_step=f"shipped: {shipped}")
    if value > 1 and (name.endswith(("share_same", "_share")) or name.startswith("network.reading.")):
        raise CaseError(f"[model] {name} is a share and at most 1", next_step=f"shipped: {shipped}")
    return float(value)


def model_rows(overrides: Sequence[Override]) -> dict[str, list[dict[str, Any]]]:
    """What the report prints of the model: the weights used, and what the case sets differently, shipped and used."""
    shipped = dict(_leaves(load_weights()))
    return {
        "weights": weight_table(merged_weights(overrides)),
        "overrides": [
            {"key": o.key, "shipped": shipped[o.key], "used": o.value, "reason": o.reason} for o in overrides
        ],
    }


def weight_table(weights: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """One row per kind of evidence: kind, cap against each alternative (log10 LR), source."""
    weights = weights or load_weights()
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
