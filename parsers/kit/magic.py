"""What kind of file the first bytes say it is. Nothing is decoded."""

from __future__ import annotations

__all__ = ["HEAD", "media_type"]

HEAD = 64
"""Bytes of a file that `media_type` needs."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"caff", "audio/x-caf"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"FLV\x01", "video/x-flv"),
    (b"%PDF-", "application/pdf"),
)
_BRANDS = {  # ISO base media file format (ISO/IEC 14496-12): major brand at byte 8
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif", b"avif": "image/avif",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime", b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
}  # fmt: skip
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BITMAP = 14  # bytes of a bitmap's file header, whose reserved fields are zero


def media_type(head: bytes) -> str | None:
    """The media type of a picture, sound, film or PDF that starts with `head`; None for anything else."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    found = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    if found == "image/bmp" and (len(head) < _BITMAP or head[6:10] != b"\0\0\0\0"):
        return None
    if found is None and head[:1] == b"\xff" and head[1:2] in {b"\xfb", b"\xf3", b"\xf2"}:
        return "audio/mpeg"
    return found
