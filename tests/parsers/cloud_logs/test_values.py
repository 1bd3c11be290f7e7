"""Whatever a member of a record holds, reading it keeps the contract: right column types, nothing raised."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from parsers.cloud_logs.json_lines import FORMATS
from tests.conformance.fixtures import PROVENANCE, ROOT, read_all

ODD: tuple[Any, ...] = (
    *(
        None,
        "",
        "-",
        " ",
        "0",
        "x" * 5000,
        "192.0.2.1",
        "::1%eth0",
        "[::]:1",
        "1.2.3.4:99999",
        "\u0661",
        "\ud800",
        "{",
        '{"a"',
    ),
    *(
        True,
        False,
        0,
        -1,
        70000,
        1 << 31,
        1 << 63,
        1 << 70,
        1.5,
        1e300,
        -0.0,
        [],
        {},
        [None],
        [[]],
        [{}],
        ["a"],
        ["a", 1],
    ),
    *(
        {"a": 1},
        [{"name": 1}],
        [{"name": "a", "Name": "b"}],
        [{"Name": "UserAgent", "Value": {"x": []}}] * 2,
        ["192.0.2.1, x"],
    ),
)


def records(kind: str) -> list[Any]:
    found: list[Any] = []
    for path in sorted((ROOT / "cloud_log" / kind).iterdir()):
        if path.suffix in {".jsonl", ".log"} and ".golden" not in path.name:
            for line in path.read_bytes().splitlines():
                at = line.find(b"{")
                try:
                    found.append(json.loads(line[at:]))
                except ValueError:
                    continue
        elif path.suffix == ".json" and "utf16" not in path.name:
            text = path.read_text("utf-8").replace(",,", ",")
            found += json.loads(text).get("Records") or json.loads(text).get("items") or []
    return [record for record in found if isinstance(record, dict)]


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    own = [at] if at else []
    if isinstance(value, dict):
        return own + [p for key in value for p in places(value[key], (*at, key))]
    if isinstance(value, list):
        return own + [p for i in range(len(value)) for p in places(value[i], (*at, i))]
    return own


def replaced(record: Any, at: tuple[Any, ...], value: Any) -> Any:
    out = copy.deepcopy(record)
    inner = out
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return out


@pytest.mark.parametrize("fmt", FORMATS, ids=[f.id for f in FORMATS])
def test_any_member_may_hold_any_value(fmt: Any) -> None:
    rng = random.Random(7)
    base = records(fmt.id.partition("/")[2])
    assert base
    lines = [
        json.dumps(replaced(record, at, value))
        for record in base
        for at in places(record)
        for value in rng.sample(ODD, 12)
    ]
    data = "".join(line + "\n" for line in lines).encode()
    events, rejects, total = read_all(fmt, data)
    assert len(events) + len(rejects) >= len(lines)
    assert {r["kind"] for r in rejects} <= {"unknown_structure", "malformed"}
    assert total.bytes_parsed + total.bytes_rejected + total.bytes_skipped == len(data)
    assert not [v for e in events for name, v in e.items() if v in ("", "-") and name not in PROVENANCE]
