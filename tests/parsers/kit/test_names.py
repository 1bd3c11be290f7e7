from __future__ import annotations

from parsers.kit.names import plain_name


def test_a_name_loses_case_spaces_and_punctuation() -> None:
    assert plain_name("Login History_List: ") == plain_name("loginHistoryList") == "loginhistorylist"


def test_the_index_of_a_list_has_no_name() -> None:
    assert plain_name(3) == plain_name(None) == ""
