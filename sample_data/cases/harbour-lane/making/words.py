"""What is written in the messages: persistent and unwanted, and nothing worse."""

from __future__ import annotations

from making.kit import at

__all__ = ["FORUM_CHAT", "MAILS", "PIERWATCHER", "PIER_POSTS", "QUIET_PIER", "UNKNOWN_NUMBER", "WITH_MARA"]

# (UTC, sender is the account itself, text); "UNSENT" marks a message taken back, "PHOTO" one that is a picture.
PIERWATCHER = tuple(
    (at(t), own, text)
    for t, own, text in (
        ("2026-01-10 21:14:05", True, "hi ada, i read your blog every week... you write so well"),
        ("2026-01-11 20:41:52", True, "did you see my message?"),
        ("2026-01-13 22:03:19", True, "i was in the café on the quay, you were at the window table…"),
        ("2026-01-14 08:12:40", False, "I do not know you. Please stop writing to me."),
        ("2026-01-14 22:31:07", True, "why do you say that. i only want to talk"),
        ("2026-01-19 21:50:33", True, "why do you ignore me"),
        ("2026-01-24 22:18:11", True, "you changed your running route anyways, i noticed"),
        ("2026-01-30 21:05:46", True, "i saw your light on at half past one..."),
        ("2026-02-04 22:44:29", True, "you can not just pretend i am not here"),
        ("2026-02-08 19:58:02", True, "answer me ada"),
    )
)
QUIET_PIER = tuple(
    (at(t), own, text)
    for t, own, text in (
        ("2026-02-10 20:22:15", True, "new account, you can not block everybody..."),
        ("2026-02-12 21:37:50", True, "why do you ignore me"),
        ("2026-02-16 22:05:31", True, "the blue coat suits you anyways"),
        ("2026-02-19 21:12:08", True, "UNSENT"),
        ("2026-02-25 19:01:44", True, "i left something at your door, did you find it?"),
        ("2026-03-01 13:33:21", True, "PHOTO"),
        ("2026-03-03 20:40:59", True, "you were home late, i waited..."),
        ("2026-03-04 08:03:10", False, "Do not contact me again on any account."),
        ("2026-03-04 21:00:12", True, "that is not fair. i only want to talk 🙁"),
        ("2026-03-08 12:02:36", True, "sunday and you are alone again"),
        ("2026-03-10 21:26:47", True, "i saw your light on"),
        ("2026-03-15 14:20:05", True, "i know which bus you take anyways"),
        ("2026-03-17 22:20:40", True, "everybody is out tonight and you are at home..."),
        ("2026-03-19 21:48:55", True, "you will talk to me sooner or later"),
    )
)
# Moment in UTC, number of the VPN exit (None: from home), subject, body.
MAILS = tuple(
    (at(t), way, subject, body)
    for t, way, subject, body in (
        (
            "2026-01-12 21:04:11",
            1,
            "your blog",
            "hello ada,\n\ni wrote to you on the other app too... you did not answer.\n",
        ),
        ("2026-01-27 22:19:35", 2, "why", "why do you ignore me. i only want to talk\n"),
        (
            "2026-02-11 20:52:08",
            3,
            "i am still here",
            "you can block one account, you can not block everybody...\n",
        ),
        (
            "2026-03-05 21:31:47",
            0,
            "the parcel",
            "you did not thank me for the parcel anyways.\n\nFrom now on i will bring them myself.\n",
        ),
        (
            "2026-03-17 23:05:07",
            None,
            "tonight",
            "i saw your light on. i am outside and it is raining...\n\nwhy do you ignore me\n",
        ),
        ("2026-04-02 21:17:26", 2, "no subject", "new locks will not help anyways. i only want to talk\n"),
    )
)
PIER_POSTS = (
    "the fog over the pier was something tonight...",
    "anyways the new bench faces the wrong way",
    "does anybody know who writes the harbour blog? she is so good",
    "i walk there every evening, nobody answers anyways",
    "low tide at six, you can go out to the old post...",
    "some people never answer. i only want to talk",
)
FORUM_CHAT = (
    "Low water was earlier than the table says.",
    "The slip is closed for repairs until Friday.",
    "Nice pictures, thank you!",
    "Has anyone seen the seal near the outer buoy?",
    "Wind from the south-west, not much fun today.",
    "Tide tables for April are up.",
    "Selling a pair of oars, barely used.",
    "The ferry was late again.",
    "Who is coming to the clean-up on Saturday?",
    "Agreed.",
    "I would not anchor there in spring.",
    "Mind the weed on the steps.",
    'Lovely light this morning, "golden hour".',
    "See you at the regatta meeting, room 2.",
)
# (local time of the telephone, sender or None for a notice, text)
UNKNOWN_NUMBER = (
    (
        "2026-03-21 19:02",
        None,
        "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.",
    ),
    ("2026-03-21 19:02", "+353 20 915 5217", "hello ada"),
    ("2026-03-21 19:05", "Ada", "Who is this? How did you get this number?"),
    ("2026-03-21 19:06", "+353 20 915 5217", "you know who"),
    ("2026-03-21 19:11", "Ada", "Do not contact me again."),
    ("2026-03-22 21:40", "+353 20 915 5217", "why do you ignore me"),
    ("2026-03-23 22:15", "+353 20 915 5217", "i saw your light on\nsecond floor, left\nyou should close the curtain"),
    ("2026-03-25 07:55", "+353 20 915 5217", "IMG-20260325-WA0003.jpg (file attached)"),
    ("2026-03-26 22:01", None, "Missed voice call"),
    ("2026-03-28 23:48", "+353 20 915 5217", "This message was deleted"),
    ("2026-03-29 02:10", "+353 20 915 5217", "the clocks went forward, you are still awake"),
    ("2026-04-01 21:30", "+353 20 915 5217", "<Media omitted>"),
    ("2026-04-04 22:22", "+353 20 915 5217", "i only want to talk: five minutes"),
)
# Day and month cannot be told apart: every number is below 13 and both readings run forwards.
WITH_MARA = (
    ("01/02/26", "18:20:04", "Ada", "Are you home? I think somebody was standing across the street again"),
    ("01/02/26", "18:21:40", "Mara", "Lock the door, I am coming over"),
    ("01/02/26", "18:22:15", "Mara", "\u200eimage omitted"),
    ("02/03/26", "09:05:51", "Mara", "Write everything down [time, place], the guard said it helps"),
    ("02/03/26", "09:07:12", "Ada", "I have a list. It is getting long."),
    ("03/04/26", "20:44:30", "Ada", "New locks today"),
    ("03/04/26", "20:45:02", "Mara", "Good. Call me any time"),
)
