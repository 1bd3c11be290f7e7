"""``[model]`` of case.toml: parameters of the linkage model that a case sets differently, each with its reason.

Whether a parameter exists, and what it may be, is for the model to say (`pipeline.link.weights.merged_weights`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Override", "read_overrides"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One entry of ``[model]``: a parameter of the linkage model that this case sets differently, and why.

    Attributes:
        key: Dotted path in the weights that ship with the program, e.g. ``network.class.fixed_isp.cap``.
    """

    key: str
    value: float | bool
    reason: str


def read_overrides(model: dict[str, Any]) -> tuple[Override, ...]:
    """``[model]``: parameters by dotted path; each has a reason of its own, or that of the whole table."""
    rows = {key: value for key, value in model.items() if key != "reason"}
    found = sorted(_settings(rows, "", str(model.get("reason", "")).strip()))
    if len({key for key, _, _ in found}) != len(found):
        raise CaseError("[model] sets a parameter twice", next_step="keep one of the two")
    for key, value, reason in found:
        if not reason:
            raise CaseError(
                f"[model] {key} has no reason",
                next_step=f'write "{key}" = {{ value = {value}, reason = "why this case needs it" }}',
            )
        if not isinstance(value, bool | int | float) or not math.isfinite(value):
            raise CaseError(f"[model] {key} is not a number", next_step="write one number, as in weights.toml")
    return tuple(Override(key=key, value=value, reason=reason) for key, value, reason in found)


def _settings(rows: dict[str, Any], where: str, reason: str) -> Iterator[tuple[str, Any, str]]:
    for key, value in rows.items():
        if not isinstance(value, dict):
            yield where + key, value, reason
        elif "value" in value:
            _only(value, where + key)
            yield where + key, value["value"], str(value.get("reason", reason)).strip()
        else:
            yield from _settings(value, f"{where}{key}.", reason)


def _only(entry: dict[str, Any], key: str) -> None:
    extra = sorted(set(entry) - {"value", "reason"})
    if extra:
        raise CaseError(f"[model] {key}: unknown key {extra[0]!r}", next_step="an entry holds value and reason")
