"""Writes the fixtures of error logs, IIS, HAProxy, AWS and stated formats: `python make_services.py` in this folder.

Every line is written together with the values it was made from; nothing here reads a log.
"""

from __future__ import annotations

from typing import Any

from make_web import HERE, SITES, Log, WideLog, asked

BERLIN = 'timezone = "Europe/Berlin"\n'


def at(raw: str, iso: str, basis: str, step: str = "1") -> dict[str, Any]:
    """Time columns: as written, as UTC with microseconds, how the zone is known, step in seconds."""
    micros = round(float(step) * 1_000_000)
    last = int(iso[20:26]) + micros - 1
    return {
        "time": (raw, iso),
        "tz_basis": basis,
        "time_precision_s": float(step),
        "timestamp_earliest": iso,
        "timestamp_latest": f"{iso[:20]}{last:06d}Z",
    }


def settings(folder: str, name: str, text: str) -> None:
    (HERE / folder / f"{name}.settings.toml").write_text(text, "utf-8")


def ok(status: int, size: int | None = None) -> dict[str, Any]:
    outcome = "success" if status < 400 else "failure"
    return {"http_response_status_code": status, "event_outcome": outcome, "http_response_bytes": size}


def apache_error() -> None:
    log, kind = Log(), {"event_type": "log_message"}
    ten = at("Mar 01 10:00:00.123456 2026", "2026-03-01T09:00:00.123456Z", "case_setting", "0.000001")
    head = b"[Sun Mar 01 10:00:00.123456 2026] "
    log.event(
        head + b"[core:error] [pid 35708:tid 140] [client 203.0.113.7:50122] AH00128: File does not exist: /var/www/x,"
        b" referer: https://example.org/a",
        **ten,
        **kind,
        source_ip="203.0.113.7",
        source_port=50122,
        process_pid=35708,
        http_request_referrer="https://example.org/a",
        text="File does not exist: /var/www/x, referer: https://example.org/a",
        extra={"module": "core", "level": "error", "thread_id": "140", "error_code": "AH00128"},
    )
    log.event(
        head
        + b"[authz_core:error] [pid 9] [client 2001:db8::1:4431] AH01630: client denied: /srv/[client 192.0.2.66:1] x",
        **ten,
        **kind,
        source_ip="2001:db8::1",
        source_port=4431,
        process_pid=9,
        text="client denied: /srv/[client 192.0.2.66:1] x",
        extra={"module": "authz_core", "level": "error", "error_code": "AH01630"},
    )
    log.event(
        head
        + b"[proxy:error] [pid 9:tid 3] (111)Connection refused: AH00957: HTTP: attempt to 192.0.2.9:80 failed",
        **ten,
        **kind,
        process_pid=9,
        text="HTTP: attempt to 192.0.2.9:80 failed",
        extra={
            "module": "proxy",
            "level": "error",
            "thread_id": "3",
            "error_code": "AH00957",
            "system_error": "(111)Connection refused",
        },
    )
    log.event(
        head + b"[proxy_http:error] [pid 9:tid 3] (20014)Internal error (specific information not available): "
        b"[remote 192.0.2.9:8080] AH01102: error reading status line",
        **ten,
        **kind,
        process_pid=9,
        destination_ip="192.0.2.9",
        destination_port=8080,
        text="error reading status line",
        extra={
            "module": "proxy_http",
            "level": "error",
            "thread_id": "3",
            "error_code": "AH01102",
            "system_error": "(20014)Internal error (specific information not available)",
        },
    )
    old = at("Mar 01 10:00:01 2026", "2026-03-01T09:00:01.000000Z", "case_setting")
    log.event(
        b"[Sun Mar 01 10:00:01 2026] [error] [client 198.51.100.4] No such file: /y\xff, referer: a, referer: b",
        **old,
        **kind,
        source_ip="198.51.100.4",
        text="No such file: /y\\xff, referer: a, referer: b",
        parse_flags=["lossy_text"],
        extra={"level": "error"},
    )
    log.event(
        b"[Sun Mar 01 10:00:01 2026] [notice] Apache/2.2.34 (Unix) configured -- resuming normal operations",
        **old,
        **kind,
        text="Apache/2.2.34 (Unix) configured -- resuming normal operations",
        extra={"level": "notice"},
    )
    gap = at("Mar 29 02:30:00 2026", "2026-03-29T00:30:00.000000Z", "case_setting")
    gap["timestamp_latest"] = "2026-03-29T01:30:00.999999Z"
    log.event(
        b"[Sun Mar 29 02:30:00 2026] [warn] a time that Berlin's clocks skip",
        **gap,
        **kind,
        text="a time that Berlin's clocks skip",
        parse_flags=["dst_gap"],
        extra={"level": "warn"},
    )
    log.blank()
    log.reject(
        b"\tat Example::run (line 7)",
        "unknown_structure",
        "the line does not begin with a time in brackets: part of the message before it, or another program's",
    )
    log.event(
        head + b"[php:error] [pid 9] [client 203.0.113.7:50123] PHP Fatal error:  Uncaught Error in /srv/a.php:3\n"
        b"Stack trace:\n#0 {main}\n  thrown in /srv/a.php on line 3, referer: https://example.org/b",
        **ten,
        **kind,
        source_ip="203.0.113.7",
        source_port=50123,
        process_pid=9,
        http_request_referrer="https://example.org/b",
        text="PHP Fatal error:  Uncaught Error in /srv/a.php:3\nStack trace:\n#0 {main}\n"
        "  thrown in /srv/a.php on line 3, referer: https://example.org/b",
        parse_flags=["lines_joined"],
        extra={"module": "php", "level": "error"},
    )
    log.number += 3
    log.event(
        head + b"[core:error] [pid 9] [client 203.0.113.7:50124] none: /x, referer: https://example.org/c\r\n"
        b"from a script \xe9",
        **ten,
        **kind,
        source_ip="203.0.113.7",
        source_port=50124,
        process_pid=9,
        http_request_referrer="https://example.org/c",
        text="none: /x, referer: https://example.org/c\nfrom a script \\xe9",
        parse_flags=["lossy_text", "lines_joined"],
        extra={"module": "core", "level": "error"},
    )
    log.number += 1
    log.write("apache_error", "error.log")
    settings("apache_error", "error.log", BERLIN)


