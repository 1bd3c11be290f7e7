"""The command `vestigo`. Each command calls one function; nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from pipeline.errors import VestigoError

__all__ = ["main"]

_CASE = click.option(
    "--case",
    "case_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Case folder [default: here]",
)
_WORKERS = click.option(
    "--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Workers on this machine"
)
_SCHEDULER = click.option(
    "--scheduler", metavar="tcp://HOST:PORT", help="Use a running Dask scheduler that sees the case folder"
)
_OPERATOR = click.option(
    "--operator", envvar="VESTIGO_OPERATOR", help="Who acts, for the custody ledger [default: login name]"
)
_ZONE = click.option("--timezone", metavar="ZONE", help="IANA zone of times that carry none, e.g. Europe/Dublin")
_ACQUIRED = click.option(
    "--acquired-at", metavar="TIME", help="When the evidence was acquired, e.g. 2026-05-01T10:00:00Z"
)
_ORDER = click.option(
    "--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of numeric dates, when known"
)
_FILE = click.Path(dir_okay=False, path_type=Path)


class _Group(click.Group):
    """Lists commands in the order in which a case needs them, and turns errors into messages and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        try:
            return super().invoke(ctx)
        except VestigoError as error:
            click.echo(f"vestigo: {error}", err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            sys.exit(0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="vestigo")
def main() -> None:
    r"""Digital footprints in stalking and harassment cases: evidence in, explained graph and report out.

    \b
    A first look at one file, no case needed:   vestigo parse access.log --jsonl | head
    The worked example:                         vestigo demo
    A case of your own:
      vestigo new my-case && cd my-case
      vestigo add FILES --authority "consent of ..., 2026-05-01"
      vestigo run
      vestigo verify

    Works offline, only on evidence lawfully in hand. Exit codes: 0 done, 1 done with many rejects,
    2 usage or configuration, 3 evidence or ledger changed.
    """


@main.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-case"),
    show_default=True,
    help="Folder for the example case",
)
@_WORKERS
def demo(out: Path, workers: int) -> None:
    """Run the worked example and say where the report is.

    The whole pipeline over the invented case Harbour Lane: exhibits, reading, linking, report.
    """
    from pipeline.demo import run_demo

    sys.exit(run_demo(out, workers))


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--id", "case_id", help="Case id: capital letters, digits, . _ - [default: from the folder's name]")
@click.option("--title", default="", help="Title shown in reports")
@click.option("--timezone", default="UTC", show_default=True, help="Zone shown beside UTC in reports")
@_OPERATOR
def new(folder: Path, case_id: str | None, title: str, timezone: str, operator: str | None) -> None:
    """Make a case folder: case.toml, ledger, signing key."""
    from pipeline.manage import new_case

    for line in new_case(folder, case_id=case_id, title=title, timezone=timezone, operator=operator):
        click.echo(line)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--authority", help="Legal authority: consent, warrant, order, own system's logs (with date)")
@click.option("--authority-pending", is_flag=True, help="Take it without; every report will say so")
@click.option("--source", default="", help="Where it comes from")
@_ZONE
@_ACQUIRED
@_ORDER
@click.option("--format", "format_id", help="Pin the format (see: vestigo formats)")
@click.option("--map", "column_map", type=_FILE, help="Column map: a TOML file, or the name of a shipped map")
@click.option("--account", help="Whose export this is, e.g. instagram:example.name, when the evidence does not say")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="Setting of a format; repeatable")
@click.option("--reference", is_flag=True, help="Leave the bytes where they are; record digest and place only")
@click.option("--note", default="", help="Anything a reader should know")
@_CASE
@_OPERATOR
def add(paths: tuple[Path, ...], case_dir: Path, operator: str | None, **about: Any) -> None:  # noqa: ANN401 - options
    """Seal evidence: copied, hashed, read-only, recorded."""
    from pipeline.manage import Intake, add_exhibits

    lines, refused = add_exhibits(case_dir, list(paths), Intake(**about), operator=operator)
    for line in lines:
        click.echo(line)
    sys.exit(1 if refused else 0)


