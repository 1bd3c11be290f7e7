"""case.toml: what people write about a case, read into frozen objects.

Everything a run depends on is here or in the evidence. Unknown keys are errors that name the nearest known key;
relative paths start at the case folder.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import re
import tomllib
import typing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from parsers.kit.time import ZoneUnknown, zone
from pipeline.errors import CaseError
from pipeline.overrides import Override, read_overrides
from pipeline.store import write_atomic

if typing.TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Alternatives",
    "Case",
    "CaseInfo",
    "DatabaseEntry",
    "Exhibit",
    "Limits",
    "Party",
    "TrustSettings",
    "append_exhibit",
    "find_case",
    "load_case",
    "new_case_text",
]

CASE_FILE = "case.toml"
_EXHIBIT_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")
_CASE_ID = re.compile(r"^[A-Z0-9][A-Z0-9._-]{0,63}$")  # safe as a file name and in a ledger line


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInfo:
    """``[case]``. `timezone` is the zone shown beside UTC; it is not applied to evidence without being said there."""

    id: str
    title: str = ""
    timezone: str = "UTC"
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """``[[party]]``: a role in the case and the accounts that the *case file* declares as that party's."""

    id: str
    role: Literal["protected", "respondent", "other"]
    label: str
    accounts: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """``[[exhibit]]``: one exhibit as received, and what the case says about reading it.

    Attributes:
        authority: Legal authority under which it is held (consent, warrant, order, own system's logs).
        account: Account key whose export this is, when the evidence does not say.
        clock_offset_s: Seconds to add to every time of the exhibit; needs `clock_offset_reason`.
        options: Settings of the format, e.g. ``format`` for a server's own log format string.
        path: Only for exhibits held by reference: where the bytes are.
    """

    id: str
    sha256: str
    name: str
    size: int
    authority: str = ""
    source: str = ""
    timezone: str | None = None
    acquired_at: str | None = None
    format: str | None = None
    map: str | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    account: str | None = None
    path: str | None = None
    note: str = ""
    options: dict[str, str] = field(default_factory=dict)
    clock_offset_s: float = 0.0
    clock_offset_reason: str = ""

    @property
    def authority_pending(self) -> bool:
        """True when no authority is recorded yet; every report prints it."""
        return not self.authority

    def acquired(self) -> datetime | None:
        """`acquired_at` as an aware UTC datetime."""
        return datetime.fromisoformat(self.acquired_at).astimezone(UTC) if self.acquired_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseEntry:
    """``[[database]]``: a MaxMind-format file; `overrides_special` lets it answer for special-purpose ranges."""

    path: str
    name: str = ""
    overrides_special: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSettings:
    """``[trust]``: hosts and proxies whose records the case relies on."""

    proxies: tuple[str, ...] = ()
    mail_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """``[weights]``: declared shares of the alternatives, and the mixture log10 LR from which accounts are merged."""

    unrelated: float = 0.88
    premises: float = 0.08
    device: float = 0.02
    imitator: float = 0.02
    threshold: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``[limits]``: what intake reads of archives before it records a finding and stops with that member."""

    ratio: int = 200
    depth: int = 3
    members: int = 100_000
    member_bytes: int = 2 << 30
    reject_share: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaseFile:
    case: CaseInfo
    party: tuple[Party, ...] = ()
    exhibit: tuple[Exhibit, ...] = ()
    database: tuple[DatabaseEntry, ...] = ()
    trust: TrustSettings = TrustSettings()
    weights: Alternatives = Alternatives()
    model: dict[str, Any] = field(default_factory=dict)
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case folder and everything case.toml says."""

    root: Path
    info: CaseInfo
    parties: tuple[Party, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    databases: tuple[DatabaseEntry, ...] = ()
    trust: TrustSettings = field(default_factory=TrustSettings)
    weights: Alternatives = field(default_factory=Alternatives)
    model: tuple[Override, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def exhibit_path(self, exhibit: Exhibit) -> Path:
        """Where an exhibit's bytes are: the sealed copy, or the referenced file."""
        if exhibit.path:
            return (self.root / exhibit.path).resolve()
        return self.root / "evidence" / "sha256" / exhibit.sha256[:2] / exhibit.sha256


def find_case(start: Path) -> Path:
    """The case folder at `start`.

    Raises:
        CaseError: there is no case.toml.
    """
    if (start / CASE_FILE).is_file():
        return start
    raise CaseError(
        f"{start} holds no {CASE_FILE}", next_step=f"make a case with: vestigo new {start}", path=str(start)
    )


def load_case(root: Path) -> Case:
    """Read and check case.toml.

    Raises:
        CaseError: it is missing, is not TOML, holds an unknown key, a wrong type or an impossible value.
    """
    path = find_case(root) / CASE_FILE
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: {error}", next_step="correct the line named above", path=str(path)) from error
    _refuse_unknown(raw, _CaseFile, "")
    try:
        parsed = msgspec.convert(raw, _CaseFile)
    except msgspec.ValidationError as error:
        raise CaseError(f"{path}: {error}", next_step="correct that value", path=str(path)) from error
    case = Case(
        root=root,
        info=parsed.case,
        parties=parsed.party,
        exhibits=parsed.exhibit,
        databases=parsed.database,
        trust=parsed.trust,
        weights=parsed.weights,
        model=read_overrides(parsed.model),
        limits=parsed.limits,
    )
    _check(case)
    return case


def _refuse_unknown(raw: dict[str, Any], kind: type, where: str) -> None:
    hints = typing.get_type_hints(kind)
    for key, value in raw.items():
        if key not in hints:
            near = difflib.get_close_matches(key, hints, n=1, cutoff=0)
            raise CaseError(
                f"case.toml: unknown key {where + key!r}",
                next_step=f"did you mean {where + near[0]!r}?",
                key=where + key,
            )
        inner = next((t for t in (hints[key], *typing.get_args(hints[key])) if dataclasses.is_dataclass(t)), None)
        if isinstance(inner, type):
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict):
                    _refuse_unknown(entry, inner, f"{where}{key}.")


def _check(case: Case) -> None:
    if not _CASE_ID.match(case.info.id):
        raise CaseError(f"case.id {case.info.id!r} is not usable", next_step="use capital letters, digits, . _ - only")
    weights = case.weights
    total = weights.unrelated + weights.premises + weights.device + weights.imitator
    if not (math.isfinite(weights.threshold) and weights.threshold > 0):
        raise CaseError("[weights] threshold must be a positive number", next_step="correct [weights]")
    if not abs(total - 1) <= 1e-6 or min(weights.unrelated, weights.premises, weights.device, weights.imitator) <= 0:
        raise CaseError(
            "[weights] of the four alternatives must be positive and add up to 1", next_step="correct [weights]"
        )
    for name in {case.info.timezone, *(e.timezone for e in case.exhibits if e.timezone)}:
        try:
            zone(name)
        except ZoneUnknown as error:
            raise CaseError(
                f"unknown time zone {name!r}", next_step="use a name such as Europe/Dublin or UTC"
            ) from error
    for exhibit in case.exhibits:
        _check_exhibit(exhibit)
    ids = [e.id for e in case.exhibits]
    if len(set(ids)) != len(ids):
        raise CaseError("two [[exhibit]] entries share an id", next_step="give each exhibit its own id")


def _check_exhibit(exhibit: Exhibit) -> None:
    if not _EXHIBIT_ID.match(exhibit.id):
        raise CaseError(f"exhibit id {exhibit.id!r} is not usable", next_step="use letters, digits, . _ - only")
    if not re.fullmatch(r"[0-9a-f]{64}", exhibit.sha256):
        raise CaseError(
            f"exhibit {exhibit.id}: sha256 is not a SHA-256 digest", next_step="add it again with vestigo add"
        )
    if exhibit.clock_offset_s and not exhibit.clock_offset_reason:
        raise CaseError(
            f"exhibit {exhibit.id}: clock_offset_s has no reason",
            next_step="write clock_offset_reason: how the clock error was measured",
        )
    if exhibit.acquired_at is None:
        return
    try:
        aware = datetime.fromisoformat(exhibit.acquired_at)
    except ValueError as error:
        raise CaseError(
            f"exhibit {exhibit.id}: acquired_at {exhibit.acquired_at!r} is not ISO 8601",
            next_step="write it like 2026-05-01T10:00:00Z",
        ) from error
    if aware.tzinfo is None:
        raise CaseError(f"exhibit {exhibit.id}: acquired_at has no time zone", next_step="end it with Z or +01:00")


def new_case_text(case_id: str, title: str, timezone: str) -> str:
    """The case.toml of a new case, with the sections people fill in explained."""
    return f"""# What this case is, who is in it, and how its evidence is to be read.
# `vestigo add` appends one [[exhibit]] per file; everything else is yours to write.

[case]
id = {_toml(case_id)}
title = {_toml(title)}
timezone = {_toml(timezone)}   # shown beside UTC in reports

# Accounts that the case file itself declares as a party's (the program never concludes this):
# [[party]]
# id = "P1"
# role = "protected"        # protected | respondent | other
# label = "protected person"
# accounts = ["instagram:example.name"]
# basis = "stated by the protected person on 2026-03-02"

# Address databases in MaxMind format, beside the embedded ones:
# [[database]]
# path = "databases/city.mmdb"

# [trust]
# proxies = ["192.0.2.10"]          # whose X-Forwarded-For may be believed
# mail_hosts = ["mx.example.org"]   # whose Received fields may be believed

# Shares of the four alternatives in the declared mixture, and the merge threshold (log10 LR):
# [weights]
# unrelated = 0.88
# premises = 0.08
# device = 0.02
# imitator = 0.02
# threshold = 2.0

# Parameters of the linkage model that this case sets differently, by their path in weights.toml (the report's method
# page lists them). Each needs a reason; the report prints the shipped value, the used value and the reason.
# [model]
# "network.class.fixed_isp.cap" = {{ value = 2.0, reason = "the provider states that it shares addresses" }}
"""


def _toml(value: object) -> str:
    """A TOML value; JSON string escapes are TOML's, but for DEL (escaped) and lone surrogates (shown as text)."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in sorted(value.items())) + " }"
    if not isinstance(value, str):
        return str(value)
    visible = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return json.dumps(visible, ensure_ascii=False).replace("\x7f", "\\u007F")


def append_exhibit(root: Path, exhibit: Exhibit) -> None:
    """Add one ``[[exhibit]]`` at the end of case.toml, leaving what people wrote untouched."""
    path = root / CASE_FILE
    lines = ["", "[[exhibit]]"]
    for item in dataclasses.fields(exhibit):
        value = getattr(exhibit, item.name)
        if item.name in {"authority", "size"} or value not in (None, "", {}, 0.0):
            lines.append(f"{item.name} = {_toml(value)}")
    before = path.read_bytes()
    write_atomic(path, before.rstrip(b"\n") + b"\n" + "\n".join(lines).encode() + b"\n")
