"""Writes the fixtures of the shipped column maps (forum, blog and wiki tables) and their goldens. Everything is invented.

The maps are the shipped ones, copied beside each fixture. Run: ``python sample_data/formats/table/mapped/make_app_dumps.py``.
"""

# ruff: noqa: E501 - long literal records

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from make import Text, write  # noqa: E402

MAPS = HERE.parents[3] / "parsers" / "tables" / "app_dumps"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Row = tuple[str, ...]
Reading = tuple[str, dict[str, object], dict[str, object]]  # event type, columns, extra


def dump(name: str, title: str, platform: str, titles: Row, rows: list[tuple[Row, Reading]], delimiter: str = "\t") -> None:
    """One table; `delimiter` is a tab for mysql --batch and a comma for the CSV of psql."""
    table = Text()

    def record(cells: Row) -> str:
        if delimiter == "\t":
            return "\t".join(cells) + "\n"
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(cells)
        return out.getvalue()

    table.skip(record(titles))
    for cells, (event_type, columns, extra) in rows:
        table.event(record(cells), event_type, {"source": title, **extra}, account_platform=platform, **columns)
    suffix = "tsv" if delimiter == "\t" else "csv"
    write(f"{name}.{suffix}", table.data, (MAPS / f"{name}.toml").read_text("utf-8"), table.golden())


def at(raw: str, utc: str) -> dict[str, object]:
    return {"timestamp_raw": raw, "timestamp": utc if "." in utc else utc + ".000000Z"}


def known(address: str) -> dict[str, object]:
    return {"identifiers": [{"type": "email", "value": address, "raw": address}]}


def phpbb() -> None:
    log = ("log_id", "log_type", "user_id", "forum_id", "topic_id", "post_id", "reportee_id", "log_ip", "log_time", "log_operation", "log_data", "username")
    dump("phpbb_log", "phpBB log", "phpbb", log, [
        (("1", "0", "2", "0", "0", "0", "0", "192.0.2.20", "1772359201", "LOG_ADMIN_AUTH_SUCCESS", "", "jordan"),
         ("authentication", {"event_action": "LOG_ADMIN_AUTH_SUCCESS", "source_ip": "192.0.2.20", "account_id": "2", "account_login": "jordan", **at("1772359201", "2026-03-01T10:00:01")},
          {"log_id": "1", "log_type": "0", "forum_id": "0", "topic_id": "0", "post_id": "0"})),
        (("2", "3", "2", "0", "0", "0", "57", "2001:db8::20", "1772359202", "LOG_USER_FEEDBACK", 'a:1:{i:0;s:3:"kim";}', "jordan"),
         ("audit_action", {"event_action": "LOG_USER_FEEDBACK", "source_ip": "2001:db8::20", "account_id": "2", "account_login": "jordan", "target_account_id": "57", **at("1772359202", "2026-03-01T10:00:02")},
          {"log_id": "2", "log_type": "3", "forum_id": "0", "topic_id": "0", "post_id": "0", "log_data": 'a:1:{i:0;s:3:"kim";}'})),
    ])  # fmt: skip
    users = ("user_id", "username", "user_email", "user_ip", "user_regdate", "user_lastvisit", "user_lang", "user_timezone")
    dump("phpbb_users", "phpBB accounts", "phpbb", users, [
        (("57", "kim", "kim@example.org", "198.51.100.30", "1772359203", "1772360000", "en", "Europe/Dublin"),
         ("account_created", {"event_action": "register", "source_ip": "198.51.100.30", "account_id": "57", "account_login": "kim", **known("kim@example.org"), **at("1772359203", "2026-03-01T10:00:03")},
          {"user_lastvisit": "1772360000", "user_lang": "en", "user_timezone": "Europe/Dublin"})),
        (("1", "Anonymous", "", "", "0", "0", "en", ""), ("account_created", {"event_action": "register", "account_id": "1", "account_login": "Anonymous"}, {"user_lastvisit": "0", "user_lang": "en"})),
    ])  # fmt: skip
    posts = ("post_id", "topic_id", "forum_id", "poster_id", "poster_ip", "post_time", "post_username", "post_subject", "post_text", "username")
    dump("phpbb_posts", "phpBB posts", "phpbb", posts, [
        (("900", "12", "3", "57", "198.51.100.30", "1772359204", "", "Re: Harbour", "I saw you <r>there</r>\\nagain", "kim"),
         ("message", {"event_action": "post", "source_ip": "198.51.100.30", "account_id": "57", "account_login": "kim", "message_id": "900", "thread_id": "12", "text": "I saw you <r>there</r>\\nagain", **at("1772359204", "2026-03-01T10:00:04")},
          {"forum_id": "3", "post_subject": "Re: Harbour"})),
        (("901", "12", "3", "1", "198.51.100.31", "1772359205", "a guest", "", "hello", "Anonymous"),
         ("message", {"event_action": "post", "source_ip": "198.51.100.31", "account_id": "1", "account_login": "Anonymous", "message_id": "901", "thread_id": "12", "text": "hello", **at("1772359205", "2026-03-01T10:00:05")},
          {"forum_id": "3", "post_username": "a guest"})),
    ])  # fmt: skip


