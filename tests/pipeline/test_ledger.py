from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import ledger as module
from pipeline._chain import Problem, canonical, read_pending, sha256
from pipeline._chain_write import steps
from pipeline.errors import KeyUnavailable, LedgerBroken, StorageError, UsageError
from pipeline.keys import create_key, fingerprint, key_dir, key_path, read_public, write_public
from pipeline.ledger import Ledger, check, read_entries

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)


@pytest.fixture(autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    monkeypatch.setenv("VESTIGO_KEY_DIR", str(folder))
    return folder


def made(root: Path, entries: int = 12) -> Ledger:
    root.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(root, clock=lambda: NOON, operator="Example Officer")
    ledger.create("CASE-1", authority="consent")
    for number in range(2, entries + 1):
        ledger.append("verified", item=f"EX-{number}", note="ü > x")
    return ledger


def lines(root: Path) -> list[bytes]:
    return (root / "custody.jsonl").read_bytes().splitlines(keepends=True)


def rewrite(root: Path, new: list[bytes]) -> None:
    (root / "custody.jsonl").write_bytes(b"".join(new))


def found(root: Path, expected: str | None = None) -> list[str]:
    return [str(problem) for problem in check(root, expected)]


def test_a_new_ledger_verifies_and_its_first_entry_binds_case_and_key(tmp_path: Path) -> None:
    made(tmp_path, 1)
    public = read_public(tmp_path)
    assert public is not None
    (entry,) = read_entries(tmp_path)
    assert entry["prev"] == sha256(b"CASE-1" + public)
    assert (entry["seq"], entry["event"], entry["authority"]) == (1, "opened", "consent")
    assert entry["ts_utc"] == "2026-03-01T12:00:00.000250Z"
    assert entry["actor"]["name"] == "Example Officer"
    assert found(tmp_path) == []


def test_every_line_is_canonical_json_and_names_the_line_before_it(tmp_path: Path) -> None:
    made(tmp_path, 4)
    raw = [line.rstrip(b"\n") for line in lines(tmp_path)]
    for before, line in itertools.pairwise(raw):
        assert json.loads(line)["prev"] == sha256(before)
    assert all(canonical(json.loads(line)) == line for line in raw)


def test_canonical_json_sorts_keys_by_utf16_and_escapes_only_what_rfc_8785_escapes() -> None:
    value = {"\ufb33": 1, "\U0001f600": True, "a": ["\x07", '"\\\n', "\x7f"], "": {}}
    assert canonical(value) == '{"":{},"a":["\\u0007","\\"\\\\\\n","\x7f"],"\U0001f600":true,"\ufb33":1}'.encode()


def test_canonical_json_refuses_floats_and_integers_beyond_2_to_the_53() -> None:
    with pytest.raises(TypeError):
        canonical({"a": 1.5})
    with pytest.raises(ValueError, match="too large"):
        canonical(2**53)


def test_a_lone_surrogate_from_a_file_name_is_written_as_an_escape() -> None:
    assert canonical("a\udc80") == b'"a\\\\udc80"'


def test_an_edited_line_is_named(tmp_path: Path) -> None:
    made(tmp_path)
    rows = lines(tmp_path)
    rewrite(tmp_path, [*rows[:4], rows[4].replace(b"EX-5", b"EX-9"), *rows[5:]])
    assert found(tmp_path) == ["changed: custody.jsonl line 5: entry 5 is not as it was signed"]


def test_an_edited_last_line_is_named(tmp_path: Path) -> None:
    made(tmp_path)
    rows = lines(tmp_path)
    rewrite(tmp_path, [*rows[:-1], rows[-1].replace(b"EX-12", b"EX-13")])
    assert found(tmp_path) == ["changed: custody.jsonl line 12: entry 12 is not as it was signed"]


def test_a_deleted_line_is_named(tmp_path: Path) -> None:
    made(tmp_path)
    rows = lines(tmp_path)
    rewrite(tmp_path, rows[:6] + rows[7:])
    assert found(tmp_path) == ["missing: custody.jsonl: entry 7 is missing"]


def test_swapped_lines_are_named(tmp_path: Path) -> None:
    made(tmp_path)
    rows = lines(tmp_path)
    rows[2], rows[8] = rows[8], rows[2]
    rewrite(tmp_path, rows)
    assert found(tmp_path) == [
        "reordered: custody.jsonl line 3: holds entry 9, which belongs in another place",
        "reordered: custody.jsonl line 9: holds entry 3, which belongs in another place",
    ]


def test_a_cut_tail_is_noticed_because_the_head_is_signed(tmp_path: Path) -> None:
    made(tmp_path)
    rewrite(tmp_path, lines(tmp_path)[:10])
    assert found(tmp_path) == [
        "missing: custody.jsonl: the signed head speaks of 12 entries, the file holds 10: entries 11-12 are missing"
    ]


def test_an_appended_line_that_the_key_did_not_sign_is_named(tmp_path: Path) -> None:
    made(tmp_path)
    rows = lines(tmp_path)
    forged = json.loads(rows[-1]) | {"seq": 13, "prev": sha256(rows[-1].rstrip(b"\n"))}
    rewrite(tmp_path, [*rows, canonical(forged) + b"\n"])
    assert found(tmp_path) == ["added: custody.jsonl line 13: is not signed by this case's key"]


def test_a_repeated_line_is_named(tmp_path: Path) -> None:
    made(tmp_path)
    rows = lines(tmp_path)
    rewrite(tmp_path, [*rows, rows[3]])
    assert found(tmp_path) == ["added: custody.jsonl line 13: repeats entry 4"]


def test_a_head_put_back_to_an_earlier_state_is_named(tmp_path: Path) -> None:
    ledger = made(tmp_path, 3)
    old = (tmp_path / "custody.head.json").read_bytes()
    ledger.append("verified")
    (tmp_path / "custody.head.json").write_bytes(old)
    assert found(tmp_path) == ["head: custody.head.json: ends at entry 3, but entry 4 is signed: the head was put back"]


def test_a_removed_head_or_public_key_is_named(tmp_path: Path) -> None:
    made(tmp_path, 2)
    (tmp_path / "custody.head.json").unlink()
    (head,) = check(tmp_path)
    assert (head.kind, head.what) == ("missing", "custody.head.json")
    (tmp_path / "custody.pub").unlink()
    assert {problem.what for problem in check(tmp_path)} >= {"custody.head.json", "custody.pub"}


def test_a_replaced_public_key_is_named_and_the_rest_still_checked(tmp_path: Path) -> None:
    made(tmp_path, 3)
    write_public(tmp_path, create_key("CASE-1"))
    assert found(tmp_path) == ["key: custody.pub: holds another public key than the one the first entry binds"]


def test_a_ledger_signed_again_with_another_key_needs_the_pinned_fingerprint(tmp_path: Path) -> None:
    made(tmp_path / "a", 3)
    public = read_public(tmp_path / "a")
    assert public is not None
    made(tmp_path / "b", 3)
    for name in ("custody.jsonl", "custody.head.json", "custody.pub"):
        (tmp_path / "a" / name).write_bytes((tmp_path / "b" / name).read_bytes())
    assert found(tmp_path / "a") == []  # a chain cannot know what key it should have been signed with
    (problem,) = check(tmp_path / "a", fingerprint(public))
    assert problem.kind == "key"
    assert problem.detail.endswith("the key was replaced")


def test_the_right_pinned_fingerprint_is_no_problem(tmp_path: Path) -> None:
    made(tmp_path, 2)
    public = read_public(tmp_path)
    assert public is not None
    assert found(tmp_path, fingerprint(public).upper()) == []


def mutations(rows: list[bytes], seed: int) -> list[tuple[str, list[bytes]]]:
    rng = random.Random(seed)
    out: list[tuple[str, list[bytes]]] = []
    data = b"".join(rows)
    for at in sorted(rng.sample(range(len(data)), 600)):
        other = bytes([data[at] ^ (1 << rng.randrange(8))])
        out.append((f"byte {at}", [data[:at] + other + data[at + 1 :]]))
    out += [(f"inserted at {at}", [data[:at] + b" " + data[at:]]) for at in rng.sample(range(len(data) + 1), 100)]
    out += [(f"deleted at {at}", [data[:at] + data[at + 1 :]]) for at in rng.sample(range(len(data)), 100)]
    for k in range(len(rows)):
        out.append((f"line {k} gone", rows[:k] + rows[k + 1 :]))
        out.append((f"cut to {k}", rows[:k]))
        out.append((f"line {k} twice", [*rows[: k + 1], *rows[k:]]))
        out.append((f"blank line at {k}", [*rows[:k], b"\n", *rows[k:]]))
        out += [(f"{k} and {j} swapped", [rows[{k: j, j: k}.get(i, i)] for i in range(len(rows))]) for j in range(k)]
    return out


def test_a_thousand_single_mutations_of_the_ledger_are_all_detected(tmp_path: Path) -> None:
    made(tmp_path)
    rows = lines(tmp_path)
    cases = mutations(rows, seed=20260301)
    assert len(cases) >= 900
    missed = []
    for name, new in cases:
        rewrite(tmp_path, new)
        if not check(tmp_path):
            missed.append(name)
    assert missed == []


@pytest.mark.parametrize("name", ["custody.head.json", "custody.pub"])
def test_any_changed_byte_of_the_head_and_the_public_key_is_detected(tmp_path: Path, name: str) -> None:
    made(tmp_path, 2)
    data = (tmp_path / name).read_bytes()
    missed = []
    for at in range(len(data)):
        (tmp_path / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        if not check(tmp_path):
            missed.append(at)
    assert missed == []


STOPS = ["pending", "line", "head"]


def interrupted(root: Path, after: str) -> None:
    """The files as a crash after one step of the second entry leaves them."""
    ledger = Ledger(root, clock=lambda: NOON)
    real = module.steps

    def cut(folder: Path, pending: object) -> object:
        for name in real(folder, pending):  # type: ignore[arg-type]
            if name == after:
                return
            yield name

    module.steps = cut  # type: ignore[assignment]
    try:
        ledger.append("received", item="EX-1")
    finally:
        module.steps = real


@pytest.mark.parametrize("after", STOPS)
def test_an_entry_interrupted_after_any_step_is_completed_by_the_next_append(tmp_path: Path, after: str) -> None:
    made(tmp_path, 1)
    interrupted(tmp_path, after)
    assert (tmp_path / "custody.pending.json").exists()
    assert found(tmp_path) == []
    Ledger(tmp_path).append("verified")
    assert [e["event"] for e in read_entries(tmp_path)] == ["opened", "received", "verified"]
    assert found(tmp_path) == []
    assert not (tmp_path / "custody.pending.json").exists()


def test_a_torn_line_of_any_length_is_completed(tmp_path: Path) -> None:
    made(tmp_path, 1)
    interrupted(tmp_path, "pending")
    whole, pending = (tmp_path / "custody.jsonl").read_bytes(), read_pending(tmp_path)
    signed_state = (tmp_path / "custody.pending.json").read_bytes()
    assert pending is not None
    line = pending.line.encode() + b"\n"
    for length in range(0, len(line) + 1, 7):
        (tmp_path / "custody.jsonl").write_bytes(whole + line[:length])
        (tmp_path / "custody.pending.json").write_bytes(signed_state)
        assert found(tmp_path) == []
        assert Ledger(tmp_path).recover()
        assert found(tmp_path) == []
        assert (tmp_path / "custody.jsonl").read_bytes() == whole + line


@pytest.mark.parametrize("after", ["key", *STOPS, "done"])
def test_an_interrupted_creation_is_completed(tmp_path: Path, after: str) -> None:
    made(tmp_path / "other", 1)
    line = (tmp_path / "other" / "custody.jsonl").read_bytes()
    head = json.loads((tmp_path / "other" / "custody.head.json").read_bytes())
    root = tmp_path / "case"
    root.mkdir()
    (root / "custody.pending.json").write_bytes(canonical({"line": line.decode().rstrip("\n"), "head": head}))
    pending = read_pending(root)
    assert pending is not None
    (root / "custody.pending.json").unlink()
    for name in steps(root, pending) if after != "key" else ():
        if name == after:
            break
    with pytest.raises(LedgerBroken, match="missing"):
        Ledger(root).append("verified")
    assert Ledger(root).create("CASE-1")["event"] == "opened"
    assert found(root) == []
    assert len(lines(root)) == 1
    Ledger(root).append("verified")
    assert found(root) == []
    with pytest.raises(UsageError, match="already holds"):
        Ledger(root).create("CASE-1")


def test_a_forged_pending_entry_is_refused_and_reported(tmp_path: Path) -> None:
    ledger = made(tmp_path, 2)
    (tmp_path / "custody.pending.json").write_bytes(b'{"head":{},"line":"{}"}')
    with pytest.raises(LedgerBroken, match="not signed"):
        ledger.append("verified")
    assert [p.what for p in check(tmp_path)] == ["custody.pending.json"]


def test_an_old_pending_entry_put_back_is_refused(tmp_path: Path) -> None:
    ledger = made(tmp_path, 1)
    interrupted(tmp_path, "pending")
    old = (tmp_path / "custody.pending.json").read_bytes()
    ledger.append("verified")
    ledger.append("verified")
    (tmp_path / "custody.pending.json").write_bytes(old)
    with pytest.raises(LedgerBroken, match="does not follow"):
        ledger.append("verified")
    assert [p.what for p in check(tmp_path)] == ["custody.pending.json"]


def test_nothing_is_appended_to_a_ledger_whose_end_was_changed(tmp_path: Path) -> None:
    ledger = made(tmp_path, 3)
    rows = lines(tmp_path)
    for broken in (rows[:2], [*rows, b"x"], [*rows[:2], rows[2].replace(b"EX-3", b"EX-4")]):
        rewrite(tmp_path, broken)
        with pytest.raises(LedgerBroken):
            ledger.append("verified")
        assert (tmp_path / "custody.jsonl").read_bytes() == b"".join(broken)


def test_a_process_killed_at_any_moment_leaves_a_ledger_that_verifies(tmp_path: Path) -> None:
    made(tmp_path, 1)
    code = (
        "import sys; from pathlib import Path; from pipeline.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1])); print('ready', flush=True)\n"
        "while True: ledger.append('verified', note='x' * 2000)\n"
    )
    rng = random.Random(7)
    for _ in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, env=os.environ.copy()
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.08))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert found(tmp_path) == []
        before = len(read_entries(tmp_path))
        Ledger(tmp_path).append("verified")
        assert found(tmp_path) == []
        assert len(read_entries(tmp_path)) == before + 1