def nginx_error() -> None:
    log, kind = Log(), {"event_type": "log_message"}
    ten = at("2026/03/01 10:00:00", "2026-03-01T09:00:00.000000Z", "case_setting")
    base = {"level": "error", "thread_id": 32}
    tail = ', client: 203.0.113.7, server: example.org, request: "GET /x HTTP/1.1", host: "example.org"'
    head = "2026/03/01 10:00:00 [error] 31#32: *5 "

    def say(message: str, extra: dict[str, Any], **values: Any) -> None:  # noqa: ANN401
        log.event(
            (head + message).encode(),
            **ten,
            **kind,
            process_pid=31,
            text=message,
            extra=base | {"connection": 5} | extra,
            **values,
        )

    asks = {**asked("GET", "/x"), "source_ip": "203.0.113.7", "url_domain": "example.org"}
    say(
        f'open() "/srv/x" failed (2: No such file or directory){tail}, referrer: "https://example.net/"',
        {"server_name": "example.org"},
        **asks,
        http_request_referrer="https://example.net/",
    )
    say(
        'upstream timed out (110) while connecting to upstream, client: 2001:db8::7, server: _, request: "POST /login '
        'HTTP/2.0", upstream: "http://192.0.2.8:9000/login", host: "example.org:8443"',
        {"server_name": "_", "upstream": "http://192.0.2.8:9000/login"},
        **asked("POST", "/login", "2.0"),
        source_ip="2001:db8::7",
        url_domain="example.org:8443",
    )
    say(
        f'open() "/srv/x, client: 192.0.2.66, server: _" failed (2: No such file or directory){tail}',
        {},
        claimed_ips=["192.0.2.66", "203.0.113.7"],
        parse_flags=["peer_ambiguous"],
    )
    say(
        'forbidden, client: 203.0.113.8, server: _, request: "GET /", host: "a", host: "b" HTTP/1.1", host: "c"',
        {"server_name": "_"},
        source_ip="203.0.113.8",
    )
    say(
        "SSL_do_handshake() failed while SSL handshaking, client: 203.0.113.9, server: 0.0.0.0:443",
        {"server_name": "0.0.0.0:443"},
        source_ip="203.0.113.9",
    )
    log.event(
        b"2026/03/01 10:00:00 [notice] 31#32: signal process started\nfrom a script, client: 192.0.2.66, server: _",
        **ten,
        **kind,
        process_pid=31,
        text="signal process started\nfrom a script, client: 192.0.2.66, server: _",
        parse_flags=["lines_joined"],
        extra={"level": "notice", "thread_id": 32},
    )
    log.number += 1
    log.event(
        b'2026/03/01 10:00:00 [error] 31#32: *5 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error'
        b'\nStack trace:\n#0 {main}" while reading response header from upstream, client: 203.0.113.7, server: _,'
        b' request: "GET /a HTTP/1.1", host: "example.org"',
        **ten,
        **kind,
        process_pid=31,
        text='FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error\nStack trace:\n#0 {main}" while'
        ' reading response header from upstream, client: 203.0.113.7, server: _, request: "GET /a HTTP/1.1",'
        ' host: "example.org"',
        source_ip="203.0.113.7",
        **asked("GET", "/a"),
        url_domain="example.org",
        parse_flags=["lines_joined"],
        extra={"level": "error", "thread_id": 32, "connection": 5, "server_name": "_"},
    )
    log.number += 2
    log.blank()
    log.reject(
        b"nginx: configuration file test is successful",
        "unknown_structure",
        "the line does not begin with date, level and process: part of the message before it, or another program's",
    )
    log.write("nginx_error", "error.log")
    settings("nginx_error", "error.log", BERLIN)


