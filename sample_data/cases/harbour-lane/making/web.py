"""The blog's access logs: an ordinary crowd, robots, and the visits that matter; some lines are damaged."""

from __future__ import annotations

from making.kit import DAY, Draw, Evidence, Fact, Row, at, gzip_bytes, local, numbered
from making.world import ADA_HOME, DAYS, DEVICES, EXITS, HOME, SLIP, START

__all__ = ["write"]

_PAGES = {
    "/": 9,
    "/about": 2,
    "/contact": 1,
    "/2026/01/fog-on-the-quay": 4,
    "/2026/02/winter-boats": 4,
    "/2026/03/first-swim": 4,
    "/feed.xml": 3,
    "/static/site.css": 6,
    "/static/harbour.jpg": 5,
    "/favicon.ico": 2,
}
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.2; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 14; LP-2) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Mobile",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:122.0) Gecko/20100101 Firefox/122.0",
    "Feedfetcher/3.1 (+https://feeds.example.com/bot)",
    "ExampleBot/2.0 (+https://bot.example.net/)",
    "-",
)
_ROTATED = at("2026-02-01 00:00:00")
_LAPTOP, _PHONE = DEVICES["resp_laptop"].browser, DEVICES["resp_phone"].browser
# Moment in UTC, address, request, status, browser, and the fact it carries.
_VISITS = (
    ("2026-01-10 20:58:41", EXITS[1], "GET /about HTTP/1.1", 200, _PHONE, None),
    (
        "2026-01-12 20:49:12",
        EXITS[1],
        "GET /contact HTTP/1.1",
        200,
        _LAPTOP,
        Fact(
            "F17",
            "the contact page asked for from a VPN exit a quarter of an hour before the first e-mail",
            "",
            "http_request",
            {"source_ip": EXITS[1], "url_original": "/contact", "url_domain": "blog.example.org"},
        ),
    ),
    ("2026-01-24 22:02:09", HOME, "GET /about HTTP/1.1", 200, _LAPTOP, None),
    ("2026-02-11 20:40:55", EXITS[3], "GET /contact HTTP/1.1", 200, _LAPTOP, None),
    ("2026-03-05 21:20:13", EXITS[0], "POST /contact HTTP/1.1", 302, _LAPTOP, None),
    ("2026-03-17 22:52:36", HOME, "GET /contact HTTP/1.1", 200, _LAPTOP, None),
    (
        "2026-03-17 22:53:59",
        HOME,
        "POST /contact HTTP/1.1",
        302,
        _LAPTOP,
        Fact(
            "F18",
            "the contact form sent from the home address eleven minutes before the e-mail of that evening",
            "",
            "http_request",
            {
                "source_ip": HOME,
                "url_original": "/contact",
                "event_action": "post",
                "timestamp": "2026-03-17T22:53:59Z",
            },
        ),
    ),
    ("2026-04-02 21:03:48", EXITS[2], "GET /about HTTP/1.1", 200, _LAPTOP, None),
)
_BROKEN = (
    "198.18.140.9 - - [14/Feb/2026:09:1",
    "\x00" * 48,
    "*** log restarted after disk full ***",
    '- - - [] "" - -',
)
_ODD = (
    (at("2026-02-20 03:14:15"), '198.19.244.80 - - [{}] "\\x16\\x03\\x01\\x02\\x00\\x01" 400 226 "-" "-"'),
    (at("2026-02-20 03:14:16"), '198.19.244.80 - - [{}] "-" 408 0 "-" "-"'),
    (at("2026-03-02 11:20:01"), '2001:db8:100:7::21 - - [{}] "GET / HTTP/2.0" 200 5120 "-" "Reader \\"Deluxe\\" 4.1"'),
    (at("2026-03-02 11:22:40"), '::ffff:203.0.113.142 - ada [{}] "GET /drafts HTTP/1.1" 200 2210 "-" "Mozilla/5.0"'),
    (
        at("2026-03-09 17:40:02"),
        '198.18.130.14 - - [{}] "GET /search?q=203.0.113.57 - - HTTP/1.1" 200 810 "-" "Mozilla/5.0"',
    ),
)


def _stamp(when: int) -> str:
    wall, offset = local(when)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{wall.day:02d}/{months[wall.month - 1]}/{wall.year}:{wall:%H:%M:%S} {offset}"


def _text(when: int, ip: str, request: str, status: int, size: int, referrer: str, agent: str) -> str:
    host = "blog.example.org:443 " if when < _ROTATED else ""
    return f'{host}{ip} - - [{_stamp(when)}] "{request}" {status} {size or "-"} "{referrer}" "{agent}"'


def _visitor(draw: Draw) -> tuple[str, str]:
    """An address of the crowd and the browser seen there."""
    number = draw.between(0, 149)
    if number < 8:
        return f"198.19.244.{10 + number}", _AGENTS[5 + number % 3]
    if number < 30:
        return f"198.18.12.{10 + number % 24}", _AGENTS[2 + number % 2]
    if number < 33:
        return f"2001:db8:100:{number:x}::21", _AGENTS[0]
    return f"198.18.{128 + number % 90}.{7 + number}", _AGENTS[number % 5]


def _crowd() -> list[Row]:
    draw = Draw("crowd")
    rows = []
    for day in range(DAYS):
        for _ in range(draw.between(26, 46)):
            when = START + day * DAY + draw.between(0, DAY - 1)
            ip, agent = _visitor(draw)
            page = draw.weighted(_PAGES)
            status = 404 if page == "/favicon.ico" else draw.weighted({200: 12, 304: 2})
            size = 0 if status == 304 else draw.between(300, 48_000)
            referrer = draw.pick(("-", "-", "https://search.example.com/", "https://blog.example.org/"))
            rows.append(Row(when, _text(when, ip, f"GET {page} HTTP/1.1", status, size, referrer, agent)))
    return rows


def _planted() -> list[Row]:
    draw = Draw("visits")
    rows = []
    for moment, ip, request, status, agent, fact in _VISITS:
        when = at(moment)
        text = _text(when, ip, request, status, draw.between(900, 6_000), "https://blog.example.org/", agent)
        rows.append(Row(when, text, (fact,) if fact else ()))
    for day in range(0, DAYS, 3):
        when = START + day * DAY + draw.between(28_000, 70_000)
        rows.append(
            Row(when, _text(when, ADA_HOME, "GET /drafts HTTP/1.1", 200, 2210, "-", DEVICES["ada_phone"].browser))
        )
    rows += [Row(when, text.format(_stamp(when))) for when, text in _ODD]
    return rows + [Row(SLIP - 9 * DAY + i * 86_413, text) for i, text in enumerate(_BROKEN)]


def write(out: Evidence) -> None:
    """Add the current log, and the rotated one: virtual-host layout, gzip."""
    rows = _crowd() + _planted()
    old, old_facts = numbered([row for row in rows if row.when < _ROTATED])
    new, new_facts = numbered([row for row in rows if row.when >= _ROTATED])
    name = "blog-vhosts.log"
    packed = gzip_bytes(("\n".join(old) + "\n").encode(), name)
    out.add("evidence/blog-vhosts.log.1.gz", packed, [(fact, (name,)) for fact in old_facts])
    out.add("evidence/blog-access.log", ("\n".join(new) + "\n").encode(), [(f, ()) for f in new_facts], len(_BROKEN))
