"""What is true in this case: who runs which account, what must be found, what must not be concluded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from making.kit import SEED, iso
from making.world import BYSTANDERS, END, HOME, START

if TYPE_CHECKING:
    from making.kit import Evidence

__all__ = ["ground_truth"]

_RESP = ("instagram:quiet_pier_7", "instagram:pierwatcher.x", "tidewater:pier_watcher", "email:tern.9941@example.net")
_FLAT = ("instagram:lena.kestrel", "tidewater:lkestrel")
_COPY = ("tidewater:pierwatcher_x", "instagram:pierwatcher_x")
_ADA = (
    "instagram:ada.harbour",
    "email:ada@example.org",
    "whatsapp:~Ada",
    "ssh:ada@blog",
    "web:ada@EX-006",
    "unix:ada@blog",
)
_OTHERS = {
    "P-MARA": ("email:mara@example.com", "whatsapp:~Mara"),
    "P-HOST": ("email:billing@quay.example.com",),
    "P-NEWS": ("email:news@news.example.net",),
    "P-FORUM": ("instagram:tidewater.forum",),
}
_OPERATORS = {
    "P-MARA": "a friend of the protected person",
    "P-HOST": "the company that hosts her server",
    "P-NEWS": "a newsletter",
    "P-FORUM": "the forum's own account",
    "P-ADA": "the protected person",
    "P-RESP": "the respondent: four accounts on three platforms",
    "P-FLAT": "the flatmate: same router, own telephone, own accounts",
    "P-COPY": "somebody in Marlow Head who imitates pierwatcher.x",
    **{f"P-BY{n:02d}": "a member of the forum who has no part in this" for n in range(1, len(BYSTANDERS) + 1)},
}
_MAILBOX = (
    "e-mail of the account is the mailbox",
    "one telephone number on both",
    "shared home network",
    "one VPN exit within half an hour",
    "same program string",
)
# Pairs the data supports, with independent families of evidence for each.
_SAME = (
    (
        _RESP[0],
        _RESP[3],
        (
            "e-mail of the account is the mailbox",
            "one telephone number on both",
            "shared home network",
            "one VPN exit within half an hour",
        ),
    ),
    (
        _RESP[2],
        _RESP[3],
        (
            "e-mail of the account is the mailbox",
            "one telephone number on both",
            "shared home network",
            "one VPN exit within half an hour",
        ),
    ),
    (
        _RESP[1],
        _RESP[2],
        (
            "e-mail gullwatch@example.com on both",
            "one telephone number on both",
            "near-equal user names",
            "shared home network: 17 March, once",
        ),
    ),
    (
        _RESP[0],
        _RESP[1],
        (
            "same install id and browser cookie",
            "one telephone number on both",
            "five handovers within minutes on one VPN exit",
            "shared home network, once",
        ),
    ),
    (
        _RESP[0],
        _RESP[2],
        (
            "e-mail tern.9941@example.net on both",
            "one telephone number on both",
            "shared home and mobile networks on many days",
        ),
    ),
)
_ALSO = (
    (
        _FLAT[0],
        _FLAT[1],
        (
            "e-mail lena.k@example.com on both",
            "one telephone number on both",
            "near-equal user names",
            "shared home network",
        ),
    ),
)


def _decoys() -> list[dict[str, object]]:
    bystanders = [f"tidewater:{name}" for name in BYSTANDERS]
    return [
        {
            "accounts": list(_FLAT),
            "against": list(_RESP),
            "reason": "share the router and nothing else: own devices and e-mail; in use in the same minutes",
        },
        {
            "accounts": list(_COPY),
            "against": [*_RESP, *_FLAT],
            "reason": "share a style of user name only: other network and device; in use 350 km apart within minutes",
        },
        {
            "accounts": bystanders,
            "against": [*_RESP, *_FLAT, *_COPY, *_ADA],
            "reason": "share VPN exits and mobile addresses with everybody; m.tolland visited the home once",
        },
        {"accounts": list(_ADA), "against": [*_RESP, *_FLAT, *_COPY], "reason": "the protected person"},
        {
            "accounts": ["ssh:ada@blog"],
            "against": [*_RESP, *_FLAT],
            "reason": "log-ins from the home address and the VPN exits failed: an attempt is no use of the account",
        },
    ]


def _accounts() -> list[dict[str, str]]:
    groups = {"P-ADA": _ADA, "P-RESP": _RESP, "P-FLAT": _FLAT, "P-COPY": _COPY, **_OTHERS}
    groups |= {f"P-BY{n:02d}": (f"tidewater:{name}",) for n, name in enumerate(BYSTANDERS, 1)}
    return [{"account": account, "operator": operator} for operator, accounts in groups.items() for account in accounts]


def ground_truth(out: Evidence) -> bytes:
    """ground_truth.json."""
    truth = {
        "case": "HARBOUR-LANE",
        "generator": SEED,
        "note": "Invented. Nothing here is read by the program; tests compare its results with this file.",
        "period": {"from": iso(START), "until": iso(END)},
        "home_address": HOME,
        "operators": _OPERATORS,
        "accounts": _accounts(),
        "declared": {"protected": list(_ADA[:3]), "respondent": [_RESP[2]]},
        "same_operator": [{"a": a, "b": b, "evidence": list(why)} for a, b, why in (*_SAME, *_ALSO)],
        "not_same_operator": _decoys(),
        "undetermined": [
            {
                "account": "whatsapp:+353209155217",
                "reason": "it writes the same sentences, but no record ties it to a network, a device or a mailbox",
            }
        ],
        "facts": sorted(out.facts, key=lambda fact: str(fact["id"])),
        "rejects": dict(sorted(out.rejects.items())),
    }
    return (json.dumps(truth, ensure_ascii=False, indent=1) + "\n").encode()