def discourse() -> None:
    tokens = ("id", "action", "user_auth_token_id", "user_id", "client_ip", "user_agent", "auth_token", "created_at", "path", "username")

    def token(number: str, action: str, event_type: str) -> tuple[Row, Reading]:
        return (number, action, "77", "9", "2001:db8::30", FIREFOX, "", f"2026-03-01 10:00:0{number}.250001", "/session.json", "ale"), (event_type, {
            "event_action": action, "source_ip": "2001:db8::30", "user_agent_original": FIREFOX, "account_id": "9", "account_login": "ale", "session_id": "77", "url_original": "/session.json",
            **at(f"2026-03-01 10:00:0{number}.250001", f"2026-03-01T10:00:0{number}.250001Z")}, {"id": number})  # fmt: skip

    rows = [token("1", "generate", "authentication"), token("2", "destroy", "logout")]
    seen = token("3", "rotate", "session")
    rows.append((seen[0], (seen[1][0], seen[1][1], seen[1][2])))
    dump("discourse_user_auth_token_logs", "Discourse sign-in tokens", "discourse", tokens, rows, ",")
    users = ("id", "username", "name", "created_at", "last_seen_at", "registration_ip_address", "ip_address", "email")
    dump("discourse_users", "Discourse accounts", "discourse", users, [
        (("9", "ale", "Ale, of the harbour", "2026-02-01 08:00:00.5", "2026-03-01 10:00:02", "198.51.100.50", "2001:db8::30", "ale@example.org"),
         ("account_created", {"event_action": "register", "source_ip": "198.51.100.50", "account_id": "9", "account_login": "ale", "account_display_name": "Ale, of the harbour", **known("ale@example.org"),
                              **at("2026-02-01 08:00:00.5", "2026-02-01T08:00:00.500000Z")}, {"last_seen_at": "2026-03-01 10:00:02", "ip_address": "2001:db8::30"})),
        (("-1", "system", "", "2025-01-01 00:00:00", "", "", "", ""), ("account_created", {"event_action": "register", "account_id": "-1", "account_login": "system", **at("2025-01-01 00:00:00", "2025-01-01T00:00:00")}, {})),
    ], ",")  # fmt: skip


def mastodon() -> None:
    titles = ("id", "user_id", "authentication_method", "provider", "success", "failure_reason", "ip", "user_agent", "created_at", "username", "email")
    base: dict[str, object] = {"event_action": "password", "source_ip": "203.0.113.60", "user_agent_original": FIREFOX, "account_id": "5", "account_login": "sam", **known("sam@example.org")}
    dump("mastodon_login_activities", "Mastodon sign-ins", "mastodon", titles, [
        (("1", "5", "password", "", "f", "invalid_password", "203.0.113.60", FIREFOX, "2026-03-01 10:00:01.5", "sam", "sam@example.org"),
         ("authentication", {**base, "event_outcome": "failure", **at("2026-03-01 10:00:01.5", "2026-03-01T10:00:01.500000Z")}, {"id": "1", "failure_reason": "invalid_password"})),
        (("2", "5", "password", "", "t", "", "203.0.113.60", FIREFOX, "2026-03-01 10:00:02", "sam", "sam@example.org"),
         ("authentication", {**base, "event_outcome": "success", **at("2026-03-01 10:00:02", "2026-03-01T10:00:02")}, {"id": "2"})),
    ], ",")  # fmt: skip


