"""Where the fields of ordinary access-log lines begin and end, for a whole batch at once.

All arrays hold positions in the batch (int64). `marks_of` finds the bytes that structure a line; `fields_of` keeps the
lines whose structure is beyond doubt. What the fields hold is checked in `_web_columns`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.kit.lines import MAX_LINE
from parsers.server_logs._web_row import TIME_WIDTH

if TYPE_CHECKING:
    from parsers.server_logs._web_row import Layout

__all__ = ["Bytes", "Fields", "Ints", "Marks", "Mask", "Spans", "fields_of", "marks_of"]

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
_PAD = bytes(64)  # so that reading a little past any position stays inside the array
_LF, _CR, _SPACE, _QUOTE, _HYPHEN, _OPEN, _BACKSLASH, _CLOSE = b'\n\r "-[\\]'
_NO_FORWARDED = b' "-"'  # what the `main` layout nginx is shipped with appends without X-Forwarded-For
_SHORTEST_HEAD = len("h - u [] ") + TIME_WIDTH
_VERSION = len("HTTP/1.1")


class Spans(NamedTuple):
    """Half-open ranges, one per line."""

    start: Ints
    end: Ints

    def take(self, keep: Ints) -> Spans:
        """The ranges at these indices."""
        return Spans(self.start[keep], self.end[keep])


class Marks(NamedTuple):
    """A batch and the positions that structure it.

    `stops` lie behind the LF of each line, `ends` before its CR LF or LF. `plain` lines are ended, short enough, valid
    UTF-8, without control bytes and without doubled backslashes. `quotes` leaves out escaped quotation marks.
    """

    data: bytes
    codes: Bytes
    starts: Ints
    stops: Ints
    ends: Ints
    plain: Mask
    spaces: Ints
    quotes: Ints


class Fields(NamedTuple):
    """Spans of the fields of the lines at index `line`; `quoted` are referrer and agent, or nothing."""

    line: Ints
    site: Spans | None
    host: Spans
    user: Spans
    time: Spans
    method: Spans
    target: Spans
    version: Ints
    status: Ints
    size: Spans
    quoted: tuple[Spans, ...]

    def take(self, keep: Ints) -> Fields:
        """The fields of the lines at these indices."""
        return Fields(
            self.line[keep],
            self.site.take(keep) if self.site else None,
            self.host.take(keep),
            self.user.take(keep),
            self.time.take(keep),
            self.method.take(keep),
            self.target.take(keep),
            self.version[keep],
            self.status[keep],
            self.size.take(keep),
            tuple(s.take(keep) for s in self.quoted),
        )


def marks_of(view: memoryview) -> Marks:
    """Lines, blanks and quotation marks of a batch."""
    size = len(view)
    data = b"".join((view, _PAD))
    codes = np.frombuffer(data, np.uint8)
    low = np.flatnonzero(codes[:size] <= _QUOTE)
    kinds = codes[low]
    feeds = low[kinds == _LF]
    stops = feeds + 1 if len(feeds) and feeds[-1] == size - 1 else np.append(feeds + 1, size)
    starts = np.concatenate([np.zeros(1, np.int64), stops[:-1]])
    plain = stops - starts <= MAX_LINE
    plain[len(feeds) :] = False
    ends = stops - (codes[stops - 1] == _LF)
    ends -= (codes[ends - 1] == _CR) & (ends > starts)
    controls = low[(kinds < _SPACE) & (kinds != _LF)]
    controls = controls[(codes[controls] != _CR) | (codes[controls + 1] != _LF)]
    quotes, doubled = _escapes(data, codes[:size], low[kinds == _QUOTE])
    for doubtful in (controls, doubled):
        plain[np.searchsorted(stops, doubtful, side="right")] = False
    plain[_undecodable(data, codes[:size], starts, stops)] = False
    spaces = np.append(low[kinds == _SPACE], [size] * 4)
    return Marks(data, codes, starts, stops, ends, plain, spaces, quotes)


def _escapes(data: bytes, codes: Bytes, quotes: Ints) -> tuple[Ints, Ints]:
    """Quotation marks without a backslash before them, and the positions of doubled backslashes."""
    if b"\\" not in data:
        return quotes, quotes[:0]
    slashes = np.flatnonzero(codes == _BACKSLASH)
    bare = quotes[(quotes == 0) | (codes[quotes - 1] != _BACKSLASH)]
    return bare, slashes[1:][np.diff(slashes) == 1]


def _undecodable(data: bytes, codes: Bytes, starts: Ints, stops: Ints) -> list[int]:
    """Lines that are not valid UTF-8."""
    if data.isascii() or _valid(data):
        return []
    lines = np.unique(np.searchsorted(stops, np.flatnonzero(codes >= 128), side="right"))
    return [i for i in lines.tolist() if not _valid(data[starts[i] : stops[i]])]


def _valid(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def fields_of(marks: Marks, layout: Layout) -> Fields:
    """The fields of every plain line that has exactly the structure of `layout`."""
    per = 2 * layout.quoted_fields
    upto = np.searchsorted(marks.quotes, marks.stops)
    count = np.diff(upto, prepend=0)
    ends = marks.ends - len(_NO_FORWARDED) * ((count == per + 2) & _ends_in(marks, _NO_FORWARDED))
    line = np.flatnonzero(marks.plain & (count == per + 2 * (ends < marks.ends)))
    quotes = marks.quotes[(upto[line] - count[line])[:, None] + np.arange(per)].T
    starts, ends = marks.starts[line], ends[line]
    head_ok, site, host, user = _head(marks, layout, starts, quotes[0])
    request_ok, method, target, version = _request(marks, quotes[0], quotes[1])
    answer_ok, size, quoted = _answer(marks.codes, quotes, ends)
    time = Spans(quotes[0] - 2 - TIME_WIDTH, quotes[0] - 2)
    found = Fields(line, site, host, user, time, method, target, version, quotes[1] + 2, size, quoted)
    return found.take(np.flatnonzero(head_ok & request_ok & answer_ok))


def _ends_in(marks: Marks, tail: bytes) -> Mask:
    ok = marks.ends - marks.starts > len(tail)
    for at, code in enumerate(tail):
        ok &= marks.codes[marks.ends - len(tail) + at] == code
    return ok


def _head(marks: Marks, layout: Layout, starts: Ints, opening: Ints) -> tuple[Mask, Spans | None, Spans, Spans]:
    """``[site ]host - user [time] `` up to the request's quotation mark."""
    codes, spaces = marks.codes, marks.spaces
    bracket = opening - 3 - TIME_WIDTH
    first = np.searchsorted(spaces, starts)
    site = Spans(starts, spaces[first]) if layout.vhost else None
    first = first + 1 if layout.vhost else first
    host = Spans(spaces[first - 1] + 1 if layout.vhost else starts, spaces[first])
    user = Spans(host.end + 3, bracket - 1)
    ok = (opening - host.start >= _SHORTEST_HEAD) & (codes[opening - 1] == _SPACE) & (codes[opening - 2] == _CLOSE)
    ok &= (codes[bracket] == _OPEN) & (codes[bracket - 1] == _SPACE)
    ok &= (codes[host.end + 1] == _HYPHEN) & (spaces[first + 1] == host.end + 2)
    return ok & (user.end > user.start) & (host.end > host.start), site, host, user


