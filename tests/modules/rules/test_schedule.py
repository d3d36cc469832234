"""Hours of a rule survive being written, stored and read again."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from bianwang.modules.rules import schedule
from bianwang.modules.rules.hours import is_within
from bianwang.modules.rules.schedule import Window
from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.clock import SHANGHAI, to_ms

CLOCKS = st.times().map(lambda clock: f"{clock:%H:%M}")
WINDOWS = st.lists(st.builds(Window, CLOCKS, CLOCKS, st.sampled_from(["all", "working", "rest"])), max_size=4)


@given(WINDOWS)
def test_what_is_shown_can_be_typed_and_stored(windows: list[Window]) -> None:
    assert schedule.parse(schedule.lines(windows)) == windows
    assert schedule.read(schedule.write(windows)) == windows


@pytest.mark.parametrize("line", ["工作日 8点到18点", "周一 08:00-18:00", "每天 08:00-24:00", "08:00-18:00"])
def test_a_line_that_is_not_understood_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="第 2 行"):
        schedule.parse(f"每天 08:00-12:00\n{line}")


def test_several_windows_and_loose_typing_are_understood() -> None:
    found = schedule.parse("工作日 8:00-12:00\n\n休息日  09：30—11：00 ")
    assert schedule.describe(found) == "工作日 08:00-12:00、休息日 09:30-11:00"
    assert schedule.describe([]) == "全天"


def test_the_alarms_read_what_is_stored() -> None:
    stored = schedule.read(schedule.write(schedule.parse("每天 22:00-06:00")))
    midnight = to_ms(datetime(2026, 11, 26, tzinfo=SHANGHAI))
    assert is_within(stored, midnight, is_working_day)
    assert not is_within(stored, midnight + 12 * 3_600_000, is_working_day)
