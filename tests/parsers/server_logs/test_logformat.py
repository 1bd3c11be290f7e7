"""Format strings: rendered by each server's own rules of writing, then read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.contract import Event, Settings, Source, Span
from parsers.kit.lines import Line
from parsers.server_logs.custom_web import FORMATS, FormatStringError, compile_format, reader_for

if TYPE_CHECKING:
    from collections.abc import Callable

APACHE = (
    r"%h %l %u %t \"%r\" %>s %b",
    r"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-agent}i\"",
    r'LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"" vhost_combined',
    r"%a %t \"%r\" %>s %b %D",
    r"%{c}a:%{remote}p %t \"%r\" %s %>s %B",
    r"\"%{X-Forwarded-For}i\" %h %l %u %t \"%r\" %>s %b",
    r"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-agent}i\" %D \"%{X-Forwarded-For}i\"",
    r"%a|%u|%t|%r|%>s|%b",
    r"%t %a %m \"%U\" \"%q\" %H %>s",
    r"%a %t \"%m %U%q %H\" %>s %I %O",
    r"%{%Y-%m-%d %H:%M:%S %z}t %a \"%r\" %>s",
    r"%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t %a \"%r\" %>s",
    r"%{sec}t %a \"%r\" %>s %T",
    r"%{msec}t %a \"%r\" %>s %{ms}T",
    r"%{usec}t %a \"%r\" %>s",
    r"%{begin:%F %T}t.%{begin:usec_frac}t %{%z}t %a \"%{Host}i\" \"%r\" %>s",
    r"%a [%{%e/%h/%y %I:%M:%S %p %z}t] \"%r\" %>s %X",
    r"%A %p %a %{remote}p %t \"%r\" %>s %P %k",
    r"%t\t%a\t%v\t\"%{Cookie}i\"\t\"%{SSL_PROTOCOL}x\"\t%{UNIQUE_ID}e\t%>s",
    r"%!200,304{User-agent}i %a",
    r"%400,501{User-agent}i; %a; %t; %V; %L",
    r'{ "a": "%a", "t": "%t", "r": "%r", "s": %>s, "ua": "%{User-Agent}i", "u": "%u" }',
    r"%h %t %>s %b '%{Referer}i'",
)
NGINX = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
    """log_format main '$remote_addr - $remote_user [$time_local] "$request" '
    '$status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" "$http_x_forwarded_for"';""",
    """log_format timed escape=default '$remote_addr:$remote_port $msec "$request" $status $request_time '
    '"$upstream_addr" $upstream_response_time';""",
    """log_format j escape=json '{"time":"$time_iso8601","a":"$remote_addr","r":"$request","s":$status,'
    '"ua":"$http_user_agent","u":"$remote_user","b":$bytes_sent}';""",
    """log_format k escape=json '{"time":$msec,"a":"$remote_addr","x":"$http_x_forwarded_for","host":"$host"}';""",
    r"log_format n escape=none '$remote_addr\t$time_iso8601\t$request_method\t$request_uri\t$status';",
    "$time_iso8601 $remote_addr ${server_name} $request_method $scheme://$host$request_uri $server_protocol $status",
    '$remote_addr [$time_local] $request_method "$uri$is_args$args" $status $request_length',
    '$realip_remote_addr $realip_remote_port $remote_addr [$time_local] "$request" $status "$ssl_protocol" $request_id',
    '"$time_local" "$remote_addr" "$request" "$status" "$http_user_agent" "$uid_got" "$cookie_session"',
    "$connection $connection_requests $remote_addr $server_addr $server_port [$time_local] $status $pipe",
)
HAPROXY = (
    "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r",
    "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq",
    'log-format "%ci:%cp [%tr] %ft %b/%s %ST %B %{+Q}r"',
    r"log-format %ci:%cp\ [%T]\ %HM\ %HU\ %HV\ %ST\ %B\ %ID",
    "%Ts.%ms %ci %cp %fi %fp %HM %HP%HQ %HV %ST %U %B",
    "%ci %cp [%Tl] %[src] %{+Q}[capture.req.hdr(0)] %{+Q}HP %ST",
    "%{+Q}o %{-Q}ci %cp [%trl] %r %ST %b %s",
)

_WORD = st.text("abcdefghijklmnopqrstuvwxyzABCDEF0123456789_.~", min_size=1, max_size=12)
_NASTY = st.text(st.characters(codec="utf-8", exclude_characters="\n\0"), min_size=1, max_size=30)
_TRICKS = ('a "b" c', "\\", '\\"', '" 192.0.2.66 "', "\t\r\x1b", "é", "#22{|}", "a, b")
_TEXT = st.one_of(_WORD, _NASTY, st.sampled_from(_TRICKS)).map(str.strip).filter(lambda text: text not in {"", "-"})
_V4 = st.integers(1, 250).map(lambda n: f"203.0.113.{n}")
_ADDRESS = st.one_of(_V4, st.integers(1, 0xFFFF).map(lambda n: f"2001:db8::{n:x}"))
_NUMBER = st.integers(0, 10**12).map(str)


def escape_apache(text: str) -> str:
    """ap_escape_logitem of util.c: C escapes, then \\xhh for what is not printable ASCII."""
    names = {8: "\\b", 10: "\\n", 13: "\\r", 9: "\\t", 11: "\\v", 92: "\\\\", 34: '\\"'}
    return "".join(names.get(b) or (chr(b) if 32 <= b < 127 else f"\\x{b:02x}") for b in text.encode())


def escape_nginx(text: str) -> str:
    """ngx_http_log_escape."""
    return "".join(chr(b) if 32 <= b < 127 and b not in {34, 92} else f"\\x{b:02X}" for b in text.encode())


def escape_json(text: str) -> str:
    """ngx_escape_json."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def escape_haproxy(text: str) -> str:
    """lf_encode_chunk with the map for headers."""
    return "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"#{|}' else f"#{b:02X}" for b in text.encode())


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    base = datetime(2026, 1, 1, tzinfo=UTC)
    return base + timedelta(seconds=draw(st.integers(0, 40_000_000)), milliseconds=draw(st.integers(0, 999)))


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clf(at: datetime) -> str:
    return f"{at.day:02d}/{MONTHS[at.month - 1]}/{at.year}:{at:%H:%M:%S} +0000"


