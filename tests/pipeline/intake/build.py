"""Archives for tests, some of them written by hand because no library writes them."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping


def zipped(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in pairs:
            info = zipfile.ZipInfo("x", (2026, 1, 5, 0, 0, 0))
            info.filename, info.compress_type = name, method
            archive.writestr(info, data)
    return out.getvalue()


def streamed_zip(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """With data descriptors, as a writer that cannot seek leaves them."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 0, 0, 0)), data, method)
    return bytes(pipe.data)


def raw_zip(entries: Iterable[tuple[bytes, bytes]], *, flags: int = 0, method: int = 0, mode: int = 0) -> bytes:
    """Stored entries with names as given, byte for byte, and any flag or method written beside them."""
    body, directory, count = b"", b"", 0
    for name, data in entries:
        crc, at = zlib.crc32(data), len(body)
        middle = struct.pack("<HHHHIIIHH", flags, method, 0, 0x5C25, crc, len(data), len(data), len(name), 0)
        body += b"PK\x03\x04" + struct.pack("<H", 20) + middle + name + data
        made = struct.pack("<HH", 0x0314, 20)
        directory += b"PK\x01\x02" + made + middle + struct.pack("<HHHII", 0, 0, 0, mode << 16, at) + name
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def zip64(name: bytes, data: bytes) -> bytes:
    """One stored entry whose sizes, offset and directory are all in zip64 records."""
    crc, full = zlib.crc32(data), 0xFFFFFFFF
    local_extra = struct.pack("<HHQQ", 1, 16, len(data), len(data))
    middle = struct.pack("<HHHHIIIHH", 0, 0, 0, 0x5C25, crc, full, full, len(name), len(local_extra))
    body = b"PK\x03\x04" + struct.pack("<H", 45) + middle + name + local_extra + data
    extra = struct.pack("<HHQQQ", 1, 24, len(data), len(data), 0)
    middle = struct.pack("<HHHHIIIHH", 0, 0, 0, 0x5C25, crc, full, full, len(name), len(extra))
    directory = b"PK\x01\x02" + struct.pack("<HH", 45, 45) + middle + struct.pack("<HHHII", 0, 0, 0, 0, full)
    directory += name + extra
    wide = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, len(directory), len(body))
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(body) + len(directory), 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, full, full, 0)
    return body + directory + wide + locator + end


def tarred(
    files: Iterable[tuple[str, bytes]], *, kinds: Mapping[str, tuple[bytes, str]] | None = None, form: int | None = None
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT if form is None else form) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = (kinds or {}).get(name, (tarfile.REGTYPE, ""))
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()