def test_two_processes_append_without_losing_or_mixing_entries(tmp_path: Path) -> None:
    made(tmp_path, 1)
    code = (
        "import sys; from pathlib import Path; from pipeline.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1]))\n"
        "for _ in range(25): ledger.append('verified', item=sys.argv[2])\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name], cwd=ROOT) for name in "AB"]
    assert [child.wait() for child in children] == [0, 0]
    assert found(tmp_path) == []
    items = [entry["item"] for entry in read_entries(tmp_path)]
    assert (items.count("A"), items.count("B")) == (25, 25)


def test_a_full_disk_leaves_an_entry_that_the_next_append_completes(tmp_path: Path) -> None:
    import resource

    ledger = made(tmp_path, 3)
    size = (tmp_path / "custody.jsonl").stat().st_size
    old_handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    big = "x" * 100
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, hard))
        with pytest.raises(StorageError):
            ledger.append("verified", note=big)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old_handler)
    assert found(tmp_path) == []
    ledger.append("failed")
    assert [e["seq"] for e in read_entries(tmp_path)] == [1, 2, 3, 4, 5]
    assert found(tmp_path) == []


def test_checking_needs_no_private_key_but_appending_does(tmp_path: Path, keys: Path) -> None:
    ledger = made(tmp_path, 2)
    for pem in keys.iterdir():
        pem.unlink()
    assert found(tmp_path) == []
    with pytest.raises(KeyUnavailable, match="not on this machine"):
        ledger.append("verified")
    assert len(lines(tmp_path)) == 2


