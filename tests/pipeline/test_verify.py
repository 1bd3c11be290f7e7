from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.case import Exhibit, append_exhibit, new_case_text
from pipeline.errors import CaseError
from pipeline.intake.seal import seal
from pipeline.keys import fingerprint, read_public
from pipeline.ledger import Ledger
from pipeline.store import file_sha256
from pipeline.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVIDENCE = {"access.log": b"192.0.2.1 - - GET /\n" * 40, "chat.txt": b"01/03/2026, 10:00 - A: hello\n", "empty": b""}
FILES = {
    "tables/events/EX-1.parquet": b"PAR1 events of the first exhibit PAR1",
    "tables/accounts/all.parquet": b"PAR1 accounts PAR1",
    "reports/report.html": b"<!doctype html><title>CASE-1</title>",
}


@pytest.fixture(autouse=True)
def _keys(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTIGO_KEY_DIR", str(tmp_path_factory.mktemp("keys")))


def outputs(root: Path, *names: str) -> list[dict[str, str]]:
    return [{"path": name, "sha256": file_sha256(root / name)} for name in names]


def make(root: Path) -> Ledger:
    root.mkdir()
    (root / "case.toml").write_text(new_case_text("CASE-1", "t", "UTC"), "utf-8")
    ledger = Ledger(root, clock=lambda: NOON, operator="Example Officer")
    ledger.create("CASE-1")
    for number, (name, data) in enumerate(EVIDENCE.items(), 1):
        source = root.parent / name
        source.write_bytes(data)
        sealed = seal(source, root)
        append_exhibit(root, Exhibit(id=f"EX-{number}", sha256=sealed.sha256, name=name, size=sealed.size))
        ledger.append("received", item=f"EX-{number}", object={"sha256": sealed.sha256, "size": sealed.size})
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    ledger.append("derived", item="parse", outputs=outputs(root, "tables/events/EX-1.parquet"))
    ledger.append("derived", item="link", outputs=outputs(root, "tables/accounts/all.parquet"))
    ledger.append("reported", item="report", outputs=outputs(root, "reports/report.html"))
    return ledger


@pytest.fixture
def case(tmp_path: Path) -> Path:
    make(tmp_path / "case")
    return tmp_path / "case"


def found(root: Path) -> list[str]:
    return [str(problem) for problem in verify(root)]


def sealed_file(root: Path, name: str) -> Path:
    sha256 = file_sha256(root.parent / name)
    return root / "evidence" / "sha256" / sha256[:2] / sha256


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_an_untouched_case_verifies(case: Path) -> None:
    assert found(case) == []


def test_verifying_changes_nothing_and_needs_no_private_key(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VESTIGO_KEY_DIR", str(case.parent / "none"))
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in case.rglob("*") if p.is_file()}
    assert found(case) == []
    assert {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in case.rglob("*") if p.is_file()} == before


def test_changed_and_missing_evidence_is_named_by_exhibit(case: Path) -> None:
    overwrite(sealed_file(case, "access.log"), b"x")
    sealed_file(case, "chat.txt").unlink()
    changed, missing = verify(case)
    assert (changed.kind, changed.what) == ("changed", "exhibit EX-1")
    assert changed.detail.startswith("has digest 2d711642b726b044")
    assert (missing.kind, missing.what) == ("missing", "exhibit EX-2")


def test_evidence_replaced_by_a_link_to_equal_bytes_is_named(case: Path) -> None:
    path = sealed_file(case, "access.log")
    path.unlink()
    path.symlink_to(case.parent / "access.log")
    assert found(case) == ["changed: exhibit EX-1: is now a symbolic link"]


def test_a_file_added_to_evidence_or_tables_or_reports_is_named(case: Path) -> None:
    for name in ("evidence/extra", "tables/events/EX-9.parquet", "reports/other.html"):
        (case / name).write_bytes(b"new")
    assert found(case) == [
        "added: evidence/extra: is no exhibit of this case",
        "added: reports/other.html: is not in the ledger",
        "added: tables/events/EX-9.parquet: is not in the ledger",
    ]


def test_what_a_killed_run_leaves_unfinished_is_no_problem(case: Path) -> None:
    (case / "tables" / "events" / ".EX-2.parquet.123.tmp").write_bytes(b"half")
    assert found(case) == []


def test_a_changed_and_a_missing_table_are_named(case: Path) -> None:
    (case / "tables" / "events" / "EX-1.parquet").write_bytes(b"other")
    (case / "reports" / "report.html").unlink()
    assert [(p.kind, p.what) for p in verify(case)] == [
        ("changed", "tables/events/EX-1.parquet"),
        ("missing", "reports/report.html"),
    ]


def test_the_latest_entry_of_a_stage_says_which_files_it_has_now(case: Path) -> None:
    (case / "tables" / "events" / "EX-1.parquet").unlink()
    (case / "tables" / "events" / "EX-1-0001.parquet").write_bytes(b"new part")
    ledger = Ledger(case, operator="Example Officer")
    ledger.append("derived", item="parse", outputs=outputs(case, "tables/events/EX-1-0001.parquet"))
    assert found(case) == []


def test_an_export_outside_the_case_is_out_of_its_hands(case: Path) -> None:
    away = [{"path": "/media/stick/bundle.zip", "sha256": "0" * 64}, {"path": "../x", "sha256": "0" * 64}]
    Ledger(case).append("exported", item="bundle", outputs=away)
    assert found(case) == []


def test_an_exhibit_written_into_case_toml_by_hand_has_no_receipt(case: Path) -> None:
    append_exhibit(case, Exhibit(id="EX-9", sha256="0" * 64, name="x", size=1))
    assert [(p.kind, p.what) for p in verify(case)] == [("missing", "exhibit EX-9"), ("unrecorded", "exhibit EX-9")]


def test_an_exhibit_taken_out_of_case_toml_is_named(case: Path) -> None:
    text = (case / "case.toml").read_text("utf-8")
    (case / "case.toml").write_text(text[: text.rindex("[[exhibit]]")], "utf-8")
    assert found(case) == ["missing: exhibit EX-3: was received according to the ledger, but is not in case.toml"]


def test_a_digest_or_size_or_case_id_edited_in_case_toml_is_named(case: Path) -> None:
    text = (case / "case.toml").read_text("utf-8")
    (case / "case.toml").write_text(text.replace("size = 800", "size = 801").replace("CASE-1", "CASE-2"), "utf-8")
    assert found(case) == [
        "changed: case.toml: names case CASE-2, the ledger CASE-1",
        "changed: exhibit EX-1: case.toml states 801 bytes, the ledger 800",
    ]


def test_a_broken_or_missing_case_toml_does_not_end_the_check(case: Path) -> None:
    overwrite(sealed_file(case, "access.log"), b"x")
    (case / "case.toml").write_text("case = [", "utf-8")
    assert [(p.kind, p.what) for p in verify(case)] == [("changed", "exhibit EX-1"), ("unreadable", "case.toml")]
    (case / "case.toml").unlink()
    assert [(p.kind, p.what) for p in verify(case)] == [("changed", "exhibit EX-1"), ("unreadable", "case.toml")]


def test_a_folder_that_is_no_case_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        verify(tmp_path)
    with pytest.raises(CaseError):
        verify(tmp_path / "nothing")


def test_an_exhibit_held_by_reference_is_checked_where_it_is(case: Path) -> None:
    big = case.parent / "big.img"
    big.write_bytes(b"image")
    digest = file_sha256(big)
    append_exhibit(case, Exhibit(id="EX-4", sha256=digest, name="big.img", size=5, path=str(big)))
    Ledger(case).append("received", item="EX-4", object={"sha256": digest, "size": 5})
    assert found(case) == []
    big.write_bytes(b"imagE")
    assert [(p.kind, p.what) for p in verify(case)] == [("changed", "exhibit EX-4")]


def test_a_case_rebuilt_under_another_key_is_seen_with_the_noted_fingerprint_only(case: Path, tmp_path: Path) -> None:
    public = read_public(case)
    assert public is not None
    (tmp_path / "b").mkdir()
    make(tmp_path / "b" / "case")
    assert verify(tmp_path / "b" / "case") == []
    assert [p.kind for p in verify(tmp_path / "b" / "case", fingerprint(public))] == ["key"]


def mutations(case: Path, rng: random.Random) -> Iterator[tuple[str, Path, bytes | None]]:
    """(what was done, file, new content or None for removed): each changes exactly one thing in one file."""
    files = sorted(p for p in case.rglob("*") if p.is_file() and p.name != "case.toml")
    for path in files:
        data, name = path.read_bytes(), path.relative_to(case).as_posix()
        yield f"removed {name}", path, None
        yield f"appended to {name}", path, data + b"\n"
        for at in sorted(rng.sample(range(len(data)), min(len(data), 150))):
            flipped = bytes([data[at] ^ (1 << rng.randrange(8))])
            yield f"bit in {name} at {at}", path, data[:at] + flipped + data[at + 1 :]
        for at in sorted(rng.sample(range(len(data)), min(len(data), 20))):
            yield f"byte out of {name} at {at}", path, data[:at] + data[at + 1 :]
            yield f"cut {name} at {at}", path, data[:at]
    lines = (case / "custody.jsonl").read_bytes().splitlines(keepends=True)
    ledger = case / "custody.jsonl"
    for k in range(len(lines)):
        yield f"line {k} out", ledger, b"".join(lines[:k] + lines[k + 1 :])
        yield f"cut to {k} lines", ledger, b"".join(lines[:k])
        yield f"line {k} twice", ledger, b"".join([*lines[: k + 1], *lines[k:]])
        for j in range(k):
            swapped = [lines[{j: k, k: j}.get(i, i)] for i in range(len(lines))]
            yield f"lines {j} and {k} swapped", ledger, b"".join(swapped)
    for folder in ("evidence", "tables/events", "reports"):
        for number in range(20):
            yield f"added to {folder}", case / folder / f"added-{number}", rng.randbytes(number)


def test_a_thousand_single_changes_anywhere_in_a_case_are_all_detected(case: Path) -> None:
    for path in case.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    changes = list(mutations(case, random.Random(42)))
    assert len(changes) >= 1000
    missed = []
    for what, path, data in changes:
        before = path.read_bytes() if path.exists() else None
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
        if before != data and not verify(case):
            missed.append(what)
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
    assert missed == []
    assert found(case) == []
    shutil.rmtree(case)
