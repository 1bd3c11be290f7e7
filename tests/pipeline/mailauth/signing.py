"""Signs test messages with keys made for these tests, by another implementation than the one under test."""

from __future__ import annotations

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from pipeline.mailauth.keystore import Key, KeyStore

MESSAGE = (
    b"From: Ash <ash@example.net>\r\nTo: rowan@example.org\r\nSubject: at the  harbour\r\n"
    b"Date: Sun, 1 Mar 2026 10:00:00 +0000\r\nMessage-ID: <m1@example.net>\r\n\r\n"
    b"I saw you.  \r\n\r\nFrom the bridge.\r\n\r\n\r\n"
)
HEADERS = [b"from", b"to", b"subject", b"date", b"message-id"]


@cache
def private(bits: int = 1024) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def pem(bits: int = 1024) -> bytes:
    return private(bits).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


@cache
def record(bits: int = 1024) -> str:
    der = private(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()


def store(*txts: str, selector: str = "s1", domain: str = "example.net") -> KeyStore:
    keys = tuple(Key(domain=domain, selector=selector, txt=txt, source="archive") for txt in txts)
    return KeyStore({(domain, selector): keys})


def signed(message: bytes = MESSAGE, form: tuple[bytes, bytes] = (b"relaxed", b"relaxed"), **options: object) -> bytes:
    chosen = {"include_headers": HEADERS, "canonicalize": form, **options}
    return dkim.sign(message, b"s1", b"example.net", pem(), **chosen) + message


def sealed(message: bytes, authserv: bytes = b"mx.example.org") -> bytes:
    lines = dkim.arc_sign(message, b"s1", b"example.net", pem(), authserv, include_headers=HEADERS)
    return b"".join(lines) + message