def utc(raw: str) -> dict[str, Any]:
    return at(raw, raw.replace(" ", "T") + ".000000Z", "format_rule")


def iis() -> None:
    log = Log(b"\r\n")
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"

    def rules(*texts: str) -> None:
        for text in texts:
            log.blank(text.encode())

    rules(
        "#Software: Microsoft Internet Information Services 10.0",
        "#Version: 1.0",
        "#Date: 2026-03-01 09:59:58",
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
        "sc-status sc-substatus sc-win32-status time-taken",
    )
    server = {"destination_ip": "192.0.2.10", "destination_port": 443}
    log.event(
        b"2026-03-01 09:59:59 192.0.2.10 GET /profile.aspx id=7&q=a+b 443 EXAMPLE\\dana 203.0.113.7 "
        b"Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64) https://example.org/a+b 200 0 0 15",
        **utc("2026-03-01 09:59:59"),
        **server,
        source_ip="203.0.113.7",
        account_login="EXAMPLE\\dana",
        http_request_method="GET",
        event_action="get",
        url_original="/profile.aspx?id=7&q=a+b",
        user_agent_original=agent,
        http_request_referrer="https://example.org/a+b",
        **ok(200),
        extra={"sc_substatus": 0, "sc_win32_status": 0, "time_taken": 15},
    )
    log.event(
        b"2026-03-01 10:00:00 192.0.2.10 POST /login.aspx - 443 - fe80::1%3 - - 401 2 5 1",
        **utc("2026-03-01 10:00:00"),
        **server,
        source_ip="fe80::1",
        http_request_method="POST",
        event_action="post",
        url_original="/login.aspx",
        **ok(401),
        extra={"sc_substatus": 2, "sc_win32_status": 5, "time_taken": 1, "address_zone": "3"},
    )
    log.reject(
        b"2026-03-01 10:00:01 192.0.2.10 GET /short",
        "unknown_structure",
        "the line does not hold the 15 fields that the #Fields directive names",
    )
    log.blank()
    rules(
        "#Software: Microsoft Internet Information Services 10.0",
        "#Version: 1.0",
        "#Date: 2026-03-02 00:00:00",
        "#Fields: time c-ip c-port cs-method cs-uri-stem cs-host sc-status sc-bytes X-Forwarded-For "
        "s-computername cs-version",
    )
    log.event(
        b"00:00:07 192.0.2.200 50123 GET /x example.org 304 120 192.0.2.66,+198.51.100.9 WEB01 HTTP/1.1",
        **utc("2026-03-02 00:00:07"),
        source_ip="192.0.2.200",
        source_port=50123,
        claimed_ips=["192.0.2.66"],
        http_request_method="GET",
        event_action="get",
        url_original="/x",
        url_domain="example.org",
        http_version="1.1",
        host_name="WEB01",
        **ok(304, 120),
        extra={"x_forwarded_for": "192.0.2.66,+198.51.100.9"},
    )
    log.blank(b"\0" * 64)
    log.write("iis_w3c", "u_ex260301.log")

    for name, log in (
        ("resumed.log", Log()),
        ("utf16_marked.log", WideLog("utf-16-be", b"\xfe\xff")),
        ("utf16_unmarked.log", WideLog("utf-16-le")),
    ):
        resumed(log)
        log.write("iis_w3c", name)


