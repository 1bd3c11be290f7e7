"""Signatures checked offline, against messages signed by another implementation."""

from __future__ import annotations

import base64
import random
import socket
from typing import TYPE_CHECKING

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from pipeline.mailauth.check import check_message, is_signed
from tests.pipeline.mailauth.signing import HEADERS, MESSAGE, pem, record, sealed, signed, store

if TYPE_CHECKING:
    from pipeline.mailauth.keystore import KeyStore

FORMS = [(a, b) for a in (b"simple", b"relaxed") for b in (b"simple", b"relaxed")]
every_form = pytest.mark.parametrize("form", FORMS, ids=[b"/".join(f).decode() for f in FORMS])


def states(data: bytes, keys: KeyStore) -> list[str]:
    return [c.state for c in check_message(data, keys)]


@every_form
def test_a_signed_message_is_verified_with_its_key(form: tuple[bytes, bytes]) -> None:
    data = signed(form=form)
    (check,) = check_message(data, store(record()))
    assert (check.state, check.domain, check.selector, check.body_hash_matches) == (
        "verified", "example.net", "s1", True,
    )  # fmt: skip
    assert check.signed_fields == ("from", "to", "subject", "date", "message-id")
    assert states(data.replace(b"\r\n", b"\n"), store(record())) == ["verified"]


def test_without_a_key_the_body_hash_is_compared_all_the_same() -> None:
    data = signed()
    assert [(c.state, c.body_hash_matches) for c in check_message(data)] == [("key_not_held", True)]
    assert [(c.state, c.body_hash_matches) for c in check_message(data + b"x")] == [("body_changed", False)]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ((b"I saw", b"I SAW"), "body_changed"),
        ((b"harbour", b"station"), "header_changed_or_key_mismatch"),
        ((b"harbour", b" harbour "), "verified"),  # relaxed: white space is not part of what is signed
        ((b"v=1;", b"v=2;"), "malformed"),
        ((b"a=rsa-sha256", b"a=rsa-md5"), "malformed"),
        ((b"s=s1", b"s=s2"), "key_not_held"),
    ],
)
def test_what_was_altered_decides_the_state(change: tuple[bytes, bytes], state: str) -> None:
    assert states(signed().replace(*change, 1), store(record())) == [state]


@pytest.mark.parametrize(
    ("txt", "state"),
    [
        ("v=DKIM1; p=", "key_revoked"),
        ("v=DKIM1; p=%%%", "key_not_held"),
        ("v=DKIM1; s=tlsrpt; p=" + record().partition("p=")[2], "key_not_held"),
        ("v=DKIM1; h=sha1; p=" + record().partition("p=")[2], "header_changed_or_key_mismatch"),
        (record(2048), "header_changed_or_key_mismatch"),
        ("p=" + record().partition("p=")[2], "verified"),
    ],
)
def test_the_held_key_decides_the_state(txt: str, state: str) -> None:
    assert states(signed(), store(txt)) == [state]


def test_of_several_held_keys_the_one_that_signed_counts() -> None:
    (check,) = check_message(signed(), store(record(2048), "v=DKIM1; p=", record()))
    assert (check.state, check.key and check.key.txt) == ("verified", record())


def test_sha1_proves_nothing() -> None:
    data = signed(signature_algorithm=b"rsa-sha1")
    assert states(data, store(record())) == ["weak_key"]


def test_a_key_of_512_bits_is_weak() -> None:
    short = (
        "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAIsi7LWVD6pR9SeMz7vM+4/tUoxMmpwjIhm3hEu+3wLh"
        "cuFhYFTcQJm5x+tUXKiIkjB9jKIqfdxSqIvlCMlYV5ECAwEAAQ=="
    )
    assert states(signed(), store(short)) == ["weak_key"]


def test_an_expired_signature_is_judged_without_a_clock() -> None:
    data = signed().replace(b"t=", b"x=1000; t=", 1)
    (check,) = check_message(data, store(record()))
    assert (check.state, check.expires_at) == ("header_changed_or_key_mismatch", 1000)


def test_a_signed_length_leaves_the_rest_unsigned_and_says_so() -> None:
    data = signed(length=True) + b"added below\r\n"
    (check,) = check_message(data, store(record()))
    assert check.state == "verified"
    assert check.unsigned_bytes > 0
    assert "bytes at the end of the body are not signed" in (check.note or "")


def test_an_author_put_on_top_is_noted() -> None:
    (check,) = check_message(b"From: other@example.com\r\n" + signed(), store(record()))
    assert (check.state, check.note) == ("verified", "another From field stands above the signed one")


def test_a_mailbox_copy_with_quoted_lines_is_verified() -> None:
    data = signed().replace(b"\r\nFrom the", b"\r\n>From the")
    assert [c.state for c in check_message(data, store(record()))] == ["body_changed"]
    envelope = b"From ash@example.net Sun Mar  1 10:00:00 2026\r\n"
    assert [c.state for c in check_message(envelope + data, store(record()), mbox=True)] == ["verified"]