def epoch(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def strftime(layout: str, at: datetime) -> str:
    """What C's strftime writes in the C locale, for the conversions used above."""
    hour12, half = (at.hour % 12 or 12), "PM" if at.hour >= 12 else "AM"
    values = {
        "Y": f"{at.year}",
        "y": f"{at.year % 100:02d}",
        "m": f"{at.month:02d}",
        "d": f"{at.day:02d}",
        "z": "+0000",
        "e": f"{at.day:2d}",
        "b": MONTHS[at.month - 1],
        "h": MONTHS[at.month - 1],
        "H": f"{at.hour:02d}",
        "p": half,
        "I": f"{hour12:02d}",
        "M": f"{at.minute:02d}",
        "S": f"{at.second:02d}",
        "T": f"{at:%H:%M:%S}",
        "F": f"{at:%Y-%m-%d}",
    }
    return "".join(values[c] if p == "%" else c for p, c in zip(" " + layout, layout, strict=False) if c != "%")


def time_text(shape: str, at: datetime) -> str:
    ms = f"{at.microsecond // 1000:03d}"
    if shape.startswith("strftime:"):
        return strftime(shape[9:], at)
    return {
        "clf": f"[{clf(at)}]",
        "clf_bare": clf(at),
        "iso": f"{at:%Y-%m-%dT%H:%M:%S}+00:00",
        "epoch_s": f"{epoch(at) // 1000}",
        "epoch_ms": f"{epoch(at) // 1000}.{ms}",
        "epoch_int_ms": f"{epoch(at)}",
        "epoch_int_us": f"{epoch(at)}000",
        "millis": ms,
        "micros": ms + "000",
        "ha_date": clf(at)[:-6] + "." + ms,
    }[shape]


FIXED: dict[str, st.SearchStrategy[str]] = {
    "int": _NUMBER,
    "signed": st.integers(-1, 10**12).map(str),
    "port": st.integers(0, 65535).map(str),
    "decimal": st.integers(0, 99999).map(lambda n: f"{n / 1000:.3f}"),
    "status": st.integers(100, 599).map(str),
    "address": _ADDRESS,
    "host": _ADDRESS,
    "question": st.just("?"),
    "token": _WORD,
    "list": st.sampled_from(["0.001, 0.002 : 0.100", "192.0.2.1:80", "unix:/run/app.sock"]),
    "query": st.one_of(st.just(""), _WORD.map(lambda w: f"?{w}=1")),
    "target": _WORD.map(lambda w: f"/{w}"),
    "request": st.builds(lambda m, t: f"{m} /{t} HTTP/1.1", st.sampled_from(["GET", "POST"]), _WORD),
}
ESCAPES: dict[str, Callable[[str], str]] = {
    "apache": escape_apache,
    "nginx": escape_nginx,
    "json": escape_json,
    "haproxy": escape_haproxy,
    "none": str,
}


def value_for(draw: st.DrawFn, shape: str, *, free: bool) -> str:
    if shape in {"text", "path"}:
        value = draw(_TEXT if free else _WORD)
        return "/" + value.replace("?", "") if shape == "path" else value
    if shape.startswith("captured"):
        return "{" + "|".join(draw(_NASTY.filter(lambda t: not set("{|}") & set(t))) for _ in range(2)) + "}"
    if shape == "request" and free:
        return draw(st.one_of(FIXED["request"], _NASTY.map(lambda text: f"GET /{text} HTTP/1.1")))
    return draw(FIXED[shape])


def rendered(draw: st.DrawFn, text: str) -> tuple[str, dict[str, str | None], datetime]:
    """A line of a random record, what each directive stood for, and the instant."""
    grammar = compile_format(text)
    at, line, want = draw(instants()), "", {}
    for piece, quoted in literal_pieces(text, grammar.dialect):
        if isinstance(piece, str):
            line += piece
            continue
        shape = piece.directive.shape
        if shape in TIME_SHAPES or shape.startswith("strftime:"):
            value: str | None = time_text(shape, at)
            written = value or ""
        else:
            value = chosen = value_for(draw, shape, free=quoted or piece.quoted)
            written = chosen if shape == "list" else ESCAPES[piece.escape](chosen)
            if shape.startswith("captured"):
                written = "{" + "|".join(escape_haproxy(word) for word in chosen[1:-1].split("|")) + "}"
            if shape == "text" and quoted and draw(st.integers(0, 9)) == 0:
                value, written = None, "" if piece.escape == "json" else "-"
        line += f'"{written}"' if piece.quoted else written
        want[piece.name] = value or None
    return line, want, at


TIME_SHAPES = {
    "clf",
    "clf_bare",
    "iso",
    "epoch_s",
    "epoch_ms",
    "epoch_int_ms",
    "epoch_int_us",
    "millis",
    "micros",
    "ha_date",
}


def literal_pieces(text: str, dialect: Any) -> list[tuple[Any, bool]]:
    """The pieces in order; a slot with whether it fills a pair of quotation marks."""
    from parsers.server_logs._logformat_lex import pieces_of

    pieces, out = pieces_of(text, dialect), []
    for at, piece in enumerate(pieces):
        before = pieces[at - 1] if at else ""
        after = pieces[at + 1] if at + 1 < len(pieces) else ""
        out.append((piece, str(before).endswith('"') and str(after).startswith('"')))
    return out


@pytest.mark.parametrize("text", [*APACHE, *NGINX, *HAPROXY])
def test_what_a_server_writes_of_a_record_reads_back_as_the_record(text: str) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        line, want, at = data.draw(st.composite(lambda draw: rendered(draw, text))())
        raw = line.encode("utf-8")
        if b"\n" in raw:
            return
        got = compile_format(text).values(raw)
        assert got is not None, line
        assert {k: v for k, v in got.items() if v is not None} == {k: v for k, v in want.items() if v is not None}
        event = read(text, raw)
        assert event.values.get("source_ip") == peer_of(want)
        stamp = event.values.get("timestamp")
        if stamp is not None:
            assert stamp // 1_000_000 == epoch(at) // 1000
            assert stamp % 1_000_000 in {0, at.microsecond}

    check()


def peer_of(want: dict[str, str | None]) -> str | None:
    names = ("%{c}a", "$realip_remote_addr", "%h", "%a", "$remote_addr", "%ci")
    return next((want[name] for name in names if name in want), None)


def read(text: str, raw: bytes, **options: str) -> Event:
    reader = reader_for(Settings(options={"format": text, **options}))
    items = list(reader.items(Line(Span(0, len(raw) + 1), 2, raw)))
    assert isinstance(items[0], Event), items
    return items[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("%h %Q", "%Q is no directive of Apache LogFormat known here; the nearest known one is %q"),
        ("%h %{x}y", "%{x}y is no directive"),
        (
            "$remote_addr $stauts",
            "$stauts is no directive of nginx log_format known here; the nearest known one is $status",
        ),
        ("%ci %TTR", "%TTR is no directive of HAProxy log-format known here; the nearest known one is %TR"),
        ("%h%D", "%h and %D stand side by side with nothing between them"),
        ("$status$body_bytes_sent", "$status and $body_bytes_sent stand side by side"),
        ("%r %s %B", "fits both Apache and HAProxy; say which with the option dialect"),
        ("hello", "holds no directive"),
        ("%h %{%Q}t", "%Q in a time format is not known here"),
        ("%h %{%Y %Y}t", "writes a part of the time twice"),
        (r"%h\n%t", "more than one line per record"),
        ("%u", "fits blank lines"),
    ],
)
def test_a_format_that_cannot_be_understood_says_why(text: str, message: str) -> None:
    with pytest.raises(FormatStringError) as fault:
        compile_format(text)
    assert message in str(fault.value)