def test_a_key_that_others_can_read_is_refused(tmp_path: Path, keys: Path) -> None:
    ledger = made(tmp_path, 1)
    (pem,) = keys.iterdir()
    assert (pem.stat().st_mode & 0o777, keys.stat().st_mode & 0o777) == (0o600, 0o700)
    pem.chmod(0o644)
    with pytest.raises(KeyUnavailable, match="other users"):
        ledger.append("verified")


def test_keys_lie_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VESTIGO_KEY_DIR")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/config")
    assert key_dir() == Path("/config/vestigo/keys")
    assert key_path("CASE-1", b"\0" * 32) == Path("/config/vestigo/keys/CASE-1-66687aadf862bd77.pem")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/home/operator")
    assert key_dir() == Path("/home/operator/.config/vestigo/keys")


def test_a_second_ledger_in_one_folder_is_refused(tmp_path: Path) -> None:
    ledger = made(tmp_path, 1)
    with pytest.raises(UsageError, match="already holds"):
        ledger.create("CASE-2")


def test_an_unknown_event_or_field_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    ledger = made(tmp_path, 1)
    with pytest.raises(UsageError, match="no ledger event"):
        ledger.append("guessed")
    with pytest.raises(UsageError, match="no field"):
        ledger.append("verified", colour="red")  # type: ignore[call-arg]
    assert len(lines(tmp_path)) == 1


def test_the_operator_comes_from_the_option_then_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VESTIGO_OPERATOR", "From Environment")
    made(tmp_path, 1)
    assert read_entries(tmp_path)[0]["actor"]["name"] == "Example Officer"
    assert Ledger(tmp_path).append("verified")["actor"]["name"] == "From Environment"


def test_a_problem_prints_as_one_line_even_with_a_hostile_name() -> None:
    assert str(Problem("added", "a\x1b]0;x\n", "b")) == "added: a\\u{1b}]0;x\\u{a}: b"
