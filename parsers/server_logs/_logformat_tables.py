"""The directives of three servers' log formats: what each one writes, as tables.

A directive has a *role* (which column it can fill), a *shape* (what its text looks like) and a *key* (its name
among the values without a column). Shapes are explained in `parsers.server_logs._logformat_shapes`.

References:
    Apache HTTP Server 2.4, mod_log_config, Custom Log Formats.
    nginx, ngx_http_log_module and the variable index of ngx_http_core_module, _upstream_, _ssl_, _realip_, _userid_.
    HAProxy 2.8 configuration manual, 8.2.6 Custom log format.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

__all__ = [
    "APACHE",
    "APACHE_NAMED",
    "HAPROXY",
    "NGINX",
    "NGINX_PREFIXES",
    "PRIORITY",
    "Dialect",
    "Directive",
    "Escape",
    "header",
    "key_of",
]

Dialect = Literal["apache", "nginx", "haproxy"]
Escape = Literal["apache", "nginx", "json", "haproxy", "none"]


class Directive(NamedTuple):
    """What a directive writes."""

    role: str | None
    shape: str
    key: str


def _of(rows: str) -> dict[str, Directive]:
    """One directive a line: name, role or ``-``, shape, key."""
    table = {}
    for row in rows.strip().splitlines():
        name, role, shape, key = row.split()
        table[name] = Directive(None if role == "-" else role, shape, key)
    return table


APACHE = _of("""
h    peer         host     peer
a    peer         address  peer
A    server_ip    address  server_ip
l    -            token    ident
u    user         text     user
t    time         clf      time
r    request      request  request
m    method       token    method
U    path         path     path
q    query        query    query
H    protocol     token    protocol
s    first_status status   original_status
>s   status       status   status
<s   first_status status   original_status
b    body_bytes   int      body_bytes
B    body_bytes   int      body_bytes
O    sent_bytes   int      bytes_sent
I    -            int      bytes_received
S    -            int      bytes_transferred
D    -            int      duration_us
T    -            int      duration_s
v    vhost        token    server_name
V    vhost        token    server_name_used
p    server_port  port     server_port
k    -            int      keepalive_requests
P    -            int      process_id
L    -            token    log_id
X    -            token    connection_status
f    -            text     file_name
R    -            text     handler
^ti  -            text     request_trailer
^to  -            text     response_trailer
""")

APACHE_NAMED = _of("""
{c}a         socket_peer  address  connection_peer
{c}h         socket_peer  host     connection_peer
{remote}p    peer_port    port     peer_port
{local}p     server_port  port     server_port_used
{canonical}p server_port  port     server_port
{pid}P       -            int      process_id
{tid}P       -            int      thread_id
{hextid}P    -            token    thread_id
{us}T        -            int      duration_us
{ms}T        -            int      duration_ms
{s}T         -            int      duration_s
{c}L         -            token    connection_log_id
{UNIQUE_ID}e -            token    unique_id
""")

NGINX = _of("""
remote_addr               peer         address   peer
binary_remote_addr        -            text      binary_remote_addr
realip_remote_addr        socket_peer  address   connection_peer
remote_port               peer_port    port      peer_port
realip_remote_port        socket_port  port      connection_peer_port
remote_user               user         text      user
proxy_protocol_addr       claim        text      proxy_protocol_addr
proxy_protocol_port       -            port      proxy_protocol_port
time_local                time         clf_bare  time
time_iso8601              time         iso       time
msec                      time         epoch_ms  time
request                   request      request   request
request_method            method       token     method
request_uri               target       target    request_uri
uri                       path         path      path
document_uri              path         path      path
args                      query_text   text      query
query_string              query_text   text      query
is_args                   -            question  is_args
server_protocol           protocol     token     protocol
scheme                    -            token     scheme
status                    status       status    status
body_bytes_sent           body_bytes   int       body_bytes
bytes_sent                sent_bytes   int       bytes_sent
request_length            -            int       bytes_received
content_length            -            int       content_length
content_type              -            text      content_type
request_time              -            decimal   duration_s
host                      vhost        token     host
hostname                  host_name    token     host_name
server_name               vhost        token     server_name
server_addr               server_ip    address   server_ip
server_port               server_port  port      server_port
request_id                -            token     request_id
request_body              -            text      request_body
connection                -            int       connection
connection_requests       -            int       connection_requests
connection_time           -            decimal   connection_time_s
pipe                      -            token     pipe
pid                       -            int       process_id
gzip_ratio                -            decimal   gzip_ratio
https                     -            token     https
limit_rate                -            int       limit_rate
nginx_version             -            token     nginx_version
request_completion        -            token     request_completion
request_filename          -            text      file_name
tcpinfo_rtt               -            int       tcpinfo_rtt
upstream_addr             -            list      upstream_addr
upstream_status           -            list      upstream_status
upstream_response_time    -            list      upstream_response_time
upstream_connect_time     -            list      upstream_connect_time
upstream_header_time      -            list      upstream_header_time
upstream_queue_time       -            list      upstream_queue_time
upstream_response_length  -            list      upstream_response_length
upstream_bytes_received   -            list      upstream_bytes_received
upstream_bytes_sent       -            list      upstream_bytes_sent
upstream_cache_status     -            token     upstream_cache_status
uid_got                   visitor      text      uid_got
uid_set                   visitor_new  text      uid_set
proxy_add_x_forwarded_for claim        text      proxy_add_x_forwarded_for
""")

NGINX_PREFIXES = ("ssl_", "geoip_", "geoip2_", "arg_", "sent_http_", "upstream_http_", "upstream_cookie_", "cookie_")
"""Families of nginx variables: one free text each, under its own name."""

HAPROXY = _of("""
ci   peer         address  peer
cp   peer_port    port     peer_port
fi   server_ip    address  frontend_ip
fp   server_port  port     frontend_port
bi   -            address  backend_source_ip
bp   -            port     backend_source_port
si   -            address  upstream_ip
sp   -            port     upstream_port
t    time         ha_date  accept_time
tr   time         ha_date  request_time
trg  time         clf_bare request_time
trl  time         clf_bare request_time
T    time         clf_bare accept_time
Tl   time         clf_bare accept_time
Ts   time         epoch_s  time
ms   time         millis   time_ms
f    -            token    frontend
ft   -            token    frontend
b    -            token    backend
s    -            token    server
TR   -            signed   time_request_ms
Tq   -            signed   time_to_request_ms
Th   -            signed   time_handshake_ms
Ti   -            signed   time_idle_ms
Tw   -            signed   time_queue_ms
Tc   -            signed   time_connect_ms
Tr   -            signed   time_response_ms
Td   -            signed   time_data_ms
Ta   -            signed   time_active_ms
Tt   -            signed   time_total_ms
Tu   -            signed   time_user_ms
ST   status       status   status
U    -            signed   bytes_received
B    sent_bytes   signed   bytes_read
CC   -            token    request_cookie
CS   -            token    response_cookie
tsc  -            token    termination_state
ts   -            token    termination_state
ac   -            int      active_connections
fc   -            int      frontend_connections
bc   -            int      backend_connections
sc   -            int      server_connections
rc   -            signed   retries
sq   -            int      server_queue
bq   -            int      backend_queue
hr   -            captured request_headers
hs   -            captured response_headers
H    host_name    token    host_name
ID   -            token    unique_id
lc   -            int      frontend_log_counter
rt   -            int      request_counter
pid  -            int      process_id
r    request      request  request
HM   method       token    method
HP   path         path     path
HPO  path         path     path
HQ   query        query    query
HU   target       target   request_uri
HV   protocol     token    protocol
sslc -            token    tls_cipher
sslv -            token    tls_version
""")

PRIORITY: dict[str, tuple[str, ...]] = {
    "source_ip": ("socket_peer", "peer"),
    "source_port": ("socket_port", "peer_port"),
    "http_response_status_code": ("status", "first_status"),
    "http_response_bytes": ("body_bytes", "sent_bytes"),
    "url_domain": ("vhost", "host_header"),
    "destination_ip": ("server_ip",),
    "destination_port": ("server_port",),
    "account_login": ("user",),
    "host_name": ("host_name",),
    "http_request_referrer": ("referer",),
    "user_agent_original": ("agent",),
    "identifiers": ("visitor", "visitor_new"),
}
"""Column -> roles that can fill it, best first; what does not fill it is kept in extra under its own key."""

_HEADERS = {
    "referer": Directive("referer", "text", "referer"),
    "user-agent": Directive("agent", "text", "user_agent"),
    "host": Directive("host_header", "token", "host_header"),
}
_CLAIMING = {
    "x-forwarded-for",
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "client-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "fastly-client-ip",
    "x-original-forwarded-for",
}
_UNUSUAL = re.compile(r"[^a-z0-9]+")


def key_of(name: str) -> str:
    """A name as a key of extra: lower case letters, digits and single underscores, at most 60."""
    return _UNUSUAL.sub("_", name.lower()).strip("_")[:60] or "value"


def header(name: str) -> Directive:
    """The directive that writes the request header `name`."""
    lower = name.lower().replace("_", "-")
    if lower in _CLAIMING:
        return Directive("claim", "text", key_of(lower))
    return _HEADERS.get(lower) or Directive(None, "text", "header_" + key_of(lower))
