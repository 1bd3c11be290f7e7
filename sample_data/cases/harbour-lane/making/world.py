"""People, devices, networks and the sessions of ninety days. Everything here is invented.

Habits decide where an account is used and with which device; what the case turns on is planted at fixed moments.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Literal

from making.kit import DAY, Draw, at
from making.words import MAILS

__all__ = [
    "ADA_HOME",
    "BLOCKED",
    "BYSTANDERS",
    "CONCURRENT",
    "COPY_HOME",
    "DAYS",
    "DEVICES",
    "ELSEWHERE",
    "END",
    "EXITS",
    "HANDOVERS",
    "HOME",
    "LENA_PHONE",
    "MAILED",
    "MX",
    "RESP_PHONE",
    "SLIP",
    "START",
    "SUITE",
    "Device",
    "Use",
    "bystanders",
    "mobile",
    "sessions_of",
]

START, END = at("2026-01-05 00:00:00"), at("2026-04-06 00:00:00")
DAYS = (END - START) // DAY
HOME = "203.0.113.57"  # the shared router
ADA_HOME = "203.0.113.142"
COPY_HOME = "192.0.2.44"
MX = "192.0.2.130"
EXITS = tuple(f"198.51.100.{n}" for n in range(130, 142))
BLOCKED = at("2026-02-08 20:31:07")
SLIP = at("2026-03-17 22:41:20")

Place = Literal["home", "mobile", "vpn"]


@dataclass(frozen=True, slots=True)
class Device:
    """A telephone or computer: what the app and the browser on it say, and the ids they carry."""

    app: str
    browser: str
    install_id: str
    cookie: str
    token: str  # the forum's own browser token


@dataclass(frozen=True, slots=True)
class Use:
    """One use of an account: a log-in at a moment, from an address, with a device."""

    when: int
    account: str
    ip: str
    port: int
    device: str


RESP_PHONE, LENA_PHONE = "+353209150457", "+353209151188"

# A program that browses and writes mail under one name.
SUITE = "Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/91.0 SeaMonkey/2.53.18"
DEVICES = {
    "resp_phone": Device(
        "Instagram 312.0.0.34.111 Android (33/13; 420dpi; 1080x2400; Corran; CR-5; cr5; mt6789; en_GB; 553467120)",
        "Mozilla/5.0 (Linux; Android 13; CR-5) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Mobile",
        "android-5d1f0c93ab7e2468",
        "aXk29QALAAGm4c7hTQw1vRbE8yNz",
        "tw-7c41e09d5a2f",
    ),
    "resp_laptop": Device(
        SUITE,
        SUITE,
        "",
        "aWz81gAEAAFk0pJ3sDd6uLqY5mXo",
        "tw-1b9a6ee3047c",
    ),
    "lena_phone": Device(
        "Instagram 311.1.0.28.110 (iPhone14,5; iOS 17_3; en_IE; en; scale=3.00; 1170x2532; 549721133)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 "
        "Mobile/15E148 Safari/604.1",
        "0E6C7F52-41D9-4B0A-9C35-77A1F2D8B460",
        "aVb40wABAAHc9nM2eXj5tKpU7rGs",
        "tw-e2d80f6613ba",
    ),
    "lena_safari": Device(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 "
        "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 "
        "Mobile/15E148 Safari/604.1",
        "",
        "aUd57xRAAAE3kT8vYw0sQbJm4oLg",
        "tw-e2d80f6613ba",
    ),
    "ada_phone": Device(
        "Instagram 313.0.0.26.328 (iPhone13,2; iOS 17_2; en_IE; en; scale=3.00; 1170x2532; 554218930)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
        "Mobile/15E148 Safari/604.1",
        "9B1D2C74-E380-4F66-A2B5-1C07D94E8A13",
        "aYt63gAKAAHv8sF1qWe4zLhC2dPm",
        "tw-000000000000",
    ),
    "copy_laptop": Device(
        "",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0",
        "",
        "",
        "tw-94f7a3c05e81",
    ),
}

# Where a person is when using a device, by person and account.
_HABITS: dict[str, tuple[str, float, dict[Place, float], tuple[str, ...]]] = {
    # account: person, uses a day, shares of places, devices (the second for one use in four)
    "tidewater:pier_watcher": ("resp", 1.0, {"home": 0.62, "mobile": 0.22, "vpn": 0.16}, ("resp_laptop", "resp_phone")),
    "instagram:quiet_pier_7": ("resp", 1.4, {"home": 0.50, "mobile": 0.26, "vpn": 0.24}, ("resp_phone", "resp_laptop")),
    "instagram:pierwatcher.x": ("resp", 0.7, {"vpn": 1.0}, ("resp_phone", "resp_laptop")),
    "instagram:lena.kestrel": ("lena", 2.2, {"home": 0.74, "mobile": 0.26}, ("lena_phone", "lena_safari")),
    "tidewater:lkestrel": ("lena", 1.2, {"home": 0.86, "mobile": 0.14}, ("lena_phone",)),
    "instagram:ada.harbour": ("ada", 1.6, {"home": 0.80, "mobile": 0.20}, ("ada_phone",)),
    "tidewater:pierwatcher_x": ("copy", 1.3, {"home": 1.0}, ("copy_laptop",)),
}
_SINCE = {"instagram:quiet_pier_7": at("2026-02-09 07:52:00"), "tidewater:pierwatcher_x": at("2026-03-24 18:00:00")}
_HOMES = {"resp": HOME, "lena": HOME, "ada": ADA_HOME, "copy": COPY_HOME}

# The second log-in follows the log-out of the first within minutes, from the same exit and the same telephone.
HANDOVERS = tuple(
    at(t)
    for t in (
        "2026-02-14 19:12:40",
        "2026-02-23 21:05:10",
        "2026-03-04 20:48:33",
        "2026-03-11 22:16:02",
        "2026-03-26 21:39:51",
    )
)
# The flatmate's account is in use at home in the same minute, on another device.
CONCURRENT = tuple(
    at(t)
    for t in (
        "2026-02-12 19:40:05",
        "2026-02-16 20:15:10",
        "2026-02-19 21:02:31",
        "2026-02-25 18:55:12",
        "2026-03-01 13:20:44",
        "2026-03-03 20:31:09",
        "2026-03-08 11:47:20",
        "2026-03-10 21:18:36",
        "2026-03-15 14:05:52",
        "2026-03-17 22:10:14",
        "2026-03-22 16:33:27",
        "2026-03-30 20:44:18",
    )
)
# The throw-away mails leave by an exit on which other accounts have just been in use.
MAILED = tuple((when, way) for when, way, _, _ in MAILS if way is not None)
# The imitator's account is in use in Marlow Head while the forum account is in use at home.
ELSEWHERE = tuple(
    at(t) for t in ("2026-03-25 20:12:00", "2026-03-28 19:30:00", "2026-03-31 21:05:00", "2026-04-03 20:20:00")
)
BYSTANDERS = (
    "brackish",
    "saltmarsh_ed",
    "tidemark",
    "oyster.card",
    "lugworm",
    "halyard22",
    "fenland_fay",
    "mudlark_ro",
    "kelpie",
    "spindrift",
    "bosun_bee",
    "cockle.row",
    "sandpiper9",
    "drift_wood",
    "heron_hq",
    "limpet_lou",
    "m.tolland",
    "slipway_sam",
    "groyne",
    "estuarine",
)


def mobile(person: str, when: int, block: int = 12) -> str:
    """The shared outside address of a telephone: one of 24, another every six hours."""
    return f"198.18.{block}.{10 + zlib.crc32(f'{person}/{when // 21_600}'.encode()) % 24}"


def _address(person: str, place: Place, when: int, draw: Draw) -> str:
    if place == "home":
        return _HOMES[person]
    return mobile(person, when) if place == "mobile" else draw.pick(EXITS[:5])


def _hour(draw: Draw) -> int:
    """Seconds into the day, evenings most."""
    return draw.weighted({8: 2, 12: 2, 13: 2, 17: 2, 18: 3, 19: 4, 20: 5, 21: 5, 22: 3}) * 3600 + draw.between(0, 3599)


def sessions_of(account: str) -> list[Use]:
    """Every use of one of the declared accounts, in order of time."""
    person, rate, places, devices = _HABITS[account]
    draw = Draw(account)
    uses: list[Use] = []
    for day in range(DAYS):
        for _ in range(int(rate) + draw.chance(rate % 1)):
            when = START + day * DAY + _hour(draw)
            ip = _address(person, draw.weighted(places), when, draw)
            device = devices[-1] if draw.chance(0.25) else devices[0]
            if when >= _SINCE.get(account, START):
                uses.append(Use(when, account, ip, draw.between(1024, 65_000), device))
    return sorted(uses + _planted(account, draw), key=lambda use: use.when)


def _planted(account: str, draw: Draw) -> list[Use]:
    def use(when: int, ip: str, device: str) -> Use:
        return Use(when, account, ip, draw.between(1024, 65_000), device)

    if account == "instagram:quiet_pier_7":
        return [
            *(use(t, EXITS[i], "resp_phone") for i, t in enumerate(HANDOVERS)),
            *(use(t, HOME, "resp_phone") for t in CONCURRENT),
            *(use(t - 1530, EXITS[way], "resp_laptop") for t, way in MAILED if t > _SINCE[account]),
        ]
    if account == "instagram:pierwatcher.x":
        after = [use(t + 230 + 11 * i, EXITS[i], "resp_phone") for i, t in enumerate(HANDOVERS)]
        return [
            *after,
            use(SLIP - 131, EXITS[2], "resp_phone"),
            use(SLIP, HOME, "resp_phone"),
            use(SLIP + 176, EXITS[2], "resp_phone"),
        ]
    if account == "instagram:lena.kestrel":
        return [use(t + 9, HOME, "lena_phone") for t in CONCURRENT]
    if account == "tidewater:pier_watcher":
        at_home = [use(t, HOME, "resp_laptop") for t in (*ELSEWHERE, SLIP - 1800, SLIP + 2400)]
        return at_home + [use(t - 200, EXITS[way], "resp_laptop") for t, way in MAILED]
    if account == "tidewater:pierwatcher_x":
        return [use(t + 660, COPY_HOME, "copy_laptop") for t in ELSEWHERE]
    return []


def bystanders() -> list[Use]:
    """Forum use by people who have no part in this: own homes, the same VPN exits, the same shared mobile addresses."""
    uses: list[Use] = []
    for number, name in enumerate(BYSTANDERS):
        draw = Draw(f"bystander/{name}")
        home = f"203.0.113.{20 + number}" if number % 5 == 0 else f"198.18.{140 + number}.{draw.between(2, 250)}"
        for day in range(DAYS):
            if not draw.chance(0.55):
                continue
            when = START + day * DAY + _hour(draw)
            place = draw.weighted({"home": 6, "mobile": 2, "vpn": 2 if number % 3 == 0 else 0})
            ip = {"home": home, "mobile": mobile(name, when), "vpn": draw.pick(EXITS)}[place]
            uses.append(Use(when, f"tidewater:{name}", ip, draw.between(1024, 65_000), name))
    guest = Use(at("2026-02-21 15:26:40"), "tidewater:m.tolland", HOME, 50_211, "m.tolland")
    return sorted([*uses, guest], key=lambda use: (use.when, use.account))
