"""Make pipeline/report/vendor/: the scripts that the report carries inside itself.

Run it by hand when a version changes; neither installing nor running the program needs Node.js::

    python scripts/build_vendor.py [--tarballs FOLDER] [--work FOLDER]

Packages come through the ordinary npm client by name and version, pinned by ``package-lock.json`` beside the result
(written on the first run). With ``--tarballs`` the pinned packages are installed from ``NAME-VERSION.tgz`` files.
What differs from the packages as published stands in VENDOR.json: chart help texts are left out, the function that
sends a chart to a hosted service is empty, no address of a server remains in any script, and no empty style attribute
is set (the page's policy would report it).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "pipeline" / "report" / "vendor"
PACKAGES = {"plotly.js": "4.1.1", "cytoscape": "3.34.4", "esbuild": "0.28.2"}

ENTRY = """
var Plotly = require('plotly.js/lib/core');
Plotly.register([
    require('plotly.js/lib/bar'), require('plotly.js/lib/histogram'),
    require('plotly.js/lib/heatmap'), require('plotly.js/lib/scattergeo')
]);
module.exports = Plotly;
"""

TOPOJSON = """
const fs = require('fs'), vm = require('vm');
const sandbox = {module: {exports: {}}};
sandbox.self = sandbox.window = sandbox;
vm.runInNewContext(fs.readFileSync(process.argv[2], 'utf8'), sandbox);
process.stdout.write(JSON.stringify(sandbox.module.exports.topojson.world_110m));
"""

EDITS = (
    (
        "plots/plots.js",
        re.compile(r"plots\.sendDataToCloud = function\(gd, serverURL\) \{.*?\n\};", re.DOTALL),
        "plots.sendDataToCloud = function() { return false; };",
    ),
    ("components/modebar/modebar.js", re.compile(r"a\.href = 'https://plotly\.com/';"), ""),
    ("components/colorbar/draw.js", re.compile(r"\.attr\('style', ''\)"), ".attr('style', null)"),
    ("plot_api/plot_config.js", re.compile(r"dflt: 'https://[^']*'"), "dflt: ''"),
)
"""File below the chart library's src, what is cut, what stands there instead. Each must match."""

HELP_TEXTS = (
    re.compile(r"^[ \t]*description: '[^\n]*',?$", re.MULTILINE),
    re.compile(r"^[ \t]*description: \[[^\[\]]*\]\.join\([^\n]*\),?$", re.MULTILINE),
)
SERVER_ADDRESS = re.compile(rb"https?://(?!www\.w3\.org/)[^\s\"'`<>\\)]+")


def run(*command: str, cwd: Path) -> bytes:
    """Output of a command that must succeed."""
    return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE).stdout


def install(work: Path, tarballs: Path | None) -> Path:
    """Install the pinned packages without running their scripts; returns node_modules."""
    lock = VENDOR / "package-lock.json"
    source = {n: str(tarballs / f"{n}-{v}.tgz") if tarballs else v for n, v in PACKAGES.items()}
    (work / "package.json").write_text(json.dumps({"name": "vendor", "private": True, "dependencies": source}))
    if lock.exists() and not tarballs:
        shutil.copy(lock, work / lock.name)
    run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved", cwd=work)
    if not lock.exists() and not tarballs:
        shutil.copy(work / lock.name, lock)
    return work / "node_modules"


def edit_sources(source: Path) -> None:
    """Apply EDITS and drop help texts."""
    for name, pattern, replacement in EDITS:
        path = source / name
        text, count = pattern.subn(replacement, path.read_text("utf-8"))
        if not count:
            raise SystemExit(f"{name}: nothing to change; read EDITS again")
        path.write_text(text, "utf-8")
    for path in sorted(source.rglob("*.js")):
        text = path.read_text("utf-8")
        shorter = text
        for pattern in HELP_TEXTS:
            shorter = pattern.sub("", shorter)
        if shorter != text:
            path.write_text(shorter, "utf-8")


