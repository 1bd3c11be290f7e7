"""Write a case as the evidence files a user would have.

Layout of the folder, which is that of a sample case::

    case.toml        [case] and [[database]]; exhibits are added, not listed
    exhibits.toml    one [[exhibit]] per `vestigo add`: file, authority, source, and map where one is needed
    evidence/        tables of the services, account downloads, a mailbox, chats
    maps/            column maps of the tables
    databases/       networks.mmdb: classes and places of addresses, with the world's mistakes
    truth/           truth.csv, pairs.csv, networks.csv, aliases.csv: never part of the evidence

A table of `sessions` row by row holds the same as `Case.sessions`, except for the accounts whose owner's download
stands in for it (`instagram-*.zip`). Times of an export with a declared uncertainty carry no zone and its map none.
`commands` gives the command lines that turn the folder into a case.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.attribution.simulator.downloads import chat, instagram_download, mailbox
from benchmarks.attribution.simulator.maps import TABLES_WRITTEN, column_map
from benchmarks.attribution.simulator.networks_file import write_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyarrow as pa

    from benchmarks.attribution.simulator.case import Case

__all__ = ["commands", "write_case"]

Row = dict[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DOWNLOADS = 3
_AUTHORITY = "simulated production order"


def _rows(table: pa.Table) -> list[Row]:
    return list(table.to_pylist())


def _stamp(us: int, *, zoned: bool) -> str:
    text = (_EPOCH + timedelta(microseconds=us)).strftime("%Y-%m-%d %H:%M:%S")
    return f"{text}Z" if zoned else text


def _csv(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows(rows)
    return out.getvalue().encode()


class _Writer:
    """Collects the files of a case folder.

    Args:
        folder: where to write; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exhibits: list[Row] = []

    def put(self, name: str, content: bytes) -> None:
        """Write one file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def exhibit(self, name: str, content: bytes, source: str, **more: str) -> None:
        """Write one exhibit and enter it in the list."""
        self.put(f"evidence/{name}", content)
        self.exhibits.append({"file": f"evidence/{name}", "authority": _AUTHORITY, "source": source, **more})


def _table_files(out: _Writer, kind: str, rows: Sequence[Row], *, of: Callable[[Row], str]) -> None:
    """One CSV and one map per exhibit of a kind of table."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(of(row), []).append(row)
    for name, group in sorted(groups.items()):
        columns = TABLES_WRITTEN[kind].columns
        cells = [["" if (v := row.get(key)) is None else v for _, _, key in columns] for row in group]
        platform, zoned = str(group[0]["platform"]), all(row.get("zoned", True) for row in group)
        stem = name.removesuffix(".csv")
        out.put(f"maps/{stem}.toml", column_map(platform, kind, zoned=zoned).encode())
        out.exhibit(name, _csv([title for title, _, _ in columns], cells), platform, map=f"maps/{stem}.toml")


def _joined(rows: list[Row], accounts: Mapping[str, Row], unzoned: frozenset[str]) -> list[Row]:
    """Rows with what the tables of a service say of their account, and their time as written."""
    for row in rows:
        account = accounts[row["account"]]
        zoned = row.get("exhibit") not in unzoned and row["account"] not in unzoned
        row |= {name: account[name] for name in ("platform", "native_id", "login", "display_name")}
        other = row.get("other") or row.get("to_account")
        row["other_id"] = accounts[other]["native_id"] if other else None
        at = row.get("t_us", row.get("created_us"))
        row |= {"zoned": zoned, "time": None if at is None else _stamp(at, zoned=zoned)}
        if "value" in row:
            row[row["kind"]] = row["value"]
    return rows


def _unzoned(case: Case) -> frozenset[str]:
    """Exhibits whose times carry a declared uncertainty, which files express by giving no zone; and their kin."""
    wide = {r["exhibit"] for r in _rows(case.sessions.select(["exhibit", "uncertainty_us"])) if r["uncertainty_us"]}
    return frozenset(name.replace("sessions", kind) for name in wide for kind in TABLES_WRITTEN)


