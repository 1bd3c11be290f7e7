"""Access logs of Apache httpd and nginx: the common, combined and vhost_combined layouts."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_items
from parsers.server_logs._web_block import parse_block
from parsers.server_logs._web_row import Layout, layout_of, parse_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source, Trust

__all__ = ["FORMATS"]

_TRUST: dict[str, Trust] = {
    "timestamp": "server_observed",
    "source_ip": "server_observed",
    "source_port": "server_observed",
    "claimed_ips": "sender_controlled",
    "url_domain": "server_observed",
    "destination_port": "server_observed",
    "http_response_status_code": "server_observed",
    "http_response_bytes": "server_observed",
    "event_outcome": "server_observed",
    "http_request_method": "sender_controlled",
    "event_action": "sender_controlled",
    "url_original": "sender_controlled",
    "http_version": "sender_controlled",
    "http_request_referrer": "sender_controlled",
    "user_agent_original": "sender_controlled",
    "account_login": "sender_controlled",
}
_GAPS = (
    "Apache and nginx write the time at the end of a request by different rules; it is read as the time of recording.",
    "A log whose first field is a forwarded header holding one address cannot be told from one holding the peer.",
    "Fields that a custom layout appends are kept as text in extra.trailing_fields.",
)
_REFERENCES = (
    "Apache HTTP Server 2.4, mod_log_config: Custom Log Formats, Format Notes (escapes since 2.0.46)",
    "nginx, ngx_http_log_module: log_format combined; escape=default",
    "RFC 9112 section 3 (request line), RFC 6302 (source ports)",
)
_ALLIES = MappingProxyType(
    {"common": ("combined", "cut"), "combined": ("common", "cut"), "vhost_combined": ("vhost_cut",)}
)
_SPECIFICITY = 98


@lru_cache(maxsize=4)
def _layouts(sample: Sample) -> Counter[str]:
    return Counter(layout for line in sample.lines() if (layout := layout_of(line)))


def _recognise(sample: Sample, *, layout: str) -> int:
    """Share of lines with this layout; the layout most lines have also counts those its reader understands."""
    seen = _layouts(sample)
    own, allies = seen[layout], _ALLIES[layout]
    rival = max((seen[name] for name in allies if name in _ALLIES), default=0)
    leads = own > rival or (own == rival > 0 and layout == "combined")
    fitting = own + (sum(seen[name] for name in allies) if leads else 0)
    return round(_SPECIFICITY * fitting / max(1, len(sample.lines())))


def _parse(source: Source, *, layout: Layout) -> Iterator[Item]:
    yield from line_items(source, partial(parse_line, layout=layout))


_MIXED = ("web_vhost_combined", "web_combined", "apache_error", "nginx_error", "haproxy_http", "syslog_iso")


def _format(name: str, title: str, layout: Layout) -> Format:
    return Format(
        id=f"server_log/web_{name}",
        version=2,
        title=title,
        framing="line",
        recognise=partial(_recognise, layout=name),
        parse=partial(_parse, layout=layout),
        parse_block=partial(parse_block, layout=layout),
        event_types=("http_request",),
        tier="data-proven",
        trust=MappingProxyType(_TRUST),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        siblings=tuple(f"server_log/{other}" for other in _MIXED if other != f"web_{name}"),
        references=_REFERENCES,
        gaps=_GAPS,
    )


FORMATS = (
    _format("common", "Web access log, common layout", Layout(vhost=False, quoted_fields=1)),
    _format("combined", "Web access log, combined layout", Layout(vhost=False, quoted_fields=3)),
    _format("vhost_combined", "Web access log, combined layout with virtual host", Layout(vhost=True, quoted_fields=3)),
)