@main.command()
@_CASE
@_WORKERS
@_SCHEDULER
@_OPERATOR
@click.option("--plan", is_flag=True, help="Show the stages and stop")
def run(case_dir: Path, workers: int, scheduler: str | None, operator: str | None, plan: bool) -> None:  # noqa: FBT001
    """Read, enrich, link and report; resumes where it stopped."""
    from dags.case import STAGES
    from pipeline.runs import plan_lines, run_case

    if plan:
        click.echo("\n".join(plan_lines(STAGES)))
        return
    sys.exit(run_case(case_dir, STAGES, workers=workers, scheduler=scheduler, operator=operator))


@main.command()
@_CASE
@_WORKERS
@_SCHEDULER
@_OPERATOR
def triage(case_dir: Path, workers: int, scheduler: str | None, operator: str | None) -> None:
    """First look: what is inside, addresses, accounts."""
    from dags.triage import STAGES
    from pipeline.runs import run_case

    sys.exit(run_case(case_dir, STAGES, workers=workers, scheduler=scheduler, operator=operator))


@main.command()
@_CASE
@click.option("--fingerprint", help="The key fingerprint noted when the case was made")
def verify(case_dir: Path, fingerprint: str | None) -> None:
    """Check exhibits, tables, reports and ledger.

    Exit 0 when all agree; 3 when something was changed, added, removed, reordered or cut off, each named.
    """
    from pipeline.verify import verify as check

    problems = check(case_dir, fingerprint)
    for problem in problems:
        click.echo(str(problem))
    click.echo(
        f"{len(problems)} problem(s) found" if problems else "verified: exhibits, tables, reports and ledger agree"
    )
    sys.exit(3 if problems else 0)


@main.command()
@click.argument("name")
@_CASE
def explain(name: str, case_dir: Path) -> None:
    """Show what an id rests on, down to the bytes.

    NAME is the id of an event, reject, evidence item or link, as the report's drawer shows it.
    """
    from pipeline.explain import explain_lines

    click.echo("\n".join(explain_lines(case_dir, name)))


@main.command()
@click.argument("accounts", nargs=2, metavar="A B")
@_CASE
@click.option("--json", "as_json", is_flag=True, help="As JSON")
@click.option("--paths", type=click.IntRange(0, 20), default=0, help="Also the best paths between them, so many")
@click.option("--through-shared", is_flag=True, help="Paths through VPNs, carrier pools and hubs too, marked")
def why(accounts: tuple[str, str], case_dir: Path, as_json: bool, paths: int, through_shared: bool) -> None:  # noqa: FBT001
    """Say why two accounts are linked, or why not.

    A and B are account names as the report shows them, e.g. instagram:example.name. Findings with their weight and
    source, the steps to the number, what the number rests on, what was searched and not found.
    """
    from pipeline.why import why_text

    text = why_text(case_dir, accounts, as_json=as_json, paths=paths, through_shared=through_shared)
    click.echo(text)


@main.command()
@click.argument("accounts", nargs=-1, metavar="[A B]")
@click.option("--positive", "judgement", flag_value="positive", help="One operator used both")
@click.option("--negative", "judgement", flag_value="negative", help="Different operators used them")
@click.option("--unsure", "judgement", flag_value="unsure", help="Looked at and open: shown, changes nothing")
@click.option("--revoke", metavar="ID", help="Revoke a judgement; it stays in the file, marked")
@click.option("--list", "listed", is_flag=True, help="Show every judgement and what became of it")
@click.option("--reason", default="", help="What the judgement rests on; required")
@click.option("--by", metavar="NAME", help="Who judges [default: the operator]")
@_CASE
@_OPERATOR
def judge(accounts: tuple[str, ...], case_dir: Path, **about: Any) -> None:  # noqa: ANN401 - options
    """Enter what people decided about two accounts.

    A and B are account keys as the report shows them. The act goes into the signed ledger; the next run honours it,
    and the numbers of links stay those of the evidence.
    """
    from pipeline.judge import judge_lines

    click.echo("\n".join(judge_lines(case_dir, accounts, **about)))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON")