def test_a_dialect_can_be_stated() -> None:
    assert compile_format("%r %s %B", "apache").dialect == "apache"
    assert compile_format("%r %ST %B", "haproxy").dialect == "haproxy"
    with pytest.raises(FormatStringError, match="iis is no dialect"):
        compile_format("%r", "iis")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        (r"%u %h %t \"%r\" %>s", b'x 192.0.2.66 203.0.113.7 [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200'),
        (r"%{User-agent}i|%h|%>s", b"x|192.0.2.66|203.0.113.7|200"),
        ("%u %h %{X}i", b"x 192.0.2.66 203.0.113.7 y"),
    ],
)
def test_a_separator_in_client_text_never_moves_the_peer(text: str, raw: bytes) -> None:
    items = list(reader_for(Settings(options={"format": text})).items(Line(Span(0, len(raw) + 1), 2, raw)))
    assert [item.values.get("source_ip") for item in items if isinstance(item, Event)] in ([], ["203.0.113.7"])


def test_a_user_name_that_holds_a_whole_line_moves_nothing() -> None:
    raw = b'203.0.113.7 - x [01/Jan/2020:00:00:00 +0000] \\"GET\\" [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1'
    items = list(reader_for(Settings(options={"format": APACHE[0]})).items(Line(Span(0, len(raw) + 1), 2, raw)))
    stamps = {item.values.get("timestamp_raw") for item in items if isinstance(item, Event)}
    assert stamps <= {"01/Mar/2026:10:00:00 +0000", None}


