"""Access logs that Amazon writes for load balancers, buckets and its content network."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from parsers.contract import Format
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_share
from parsers.server_logs import _line_reader as lines
from parsers.server_logs import _w3c
from parsers.server_logs._aws_lines import alb_reader, s3_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from parsers.contract import Item, ParsedBlock, Sample, Source, Trust
    from parsers.server_logs._line_reader import LineReader

__all__ = ["FORMATS"]

_TRUST: dict[str, Trust] = {
    "timestamp": "server_observed",
    "source_ip": "server_observed",
    "source_port": "server_observed",
    "http_response_status_code": "server_observed",
    "http_response_bytes": "server_observed",
    "event_outcome": "server_observed",
    "account_id": "provider_asserted",
    "claimed_ips": "sender_controlled",
    "url_domain": "sender_controlled",
    "http_request_method": "sender_controlled",
    "event_action": "sender_controlled",
    "url_original": "sender_controlled",
    "http_version": "sender_controlled",
    "http_request_referrer": "sender_controlled",
    "user_agent_original": "sender_controlled",
}
_ABSENCE = "Amazon delivers these logs on a best-effort basis: a request that is not listed may still have been made."


def _decoded(raw: bytes) -> bytes:
    """Percent signs undone; older files hold them doubled (``%2520``)."""
    once = unquote_to_bytes(raw)
    return unquote_to_bytes(once) if b"%20" in once else once


_CLOUDFRONT = _w3c.Dialect(b"\t", undo_agent=_decoded, undo_text=unquote_to_bytes)


def _parse(source: Source, *, reader: Callable[[], LineReader]) -> Iterator[Item]:
    yield from lines.parse_rows(source, reader())


def _parse_block(source: Source, *, reader: Callable[[], LineReader]) -> ParsedBlock:
    return lines.parse_block(source, reader())


def _recognise(sample: Sample, *, reader: Callable[[], LineReader]) -> int:
    return round(97 * line_share(sample, lambda line: reader().regex.fullmatch(line) is not None))


def _parse_cloudfront(source: Source) -> Iterator[Item]:
    yield from _w3c.parse(source, _CLOUDFRONT)


def _recognise_cloudfront(sample: Sample) -> int:
    names, share = _w3c.fitting(sample, b"\t")
    return round(97 * share) if any(name.startswith(b"x-edge-") for name in names) else 0


def _line_format(name: str, title: str, reader: Callable[[], LineReader], reference: str, *gaps: str) -> Format:
    return Format(
        id=f"server_log/{name}",
        version=1,
        title=title,
        framing="line",
        recognise=partial(_recognise, reader=reader),
        parse=partial(_parse, reader=reader),
        parse_block=partial(_parse_block, reader=reader),
        event_types=("http_request",),
        tier="source-verified",
        trust=MappingProxyType(_TRUST),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        references=(reference,),
        gaps=(_ABSENCE, *gaps),
    )


FORMATS = (
    _line_format(
        "aws_alb",
        "AWS load balancer access log (Application, Classic)",
        alb_reader,
        "Elastic Load Balancing user guides: Access log entries, Application and Classic Load Balancer",
        "Network Load Balancer (TLS) and connection logs are other layouts.",
        "Fields that Amazon adds after conn_trace_id are kept as text in extra.trailing_fields.",
    ),
    _line_format(
        "aws_s3",
        "Amazon S3 server access log",
        s3_reader,
        "Amazon S3 user guide: Amazon S3 server access log format",
        "S3 does not escape quotation marks in Referer and User-Agent; lines with one keep what stands before.",
    ),
    Format(
        id="server_log/aws_cloudfront",
        version=1,
        title="Amazon CloudFront standard log (legacy W3C files)",
        framing="whole",
        recognise=_recognise_cloudfront,
        parse=_parse_cloudfront,
        event_types=("http_request",),
        tier="source-verified",
        trust=MappingProxyType(_TRUST),
        skips=MappingProxyType(
            {
                BLANK_LINE: BLANK_LINE_MEANING,
                _w3c.DIRECTIVE: _w3c.DIRECTIVE_MEANING,
                _w3c.NULS: _w3c.NULS_MEANING,
            }
        ),
        references=("Amazon CloudFront developer guide: Standard log file fields (legacy), UTC, percent-encoding",),
        gaps=(_ABSENCE, "Real-time logs and the JSON and Parquet deliveries of standard logging v2 are other formats."),
    ),
)
