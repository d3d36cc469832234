"""Working days of 2026 as published, of years not yet published, and as the office changed them."""

from __future__ import annotations

from datetime import date, timedelta

import orjson
import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings, strategies as st

from bianwang.platform.calendar import queries
from bianwang.platform.calendar.models import DayChange
from bianwang.platform.calendar.queries import add_working_days, is_working_day, working_days_between
from bianwang.platform.calendar.services import change_day, restore_day
from bianwang.platform.ledger.models import Entry

pytestmark = pytest.mark.django_db

SOURCE = "国办发明电〔2026〕9号"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday that is worked instead
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
    ],
)
def test_the_published_holidays_of_2026_are_known(day, works):
    assert is_working_day(day) is works


def test_a_year_not_yet_published_has_only_weekends_and_says_so():
    assert is_working_day(date(2031, 10, 1)) is True
    assert is_working_day(date(2031, 10, 4)) is False
    assert "2031年的放假安排尚未载入" in queries.notice(2031)
    assert queries.notice(2026) == ""


def test_the_office_changes_a_day_and_the_ledger_tells():
    change_day(date(2031, 10, 1), is_working=False, name="国庆节", source=SOURCE)

    assert is_working_day(date(2031, 10, 1)) is False
    entry = Entry.objects.get(verb="calendar.change")
    assert orjson.loads(entry.changes)["is_working"] == [None, False]
    change_day(date(2031, 10, 1), is_working=False, name="国庆节", source=SOURCE)
    assert Entry.objects.count() == 1, "nothing changed, so nothing happened"
    change_day(date(2031, 10, 1), is_working=True, name="调休上班", source=SOURCE)
    assert is_working_day(date(2031, 10, 1)) is True
    assert DayChange.objects.count() == 1


def test_a_change_taken_back_leaves_the_published_calendar():
    change_day(date(2026, 10, 1), is_working=True, name="误登记", source=SOURCE)
    assert restore_day(date(2026, 10, 1), reason="登记错误") is True

    assert is_working_day(date(2026, 10, 1)) is False
    assert restore_day(date(2026, 10, 1), reason="") is False
    assert Entry.objects.get(verb="calendar.restore").reason == "登记错误"


@pytest.mark.parametrize("wrong", [{"day": date(1990, 1, 1)}, {"name": ""}, {"source": " "}, {"name": "长" * 61}])
def test_a_change_without_name_or_source_or_of_a_strange_day_is_refused(wrong):
    with pytest.raises(ValidationError):
        change_day(**{"day": date(2031, 10, 1), "is_working": False, "name": "国庆节", "source": SOURCE} | wrong)
    assert not DayChange.objects.exists()


def test_the_first_day_is_not_counted():
    assert add_working_days(date(2026, 11, 23), 1) == date(2026, 11, 24)
    assert add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 8)
    assert add_working_days(date(2026, 11, 23), 0) == date(2026, 11, 23)


@pytest.mark.parametrize("days", [-1, 2001])
def test_a_number_of_days_that_makes_no_sense_is_refused(days):
    with pytest.raises(ValueError, match=f"不能是 {days}"):
        add_working_days(date(2026, 1, 1), days)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 300),
    changes=st.dictionaries(st.integers(0, 400), st.booleans(), max_size=8),
)
def test_counting_forward_and_counting_between_agree(db, start, days, changes):
    DayChange.objects.all().delete()
    DayChange.objects.bulk_create(
        DayChange(day=start + timedelta(days=offset), is_working=works, name="测试", source="测试")
        for offset, works in changes.items()
    )
    end = add_working_days(start, days)

    assert is_working_day(end)
    assert working_days_between(start, end) == days
    assert working_days_between(end, start) == -days
    one_by_one = sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    assert one_by_one == days


def test_the_year_page_names_holidays_and_changes():
    change_day(date(2026, 11, 23), is_working=False, name="区内应急演练", source="区局通知")
    days = {row.day: row for row in queries.year(2026)}

    assert len(days) == 365
    assert (days[date(2026, 10, 1)].name, days[date(2026, 10, 1)].is_working) == ("国庆节", False)
    assert days[date(2026, 10, 10)].is_exception
    changed = days[date(2026, 11, 23)]
    assert (changed.name, changed.is_working, changed.is_exception) == ("区内应急演练", False, True)
