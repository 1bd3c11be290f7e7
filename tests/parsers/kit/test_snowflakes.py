from __future__ import annotations

import pytest

from parsers.kit.snowflakes import DISCORD_EPOCH_MS, X_EPOCH_MS, is_snowflake, snowflake_time


def test_an_id_holds_the_instant_it_was_made() -> None:
    moment = snowflake_time("1050118621198921728", X_EPOCH_MS)
    assert moment is not None
    assert (moment.timestamp, moment.precision_s) == (1539202764_211_000, 0.001)
    other = snowflake_time("175928847299117063", DISCORD_EPOCH_MS)
    assert other is not None
    assert other.timestamp == 1462015105_796_000


@pytest.mark.parametrize(
    "text", ["12345", "", None, 1050118621198921728, "10501186211989217280000", "x" * 18, "\uff11" * 18]
)
def test_other_values_are_no_such_ids(text: object) -> None:
    assert not is_snowflake(text)
    assert snowflake_time(text, X_EPOCH_MS) is None