def resumed(log: Log) -> None:
    """A line before any directive, then lines of the fields that one names."""
    log.reject(
        b"2026-03-01 10:00:00 203.0.113.7 GET /early 200",
        "unknown_structure",
        "no #Fields directive names the fields of this line",
    )
    log.blank(b"#Fields: date time c-ip cs-method cs-uri-stem sc-status")
    for second in range(12):
        clock = f"2026-03-01 10:00:{second:02d}"
        log.event(
            f"{clock} 203.0.113.{second} GET /p/{second} 200".encode(),
            **utc(clock),
            source_ip=f"203.0.113.{second}",
            http_request_method="GET",
            event_action="get",
            url_original=f"/p/{second}",
            **ok(200),
        )


def haproxy() -> None:
    for folder in ("haproxy_http", "haproxy_tcp"):
        (HERE / folder).mkdir(exist_ok=True)
    stamp = "Mar  1 10:00:00"
    at_ms = at("01/Mar/2026:09:59:58.123", "2026-03-01T08:59:58.123000Z", "case_setting", "0.001")
    where = {"host_name": "lb1", "process_name": "haproxy", "process_pid": 14389}
    counts = {
        "active_connections": 1,
        "frontend_connections": 1,
        "backend_connections": 2,
        "server_connections": 3,
        "retries": 0,
        "server_queue": 0,
        "backend_queue": 0,
    }
    timers = {
        "time_request_ms": 10,
        "time_queue_ms": 0,
        "time_connect_ms": 30,
        "time_response_ms": 69,
        "time_active_ms": 109,
    }
    names = {"frontend": "http-in~", "backend": "static", "server": "srv1"}

    def http(
        log: Log,
        peer: str,
        rest: str,
        extra: dict[str, Any],
        head: str = f"{stamp} lb1 haproxy[14389]: ",
        **values: Any,  # noqa: ANN401
    ) -> None:
        line = f"{head}{peer} [01/Mar/2026:09:59:58.123] http-in~ static/srv1 10/0/30/69/109 {rest}"
        about = where | {"syslog": stamp} if head else {"syslog": None}
        syslog = about.pop("syslog")
        log.event(
            line.encode(),
            **at_ms,
            **about,
            **values,
            extra=names | timers | counts | ({"syslog_stamp": syslog} if syslog else {}) | extra,
        )

    log = Log()
    http(
        log,
        "203.0.113.7:33317",
        '200 2750 - - ---- 1/1/2/3/0 0/0 {example.org|Mozilla/5.0 (X11)|} {} "GET /index.html HTTP/1.1"',
        {"termination_state": "----", "request_headers": ["example.org", "Mozilla/5.0 (X11)", None]},
        source_ip="203.0.113.7",
        source_port=33317,
        **asked("GET", "/index.html"),
        **ok(200, 2750),
    )
    http(
        log,
        "2001:db8::7:33318",
        '404 212 - - ---- 1/1/2/3/0 0/0 "GET /a#22b HTTP/1.1"',
        {"termination_state": "----"},
        head="",
        source_ip="2001:db8::7",
        source_port=33318,
        **asked("GET", '/a"b'),
        **ok(404, 212),
    )
    http(
        log,
        "-:-",
        '400 187 - sid=1 PR-- 1/1/2/3/0 0/0 "<BADREQ>"',
        {"termination_state": "PR--", "response_cookie": "sid=1"},
        url_original="<BADREQ>",
        parse_flags=["unsplit_request"],
        **ok(400, 187),
    )
    tail = "0/0000000000000000/0/0/0 example.org/TLSv1.3/TLS_AES_256_GCM_SHA384"
    http(
        log,
        "203.0.113.8:1025",
        f'200 7 - - ---- 1/1/2/3/0 0/0 "GET / HTTP/2.0" {tail}',
        {"termination_state": "----", "trailing_fields": tail},
        source_ip="203.0.113.8",
        source_port=1025,
        **asked("GET", "/", "2.0"),
        **ok(200, 7),
    )
    log.event(
        f"{stamp} lb1 haproxy[14389]: 203.0.113.9:34550 [01/Mar/2026:09:59:58.123] https-in/1: TLS failure".encode(),
        **at_ms,
        **where,
        event_type="connection",
        source_ip="203.0.113.9",
        source_port=34550,
        text="TLS failure",
        extra={"frontend": "https-in/1", "syslog_stamp": stamp},
    )
    log.event(
        f"{stamp} lb1 haproxy[14389]: Server static/srv1 is DOWN, reason: Layer4 timeout".encode(),
        time=(stamp, ""),
        **where,
        event_type="log_message",
        text="Server static/srv1 is DOWN, reason: Layer4 timeout",
        parse_flags=["year_ambiguous"],
        extra={"syslog_stamp": stamp},
    )
    for column in ("timestamp", "timestamp_earliest", "timestamp_latest", "tz_basis", "time_precision_s"):
        del log.events[-1][column]
    log.write("haproxy_http", "haproxy.log")
    settings("haproxy_http", "haproxy.log", BERLIN)

    log = Log()
    for number in range(3):
        log.event(
            f"<134>1 2026-03-01T10:00:00Z lb1 haproxy 14389 - - 203.0.113.{number}:5000{number} "
            "[01/Mar/2026:09:59:58.123] fnt bck/srv1 0/0/5007 212 -- 1/1/2/3/0 0/0".encode(),
            **at_ms,
            **where,
            event_type="connection",
            source_ip=f"203.0.113.{number}",
            source_port=int(f"5000{number}"),
            http_response_bytes=212,
            extra=counts
            | {
                "frontend": "fnt",
                "backend": "bck",
                "server": "srv1",
                "time_queue_ms": 0,
                "time_connect_ms": 0,
                "time_total_ms": 5007,
                "termination_state": "--",
                "syslog_stamp": "2026-03-01T10:00:00Z",
            },
        )
    log.write("haproxy_tcp", "tcp.log")
    settings("haproxy_tcp", "tcp.log", BERLIN)


