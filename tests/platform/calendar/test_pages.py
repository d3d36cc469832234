"""The year page, and how the office changes a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from bianwang.platform.calendar.models import DayChange
from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.ledger.models import Entry

pytestmark = pytest.mark.django_db

YEAR = reverse("calendar:year")


def test_the_year_shows_every_day_once_and_its_working_days(client_for):
    answer = client_for("duty").get(YEAR, {"year": "2026"})

    days = [day for month in answer.context["months"] for week in month.weeks for day in week if day]
    assert [day.day.timetuple().tm_yday for day in days] == list(range(1, 366))
    assert answer.context["working"] == sum(day.is_working for day in days) == 248
    assert "尚未载入" not in answer.content.decode()


def test_a_year_without_published_holidays_carries_a_notice(client_for):
    assert "2031年的放假安排尚未载入" in client_for("duty").get(YEAR, {"year": "2031"}).content.decode()


@pytest.mark.parametrize("year", ["", "abc", "0000", "9999", "２０２６"])
def test_a_year_that_makes_no_sense_shows_one_that_does(client_for, year):
    assert client_for("duty").get(YEAR, {"year": year}).status_code == 200


def test_the_office_changes_a_day_and_takes_it_back(client_for):
    client, day = client_for("finance"), date(2031, 10, 1)
    form = {"day": "2031-10-01", "is_working": "0", "name": "国庆节", "source": "通知"}
    answer = client.post(reverse("calendar:day"), form, follow=True)

    assert "已登记：2031-10-01“国庆节”放假。" in answer.content.decode()
    assert not is_working_day(day)
    assert Entry.objects.get(verb="calendar.change").actor_name == "刘办公"
    url = reverse("calendar:restore", args=[DayChange.objects.get().pk])
    answer = client.post(url, {"reason": "误登记"}, follow=True)
    assert "恢复为公布的安排" in answer.content.decode()
    assert is_working_day(day)
    assert client.post(url, {"reason": "误登记"}).status_code == 404


def test_the_form_of_a_day_starts_with_what_holds(client_for):
    client, url = client_for("finance"), reverse("calendar:day")

    assert client.get(url, {"day": "2026-11-23"}).context["form"]["is_working"].value() == "0"
    assert client.get(url, {"day": "2026-11-22"}).context["form"]["is_working"].value() == "1"
    assert client.get(url, {"day": "2026-13-45"}).status_code == 200