@pytest.mark.parametrize("form", [(b"simple", b"simple"), (b"relaxed", b"relaxed")])
def test_one_flipped_byte_is_never_verified(form: tuple[bytes, bytes]) -> None:
    """Every byte of the body and of the signed fields; white space runs and letter case of names are left alone."""
    data, keys = signed(form=form), store(record())
    start = data.index(b"From: Ash")
    end = len(data.rstrip()) + 2
    rng = random.Random(7)
    for at in range(start, end):
        original = data[at]
        if form[0] == b"relaxed" and (original in b" \t\r\n" or at < data.index(b"\r\n\r\n")):
            flipped = original ^ 0x01 if original not in b" \t\r\n" else 0x21
        else:
            flipped = original ^ rng.randrange(1, 256)
        if flipped == original:
            continue
        altered = data[:at] + bytes([flipped]) + data[at + 1 :]
        assert "verified" not in states(altered, keys), (at, original, flipped)


def test_one_flipped_byte_of_the_signature_value_is_never_verified() -> None:
    data, keys = signed(), store(record())
    start, end = data.index(b"b=", data.index(b"bh=") + 3), data.index(b"From: Ash")
    for at in range(start, end):
        if data[at] not in b" \t\r\n":
            altered = data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1 :]
            assert "verified" not in states(altered, keys), at


def test_mutated_messages_agree_with_the_other_implementation() -> None:
    """Whatever is done to a message, both say verified or both do not (it reads keys from the same store)."""
    rng, keys, txt = random.Random(11), store(record()), record().encode()
    agreed = 0
    for number in range(120):
        data = bytearray(signed(form=FORMS[number % 4]))
        for _ in range(rng.randrange(3)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(2)] = rng.choice([b"", b" ", b"\t", b"x", b"\r\n", b"\r\n ", b"  "])
        theirs = _theirs(bytes(data), txt)
        if theirs is not None:
            agreed += 1
            assert (states(bytes(data), keys) == ["verified"]) == theirs, bytes(data)
    assert agreed > 60


def _theirs(data: bytes, txt: bytes) -> bool | None:
    try:
        return bool(dkim.DKIM(data).verify(dnsfunc=lambda *_args, **_options: txt))
    except dkim.DKIMException:
        return False
    except (IndexError, ValueError):
        return None


def test_a_sealed_chain_is_verified_link_by_link() -> None:
    data = sealed(b"Authentication-Results: mx.example.org; spf=pass\r\n" + signed())
    again = sealed(b"Authentication-Results: mx.example.org; arc=pass\r\n" + data)
    found = [(c.kind, c.instance, c.state) for c in check_message(again, store(record()))]
    assert found == [
        ("DKIM-Signature", None, "verified"),
        ("ARC chain", 2, "verified"),
        ("ARC-Message-Signature", 2, "verified"),
        ("ARC-Seal", 2, "verified"),
        ("ARC-Message-Signature", 1, "verified"),
        ("ARC-Seal", 1, "verified"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        (b"I saw", b"i saw", "body_changed"),
        (b"spf=pass", b"spf=fail", "header_changed_or_key_mismatch"),
        (b"cv=none", b"cv=pass", "malformed"),
        (b"ARC-Seal: i=1", b"ARC-Seal: i=2", "malformed"),
    ],
)
def test_a_broken_chain_names_the_first_link_that_fails(old: bytes, new: bytes, state: str) -> None:
    data = sealed(b"Authentication-Results: mx.example.org; spf=pass\r\n" + signed())
    assert old in data
    chain = next(c for c in check_message(data.replace(old, new), store(record())) if c.kind == "ARC chain")
    assert chain.state == state


def test_without_keys_a_chain_is_not_held() -> None:
    data = sealed(b"Authentication-Results: mx.example.org; spf=pass\r\n" + signed())
    assert [c.state for c in check_message(data)] == ["key_not_held"] * 4


@pytest.mark.parametrize(
    "value",
    [b"", b"v=1", b";;;", b"v=1; v=1", b"\xff\xfe", b"v=1; a=rsa-sha256; b=" + b"A" * 99, b"i=" + b"9" * 9999],
)
def test_a_hostile_signature_field_is_malformed(value: bytes) -> None:
    for name in (b"DKIM-Signature", b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"):
        data = name + b": " + value + b"\r\n" + MESSAGE
        assert set(states(data, store(record()))) <= {"malformed"}


def test_checking_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a socket was opened")

    data = signed()
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert states(data, store(record())) == ["verified"]
    assert [c.state for c in check_message(data)] == ["key_not_held"]


def test_signed_mail_is_told_from_other_mail() -> None:
    assert is_signed(signed())
    assert not is_signed(MESSAGE)
    assert pem().startswith(b"-----BEGIN RSA")
    assert HEADERS[0] == b"from"


def test_an_ed25519_signature_is_verified() -> None:
    secret = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = base64.b64encode(secret.public_key().public_bytes_raw()).decode()
    line = dkim.sign(
        MESSAGE,
        b"s1",
        b"example.net",
        base64.b64encode(bytes(range(32))),
        include_headers=HEADERS,
        signature_algorithm=b"ed25519-sha256",
    )
    keys = store(f"v=DKIM1; k=ed25519; p={public}")
    assert states(line + MESSAGE, keys) == ["verified"]
    assert states(line + MESSAGE.replace(b"harbour", b"station"), keys) == ["header_changed_or_key_mismatch"]
    assert states(line + MESSAGE, store(record())) == ["header_changed_or_key_mismatch"]