def aws_alb() -> None:
    log = Log()
    when = at("2026-03-01T10:00:00.123456Z", "2026-03-01T10:00:00.123456Z", "in_value", "0.000001")
    old = {
        "load_balancer": "app/web/50dc6c495c0c9188",
        "target": "192.0.2.80:80",
        "request_processing_time_s": "0.000",
        "target_processing_time_s": "0.001",
        "response_processing_time_s": "0.000",
        "target_status": 200,
        "bytes_received": 34,
    }
    early = {"ssl_cipher": "ECDHE-RSA-AES128-GCM-SHA256", "ssl_protocol": "TLSv1.2"}
    base = "2026-03-01T10:00:00.123456Z app/web/50dc6c495c0c9188 {peer} 192.0.2.80:80 0.000 0.001 0.000 200 200 34 366 "
    request = f'"GET https://example.org:443/a?b=1 HTTP/1.1" "{SITES}" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2'
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067"
    full = (
        f' {arn} "Root=1-58337364-23a8c76965a2ef7629b185e3" "example.org" "session-reused" 1 '
        '2026-03-01T09:59:59.000000Z "waf,forward" "-" "-" "192.0.2.80:80" "200" "-" "-" TID_1234'
    )
    late = {
        "target_group_arn": arn,
        "trace_id": "Root=1-58337364-23a8c76965a2ef7629b185e3",
        "chosen_cert_arn": "session-reused",
        "matched_rule_priority": "1",
        "actions_executed": "waf,forward",
        "request_creation_time": "2026-03-01T09:59:59.000000Z",
        "target_list": "192.0.2.80:80",
        "target_status_list": "200",
        "connection_trace_id": "TID_1234",
    }
    asks = {**asked("GET", "https://example.org:443/a?b=1"), **ok(200, 366), "user_agent_original": SITES}
    v4 = {"source_ip": "203.0.113.7", "source_port": 33317}
    log.event(
        ("h2 " + base.format(peer="203.0.113.7:33317") + request + full).encode(),
        **when,
        **v4,
        **asks,
        url_domain="example.org",
        extra={"type": "h2"} | old | early | late,
    )
    log.event(
        ("https " + base.format(peer="[2001:db8::7]:33317") + request + full + " new 2").encode(),
        **when,
        **asks,
        source_ip="2001:db8::7",
        source_port=33317,
        url_domain="example.org",
        extra={"type": "https", "trailing_fields": "new 2"} | old | early | late,
    )
    log.event((base.format(peer="203.0.113.7:33317") + request).encode(), **when, **v4, **asks, extra=old | early)
    odd = '"- http://example.org:80- " "-" - -'
    log.event(
        ("http " + base.format(peer="203.0.113.7:33317").replace("200 200", "400 -") + odd).encode(),
        **when,
        **v4,
        url_original="- http://example.org:80- ",
        parse_flags=["unsplit_request"],
        **ok(400, 366),
        extra={"type": "http"} | {k: v for k, v in old.items() if k != "target_status"},
    )
    log.event(
        ("http " + base.format(peer="203.0.113.7:33317") + '"GET / HTT').encode(),
        end=b"",
        **when,
        **v4,
        **ok(200, 366),
        parse_flags=["truncated"],
        extra={"type": "http", "unread_text": '"GET / HTT'} | old,
    )
    log.write("aws_alb", "alb.log")


