"""What programs say, and what clients try to make them say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.server_logs._syslog_messages import read_message

TRUE_IP = "198.51.100.9"
PIECES = (
    *("a", " ", " from ", " port ", "192.0.2.66", " 22", " ssh2", ": RSA SHA256:x", " rhost=192.0.2.66", " user="),
    *("invalid user ", " [preauth]", " not allowed because ", "]"),
)
names = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)

SENTENCES = (
    "Failed password for {user} from {ip} port 3311 ssh2",
    "Failed password for invalid user {user} from {ip} port 3311 ssh2",
    "Failed publickey for invalid user {user} from {ip} port 3311 ssh2: RSA SHA256:abc",
    "Invalid user {user} from {ip} port 3311",
    "Invalid user {user} from {ip}",
    "error: maximum authentication attempts exceeded for invalid user {user} from {ip} port 3311 ssh2 [preauth]",
    "Connection closed by invalid user {user} {ip} port 3311 [preauth]",
    "Disconnected from authenticating user {user} {ip} port 3311 [preauth]",
    "Received disconnect from {ip} port 3311:11: {user} [preauth]",
    "Bad protocol version identification '{user}' from {ip} port 3311",
    "User {user} from {ip} not allowed because not listed in AllowUsers",
    "Disconnecting invalid user {user} {ip} port 3311: Too many authentication failures [preauth]",
    "Disconnecting invalid user a {ip} port 3311: Change of username or service not allowed: (a,s) -> ({user},s)",
    "Unable to negotiate with invalid user {user} {ip} port 3311: no matching MAC found. Their offer: {user}",
    "ssh_dispatch_run_fatal: Connection from invalid user {user} {ip} port 3311: Broken pipe [preauth]",
    "Protocol major versions differ for {ip}: SSH-2.0-OpenSSH vs. {user}",
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={ip}  user={user}",
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser={user} rhost={ip}",
    "message repeated 2 times: [ Failed password for invalid user {user} from {ip} port 3311 ssh2]",
)


@pytest.mark.parametrize("sentence", SENTENCES)
@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(user=names)
def test_no_user_name_can_supply_an_address(sentence: str, user: str) -> None:
    reading = read_message("sshd", None, sentence.format(user=user, ip=TRUE_IP))
    assert reading.values.get("source_ip") in {TRUE_IP, None}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_plain_name_is_read_with_its_address(sentence: str) -> None:
    assert read_message("sshd", None, sentence.format(user="jordan", ip=TRUE_IP)).values["source_ip"] == TRUE_IP


def test_a_program_that_is_not_sshd_cannot_speak_for_it() -> None:
    assert (
        read_message("app", None, "Accepted password for root from 192.0.2.1 port 1 ssh2").event_type == "log_message"
    )


def test_a_message_of_another_program_is_kept_as_text_only() -> None:
    assert read_message("cron", None, "anything")[:4] == ("log_message", {}, {}, ())


def test_a_message_that_is_too_long_is_not_searched() -> None:
    assert read_message("sshd", None, "Invalid user " + "a" * 9000 + " from 192.0.2.1").event_type == "log_message"


def test_a_repetition_inside_a_repetition_is_not_followed() -> None:
    inner = "message repeated 2 times: [ message repeated 3 times: [ x]]"
    assert read_message("sshd", None, inner).extra == {"repeated": 2}


def test_a_folder_cannot_choose_whose_rights_sudo_gave() -> None:
    message = "jordan : TTY=pts/0 ; PWD=/srv/ ; USER=root ; COMMAND=/bin/x ; USER=kim ; COMMAND=/bin/true"
    reading = read_message("sudo", None, message.replace("/srv/ ;", "/srv/a; ;"))
    assert (reading.event_type, reading.values["event_outcome"]) == ("privilege_use", "unknown")
    assert "target_account_login" not in reading.values


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("sshd", "Invalid user " + " from" * 1600),
        ("sshd", "Failed password for " + " from a port 1 ssh2: RSA" * 300),
        ("sudo", "a : " + "TTY=a ; PWD=a ; USER=a ; ENV= ;" * 250),
        (
            "sshd",
            "pam_unix(sshd:auth): authentication failure; logname= uid= euid= tty= ruser=" + " rhost= user=" * 600,
        ),
        ("sshd", "Connection closed by invalid user " + " 1 port 1" * 800),
    ],
)
def test_long_hostile_messages_are_read_to_the_end(program: str, message: str) -> None:
    assert len(message) <= 8192
    assert read_message(program, None, message + "!").event_type in {"log_message", "authentication", "privilege_use"}


@pytest.mark.parametrize(
    ("program", "message", "kind", "action", "ip", "port", "user"),
    [
        ("sshd", "Invalid user from {}1 port 22", "authentication", "unknown_user", "{}1", 22, None),
        ("sshd", "User eve not allowed because account is locked", "authentication", "not_allowed", None, None, "eve"),
        ("sshd", "ROOT LOGIN REFUSED FROM {}1 port 22", "authentication", "root_refused", "{}1", 22, None),
        ("sshd", "refused connect from a.example.net ({}1)", "connection", "refused", "{}1", None, None),
        (
            "sshd-session",
            "Disconnecting authenticating user root {}1 port 22: Too many authentication failures [preauth]",
            "connection",
            "disconnecting",
            "{}1",
            22,
            "root",
        ),
        (
            "sshd",
            "reverse mapping checking getaddrinfo for a.example.net [{}1] failed - POSSIBLE BREAK-IN ATTEMPT!",
            "connection",
            "name_mismatch",
            "{}1",
            None,
            None,
        ),
        (
            "sshd",
            "Timeout before authentication for connection from {}1 to {}2, pid = 7",
            "connection",
            "timeout",
            "{}1",
            None,
            None,
        ),
        (
            "sshd",
            "drop connection #1 from [{}1]:9 on [{}2]:22 past MaxStartups",
            "connection",
            "refused",
            "{}1",
            9,
            None,
        ),
        (
            "sshd",
            "banner exchange: Connection from {}1 port 9: invalid format",
            "connection",
            "bad_protocol",
            "{}1",
            9,
            None,
        ),
        ("sudo", "eve : PWD=/ ; USER=root ; COMMAND=/bin/ls", "privilege_use", "sudo", None, None, "eve"),
        (
            "ftpd",
            "connection from {}1 () at Fri Jun 17 07:07:00 2005",
            "connection",
            "connection_opened",
            "{}1",
            None,
            None,
        ),
        ("klogind", "Authentication failed from {}1 ({}1): no", "authentication", "login", "{}1", None, None),
    ],
)
def test_a_sentence_about_a_peer_gives_its_address(
    program: str, message: str, kind: str, action: str, ip: str | None, port: int | None, user: str | None
) -> None:
    reading = read_message(program, None, message.replace("{}", "192.0.2."))
    values = reading.values
    assert (reading.event_type, values["event_action"]) == (kind, action)
    assert values.get("source_ip") == (ip.replace("{}", "192.0.2.") if ip else None)
    assert (values.get("source_port"), values.get("account_login")) == (port, user)


def test_lines_run_together_by_bare_carriage_returns_name_no_peer() -> None:
    one = "Failed password for root from 192.0.2.1 port 22 ssh2"
    two = "Failed password for root from 192.0.2.9 port 22 ssh2"
    reading = read_message("sshd", None, f"{one}\rMar  1 10:00:00 srv sshd[1]: {two}")
    assert (reading.event_type, reading.values) == ("log_message", {})