def test_a_line_whose_rest_is_broken_keeps_peer_and_time() -> None:
    event = read(APACHE[1], b'203.0.113.7 - - [01/Mar/2026:10:00:00 +0000] "GET /" x" 200')
    assert event.values["source_ip"] == "203.0.113.7"
    assert event.values["timestamp_raw"] == "01/Mar/2026:10:00:00 +0000"
    assert event.values["extra"] == {"unread_text": '"GET /" x" 200'}
    assert event.values["parse_flags"] == ["salvaged"]


def test_the_last_number_of_a_file_without_a_line_end_is_not_relied_on() -> None:
    raw = b'203.0.113.7 [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12'
    reader = reader_for(Settings(options={"format": r"%h %t \"%r\" %>s %b"}))
    (event,) = reader.items(Line(Span(0, len(raw)), 1, raw))
    assert isinstance(event, Event)
    assert "http_response_bytes" not in event.values
    assert event.values["extra"] == {"unread_text": "12"}
    assert event.values["parse_flags"] == ["truncated"]


def test_an_empty_user_name_is_kept_as_apache_writes_it() -> None:
    event = read(APACHE[0], b'203.0.113.7 - "" [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 401 12')
    assert "account_login" not in event.values
    assert event.values["extra"] == {"user_as_written": '""'}


