"""Which labelled values of a return make one row.

The markup of some generations has no element around a row, so its end is known from its labels alone: a label comes
again, or comes that stands earlier in the order of labels. Where fields are missing and rows do not begin as the
provider begins them, an address could be given the time of its neighbour: see `parsers.platform_exports._return_order`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.platform_exports._return_order import lead_of
from parsers.platform_exports._return_spec import Spec, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from parsers.kit.htmlleaves import Leaf
    from parsers.platform_exports._return_order import Meaning, Order

__all__ = ["Cell", "Row", "rows"]

_MOST_LABELS = 64  # different labels of a section whose order is learned

@dataclass(slots=True)
class Cell:
    """A field of a row: its key (see `Spec.fields`), what it means (None: unknown) and its leaf."""

    key: str
    meaning: str | None
    leaf: Leaf


@dataclass(slots=True)
class Row:
    """Fields that belong together.

    Attributes:
        cells: In the order written.
        parent: Start of the leaf whose cell the row stands in.
        level: Its depth.
        is_context: It holds labels that speak of the rows after it.
        joined: A page heading stands inside it.
        last: Label of its last cell whose place among the others is known.
        ends_context: Something between the row before and this one ends what was said of all rows.
    """

    cells: list[Cell]
    parent: int
    level: int
    is_context: bool
    joined: bool = False
    ends_context: bool = False
    last: str | None = None
    keys: set[str] = field(default_factory=set)
    starts: set[int] = field(default_factory=set)

    @property
    def start(self) -> int:
        """First byte."""
        return self.cells[0].leaf.start

    @property
    def end(self) -> int:
        """One past the last byte."""
        return self.cells[-1].leaf.end

    @property
    def state(self) -> str:
        """As `Leaf.state` of its last leaf."""
        return self.cells[-1].leaf.state


@dataclass(slots=True)
class _Grouper:
    """Rows of one section as its leaves come."""

    spec: Spec
    meaning: Meaning
    unplaced: list[str]
    nested: set[str]
    lead: str | None
    lead_key: str | None = None
    row: Row | None = None
    order: list[str] = field(default_factory=list)
    held: list[Cell] = field(default_factory=list)
    finished: int = 0
    heading: str | None = None
    ended: bool = False
    context_level: int | None = None
    fresh: bool = False

    def feed(self, leaf: Leaf) -> Iterator[Row | Leaf]:
        """Take one leaf; yields what is complete. A leaf that comes back belongs to no row."""
        key = key_of(leaf.label)
        part = self._part_key(leaf, key)
        if not key:
            yield from self.close()
            yield leaf
        elif part:
            self._add(Cell(part, self.meaning(part, leaf), leaf))
        elif self._is_wrapper(leaf, key):
            yield from self._wrap(leaf, key)
        else:
            yield from self._field(leaf, key)

    def close(self) -> Iterator[Row | Leaf]:
        """End the row being read."""
        if self.row:
            self.finished += not self.row.is_context
            yield self.row
        for cell in self.held:
            yield cell.leaf
        self.row, self.held = None, []

    def _part_key(self, leaf: Leaf, key: str) -> str | None:
        """Labels from the nested one on, when the leaf stands in a nested cell of the row; else None."""
        if not key or self.row is None or leaf.parent not in self.row.starts:
            return None
        above = [key_of(label) for label in leaf.path[:-1]]
        first = next((at for at, label in enumerate(above) if label in self.nested), None)
        if first is None:
            return None
        joined = " / ".join((*above[first:], key))
        return joined if joined in self.spec.fields or key != next(iter(self.spec.fields), None) else None

    def _is_wrapper(self, leaf: Leaf, key: str) -> bool:
        if self.row is None and leaf.holds_rows and not leaf.parts:
            return key not in self.spec.context  # a title, even one that reads like a field
        if key in self.spec.fields or key in self.spec.context or key in self.nested:
            return False
        if key in self.spec.wrappers or not leaf.holds_rows or leaf.parts:
            return key in self.spec.wrappers
        if self.row and leaf.parent == self.row.parent and len(self.nested) < _MOST_LABELS:
            self.nested.add(key)  # it stands among the fields of a row: a part nothing declares
            return False
        return True

    def _wrap(self, leaf: Leaf, key: str) -> Iterator[Row | Leaf]:
        """A label around rows ends the row before it, unless a page heading repeats the section's own title."""
        if leaf.after_break and key == self.heading:
            return
        if self.heading is None:
            self.heading = key
        elif key not in self.spec.wrappers and key != self.heading:
            self.note(key)
        self.ended |= self.context_level is not None and leaf.level < self.context_level
        self.fresh = True
        yield from self.close()

    def note(self, key: str) -> None:
        """Remember a label nothing declares."""
        if key not in self.unplaced and len(self.unplaced) < _MOST_LABELS:
            self.unplaced.append(key)

    def _field(self, leaf: Leaf, key: str) -> Iterator[Row | Leaf]:
        is_context = key in self.spec.context
        meaning = self.spec.context[key] if is_context else self.meaning(key, leaf)
        cell = Cell(key, meaning, leaf)
        if self.finished and not (is_context or meaning or self.fresh or key in self.order or key in self.nested):
            self.note(key)
            self.held.append(cell)  # first seen after a whole row: it may belong to the one before or to the next
            return
        self.fresh = False
        self._leads(leaf, key)
        if self.row is None or self._begins(leaf, key, is_context=is_context):
            yield from self.close()
            self.row = Row([], leaf.parent, leaf.level, is_context, ends_context=self.ended)
            self.ended, self.context_level = False, leaf.level if is_context else self.context_level
        for waiting in (*self.held, cell):
            self._learn(waiting.key, is_context=is_context)
            self._add(waiting)
        self.held = []

    def _begins(self, leaf: Leaf, key: str, *, is_context: bool) -> bool:
        """Whether the leaf is the first of another row."""
        row = self.row
        if row is None or key in row.keys or is_context != row.is_context:
            return True
        if leaf.parent != row.parent and leaf.parent not in row.starts and not leaf.after_break:
            return True
        if is_context:
            return False
        if self._leads(leaf, key):
            return any(cell.meaning for cell in row.cells)
        return row.last is not None and self._goes_back(key, row.last)

    def _leads(self, leaf: Leaf, key: str) -> bool:
        """Whether the label begins rows; of several that are known by shape, the first one does."""
        found = self.meaning(key, leaf) if self.lead else None
        if found is None or found.rstrip("?") != self.lead:
            return False
        self.lead_key = self.lead_key or key
        return key == self.lead_key or found == self.lead

    def _goes_back(self, key: str, last: str) -> bool:
        if key in self.order:
            return self.order.index(key) < self.order.index(last)
        declared = list(self.spec.fields) if self.lead else []  # in an order of its own nothing is known of new labels
        known = key in declared and last in declared
        return known and self.finished > 0 and declared.index(key) < declared.index(last)

    def _learn(self, key: str, *, is_context: bool) -> None:
        """Remember where a label stands: after the one before it in its row."""
        row = self.row
        if is_context or row is None:
            return
        if key not in self.order and len(self.order) < _MOST_LABELS:
            self.order.insert(self.order.index(row.last) + 1 if row.last else self._place(key), key)
        row.last = key if key in self.order else row.last

    def _place(self, key: str) -> int:
        """Where a label goes that begins a row and was not seen before."""
        declared = list(self.spec.fields) if self.lead else []
        if key not in declared:
            return 0
        later = (at for at, o in enumerate(self.order) if o in declared and declared.index(o) > declared.index(key))
        return next(later, len(self.order))

    def _add(self, cell: Cell) -> None:
        if self.row is None:
            return
        if cell.meaning is None:
            self.note(cell.key)
        self.row.joined |= cell.leaf.broken or (cell.leaf.after_break and bool(self.row.cells))
        self.row.cells.append(cell)
        self.row.keys.add(cell.key)
        self.row.starts.add(cell.leaf.start)


def rows(
    leaves: Iterable[Leaf], spec: Spec, meaning: Meaning, unplaced: list[str], order: Order = "provider"
) -> Iterator[Row | Leaf]:
    """Rows of a section, and between them the leaves that belong to none.

    Args:
        leaves: Leaves of the section, without its first.
        spec: Its declaration.
        meaning: What its keys mean.
        unplaced: Receives labels that nothing declares.
        order: From `order_of`.
    """
    grouper = _Grouper(spec, meaning, unplaced, set(spec.nested), lead_of(spec) if order == "provider" else None)
    for leaf in leaves:
        if not key_of(leaf.label).endswith("definition"):
            yield from grouper.feed(leaf)
    yield from grouper.close()