def bundle(work: Path, modules: Path) -> tuple[bytes, set[str]]:
    """The chart bundle, and the packages whose code is in it."""
    (work / "entry.js").write_text(ENTRY)
    run(
        str(modules / "esbuild" / "bin" / "esbuild"), "entry.js", "--bundle", "--minify", "--format=iife",
        "--global-name=Plotly", "--target=es2020", "--define:global=window", "--define:define.amd=false",
        "--define:process.env.NODE_DEBUG=false", "--legal-comments=none", "--outfile=out.js", "--metafile=meta.json",
        "--log-level=warning", "--charset=ascii", cwd=work,
    )  # fmt: skip
    inputs = json.loads((work / "meta.json").read_text())["outputs"]["out.js"]["inputs"]
    used = {package_of(path) for path, part in inputs.items() if part["bytesInOutput"] and "node_modules/" in path}
    return (work / "out.js").read_bytes(), used


def package_of(path: str) -> str:
    """Package name in a path below node_modules."""
    parts = path.rpartition("node_modules/")[2].split("/")
    return "/".join(parts[:2]) if parts[0].startswith("@") else parts[0]


def disarm(script: bytes) -> bytes:
    """Remove server addresses and anything that could end a script element early."""
    clean = SERVER_ADDRESS.sub(b"", script)
    return clean.replace(b"</script", b"<\\/script").replace(b"<!--", b"<\\!--")


def licence_text(package: Path) -> str:
    """Licence file of a package as it ships, or what its package.json states."""
    for path in sorted(package.iterdir()):
        if path.is_file() and re.search(r"LICEN[CS]E|COPYING", path.name.upper()):
            return path.read_text("utf-8").strip()
    return "(the package ships no licence file; its package.json states the licence named above)"


def write_licences(modules: Path, names: list[str]) -> None:
    """LICENSES.txt: every package whose code is in a vendored file."""
    blocks = []
    for name in names:
        meta = json.loads((modules / name / "package.json").read_text("utf-8"))
        head = f"{name} {meta['version']} ({meta.get('license', 'see text')})"
        blocks.append(f"{'=' * 100}\n{head}\n{'=' * 100}\n{licence_text(modules / name)}\n")
    (VENDOR / "LICENSES.txt").write_text("\n".join(blocks), "utf-8")


def entry(name: str, package: str, version: str, changes: str, data: bytes) -> dict[str, object]:
    """One row of VENDOR.json; writes the file too."""
    (VENDOR / name).write_bytes(data)
    return {
        "file": name, "source": package, "version": version,
        "licence": "MIT; parts as in LICENSES.txt", "changes": changes,
        "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip


def build(work: Path, tarballs: Path | None) -> None:
    """Fill the vendor folder."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    modules = install(work, tarballs)
    plotly = modules / "plotly.js"
    (work / "topojson.js").write_text(TOPOJSON)
    world = run("node", "topojson.js", str(plotly / "dist" / "plotly-geo-assets.js"), cwd=work)
    edit_sources(plotly / "src")
    charts, used = bundle(work, modules)
    cut = "no server addresses"
    edits = f"no help texts; no upload function; no empty style attributes; {cut}"
    rows = [
        entry(
            "plotly.js", "plotly.js", PACKAGES["plotly.js"],
            f"core, bar, histogram, heatmap, scattergeo; {edits}", disarm(charts),
        ),
        entry("plotly.css", "plotly.js", PACKAGES["plotly.js"], "none", (plotly / "dist" / "plotly.css").read_bytes()),
        entry(
            "world_110m.js", "plotly.js", PACKAGES["plotly.js"], "one map of dist/plotly-geo-assets.js, as a script",
            b"window.PlotlyGeoAssets={topojson:{world_110m:" + world + b"}};",
        ),
        entry(
            "cytoscape.js", "cytoscape", PACKAGES["cytoscape"], cut,
            disarm((modules / "cytoscape" / "dist" / "cytoscape.min.js").read_bytes()),
        ),
    ]  # fmt: skip
    (VENDOR / "VENDOR.json").write_text(json.dumps(rows, indent=1) + "\n")
    write_licences(modules, sorted(used | {"plotly.js", "cytoscape"}))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tarballs", type=Path)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        build(Path(folder), options.tarballs)
    for path in sorted(VENDOR.iterdir()):
        print(f"{path.stat().st_size:>9,}  {path.name}")


if __name__ == "__main__":
    main()
