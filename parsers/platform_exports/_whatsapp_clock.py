"""Words for the halves of the day as phones write them beside a twelve-hour clock (CLDR day periods, UTS 35).

Before the time in Korean, Japanese, Chinese, Hungarian and Turkish; after it elsewhere. Latin AM and PM in all their
spellings (``AM``, ``a.m.``, ``a. m.``) are one pattern.
"""

# ruff: noqa: RUF001 - words of other languages

from __future__ import annotations

import re
from types import MappingProxyType

__all__ = ["HALF", "hour_of"]

_SPACES = " \u00a0\u202f"
_FIRST = (
    *(
        "오전",
        "午前",
        "上午",
        "凌晨",
        "清晨",
        "早上",
        "ص",
        "ق.ظ.",
        "ق.ظ",
        "לפנה״צ",
        'לפנה"צ',
        "π.μ.",
        "πμ",
        "SA",
        "PG",
        "PD",
    ),
    *(
        "de.",
        "fm",
        "ap.",
        "dop.",
        "пр.об.",
        "дп",
        "पूर्वाह्न",
        "म.पू.",
        "ก่อนเที่ยง",
        "முற்பகல்",
        "ಪೂರ್ವಾಹ್ನ",
        "vm.",
        "f.h.",
        "ÖÖ",
        "vorm.",
    ),
    *("ጥዋት", "පෙ.ව."),
)
_SECOND = (
    *("오후", "午後", "下午", "中午", "晚上", "م", "ب.ظ.", "ب.ظ", "אחה״צ", 'אחה"צ', "μ.μ.", "μμ", "CH", "PTG", "MD"),
    *(
        "du.",
        "em",
        "ip.",
        "odp.",
        "сл.об.",
        "пп",
        "अपराह्न",
        "म.उ.",
        "หลังเที่ยง",
        "பிற்பகல்",
        "ಅಪರಾಹ್ನ",
        "nm.",
        "e.h.",
        "ÖS",
        "nachm.",
    ),
    *("ከሰዓት", "ප.ව."),
)
_SIDE = MappingProxyType(
    {
        form: side
        for side, words in (("a", ("am", *_FIRST)), ("p", ("pm", *_SECOND)))
        for word in words
        for form in (word, word.lower(), word.upper())
    }
)
_WORDS = sorted({form for form in _SIDE if form.casefold() not in {"am", "pm"}}, key=lambda w: (-len(w), w))
HALF = rf"[AaPp]\.?[{_SPACES}]?[Mm]\.?|" + "|".join(map(re.escape, _WORDS))
"""A pattern of every word for a half of the day."""


def hour_of(written: int, half: str | None) -> int | None:
    """The hour 0 to 23, or None when no clock shows `written` so.

    Noon's own word (中午) goes with 11 as well, which lies before noon.
    """
    if half is None:
        return written if written < 24 else None
    side = _SIDE.get(half) or half[0].lower()
    if written > 12:
        return None
    if half == "中午" and written == 11:
        return written
    return written % 12 + (12 if side == "p" else 0)