def aws_s3() -> None:
    log = Log()
    owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
    when = at("01/Mar/2026:10:00:00 +0000", "2026-03-01T10:00:00.000000Z", "in_value")
    head = f"{owner} album [01/Mar/2026:10:00:00 +0000] 203.0.113.7 {{who}} 3E57427F33A59F07 "
    head += "REST.GET.OBJECT p/a%2520b.jpg "
    base = {"bucket_owner": owner, "bucket": "album", "request_id": "3E57427F33A59F07", "key": "p/a%2520b.jpg"}
    who = {"account_id": "arn:aws:iam::123456789012:user/dana", "account_platform": "aws"}
    asks = {k: v for k, v in asked("GET", "/album/p/a%20b.jpg").items() if k != "event_action"}
    middle = f'"GET /album/p/a%20b.jpg HTTP/1.1" 200 - 2662992 3462992 70 10 "-" "{SITES}" '
    sizes = {"object_size": 3462992, "total_ms": 70, "turn_around_ms": 10}
    common = {**when, "source_ip": "203.0.113.7", "event_action": "REST.GET.OBJECT"}
    tail = "- s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3eTPFvsiPXVVLi31234= SigV4 "
    tail += "TLS_AES_128_GCM_SHA256 AuthHeader"
    signed = {
        "host_id": tail.split(" ")[1],
        "signature_version": "SigV4",
        "cipher_suite": "TLS_AES_128_GCM_SHA256",
        "authentication_type": "AuthHeader",
    }
    log.event(
        (head.format(who=who["account_id"]) + middle + tail + " album.s3.example.com TLSv1.3 - -").encode(),
        **common,
        **who,
        **asks,
        **ok(200, 2662992),
        user_agent_original=SITES,
        url_domain="album.s3.example.com",
        extra=base | sizes | signed | {"tls_version": "TLSv1.3"},
    )
    log.event(
        (head.format(who="-") + middle + "-").encode(),
        **common,
        **asks,
        **ok(200, 2662992),
        user_agent_original=SITES,
        extra=base | sizes,
    )
    log.event(
        (head.format(who="-").replace("203.0.113.7", "-") + '- 403 AccessDenied 243 - 7 - "-" "-" -').encode(),
        **when,
        event_action="REST.GET.OBJECT",
        **ok(403, 243),
        extra=base | {"error_code": "AccessDenied", "total_ms": 7},
    )
    bad = '"GET /album/p/a%20b.jpg HTTP/1.1" 200 - 1 1 1 1 "-" "a" 192.0.2.66 "b" -'
    log.event(
        (head.format(who="-") + bad).encode(), **common, parse_flags=["salvaged"], extra=base | {"unread_text": bad}
    )
    for number in range(3):
        line = head.format(who="-").replace("203.0.113.7", f"203.0.113.1{number}") + middle + "-"
        log.event(
            line.encode(),
            **common | {"source_ip": f"203.0.113.1{number}"},
            **asks,
            **ok(200, 2662992),
            user_agent_original=SITES,
            extra=base | sizes,
        )
    log.write("aws_s3", "access.log")