def wordpress() -> None:
    dump("wordpress_users", "WordPress accounts", "wordpress", ("ID", "user_login", "user_email", "user_registered", "display_name"), [
        (("3", "kim", "kim@example.org", "2026-02-02 09:00:00", "Kim"),
         ("account_created", {"event_action": "register", "account_id": "3", "account_login": "kim", "account_display_name": "Kim", **known("kim@example.org"), **at("2026-02-02 09:00:00", "2026-02-02T09:00:00")}, {})),
        (("4", "old", "old@example.org", "0000-00-00 00:00:00", "old"),
         ("account_created", {"event_action": "register", "account_id": "4", "account_login": "old", "account_display_name": "old", **known("old@example.org"), "timestamp_raw": "0000-00-00 00:00:00"}, {})),
    ])  # fmt: skip
    titles = ("comment_ID", "comment_post_ID", "comment_author", "comment_author_email", "comment_author_url", "comment_author_IP", "comment_date", "comment_date_gmt", "comment_content",
              "comment_karma", "comment_approved", "comment_agent", "comment_type", "comment_parent", "user_id", "user_login")  # fmt: skip
    dump("wordpress_comments", "WordPress comments", "wordpress", titles, [
        (("71", "8", "a friend", "friend@example.com", "", "2001:db8:1:2:3:4:5:6", "2026-03-01 11:00:01", "2026-03-01 10:00:01", "nice door", "0", "spam", FIREFOX, "comment", "0", "0", "NULL"),
         ("message", {"event_action": "comment", "source_ip": "2001:db8:1:2:3:4:5:6", "user_agent_original": FIREFOX, "account_display_name": "a friend", "message_id": "71", "thread_id": "8",
                      "text": "nice door", **known("friend@example.com"), **at("2026-03-01 10:00:01", "2026-03-01T10:00:01")},
          {"comment_date": "2026-03-01 11:00:01", "comment_karma": "0", "comment_approved": "spam", "comment_type": "comment"})),
        (("72", "8", "Kim", "kim@example.org", "", "198.51.100.0", "2026-03-01 11:00:02", "2026-03-01 10:00:02", "0", "0", "1", "", "comment", "71", "3", "kim"),
         ("message", {"event_action": "comment", "source_ip": "198.51.100.0", "account_display_name": "Kim", "account_id": "3", "account_login": "kim", "message_id": "72", "thread_id": "8", "in_reply_to": "71",
                      "text": "0", **known("kim@example.org"), **at("2026-03-01 10:00:02", "2026-03-01T10:00:02")},
          {"comment_date": "2026-03-01 11:00:02", "comment_karma": "0", "comment_approved": "1", "comment_type": "comment"})),
    ])  # fmt: skip
    log = ("log_id", "log_type", "log_function", "log_priority", "log_date", "log_date_gmt", "log_host", "log_username", "log_user", "log_url", "log_referrer", "log_data")
    dump("wordpress_itsec_log", "WordPress iThemes Security log", "wordpress", log, [
        (("1", "brute_force", "Invalid Login Attempt", "5", "2026-03-01 11:00:01", "2026-03-01 10:00:01", "198.51.100.61", "admin", "0", "", "", "a:0:{}"),
         ("authentication", {"event_action": "Invalid Login Attempt", "source_ip": "198.51.100.61", "account_login": "admin", **at("2026-03-01 10:00:01", "2026-03-01T10:00:01")},
          {"log_id": "1", "log_priority": "5", "log_date": "2026-03-01 11:00:01", "log_data": "a:0:{}"})),
        (("2", "four_oh_four", "404 Error", "3", "2026-03-01 11:00:02", "2026-03-01 10:00:02", "2001:0db8:85a3:0000:", "", "0", "/wp-login.php", "", ""),  # varchar(20)
         ("http_request", {"event_action": "404 Error", "url_original": "/wp-login.php", "parse_flags": ["invalid_address"], **at("2026-03-01 10:00:02", "2026-03-01T10:00:02")},
          {"log_id": "2", "log_priority": "3", "log_date": "2026-03-01 11:00:02", "log_host": "2001:0db8:85a3:0000:"})),
        (("3", "lockout", "Host or User Lockout", "10", "2026-03-01 11:00:03", "2026-03-01 10:00:03", "2001:db8:0:1:2:3:4:5", "kim", "3", "", "", ""),  # exactly 20 characters: nothing says it was cut
         ("audit_action", {"event_action": "Host or User Lockout", "source_ip": "2001:db8:0:1:2:3:4:5", "account_login": "kim", "account_id": "3", **at("2026-03-01 10:00:03", "2026-03-01T10:00:03")},
          {"log_id": "3", "log_type": "lockout", "log_priority": "10", "log_date": "2026-03-01 11:00:03"})),
    ])  # fmt: skip


