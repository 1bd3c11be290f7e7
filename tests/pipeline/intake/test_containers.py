from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import random
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
import zstandard

from pipeline.case import Limits
from pipeline.intake.containers import Finding, Member, open_members
from tests.pipeline.intake.build import raw_zip, streamed_zip, tarred, zip64, zipped

if TYPE_CHECKING:
    from pathlib import Path

LOG = b"".join(b"192.0.2.%d - - [01/Mar/2026:10:00:00 +0000] GET /\n" % (n % 250) for n in range(2000))


class Opened:
    def __init__(self, data: bytes, tmp_path: Path, **limits: int) -> None:
        self.path = tmp_path / "exhibit"
        self.path.write_bytes(data)
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.spool = tmp_path / "spool"
        self.items = list(open_members(self.path, self.sha256, self.spool, Limits(**limits)))
        self.members = [item for item in self.items if isinstance(item, Member)]
        self.findings = [item for item in self.items if isinstance(item, Finding)]

    @property
    def outline(self) -> list[tuple[str, str]]:
        return [(m.member_path, m.verdict) for m in self.members]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(f.kind, f.member_path) for f in self.findings]

    def bytes_of(self, path: str) -> bytes:
        (member,) = [m for m in self.members if m.member_path == path]
        data = member.data.read_bytes()
        assert member.verdict != "unreadable"
        assert (member.size, member.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        return data


def test_a_file_that_is_no_archive_is_itself_its_only_member_and_is_not_copied(tmp_path: Path) -> None:
    opened = Opened(LOG, tmp_path)
    assert opened.items == [Member("", "", 0, "", len(LOG), opened.sha256, opened.path, "data")]
    assert not opened.spool.exists()


def test_an_empty_file_is_a_member(tmp_path: Path) -> None:
    opened = Opened(b"", tmp_path)
    assert opened.outline == [("", "data")]
    assert opened.members[0].size == 0


def test_members_of_a_zip_come_in_stored_order_with_their_bytes(tmp_path: Path) -> None:
    opened = Opened(zipped({"b.log": LOG, "a/empty": b"", "a/": b"", "a/c.json": b"{}"}), tmp_path)
    assert opened.outline == [("", "container"), ("b.log", "data"), ("a/empty", "data"), ("a/c.json", "data")]
    assert opened.bytes_of("b.log") == LOG
    assert opened.bytes_of("a/empty") == b""
    assert [m.container for m in opened.members] == ["", "zip", "zip", "zip"]
    assert opened.findings == []


def test_nested_archives_are_opened_and_their_names_joined(tmp_path: Path) -> None:
    inner = zipped({"login.json": b"[]"})
    opened = Opened(zipped({"part1.zip": inner, "logs.tar.gz": gzip.compress(tarred([("x.log", LOG)]))}), tmp_path)
    assert opened.outline == [
        ("", "container"),
        ("part1.zip", "container"),
        ("part1.zip > login.json", "data"),
        ("logs.tar.gz", "container"),
        ("logs.tar.gz > logs.tar", "container"),
        ("logs.tar.gz > logs.tar > x.log", "data"),
    ]
    assert opened.bytes_of("logs.tar.gz > logs.tar > x.log") == LOG
    assert [m.depth for m in opened.members] == [0, 1, 2, 1, 2, 2]


def test_what_a_member_is_does_not_depend_on_its_name(tmp_path: Path) -> None:
    opened = Opened(zipped({"photo.jpg": zipped({"a": b"1"}), "b.zip": b"plain text\n"}), tmp_path)
    assert opened.outline[1:] == [("photo.jpg", "container"), ("photo.jpg > a", "data"), ("b.zip", "data")]


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        ("gzip", gzip.compress(LOG, mtime=0)),
        ("bzip2", bz2.compress(LOG)),
        ("xz", lzma.compress(LOG)),
        ("zstd", zstandard.compress(LOG)),
    ],
)
def test_compressed_files_are_one_member(kind: str, packed: bytes, tmp_path: Path) -> None:
    opened = Opened(packed, tmp_path)
    assert opened.outline == [("", "container"), ("content", "data")]
    assert opened.bytes_of("content") == LOG
    assert opened.members[1].container == kind
    assert opened.findings == []
    opened = Opened(packed + packed, tmp_path)
    assert opened.bytes_of("content") == LOG + LOG
    assert opened.findings == []


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_a_compressed_file_cut_in_the_middle_gives_what_can_be_read(compress: object, tmp_path: Path) -> None:
    data = random.Random(1).randbytes(3_000_000)
    packed = compress(data)  # type: ignore[operator]
    opened = Opened(packed[: len(packed) // 2], tmp_path)
    part = opened.bytes_of("content")
    assert len(part) > 400_000
    assert data.startswith(part)
    assert opened.kinds == [("corrupt_member", "content")]
    assert opened.findings[0].detail == "its compressed data ends too early; its readable part is used"


def test_a_damaged_gzip_gives_every_byte_before_the_damage(tmp_path: Path) -> None:
    data = random.Random(2).randbytes(500_000)
    packed = bytearray(gzip.compress(data, 0, mtime=0))  # stored blocks of 65,535 bytes at most
    packed[packed.index(data[200_000:200_016])] ^= 1
    opened = Opened(bytes(packed), tmp_path)
    assert opened.kinds == [("corrupt_member", "content")]
    assert "check sum" in opened.findings[0].detail
    assert len(opened.bytes_of("content")) == 500_000


def test_deflate_with_a_broken_block_gives_every_byte_before_it(tmp_path: Path) -> None:
    inner = zlib.compressobj(9, zlib.DEFLATED, -15)
    good = inner.compress(LOG) + inner.flush(zlib.Z_FULL_FLUSH)
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    opened = Opened(head + good + b"\x07" * 40, tmp_path)  # 7: a final block of the reserved type
    assert opened.bytes_of("content") == LOG
    assert opened.findings == [
        Finding("corrupt_member", "content", "its compressed data is damaged; its readable part is used")
    ]


def test_a_gzip_header_name_is_shown(tmp_path: Path) -> None:
    out = io.BytesIO()
    with gzip.GzipFile("access.log", "wb", fileobj=out, mtime=0) as stream:
        stream.write(LOG)
    opened = Opened(out.getvalue(), tmp_path)
    assert opened.outline == [("", "container"), ("access.log", "data")]
    assert Opened(zipped({"d/x.log.gz": gzip.compress(LOG)}), tmp_path).outline[-1] == ("d/x.log.gz > x.log", "data")


def test_bytes_after_compressed_data_are_reported_and_zero_padding_is_not(tmp_path: Path) -> None:
    opened = Opened(gzip.compress(LOG) + b"\0" * 700 + b"hidden", tmp_path)
    assert opened.findings == [
        Finding("trailing_bytes", "", "6 bytes follow the compressed data and were not read")
    ]
    assert Opened(gzip.compress(LOG) + b"\0" * 700, tmp_path).findings == []


def test_text_that_only_starts_like_an_archive_stays_data(tmp_path: Path) -> None:
    for magic in (b"\x1f\x8b\x08", b"PK\x03\x04", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd\xff\xff"):
        opened = Opened(magic + b"nonsense", tmp_path)
        assert opened.outline == [("", "data")]
        assert opened.kinds == [("unreadable_container", "")]
    assert Opened(b"BZhello world, this is text", tmp_path).findings == []


def test_names_that_climb_out_are_shown_and_reported_and_written_nowhere(tmp_path: Path) -> None:
    names = ["../../evil.txt", "/etc/cron.d/evil", "C:\\win.txt", "a\\..\\b", "..", "ok.txt"]
    opened = Opened(raw_zip([(name.encode(), b"x" + name.encode()) for name in names]), tmp_path)
    assert [path for path, _ in opened.outline] == ["", *names]
    assert opened.kinds == [
        ("parent_name", "../../evil.txt"),
        ("absolute_name", "/etc/cron.d/evil"),
        ("absolute_name", "C:\\win.txt"),
        ("backslash_name", "C:\\win.txt"),
        ("parent_name", "a\\..\\b"),
        ("backslash_name", "a\\..\\b"),
        ("parent_name", ".."),
    ]
    written = {p.name for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {"exhibit"} | {f"{hashlib.sha256(b'x' + n.encode()).hexdigest()}.bin" for n in names}


def test_bidi_and_control_characters_in_names_are_shown_as_escapes(tmp_path: Path) -> None:
    name = "in\u202egpj.exe\x1b]0;x\x07"
    opened = Opened(zipped({name: b"x", "a > b": b"y"}), tmp_path)
    assert opened.outline[1:] == [("in⟦U+202E⟧gpj.exe⟦U+001B⟧]0;x⟦U+0007⟧", "data"), ("a ⟦U+003E⟧ b", "data")]
    assert opened.members[1].raw_name == name
    assert opened.kinds == [("invisible_name", "in⟦U+202E⟧gpj.exe⟦U+001B⟧]0;x⟦U+0007⟧")]


def test_names_in_code_page_437_and_names_that_are_not_text_are_shown(tmp_path: Path) -> None:
    opened = Opened(raw_zip([(b"caf\x82.txt", b"1"), ("é.txt".encode(), b"2"), (b"", b"3")]), tmp_path)
    assert [path for path, _ in opened.outline] == ["", "café.txt", "é.txt", "(no name)"]
    assert Opened(raw_zip([(b"\xff.txt", b"1")], flags=0x800), tmp_path).outline[1][0] == "\\xff.txt"


def test_duplicate_names_stay_apart(tmp_path: Path) -> None:
    entries = [(b"a", b"1"), (b"a", b"2"), (b"a #2", b"3"), (b"a", b"4")]
    opened = Opened(raw_zip(entries), tmp_path)
    assert [path for path, _ in opened.outline] == ["", "a", "a #2", "a #2 #2", "a #3"]
    assert [opened.bytes_of(path) for path, _ in opened.outline[1:]] == [b"1", b"2", b"3", b"4"]
    assert opened.kinds == [("duplicate_name", "a #2"), ("duplicate_name", "a #2 #2"), ("duplicate_name", "a #3")]


def test_thousands_of_equal_names_are_all_numbered(tmp_path: Path) -> None:
    opened = Opened(raw_zip([(b"a", b"")] * 2000), tmp_path)
    assert opened.outline[-1][0] == "a #2000"


def test_files_of_operating_systems_are_passed_over_by_name_and_reported(tmp_path: Path) -> None:
    names = ["__MACOSX/._a.log", "d/.DS_Store", "Thumbs.db", "d/._x", "a.log"]
    opened = Opened(zipped(dict.fromkeys(names, b"x")), tmp_path)
    assert opened.outline == [("", "container"), ("a.log", "data")]
    assert opened.kinds == [("ignored_by_name", name) for name in names[:4]]


def test_an_encrypted_member_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    data = bytearray(zipped([("secret.txt", b"x" * 50), ("open.txt", b"y")], zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    opened = Opened(bytes(data), tmp_path)
    assert opened.outline == [("", "container"), ("secret.txt", "unreadable"), ("open.txt", "data")]
    assert opened.kinds == [("encrypted_member", "secret.txt")]


def test_an_unknown_compression_method_is_reported(tmp_path: Path) -> None:
    opened = Opened(raw_zip([(b"a", b"xyz")], method=9), tmp_path)
    assert opened.outline == [("", "container"), ("a", "unreadable")]
    assert opened.findings == [Finding("unknown_compression", "a", "compression method 9 is not known here")]


def test_bzip2_and_zstd_entries_of_a_zip_are_read(tmp_path: Path) -> None:
    assert Opened(zipped({"a": LOG}, zipfile.ZIP_BZIP2), tmp_path).bytes_of("a") == LOG
    packed = zstandard.compress(LOG)
    entry = bytearray(raw_zip([(b"a", packed)], method=93))
    for at in (entry.index(b"PK\x03\x04") + 14, entry.index(b"PK\x01\x02") + 16):
        struct.pack_into("<I", entry, at, zlib.crc32(LOG))
        struct.pack_into("<I", entry, at + 8, len(LOG))
    opened = Opened(bytes(entry), tmp_path)
    assert opened.bytes_of("a") == LOG
    assert opened.findings == []


def test_a_member_with_a_wrong_check_sum_is_kept_and_reported(tmp_path: Path) -> None:
    data = zipped([("a.log", LOG), ("b.log", b"fine")], zipfile.ZIP_STORED)
    opened = Opened(data.replace(b"192.0.2.77 ", b"192.0.2.78 ", 1), tmp_path)
    assert opened.findings == [
        Finding("corrupt_member", "a.log", "its check sum does not match its content; its readable part is used")
    ]
    assert len(opened.bytes_of("a.log")) == len(LOG)
    assert opened.bytes_of("b.log") == b"fine"


def test_data_descriptors_and_zip64_are_read(tmp_path: Path) -> None:
    opened = Opened(streamed_zip({"a.log": LOG, "b": b""}), tmp_path)
    assert opened.bytes_of("a.log") == LOG
    assert opened.findings == []
    opened = Opened(zip64(b"big.log", LOG), tmp_path)
    assert opened.bytes_of("big.log") == LOG
    assert opened.findings == []


def test_offsets_and_sizes_beyond_any_file_are_only_damage(tmp_path: Path) -> None:
    data = zip64(b"big.log", LOG)
    at = data.index(b"PK\x01\x02") + 46 + 7 + 4 + 16
    opened = Opened(data[:at] + b"\xff" * 8 + data[at + 8 :], tmp_path)
    assert opened.outline == [("", "container"), ("big.log", "unreadable")]
    header = bytearray(tarred([("a", b"1"), ("b", b"2")], form=tarfile.USTAR_FORMAT))
    header[124:136] = b"\x80" + b"\x3f" * 11
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    opened = Opened(bytes(header), tmp_path)
    assert opened.outline == [("", "container"), ("a", "data")]
    assert opened.kinds == [("corrupt_member", "a"), ("truncated_container", "")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("write", [zipped, streamed_zip])
def test_a_zip_without_its_directory_is_salvaged(method: int, write: object, tmp_path: Path) -> None:
    data: bytes = write({"a.log": LOG, "b.log": LOG[:500]}, method)  # type: ignore[operator]
    opened = Opened(data[: data.index(b"PK\x01\x02")], tmp_path)
    assert opened.bytes_of("a.log") == LOG
    assert opened.bytes_of("b.log") == LOG[:500]
    assert opened.kinds == [("salvaged_container", "")]


def test_a_zip_cut_inside_an_entry_gives_the_readable_part(tmp_path: Path) -> None:
    data = zipped({"a.log": LOG, "b.log": random.Random(3).randbytes(90_000)})
    opened = Opened(data[: len(data) // 2], tmp_path)
    assert opened.bytes_of("a.log") == LOG
    assert 30_000 < len(opened.bytes_of("b.log")) < 90_000
    assert opened.kinds == [("salvaged_container", ""), ("corrupt_member", "b.log")]


def test_a_directory_that_differs_from_the_entries_is_reported(tmp_path: Path) -> None:
    data = raw_zip([(b"a.log", b"x"), (b"b.log", b"y")])
    cut = data.index(b"PK\x01\x02")
    opened = Opened(data[:cut] + data[cut:].replace(b"a.log", b"z.log"), tmp_path)
    assert opened.outline[1] == ("z.log", "data")
    assert opened.findings == [
        Finding("header_mismatch", "z.log", "the entry's own header and the directory differ in: name")
    ]


def test_an_entry_the_directory_hides_is_reported_as_unlisted_bytes(tmp_path: Path) -> None:
    data = raw_zip([(b"a.log", b"x" * 100), (b"b.log", b"y")])
    first, second = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    hidden = bytearray(data[:first] + data[second:])
    struct.pack_into("<HHII", hidden, len(hidden) - 14, 1, 1, len(data) - 22 - second, first)
    opened = Opened(bytes(hidden), tmp_path)
    assert opened.outline == [("", "container"), ("b.log", "data")]
    assert opened.kinds == [("unlisted_bytes", "")]


def test_bytes_after_a_zip_are_reported_and_a_comment_is_not(tmp_path: Path) -> None:
    data = zipped({"a": b"1"})
    assert Opened(data + b"extra", tmp_path).findings == [
        Finding("trailing_bytes", "", "5 bytes follow the end of the archive and were not read")
    ]
    commented = data[:-2] + struct.pack("<H", 7) + b"comment"
    assert Opened(commented, tmp_path).findings == []


def test_office_documents_and_books_stay_one_member(tmp_path: Path) -> None:
    office = zipped({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", "xl/workbook.xml": b"<w/>"})
    assert Opened(office, tmp_path).outline == [("", "data")]
    reordered = zipped({"xl/workbook.xml": b"<w/>", "_rels/.rels": b"<R/>", "[Content_Types].xml": b"<Types/>"})
    assert Opened(zipped({"table.xlsx": reordered}), tmp_path).outline == [("", "container"), ("table.xlsx", "data")]
    for kind in (b"application/epub+zip", b"application/vnd.oasis.opendocument.text"):
        book = zipped([("mimetype", kind), ("content.xml", b"<c/>")], zipfile.ZIP_STORED)
        assert Opened(book, tmp_path).outline == [("", "data")]


def test_a_real_spreadsheet_stays_one_member(tmp_path: Path) -> None:
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert Opened(out.getvalue(), tmp_path).outline == [("", "data")]


def test_links_and_devices_in_a_tar_are_listed_and_not_followed(tmp_path: Path) -> None:
    kinds = {
        "link": (tarfile.SYMTYPE, "/etc/passwd"),
        "hard": (tarfile.LNKTYPE, "../x"),
        "null": (tarfile.CHRTYPE, ""),
        "pipe": (tarfile.FIFOTYPE, ""),
        "folder": (tarfile.DIRTYPE, ""),
    }
    names = ["link", "hard", "null", "pipe", "folder", "a.log"]
    opened = Opened(tarred([(n, b"x" if n == "a.log" else b"") for n in names], kinds=kinds), tmp_path)
    assert opened.outline == [("", "container"), ("a.log", "data")]
    assert opened.findings == [
        Finding("link_entry", "link", "a symbolic link to /etc/passwd, not followed"),
        Finding("link_entry", "hard", "a hard link to ../x, not followed"),
        Finding("device_entry", "null", "a character device, which holds no bytes"),
        Finding("device_entry", "pipe", "a pipe, which holds no bytes"),
    ]


def test_a_symbolic_link_in_a_zip_is_reported_and_its_target_kept(tmp_path: Path) -> None:
    opened = Opened(raw_zip([(b"link", b"/etc/passwd")], mode=0o120777), tmp_path)
    assert opened.bytes_of("link") == b"/etc/passwd"
    assert opened.kinds == [("link_entry", "link")]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_of_every_tar_dialect_are_read(form: int, tmp_path: Path) -> None:
    name = "folder-" + "x" * 60 + "/" + "é" * 30 + "/end.log"
    opened = Opened(tarred([(name, LOG), ("b", b"")], form=form), tmp_path)
    assert opened.outline == [("", "container"), (name, "data"), ("b", "data")]
    assert opened.bytes_of(name) == LOG
    assert opened.findings == []


def test_a_tar_with_a_damaged_header_goes_on_at_the_next(tmp_path: Path) -> None:
    data = bytearray(tarred([("a", b"1" * 600), ("b", b"2" * 600), ("c", b"3" * 600)], form=tarfile.USTAR_FORMAT))
    data[1536 + 150] ^= 1
    opened = Opened(bytes(data), tmp_path)
    assert opened.outline == [("", "container"), ("a", "data"), ("c", "data")]
    assert opened.findings == [Finding("corrupt_container", "", "bytes 1536-3072 of the archive are no tar header")]


def test_a_cut_tar_gives_the_readable_part(tmp_path: Path) -> None:
    data = tarred([("a", b"1" * 600), ("b", b"2" * 6000)], form=tarfile.USTAR_FORMAT)
    opened = Opened(data[:4000], tmp_path)
    assert opened.bytes_of("a") == b"1" * 600
    assert opened.bytes_of("b") == b"2" * (4000 - 2048)
    assert opened.kinds == [("corrupt_member", "b"), ("truncated_container", "")]


def test_bytes_after_the_end_mark_of_a_tar_are_reported(tmp_path: Path) -> None:
    opened = Opened(tarred([("a", b"1")]) + b"\0" * 512 + b"more", tmp_path)
    assert opened.findings == [
        Finding("trailing_bytes", "", "4 bytes follow the archive's end mark and were not read")
    ]


def test_a_bomb_is_stopped_at_the_ratio_and_the_rest_is_read(tmp_path: Path) -> None:
    opened = Opened(zipped({"bomb": bytes(300 << 20), "after.log": LOG}), tmp_path, ratio=10)
    (bomb,) = [m for m in opened.members if m.member_path == "bomb"]
    assert bomb.verdict == "data"
    assert 1 << 20 <= bomb.size < 4 << 20
    assert opened.bytes_of("after.log") == LOG
    assert [f.kind for f in opened.findings] == ["limit_ratio"]
    assert opened.findings[0].detail.startswith("the member expands to more than 10 times its packed size")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_compressed_zeros_are_stopped_in_bounded_memory(pack: object, tmp_path: Path) -> None:
    packed = pack(bytes(200 << 20))  # type: ignore[operator]
    tracemalloc.start()
    opened = Opened(packed, tmp_path, ratio=50)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [f.kind for f in opened.findings] == ["limit_ratio"]
    assert opened.members[1].size < 50 * len(packed) + (1 << 20) + 1
    assert peak < 80 << 20


def test_a_nested_bomb_like_42_zip_ends_at_depth_and_total(tmp_path: Path) -> None:
    level = zipped({"0.bin": bytes(8 << 20)})
    for _ in range(4):
        level = zipped({f"lib {n}.zip": level for n in "0123456789abcdef"})
    opened = Opened(level, tmp_path)
    assert {f.kind for f in opened.findings} == {"limit_depth"}
    assert max(m.depth for m in opened.members) == 3
    total = sum(p.stat().st_size for p in opened.spool.iterdir())
    assert total < 200 << 20


def test_overlapping_entries_stop_at_the_total_for_the_exhibit(tmp_path: Path) -> None:
    inner = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = inner.compress(bytes(3 << 20)) + inner.flush()
    crc = zlib.crc32(bytes(3 << 20))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(kernel), 3 << 20, 1, 0)
    directory = b"".join(
        b"PK\x01\x02" + struct.pack("<H", 20) + local[4:30] + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a"
        for _ in range(100)
    )
    body = local + b"a" + kernel
    data = body + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 100, 100, len(directory), len(body), 0)
    opened = Opened(data, tmp_path, ratio=2000, depth=1)
    assert "overlapping_entries" in {f.kind for f in opened.findings}
    limited = Opened(data, tmp_path, ratio=20, depth=1)
    assert "limit_total" in {f.kind for f in limited.findings}
    assert sum(m.size for m in limited.members if m.member_path) == 20 << 20


def test_members_beyond_their_number_are_not_read_and_it_is_said_once(tmp_path: Path) -> None:
    opened = Opened(zipped({str(n): b"x" for n in range(20)}), tmp_path, members=5)
    assert len(opened.members) == 6
    assert opened.findings == [
        Finding("limit_members", "", "the exhibit holds more than 5 entries; from here on they are not read")
    ]


def test_a_member_above_the_size_limit_is_cut_there(tmp_path: Path) -> None:
    opened = Opened(zipped({"a.log": LOG, "b": b"1"}), tmp_path, member_bytes=1000)
    assert opened.bytes_of("a.log") == LOG[:1000]
    assert opened.bytes_of("b") == b"1"
    assert [f.kind for f in opened.findings] == ["limit_member_bytes"]


def test_archives_that_are_not_opened_are_said_to_be_archives(tmp_path: Path) -> None:
    opened = Opened(b"7z\xbc\xaf\x27\x1c" + bytes(100), tmp_path)
    assert opened.outline == [("", "data")]
    assert opened.findings == [
        Finding("unsupported_container", "", "a 7-Zip archive, which is not opened; unpack and add it")
    ]


def test_two_runs_give_equal_results_and_equal_files(tmp_path: Path) -> None:
    data = zipped({"a.zip": zipped({"x": LOG}), "b": tarred([("y", LOG)])})
    (tmp_path / "1").mkdir()
    first = Opened(data, tmp_path / "1")
    names = sorted(p.name for p in first.spool.iterdir())
    again = Opened(data, tmp_path / "1")
    assert first.items == again.items
    assert sorted(p.name for p in again.spool.iterdir()) == names


@pytest.mark.parametrize("seed", range(6))
def test_mutated_archives_raise_nothing_and_keep_paths_unique(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    base = [
        zipped({"a.log": LOG, "b.zip": zipped({"c": LOG[:300]}), "d": b""}),
        streamed_zip({"a.log": LOG, "e": b"1"}),
        zip64(b"big", LOG[:999]),
        tarred([("a" * 150, LOG), ("b", b"2" * 700)]),
        gzip.compress(LOG), bz2.compress(LOG), lzma.compress(LOG), zstandard.compress(LOG),
    ]  # fmt: skip
    for number in range(160):
        data = bytearray(base[number % len(base)])
        for _ in range(rng.randint(1, 6)):
            at = rng.choice([rng.randrange(len(data)), max(0, len(data) - rng.randint(1, 120)), rng.randrange(60)])
            data[at : at + rng.choice([0, 1, 1, 4])] = rng.choice([b"\0", b"\xff" * 4, b"PK\x03\x04", rng.randbytes(2)])
        opened = Opened(bytes(data), tmp_path, member_bytes=1 << 20)
        paths = [m.member_path for m in opened.members]
        assert len(set(paths)) == len(paths)
        assert paths[0] == ""
        for member in opened.members:
            if member.verdict != "unreadable":
                assert hashlib.sha256(member.data.read_bytes()).hexdigest() == member.sha256