def aws_cloudfront() -> None:
    log = Log()
    fields = (
        "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) "
        "cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken "
        "x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status "
        "fle-encrypted-fields c-port"
    )
    for text in ("#Version: 1.0", f"#Fields: {fields}"):
        log.blank(text.encode())
    agent = "Mozilla/5.0 (X11; Linux x86_64)"
    base = {
        "x_edge_location": "DUB2-C1",
        "cs_host": "d111111abcdef8.cloudfront.example",
        "x_edge_result_type": "Hit",
        "x_edge_request_id": "SOX4xwn4XV6Q4rgb7XiVGOHms==",
        "cs_protocol": "https",
        "cs_bytes": 23,
        "ssl_protocol": "TLSv1.3",
        "ssl_cipher": "TLS_AES_128_GCM_SHA256",
        "x_edge_response_result_type": "Hit",
    }

    def row(peer: str, agent: str, query: str, forwarded: str) -> bytes:
        return "\t".join(  # noqa: FLY002 - one value per field of the directive
            (
                "2026-03-01",
                "10:00:00",
                "DUB2-C1",
                "392",
                peer,
                "GET",
                "d111111abcdef8.cloudfront.example",
                "/a.html",
                "200",
                "https://example.org/",
                agent,
                query,
                "-",
                "Hit",
                "SOX4xwn4XV6Q4rgb7XiVGOHms==",
                "example.org",
                "https",
                "23",
                "0.001",
                forwarded,
                "TLSv1.3",
                "TLS_AES_128_GCM_SHA256",
                "Hit",
                "HTTP/2.0",
                "-",
                "-",
                "11040",
            )
        ).encode()

    common = {
        **utc("2026-03-01 10:00:00"),
        "source_port": 11040,
        "http_request_method": "GET",
        "event_action": "get",
        "http_version": "2.0",
        "url_domain": "example.org",
        "http_request_referrer": "https://example.org/",
        "user_agent_original": agent,
        **ok(200, 392),
    }
    log.event(
        row("203.0.113.7", "Mozilla/5.0%20(X11;%20Linux%20x86_64)", "id=7", "-"),
        **common,
        source_ip="203.0.113.7",
        url_original="/a.html?id=7",
        extra=base | {"time_taken": "0.001"},
    )
    log.event(
        row("2001:db8::7", "Mozilla/5.0%2520(X11;%2520Linux%2520x86_64)", "-", "192.0.2.66,%20198.51.100.9"),
        **common,
        source_ip="2001:db8::7",
        url_original="/a.html",
        claimed_ips=["192.0.2.66", "198.51.100.9"],
        extra=base | {"time_taken": "0.001", "x_forwarded_for": "192.0.2.66, 198.51.100.9"},
    )
    log.reject(
        b"2026-03-01\t10:00:00\tDUB2-C1",
        "unknown_structure",
        "the line does not hold the 27 fields that the #Fields directive names",
    )
    for number in range(20):
        log.event(
            row(f"203.0.113.{number}", "Mozilla/5.0%20(X11;%20Linux%20x86_64)", "-", "-"),
            **common,
            source_ip=f"203.0.113.{number}",
            url_original="/a.html",
            extra=base | {"time_taken": "0.001"},
        )
    log.write("aws_cloudfront", "cloudfront.tsv")


