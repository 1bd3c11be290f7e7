"""One HTML file: template, style, scripts and data, under a policy that lets nothing in and nothing out.

Scripts and styles are allowed by digest alone, so a page that was tampered with does not run. Data is base64 text in
elements that browsers do not execute.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from pipeline.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["APP", "page", "policy"]

VENDORED = ("plotly.js", "world_110m.js", "cytoscape.js")
APP = (
    "dom.js", "data.js", "tables.js", "drawer.js", "drawer_parts.js", "drawer_mail.js", "charts.js", "summary.js",
    "attribution.js", "explain.js", "graph.js", "timeline.js", "map.js", "events.js", "custody.js", "method.js",
    "judged.js", "main.js",
)  # fmt: skip
"""Order matters: each file uses names of the files before it."""


def _read(folder: str, name: str) -> str:
    return resources.files("pipeline.report").joinpath(folder, name).read_text("utf-8")


def _scripts() -> list[str]:
    app = "\n".join(_read("app", name) for name in APP)
    return [_read("vendor", name) for name in VENDORED] + [f'(() => {{\n"use strict";\n{app}\n}})();']


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(scripts: list[str], styles: list[str]) -> str:
    """The content security policy of the page."""
    rules = (
        "default-src 'none'",
        "script-src " + " ".join(_digest(text) for text in scripts),
        "style-src " + " ".join(_digest(text) for text in styles),
        "img-src data: blob:",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return "; ".join(rules)


def page(blocks: Mapping[str, str], context: Mapping[str, Any]) -> bytes:
    """The whole file.

    Args:
        blocks: Name -> packed data.
        context: What the page shows without scripts; every text is made visible and escaped on the way.
    """
    scripts, styles = _scripts(), [_read("vendor", "plotly.css"), _read("app", "report.css")]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["show"] = lambda value: visible(str(value))
    template = environment.from_string(_read("app", "report.html"))
    html = template.render(
        policy=policy(scripts, styles),
        plotly_style=Markup(styles[0]),  # noqa: S704 - our own file
        style=Markup(styles[1]),  # noqa: S704 - our own file
        scripts=[Markup(text) for text in scripts],  # noqa: S704 - our own files
        blocks=blocks,
        **context,
    )
    return html.encode("utf-8", "backslashreplace")
