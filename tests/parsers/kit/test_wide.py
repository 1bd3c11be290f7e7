"""Text in UTF-16: known by its bytes, read as its UTF-8 twin, cited by its own bytes."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.contract import Source
from parsers.kit.wide import narrow_sample, takes_text, wide_codec
from parsers.mixed import read_member
from parsers.reader import StreamId
from parsers.registry import find_format, recognise, sample_of
from tests.conformance.fixtures import fixtures, read_all, settings_for

ACCESS = '192.0.2.7 - - [05/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "agent \U0001d11e"\n'
ERROR = "[Thu Mar 05 10:00:02.123456 2026] [core:error] [pid 7:tid 9] [client 192.0.2.9:4711] AH00128: none: /Ċ\n"
CODECS = ("utf-16-le", "utf-16-be")
FIXTURES = [
    (fid, path) for fid, path in fixtures() if takes_text(find_format(fid)) and not wide_codec(path.read_bytes())
]
PLACES = {"span_start", "span_end", "event_id", "text_id", "exhibit_sha256"}


def is_text(data: bytes) -> bool:
    try:
        return bool(data.decode().encode() == data)
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("codec", CODECS)
def test_the_bytes_tell_the_encoding_with_and_without_a_mark(codec: str) -> None:
    assert wide_codec((ACCESS * 3).encode(codec)) == codec
    assert wide_codec("\ufeffab".encode(codec)) == codec


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\0\0a\0\0\0", b"\0" * 500, b"a" * 500, b"a\0" * 20, bytes(range(256))])
def test_other_bytes_are_not_taken_for_it(data: bytes) -> None:
    assert wide_codec(data) is None


@pytest.mark.parametrize(("format_id", "path"), FIXTURES, ids=[f"{fid}:{path.name}" for fid, path in FIXTURES])
@pytest.mark.parametrize("codec", CODECS)
def test_a_log_in_utf_16_reads_as_its_twin_and_cites_its_own_bytes(format_id: str, path: Any, codec: str) -> None:
    data, settings, fmt = path.read_bytes(), settings_for(path), find_format(format_id)
    if not is_text(data):
        return
    wide = ("\ufeff" + data.decode().removeprefix("\ufeff")).encode(codec)
    twin = ("\ufeff" + data.decode().removeprefix("\ufeff")).encode()
    events, rejects, total = read_all(fmt, twin, settings)
    got, refused, account = read_all(fmt, wide, settings)
    plain = lambda rows: [{k: v for k, v in row.items() if k not in PLACES} for row in rows]  # noqa: E731
    assert plain(got) == plain(events)
    for here, there in zip([*got, *refused], [*events, *rejects], strict=True):
        assert wide[here["span_start"] : here["span_end"]].decode(codec) == (
            twin[there["span_start"] : there["span_end"]].decode()
        )
    assert account.bytes_in == len(wide) == account.bytes_parsed + account.bytes_rejected + account.bytes_skipped
    assert total.rejects == account.rejects


@pytest.mark.parametrize("codec", CODECS)
def test_lines_of_siblings_are_read_in_utf_16_too(codec: str) -> None:
    fmt = find_format("server_log/web_combined")
    data = (ACCESS + ERROR + "Ċ nothing\n" + ERROR + ACCESS).encode(codec)
    batches = list(read_member(fmt, Source(memoryview(data)), StreamId("0" * 64, "", fmt.id, fmt.version)))
    rows = sorted((row for b in batches for row in b.events.to_pylist()), key=lambda row: int(row["span_start"]))
    assert [(row["format_id"].rpartition("/")[2], row["locator"]) for row in rows] == [
        ("web_combined", "L1"), ("apache_error", "L2"), ("apache_error", "L4"), ("web_combined", "L5"),
    ]  # fmt: skip
    assert data[rows[1]["span_start"] : rows[1]["span_end"]].decode(codec) == ERROR
    assert [r["kind"] for b in batches for r in b.rejects.to_pylist()] == ["malformed"]


def test_a_cut_last_character_belongs_to_the_last_line() -> None:
    data = (ACCESS * 2).encode("utf-16-le") + b"x"
    _, _, total = read_all(find_format("server_log/web_combined"), data)
    assert total.bytes_in == len(data) == total.bytes_parsed + total.bytes_rejected + total.bytes_skipped


def test_a_large_log_is_recognised_from_windows_that_begin_at_odd_places() -> None:
    data = "\ufeff".encode("utf-16-be") + (ACCESS * 3001).encode("utf-16-be")
    seen = recognise(sample_of(memoryview(data)))
    assert (seen.verdict, seen.format_id) == ("recognised", "server_log/web_combined")
    assert narrow_sample(sample_of(memoryview(ACCESS.encode()))) is None


@pytest.mark.parametrize("run", [65_535, 65_537, 3 << 20])
def test_a_long_run_of_nuls_before_the_text_does_not_hide_the_format(run: int) -> None:
    data = b"\0" * run + b"\n" + ACCESS.encode() * 2000
    assert recognise(sample_of(memoryview(data))).format_id == "server_log/web_combined"


def test_nothing_but_nuls_is_nothing() -> None:
    assert recognise(sample_of(memoryview(b"\0" * 200_000))).verdict == "unclaimed"
