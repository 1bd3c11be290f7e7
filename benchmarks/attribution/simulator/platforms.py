"""The services of a world and which fields their answers hold."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PLATFORMS", "Platform"]


class Platform(NamedTuple):
    """One service. `device` is how it names devices: the device's own identifier, one per installation, or none."""

    name: str
    genre: str
    device: str  # hardware, install, none
    user_agent: bool
    recovery: tuple[str, ...]
    port: bool
    relation: str


PLATFORMS = (
    Platform(
        "instagram", "post", "hardware", user_agent=True, recovery=("phone", "email"), port=False, relation="follows"
    ),
    Platform("tidewater", "forum", "none", user_agent=True, recovery=("email",), port=True, relation="contact"),
    Platform("plover", "chat", "hardware", user_agent=False, recovery=(), port=False, relation="contact"),
    Platform("gannet", "mail", "install", user_agent=True, recovery=("phone", "email"), port=False, relation="contact"),
)