def test_a_forwarded_list_is_walked_only_through_trusted_proxies() -> None:
    text = r"%a %t \"%{X-Forwarded-For}i\""
    line = b'192.0.2.200 [01/Mar/2026:10:00:00 +0000] "192.0.2.66, 203.0.113.7, 192.0.2.201"'
    walked = read(text, line, trusted_proxies="192.0.2.200/31")
    assert walked.values["source_ip"] == "192.0.2.200"
    assert walked.values["claimed_ips"] == ["192.0.2.66", "203.0.113.7", "192.0.2.201"]
    assert walked.values["extra"] == {
        "x_forwarded_for": "192.0.2.66, 203.0.113.7, 192.0.2.201",
        "client_behind_proxies": "203.0.113.7",
        "client_basis": "stated_by_trusted_proxy",
    }
    assert "client_basis" not in read(text, line).values["extra"]  # type: ignore[operator]


def test_without_a_usable_format_everything_is_one_reject_with_the_reason() -> None:
    for options, reason in (({}, "needs the server's format string"), ({"format": "%h%D"}, "side by side")):
        source = Source(memoryview(b"a\nb\n"), settings=Settings(options=options))
        (item,) = FORMATS[0].parse(source)
        assert item.span == Span(0, 4)
        assert reason in item.reason  # type: ignore[union-attr]


def test_syslog_headers_before_haproxy_lines_are_read_too() -> None:
    event = read(
        "%ci:%cp [%tr] %ft %ST", b"Mar  1 10:00:00 lb haproxy[7]: 203.0.113.7:4000 [01/Mar/2026:10:00:00.007] fe 200"
    )
    assert event.values["host_name"] == "lb"
    assert event.values["process_pid"] == 7
    assert event.values["source_port"] == 4000


@pytest.mark.parametrize("text", [APACHE[1], APACHE[9], NGINX[3], NGINX[7], HAPROXY[0]])
def test_hostile_lines_of_any_length_are_answered(text: str) -> None:
    reader = reader_for(Settings(options={"format": text}))
    for unit in (
        b"\\",
        b'"',
        b" ",
        b"[",
        b"a ",
        b"\\x",
        b"?",
        b'" "',
        b"{",
        b" [01/Mar/2026:10:00:00 +0000] ",
        b", 203.0.113.7",
    ):
        raw = (b"203.0.113.7 - " + unit * 40_000)[:60_000]
        assert len(list(reader.items(Line(Span(0, len(raw) + 1), 2, raw)))) == 1
