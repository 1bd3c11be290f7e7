"""Writes the formats table into README.md between its two markers."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.formats import format_lines

README = Path(__file__).parents[1] / "README.md"
MARKED = re.compile(r"(<!-- formats:begin.*?-->\n).*?(<!-- formats:end -->)", re.DOTALL)

if __name__ == "__main__":
    table = "\n".join(format_lines("markdown")) + "\n"
    README.write_text(MARKED.sub(lambda m: m.group(1) + table + m.group(2), README.read_text("utf-8")), "utf-8")
