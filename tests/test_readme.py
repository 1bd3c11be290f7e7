"""The README says what the program says."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.formats import format_lines

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_formats_table_is_the_one_the_program_prints() -> None:
    table = re.search(r"<!-- formats:begin.*?-->\n(.*?)<!-- formats:end -->", README, re.DOTALL)
    assert table is not None
    assert table.group(1).splitlines() == format_lines("markdown")


def test_every_command_is_documented() -> None:
    from pipeline.cli import main

    assert [name for name in main.commands if f"vestigo {name}" not in README and f"`{name}`" not in README] == []


def test_pictures_exist() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert pictures
    assert all((Path(__file__).parents[1] / p).is_file() for p in pictures)