@click.option("--markdown", is_flag=True, help="As the table of the README")
def formats(as_json: bool, markdown: bool) -> None:  # noqa: FBT001
    """List what can be read, how far it is proven, and gaps."""
    from pipeline.formats import format_lines

    click.echo("\n".join(format_lines("json" if as_json else "markdown" if markdown else "text")))


@main.command()
@click.argument("path", type=_FILE)
@click.option("--format", "format_id", metavar="ID", help="Read as this format instead of recognising the content")
@_ZONE
@_ACQUIRED
@_ORDER
@click.option("--map", "column_map", type=_FILE, metavar="FILE", help="Column map: a TOML file or a shipped name")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE", help="Setting of a format; repeatable")
@click.option("--jsonl", is_flag=True, help="Print events as JSON lines (the default, for being explicit)")
@click.option("--accounting", type=_FILE, metavar="FILE", help="Write the byte accounting and all rejects here (JSON)")
def parse(path: Path, jsonl: bool, **about: Any) -> None:  # noqa: ANN401, ARG001, FBT001 - options
    """Print the events of one file or archive; no case needed."""
    from pipeline.single import parse_file

    sys.exit(parse_file(path, **about))


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON")
@click.option("--keys", "every_key", is_flag=True, help="Also show names of fields that are not made of known words")
def structure(path: Path, as_json: bool, every_key: bool) -> None:  # noqa: FBT001
    r"""Print the layout of an export without its content.

    PATH is a file, an archive as delivered, or a folder. The dump holds names of fields, column titles, HTML ids and
    classes, kinds of values and counts: no value, no file name. Names that may be somebody's (account names as keys,
    numbers, addresses) are shown as <key> with a count. Share it to get an unsupported layout read; read it first.

    \b
    vestigo structure return.zip > layout.txt
    vestigo structure new-export/ --json
    """
    from pipeline.structure.show import structure_text

    click.echo(structure_text(path, as_json=as_json, every_key=every_key))


@main.command()
@click.argument("addresses", nargs=-1, required=True)
@click.option(
    "--database", "databases", multiple=True, type=_FILE, help="A MaxMind-format file to ask as well; repeatable"
)
@click.option("--json", "as_json", is_flag=True, help="As JSON")
def lookup(addresses: tuple[str, ...], databases: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001
    """Say what offline data knows of addresses.

    Network, country and class, each with source and date, and what that does not show.
    """
    from pipeline.enrich.show import lookup_text

    click.echo(lookup_text(list(addresses), list(databases), as_json=as_json))


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--trusted-host", "trusted_hosts", multiple=True, metavar="HOST", help="Mail host to rely on; repeatable")
@click.option("--database", "databases", multiple=True, type=_FILE, help="A MaxMind-format file; repeatable")
@click.option("--keys", type=_FILE, help="Archived DKIM keys to check signatures with")
@click.option("--json", "as_json", is_flag=True, help="As JSON")
def headers(
    file: BinaryIO,
    trusted_hosts: tuple[str, ...],
    databases: tuple[Path, ...],
    keys: Path | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Trace one e-mail: hops, boundary, attested address.

    FILE is a message or pasted headers; - reads them from standard input.
    """
    from pipeline.headers_view import headers_text

    text = headers_text(file.read(), as_json=as_json, trusted_hosts=trusted_hosts, databases=databases, keys=keys)
    click.echo(text)


@main.command()
@click.argument("address")
@click.option("--at", required=True, metavar="TIME", help="When, with zone, e.g. 2026-03-17T22:41:20Z")
@click.option("--port", type=click.IntRange(0, 65535), help="Source port, when the evidence has it")
@click.option("--within", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="Uncertainty of the time")
@_CASE
def holder(address: str, at: str, port: int | None, within: float, case_dir: Path) -> None:
    """Say who was assigned an address at a time.

    Every candidate that the case's records allow, never a guess among them.
    """
    from pipeline.leases.show import holder_lines

    click.echo("\n".join(holder_lines(case_dir, address, at=at, port=port, within=within)))