def custom() -> None:
    log = Log()
    when = at("2026-03-01 10:00:00 250", "2026-03-01T09:00:00.250000Z", "case_setting", "0.001")
    fmt = (
        '%{%Y-%m-%d %H:%M:%S}t.%{msec_frac}t|%{c}a|%{remote}p|%v|%u|\\"%m %U%q %H\\"|%>s|%B|%D|\\"%{User-Agent}i\\"|'
        '\\"%{X-Forwarded-For}i\\"|%{sid}C'
    )
    base = {**asked("GET", "/a b?c=1"), **ok(200, 12), "url_domain": "example.org", "user_agent_original": 'x "y" é\n'}
    tail = '|example.org|dana|"GET /a b?c=1 HTTP/1.1"|200|12|1500|"x \\"y\\" \\xc3\\xa9\\n"|'
    log.event(
        f'2026-03-01 10:00:00.250|192.0.2.200|40001{tail}"192.0.2.66, 203.0.113.7, 192.0.2.201"|k1'.encode(),
        **when,
        **base,
        source_ip="192.0.2.200",
        source_port=40001,
        account_login="dana",
        claimed_ips=["192.0.2.66", "203.0.113.7", "192.0.2.201"],
        extra={
            "duration_us": 1500,
            "cookie_sid": "k1",
            "x_forwarded_for": "192.0.2.66, 203.0.113.7, 192.0.2.201",
            "client_behind_proxies": "203.0.113.7",
            "client_basis": "stated_by_trusted_proxy",
        },
    )
    log.event(
        f'2026-03-01 10:00:00.250|203.0.113.9|40002{tail}"192.0.2.200"|-'.encode(),
        **when,
        **base,
        source_ip="203.0.113.9",
        source_port=40002,
        account_login="dana",
        claimed_ips=["192.0.2.200"],
        extra={"duration_us": 1500, "x_forwarded_for": "192.0.2.200"},
    )
    log.blank()
    broken = '192.0.2.66|"x|GET'
    log.event(
        f"2026-03-01 10:00:00.250|203.0.113.9|40003|example.org|{broken}".encode(),
        **when,
        source_ip="203.0.113.9",
        source_port=40003,
        url_domain="example.org",
        account_login="192.0.2.66",
        parse_flags=["truncated"],
        extra={"unread_text": '"x|GET'},
    )
    log.reject(b"not a line of this server", "unknown_structure", "the line is not written in the stated format")
    log.write("web_custom", "apache.log")
    text = BERLIN + f"[options]\nformat = '''{fmt}'''\ntrusted_proxies = \"192.0.2.200, 192.0.2.201/32\"\n"
    settings("web_custom", "apache.log", text)

    log = Log()
    fmt = (
        'log_format short escape=json \'{"t":"$time_iso8601","a":"$remote_addr","p":$remote_port,\'\n'
        '  \'"r":"$request","s":$status,"b":$body_bytes_sent,"d":$request_time,"u":"$http_user_agent",'
        '"k":"$uid_got"}\';'
    )
    when = at("2026-03-01T10:00:00+01:00", "2026-03-01T09:00:00.000000Z", "in_value")
    log.event(
        b'{"t":"2026-03-01T10:00:00+01:00","a":"203.0.113.7","p":40001,"r":"GET /\\"q\\" HTTP/1.1","s":404,"b":7,'
        b'"d":0.250,"u":"a\\u0001\\\\b","k":"uid=CB007107"}',
        **when,
        **asked("GET", '/"q"'),
        **ok(404, 7),
        source_ip="203.0.113.7",
        source_port=40001,
        user_agent_original="a\x01\\b",
        identifiers=[{"type": "cookie", "value": "CB007107", "raw": "uid=CB007107"}],
        extra={"duration_s": "0.250"},
    )
    log.event(
        b'{"t":"2026-03-01T10:00:00+01:00","a":"2001:db8::7","p":40002,"r":"","s":400,"b":0,"d":0.000,"u":"","k":""}',
        **when,
        **ok(400, 0),
        source_ip="2001:db8::7",
        source_port=40002,
        extra={"duration_s": "0.000"},
    )
    log.write("web_custom", "nginx_json.log")
    settings("web_custom", "nginx_json.log", f'[options]\nformat = """\n{fmt.replace(chr(92), chr(92) * 2)}"""\n')

    log = Log()
    when = at("01/Mar/2026:10:00:00.007", "2026-03-01T09:00:00.007000Z", "case_setting", "0.001")
    log.event(
        b'203.0.113.7:40001 [01/Mar/2026:10:00:00.007] fe~ be/s1 200 12 dana#7Cx "POST /a HTTP/1.1"',
        **when,
        **asked("POST", "/a"),
        **ok(200, 12),
        source_ip="203.0.113.7",
        source_port=40001,
        extra={"frontend": "fe~", "backend": "be", "server": "s1", "sample_var_txn_user": "dana|x"},
    )
    log.write("web_custom", "haproxy.log")
    text = 'format = "%ci:%cp [%tr] %ft %b/%s %ST %B %[var(txn.user)] %{+Q}r"'
    settings("web_custom", "haproxy.log", f"{BERLIN}[options]\n{text}\n")


if __name__ == "__main__":
    for name in ("apache_error", "nginx_error", "iis_w3c", "aws_alb", "aws_s3", "aws_cloudfront", "web_custom"):
        (HERE / name).mkdir(exist_ok=True)
    for make in (apache_error, nginx_error, iis, haproxy, aws_alb, aws_s3, aws_cloudfront, custom):
        make()