def _request(marks: Marks, opening: Ints, closing: Ints) -> tuple[Mask, Spans, Spans, Ints]:
    """``METHOD target HTTP/d.d`` with exactly two blanks; the last value is where the version begins."""
    codes, spaces = marks.codes, marks.spaces
    first = np.searchsorted(spaces, opening)
    left, right = spaces[first], spaces[first + 1]
    ok = (np.searchsorted(spaces, closing) - first == 2) & (right > left + 1) & (closing - right == _VERSION + 1)
    for at, code in enumerate(b"HTTP/", 1):
        ok &= codes[right + at] == code
    ok &= codes[right + 7] == ord(".")
    return ok, Spans(opening + 1, left), Spans(left + 1, right), right + 6


def _answer(codes: Bytes, quotes: Ints, ends: Ints) -> tuple[Mask, Spans, tuple[Spans, ...]]:
    """`` ddd size`` and, where the layout has them, `` "referrer" "agent"`` up to the line's end."""
    closing = quotes[1]
    ok = (codes[closing + 1] == _SPACE) & (codes[closing + 5] == _SPACE)
    if len(quotes) == 2:
        return ok & (ends > closing + 6), Spans(closing + 6, ends), ()
    size = Spans(closing + 6, quotes[2] - 1)
    ok &= (codes[size.end] == _SPACE) & (codes[quotes[3] + 1] == _SPACE) & (size.end > size.start)
    ok &= (quotes[4] == quotes[3] + 2) & (quotes[5] + 1 == ends)
    return ok, size, (Spans(quotes[2] + 1, quotes[3]), Spans(quotes[4] + 1, quotes[5]))
