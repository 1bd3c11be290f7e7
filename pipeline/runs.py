"""One run of a case: stages in order, each entered in the ledger, and a short summary at the end."""

from __future__ import annotations

import fcntl
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.case import CASE_FILE, find_case, load_case
from pipeline.console import progress
from pipeline.engine import RunOptions, order, run_stages
from pipeline.errors import UsageError
from pipeline.judgements import complete as complete_judgements
from pipeline.ledger import Ledger, read_entries
from pipeline.link.weights import merged_weights
from pipeline.report.summary import summary_lines
from pipeline.store import Store, file_sha256
from pipeline.triage import triage_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.case import Case
    from pipeline.engine import StageResult
    from pipeline.stage import Stage

__all__ = ["plan_lines", "run_case"]


def plan_lines(stages: Sequence[Stage]) -> list[str]:
    """The stages in the order they run, with what each needs and makes."""
    return [f"{s.name}: {', '.join(s.needs) or 'exhibits'} -> {', '.join(s.makes) or 'files'}" for s in order(stages)]


def run_case(
    root: Path, stages: Sequence[Stage], *, workers: int, scheduler: str | None = None, operator: str | None = None
) -> int:
    """Run `stages` on the case and print the summary.

    Returns:
        0, or 1 when rejected and unclaimed bytes exceed the limit of case.toml.

    Raises:
        VestigoError: configuration, storage or integrity.
    """
    root = find_case(root).resolve()
    case = load_case(root)
    merged_weights(case.model)  # a wrong key of [model] is named before hours of reading, not after
    with _only_run(root):
        return _run_locked(root, case, stages, RunOptions(workers=workers, scheduler=scheduler), operator)


@contextmanager
def _only_run(root: Path) -> Iterator[None]:
    """Hold the case for one run: two at once would remove each other's half-written files."""
    (root / "work").mkdir(exist_ok=True)
    with (root / "work" / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError("another run of this case is active", next_step="wait until it ends") from error
        yield


def _run_locked(root: Path, case: Case, stages: Sequence[Stage], options: RunOptions, operator: str | None) -> int:
    ledger = Ledger(root, operator=operator)
    ledger.recover()
    entries = read_entries(root)
    complete_judgements(root, entries)
    _note_config(root, ledger, entries)
    known = {e["item"]: e["outputs"] for e in entries if e["event"] in {"derived", "reported"}}

    def on_stage(result: StageResult) -> None:
        outputs = [{"path": p, "sha256": d} for p, d in result.outputs.items() if not p.startswith("work/")]
        if known.get(result.stage) != outputs:
            event = "reported" if result.stage == "report" else "derived"
            ledger.append(
                event, item=result.stage, outputs=outputs, note=f"{result.done_now} of {result.jobs} jobs done now"
            )

    with progress() as show:
        run_stages(case, order(stages), options, on_progress=show, on_stage=on_stage)
    show_summary = summary_lines if any(stage.name == "report" for stage in stages) else triage_lines
    sys.stdout.write("\n".join(show_summary(case, Store(root))) + "\n")
    return 1 if rejected_share(Store(root)) > case.limits.reject_share else 0


def _note_config(root: Path, ledger: Ledger, entries: list[dict[str, Any]]) -> None:
    """Enter case.toml's digest, and each authority, when it changed since it was last entered."""
    known = {e["item"]: e["authority"] for e in entries if e["event"] in {"received", "config"} and e["authority"]}
    for exhibit in load_case(root).exhibits:
        stated = exhibit.authority or "pending"
        if exhibit.id in known and known[exhibit.id] != stated:
            ledger.append("config", item=exhibit.id, authority=stated, note="authority stated anew in case.toml")
    digest = file_sha256(root / CASE_FILE)
    last = next((e["object"].get("sha256") for e in reversed(entries) if e["event"] == "config"), None)
    if digest != last:
        ledger.append("config", item=CASE_FILE, object={"sha256": digest})


def rejected_share(store: Store) -> float:
    """Share of evidence bytes that no format could read."""
    account = store.read("accounting", ["bytes_in", "bytes_rejected"])
    members = store.read("members", ["verdict", "size"]).to_pylist()
    unclaimed = sum(m["size"] for m in members if m["verdict"] in {"unclaimed", "ambiguous"})
    total = sum(account["bytes_in"].to_pylist()) + unclaimed
    return (sum(account["bytes_rejected"].to_pylist()) + unclaimed) / total if total else 0.0
