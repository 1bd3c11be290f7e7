"""Where the fields of ordinary access-log lines begin and end, for a whole batch at once.

All arrays hold positions in the batch (int64). `fields_of` keeps the lines whose structure is beyond doubt. What the
fields hold is checked in `_web_columns`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from parsers.server_logs._web_row import TIME_WIDTH

if TYPE_CHECKING:
    from parsers.server_logs._web_marks import Bytes, Ints, Marks, Mask
    from parsers.server_logs._web_row import Layout

__all__ = ["Fields", "Spans", "fields_of"]

_SPACE, _HYPHEN, _OPEN, _CLOSE = b" -[]"
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


class Fields(NamedTuple):
    """Spans of the fields of the lines at index `line`; `quoted` are referrer and agent, or nothing.

    `split` lines have a request of three parts. Others have one without any blank: its text is the target, and
    `method` and `version` mean nothing.
    """

    line: Ints
    site: Spans | None
    host: Spans
    user: Spans
    time: Spans
    split: Mask
    method: Spans
    target: Spans
    version: Ints
    status: Ints
    size: Spans
    quoted: tuple[Spans, ...]

    def take(self, keep: Ints) -> Fields:
        """The fields of the lines at these indices."""
        if len(keep) == len(self.line):
            return self
        return Fields(
            self.line[keep],
            self.site.take(keep) if self.site else None,
            self.host.take(keep),
            self.user.take(keep),
            self.time.take(keep),
            self.split[keep],
            self.method.take(keep),
            self.target.take(keep),
            self.version[keep],
            self.status[keep],
            self.size.take(keep),
            tuple(s.take(keep) for s in self.quoted),
        )


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
    split, method, target, version = _request(marks, quotes[0], quotes[1])
    whole = marks.blanks.before(quotes[1]) == marks.blanks.before(quotes[0])
    target = Spans(np.where(whole, quotes[0] + 1, target.start), np.where(whole, quotes[1], target.end))
    answer_ok, size, quoted = _answer(marks.codes, quotes, ends)
    time = Spans(quotes[0] - 2 - TIME_WIDTH, quotes[0] - 2)
    found = Fields(line, site, host, user, time, split, method, target, version, quotes[1] + 2, size, quoted)
    return found.take(np.flatnonzero(head_ok & answer_ok & (split | whole)))


def _ends_in(marks: Marks, tail: bytes) -> Mask:
    ok = marks.ends - marks.starts > len(tail)
    for at, code in enumerate(tail):
        ok &= marks.codes[marks.ends - len(tail) + at] == code
    return ok


def _head(marks: Marks, layout: Layout, starts: Ints, opening: Ints) -> tuple[Mask, Spans | None, Spans, Spans]:
    """``[site ]host - user [time] `` up to the request's quotation mark."""
    codes = marks.codes
    bracket = opening - 3 - TIME_WIDTH
    site = Spans(starts, marks.blanks.first(starts)) if layout.vhost else None
    begin = site.end + 1 if site else starts
    host = Spans(begin, marks.blanks.first(begin))
    user = Spans(host.end + 3, bracket - 1)
    ok = (opening - host.start >= _SHORTEST_HEAD) & (codes[opening - 1] == _SPACE) & (codes[opening - 2] == _CLOSE)
    ok &= (codes[bracket] == _OPEN) & (codes[bracket - 1] == _SPACE) & (user.end > user.start) & (host.end > host.start)
    for at, code in enumerate((_SPACE, _HYPHEN, _SPACE)):
        ok &= codes[host.end + at] == code
    return ok if site is None else ok & (codes[site.end] == _SPACE), site, host, user


def _request(marks: Marks, opening: Ints, closing: Ints) -> tuple[Mask, Spans, Spans, Ints]:
    """``METHOD target HTTP/d.d`` with exactly two blanks; the last value is where the version begins."""
    codes, blanks = marks.codes, marks.blanks
    left, right = blanks.first(opening), closing - _VERSION - 1
    ok = (blanks.before(closing) - blanks.before(opening) == 2) & (codes[left] == _SPACE) & (right > left + 1)
    for at, code in enumerate(b" HTTP/"):
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
