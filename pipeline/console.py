"""Progress for people: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["progress"]


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function (title, done, total) that shows how far a stage is; on standard error."""
    if sys.stderr.isatty():
        with _bars() as show:
            yield show
    else:
        yield _Lines()


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<24}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, int] = {}

        def show(title: str, done: int, total: int) -> None:
            if title not in tasks:
                tasks[title] = bars.add_task(title, total=max(1, total))
            bars.update(tasks[title], completed=done if total else 1, total=max(1, total))  # type: ignore[arg-type]

        yield show


class _Lines:
    """One line per stage, when it is complete."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def __call__(self, title: str, done: int, total: int) -> None:
        if done >= total and title not in self._said:
            self._said.add(title)
            sys.stderr.write(f"{title}: done\n")
