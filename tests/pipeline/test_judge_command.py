"""`vestigo judge` on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from pipeline.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def vestigo(root: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*arguments, "--case", str(root)])
    return result.exit_code, result.output


def test_judge_list_and_revoke(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["new", str(tmp_path), "--id", "RIVER", "--operator", "examiner 7"])
    assert vestigo(tmp_path, "judge", "--list") == (0, "no judgements in this case\n")
    judge = ("judge", "ig:b", "ig:a", "--negative", "--reason", "two phones", "--by", "examiner 7")
    code, text = vestigo(tmp_path, *judge)
    assert (code, text.splitlines()[1]) == (0, "J-001: ig:a and ig:b: different operators")
    assert vestigo(tmp_path, "judge", "--revoke", "J-001", "--reason", "one phone after all")[0] == 0
    code, text = vestigo(tmp_path, "judge", "--list")
    assert code == 0
    assert "by examiner 7: two phones" in text
    assert "one phone after all" in text
    assert vestigo(tmp_path, "verify") == (0, "verified: exhibits, tables, reports and ledger agree\n")


def test_a_judgement_without_a_reason_is_a_usage_error(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["new", str(tmp_path), "--id", "RIVER"])
    code, text = vestigo(tmp_path, "judge", "ig:a", "ig:b", "--positive")
    assert code == 2
    assert "a judgement needs a reason" in text