def write_case(case: Case, folder: Path, *, native: bool = True) -> None:
    """Write the evidence of a case, its settings, and the truth apart.

    Args:
        case: from `simulate`.
        folder: made if missing; files of the same names are replaced.
        native: also write account downloads (which stand in for rows of tables), a mailbox and chats.
    """
    out, accounts = _Writer(Path(folder)), {r["account"]: r for r in _rows(case.accounts)}
    unzoned = _unzoned(case)
    sessions = _joined(_rows(case.sessions), accounts, unzoned)
    aliases: list[tuple[str, str]] = []
    if native:
        sessions = _downloads(out, accounts, sessions)
        aliases = _conversations(out, case, accounts)
    _table_files(out, "sessions", sessions, of=lambda r: r["exhibit"])
    plain = frozenset[str]()
    created = _joined(_rows(case.accounts), accounts, plain)
    _table_files(out, "accounts", created, of=lambda r: f"{r['platform']}-accounts.csv")
    for kind, table in (("identifiers", case.identifiers), ("messages", case.messages)):
        _table_files(out, kind, _joined(_rows(table), accounts, unzoned), of=lambda r: r["exhibit"])
    relations = _joined(_rows(case.relations), accounts, plain)
    _table_files(out, "relations", relations, of=lambda r: f"{r['platform']}-relations.csv")
    links = _joined(_rows(case.provider_links), accounts, plain)
    _table_files(out, "links", links, of=lambda r: r["exhibit"])
    write_database(case, out.folder / "databases" / "networks.mmdb")
    _settings(out, case)
    for name in ("truth", "pairs", "networks"):
        table = getattr(case, name)
        out.put(f"truth/{name}.csv", _csv(table.column_names, zip(*table.to_pydict().values(), strict=True)))
    out.put("truth/aliases.csv", _csv(("key", "account"), aliases))


def _downloads(out: _Writer, accounts: Mapping[str, Row], sessions: list[Row]) -> list[Row]:
    """Downloads of a few accounts; gives the sessions that remain for the tables."""
    counts: dict[str, int] = {}
    for row in sessions:
        if row["platform"] == "instagram" and row["zoned"]:
            counts[row["account"]] = counts.get(row["account"], 0) + 1
    chosen = sorted(counts, key=lambda key: (-counts[key], key))[:_DOWNLOADS]
    for key in chosen:
        own = [row for row in sessions if row["account"] == key]
        name = accounts[key]["login"]
        out.exhibit(
            f"instagram-{name}.zip", instagram_download(accounts[key], own), "download", account=f"instagram:{name}"
        )
    return [row for row in sessions if row["account"] not in chosen]


def _conversations(out: _Writer, case: Case, accounts: Mapping[str, Row]) -> list[tuple[str, str]]:
    """What harassed people kept: a mailbox and a chat; gives the keys under which these senders appear."""
    socks = set(case.notes["sock"])
    rows = [r for r in _rows(case.messages) if r["account"] in socks and r["to_account"]]
    to = sorted({r["to_account"] for r in rows})[:2]
    aliases: list[tuple[str, str]] = []
    for key, write in zip(to, (mailbox, chat), strict=False):
        received = [r for r in rows if r["to_account"] == key]
        name, content, found = write(accounts[key], received, accounts)
        out.exhibit(name, content, "kept by the recipient", timezone="UTC")
        aliases += found
    return aliases


def _settings(out: _Writer, case: Case) -> None:
    quote = json.dumps
    name = f"SIM-{case.profile.upper().replace('_', '-')}-{case.seed}"
    lines = ["[case]", f"id = {quote(name)}", f"title = {quote('simulated case')}", 'timezone = "UTC"', ""]
    lines += [
        "[[database]]",
        'path = "databases/networks.mmdb"',
        'name = "simulated networks"',
        "overrides_special = true",
    ]
    out.put("case.toml", ("\n".join(lines) + "\n").encode())
    text = []
    for entry in sorted(out.exhibits, key=lambda e: e["file"]):
        text += ["[[exhibit]]", *(f"{key} = {quote(value)}" for key, value in entry.items()), ""]
    out.put("exhibits.toml", "\n".join(text).encode())


def commands(folder: Path, case_folder: Path) -> list[list[str]]:
    """Command lines of `vestigo` that make a case of the files (copy case.toml and databases/ after the first)."""
    import tomllib

    out = [["new", str(case_folder)]]
    for entry in tomllib.loads((folder / "exhibits.toml").read_text("utf-8"))["exhibit"]:
        line = ["add", str(folder / entry["file"]), "--case", str(case_folder)]
        for key in ("authority", "source", "timezone", "account"):
            line += [f"--{key}", entry[key]] if key in entry else []
        out.append([*line, "--map", str(folder / entry["map"])] if "map" in entry else line)
    return [*out, ["run", "--case", str(case_folder)]]
