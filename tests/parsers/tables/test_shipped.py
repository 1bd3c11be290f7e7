"""Column maps that come with the program."""

from __future__ import annotations

import tomllib

import pytest

from parsers.contract import Settings
from parsers.registry import find_format
from parsers.tables.mapped import MapError, compile_map
from parsers.tables.shipped import shipped_map, shipped_names
from tests.conformance.fixtures import ROOT, read_all

MAPPED = find_format("table/mapped")


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_map_is_sound_and_has_a_fixture_read_by_it(name: str) -> None:
    raw = shipped_map(name)
    compile_map(raw)
    copies = list((ROOT / "table" / "mapped").glob(f"{name}.?sv.map.toml"))
    assert [tomllib.loads(path.read_text("utf-8")) for path in copies] == [raw]


def test_a_shipped_map_is_named_by_an_option_and_the_site_by_another() -> None:
    titles = b"user_id\tusername\tuser_email\tuser_ip\tuser_regdate\n"
    data = titles + b"57\tkim\tkim@example.org\t198.51.100.30\t1772359203\n"
    settings = Settings(options={"map": "phpbb_users", "platform": "forum.example.org"})
    events, rejects, _ = read_all(MAPPED, data, settings)
    assert [(e["event_type"], e["account_platform"], e["account_id"]) for e in events] == [
        ("account_created", "forum.example.org", "57")
    ]
    assert rejects == []


def test_a_map_that_is_not_shipped_is_named_with_the_nearest_that_is() -> None:
    with pytest.raises(MapError, match="'phpbb_log'"):
        shipped_map("phpbb_logs")


def test_a_name_with_a_path_in_it_is_no_map() -> None:
    with pytest.raises(MapError):
        shipped_map("../app_dumps/phpbb_log")