def mediawiki() -> None:
    titles = ("cuc_id", "cuc_namespace", "cuc_title", "cuc_actor", "cuc_page_id", "cuc_this_oldid", "cuc_last_oldid", "cuc_timestamp", "cuc_ip", "cuc_ip_hex", "cuc_xff", "cuc_agent", "actor_user", "actor_name")
    shared: dict[str, object] = {"event_action": "edit", "url_original": "Harbour_lane", "thread_id": "40", "user_agent_original": FIREFOX}
    dump("mediawiki_cu_changes", "MediaWiki CheckUser changes", "mediawiki", titles, [
        (("1", "0", "Harbour_lane", "15", "40", "501", "500", "20260301101112", "192.0.2.70", "C0000246", "198.51.100.70, 10.0.0.1", FIREFOX, "12", "Jordan"),
         ("audit_action", {**shared, "message_id": "501", "source_ip": "192.0.2.70", "claimed_ips": ["198.51.100.70", "10.0.0.1"], "account_id": "12", "account_login": "Jordan", **at("20260301101112", "2026-03-01T10:11:12")},
          {"cuc_id": "1", "cuc_namespace": "0", "cuc_actor": "15", "cuc_last_oldid": "500", "cuc_ip_hex": "C0000246"})),
        (("2", "0", "Harbour_lane", "16", "40", "502", "501", "20260301101113", "2001:db8::70", "v6-2001", "", FIREFOX, "NULL", "2001:db8::70"),
         ("audit_action", {**shared, "message_id": "502", "source_ip": "2001:db8::70", "account_login": "2001:db8::70", **at("20260301101113", "2026-03-01T10:11:13")},
          {"cuc_id": "2", "cuc_namespace": "0", "cuc_actor": "16", "cuc_last_oldid": "501", "cuc_ip_hex": "v6-2001"})),
    ])  # fmt: skip
    old = ("cuc_id", "cuc_namespace", "cuc_title", "cuc_user", "cuc_user_text", "cuc_comment", "cuc_page_id", "cuc_this_oldid", "cuc_timestamp", "cuc_ip", "cuc_xff", "cuc_agent")
    dump("mediawiki_cu_changes_1_39", "MediaWiki CheckUser changes", "mediawiki", old, [
        (("1", "0", "Harbour_lane", "12", "Jordan", "typo", "40", "501", "20260301101112", "192.0.2.70", "unknown", FIREFOX),
         ("audit_action", {**shared, "message_id": "501", "source_ip": "192.0.2.70", "account_id": "12", "account_login": "Jordan", "text": "typo", "parse_flags": ["invalid_address"], **at("20260301101112", "2026-03-01T10:11:12")},
          {"cuc_id": "1", "cuc_namespace": "0", "cuc_xff": "unknown"})),
        (("2", "0", "Harbour_lane", "0", "192.0.2.71", "", "40", "502", "20260229101112", "192.0.2.71", "", FIREFOX),
         ("audit_action", {**shared, "message_id": "502", "source_ip": "192.0.2.71", "account_login": "192.0.2.71", "timestamp_raw": "20260229101112"}, {"cuc_id": "2", "cuc_namespace": "0"})),
    ])  # fmt: skip


def main() -> None:
    phpbb()
    discourse()
    mastodon()
    wordpress()
    mediawiki()


if __name__ == "__main__":
    main()
