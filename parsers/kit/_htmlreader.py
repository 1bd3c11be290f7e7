"""One pass over the tags of a page: open elements, the label being read, finished leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.kit._htmlleaf import BLANK, Leaf, Section, html_text, parts_of
from parsers.kit._htmltags import Does, Tag

__all__ = ["Reader"]

_DEEPEST = 512  # open elements that are followed; deeper ones are layout
_LONGEST_PATH = 6
_STOPS = {b"div": (b"td", b"th", b"table"), b"td": (b"tr", b"table"), b"th": (b"tr", b"table"), b"tr": (b"table",)}

_NOWHERE = Leaf(Section(None, -1), -1, (), "", -1, -1, after_break=False)


class _Frame(NamedTuple):
    """An open row, label cell or cell.

    `owner` holds its leaf (a list of at most one, since it comes later), `inner` the leaf of the last row inside it.
    """

    does: Does
    owner: list[Leaf]
    inner: list[Leaf]


@dataclass(slots=True)
class _Open:
    """The leaf being read, and the byte ranges of its value; True begins a new line."""

    leaf: Leaf
    bits: list[tuple[int, int, bool]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class Reader:
    """State of one pass: open elements, the leaf being read, finished leaves."""

    __slots__ = (
        "broke", "frames", "offset", "out", "page", "parents", "pending", "raw", "row_start", "section", "stack",
        "too_deep", "view", "wraps",
    )  # fmt: skip

    def __init__(self, view: memoryview, offset: int) -> None:
        self.view, self.offset = view, offset
        self.out: list[Leaf] = []
        self.pending: _Open | None = None
        self.raw: bytes | None = None
        self.begin(Section(None, offset))

    def begin(self, section: Section) -> None:
        """Enter a section: nothing that was open before it counts in it."""
        self.flush(None)
        self.section = section
        self.stack: list[tuple[bytes, bool]] = []
        self.frames: list[_Frame] = []
        self.parents: list[Leaf] = []
        self.row_start: int | None = None
        self.page = self.too_deep = 0
        self.broke, self.wraps = False, True

    def flush(self, upcoming: Leaf | None) -> None:
        """Finish the leaf being read; `upcoming` is the one that follows it in the section."""
        if self.pending is None:
            return
        leaf = self.pending.leaf
        leaf.parts = parts_of(self.view, self.pending.bits, self.offset)
        leaf.links = tuple(self.pending.links)
        leaf.end = leaf.text_end
        if upcoming:
            leaf.end, leaf.holds_rows = upcoming.start, upcoming.level > leaf.level
        self.out.append(leaf)
        self.pending = None

    # tags

    def tag(self, tag: Tag, start: int, end: int) -> None:
        """One tag outside raw content."""
        does = tag.does
        if self.page and not self._leaves_page_break(tag):
            return
        if tag.section is not None:
            self.begin(Section(tag.section, self.offset + start))
            self.out.append(Leaf(self.section, -1, (), "", self.offset + start, -1, after_break=False))
            self.out[-1].end = self.out[-1].text_end = self.offset + end
        if does is Does.CLOSE:
            self.close(tag.name)
        elif tag.opens:
            self.open(tag, start)
        elif does is Does.PAGE_BREAK:
            self.page, self.broke = 1, True
        elif does is Does.LINE:
            self.wraps = True
        elif does is Does.TEXT:
            self.text(start, end)
        elif does is Does.END:
            self.begin(Section(None, self.offset + start))
        if tag.link and self.pending:
            self.pending.links.append(tag.link.decode("utf-8", "backslashreplace"))

    def _leaves_page_break(self, tag: Tag) -> bool:
        """Inside a page heading only its own nesting counts; a row, cell or section ends one that was never closed."""
        if tag.part or tag.does is Does.END or tag.section is not None:
            self.page = 0
            return True
        if tag.name == b"div":
            self.page += -1 if tag.does is Does.CLOSE else 1
        return False

    def open(self, tag: Tag, start: int) -> None:
        """Push an element; a table's rows and cells end those before them without an end tag."""
        if tag.part and tag.name != b"div":
            for name in (b"td", b"th") if tag.name != b"tr" else (b"tr",):
                self.pop(self._find(name))
        self.wraps = True
        if len(self.stack) >= _DEEPEST:
            self.too_deep += 1
            return
        self.stack.append((tag.name, tag.part))
        if tag.does is Does.ROW or tag.does is Does.LABEL:
            self.row_start = self.offset + start if self.row_start is None else self.row_start
            self._open_row(tag.does)
        elif tag.does is Does.CELL:
            self._open_cell()

    def _open_row(self, does: Does) -> None:
        shared = does is Does.LABEL and self.frames and self.frames[-1].does is Does.ROW
        owner = self.frames[-1].owner if shared else []
        if does is Does.LABEL:
            owner.clear()
        self.frames.append(_Frame(does, owner, []))

    def _open_cell(self) -> None:
        top = self.frames[-1] if self.frames else None
        owner = (top.owner or top.inner)[:] if top else []
        nested = not top or top.does is Does.CELL or not owner
        self.frames.append(_Frame(Does.CELL, owner, []))
        self.parents.append(self.parents[-1] if nested and self.parents else owner[0] if owner else _NOWHERE)

    def close(self, name: bytes) -> None:
        """Close the innermost open element of this name; a stray end tag closes nothing."""
        self.wraps = True
        if self.too_deep:
            self.too_deep -= 1
        else:
            self.pop(self._find(name))

    def _find(self, name: bytes) -> int:
        stack = self.stack
        if stack and stack[-1][0] == name:
            return len(stack) - 1
        stops = _STOPS.get(name, ())
        for at in range(len(stack) - 1, -1, -1):
            other = stack[at][0]
            if other == name:
                return at
            if other in stops:
                break
        return len(stack)

    def pop(self, keep: int) -> None:
        """Close every element above the first `keep`. A row hands its label on: its cell may stand beside it."""
        while len(self.stack) > keep:
            if not self.stack.pop()[1]:
                continue
            frame = self.frames.pop()
            if frame.does is Does.CELL:
                self.parents.pop()
            elif self.frames and self.frames[-1].does is Does.ROW:
                self.frames[-1].inner[:] = frame.owner or frame.inner

    # text

    def text(self, start: int, end: int) -> None:
        """Text between two tags."""
        if self.page:
            return
        raw = bytes(self.view[start:end])
        if not raw.strip(BLANK):
            if self.pending and self.pending.bits and not self.wraps:
                self._add(start, end)
            return
        start += len(raw) - len(raw.lstrip(BLANK)) if self.wraps else 0
        top = self.frames[-1] if self.frames else None
        owner = top.owner[0] if top and top.owner else None
        if top and top.does is not Does.CELL:
            self._label(top, owner, start, end)
        elif self.pending and (owner is self.pending.leaf or (owner is None and self._awaits())):
            self.pending.leaf.broken |= self.broke
            self._add(start, end)
        else:
            self._begin("", start, end)
        self.broke, self.wraps, self.row_start = False, False, None

    def _awaits(self) -> bool:
        """Whether a label still waits for its value, which a page heading cut off from it."""
        open_leaf = self.pending
        return bool(open_leaf and open_leaf.leaf.label and not open_leaf.bits and self.broke)

    def _add(self, start: int, end: int) -> None:
        if self.pending:
            self.pending.bits.append((start, end, self.wraps))
            self.pending.leaf.text_end = self.offset + end

    def _label(self, frame: _Frame, owner: Leaf | None, start: int, end: int) -> None:
        words = html_text(self.view[start:end])[0]
        if owner is None:
            frame.owner.append(self._begin(words, start, end))
        elif self.pending and owner is self.pending.leaf and not self.pending.bits and not self.wraps:
            owner.label = f"{owner.label} {words}"
            owner.path = (*owner.path[:-1], owner.label)
            owner.text_end = self.offset + end
        else:
            self._begin("", start, end)

    def _begin(self, label: str, start: int, end: int) -> Leaf:
        """A new leaf; without a label the text is its value."""
        above = self.parents[-1] if self.parents else _NOWHERE
        at = self.offset + start if self.row_start is None or not label else self.row_start
        leaf = Leaf(
            self.section,
            len(self.parents),
            (*above.path, label)[-_LONGEST_PATH:],
            label,
            at,
            above.start,
            after_break=self.broke,
            text_end=self.offset + end,
        )
        self.flush(leaf)
        self.pending = _Open(leaf)
        if not label:
            self.pending.bits.append((start, end, True))
        return leaf
