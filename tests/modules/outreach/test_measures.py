"""Publicity, surveys and calls of a year as of several days, against looking at one row after another."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bianwang.modules.outreach.models import Answer, Call, ChannelCount, Pilot, Survey
from bianwang.modules.outreach.sampling import wilson
from bianwang.platform.period import Period
from tests.measured import YEAR, at, day_of, inside, taken, total, until
from tests.modules.outreach.people import QUESTIONS
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
AS_OF = (date(2022, 6, 30), date(2022, 11, 30), date(2022, 12, 31))
CONTENT_ONLY = "您满意吗？\n"


def calls(world: World, number: int = 150) -> None:
    """Calls of every category from 2021 to 2023, exercises and revoked ones among them, at both ends of a day."""
    chance = random.Random(17)
    rows = []
    for serial in range(number):
        day = date(2021, 11, 1) + timedelta(days=serial * 500 // number)
        category = chance.choice(Call.Category.values)
        rows.append(
            Call(
                number=f"测{serial:03}",
                received_at=at(day, *chance.choice([(0, 0), (10, 0), (23, 59)])),
                channel="phone",
                category=category,
                summary="来电",
                handler=world.bureau if serial % 2 else world.town,
                state=chance.choice(("accepted", "closed", "closed", "revoked")),
                state_since=at(day),
                is_filed=category == "report" and chance.random() < 0.5,
                is_exercise=chance.random() < 0.1,
            )
        )
    Call.objects.bulk_create(rows)


def survey(world: World, title: str, closes_on: date, questions: str = QUESTIONS, answers: int = 0) -> Survey:
    """One that ended, with answers over its last forty days."""
    chance = random.Random(title)
    row = Survey.objects.create(
        title=title,
        token=title,
        questions=questions,
        target="常住居民",
        margin=Decimal("0.2"),
        pass_share=Decimal("0.6"),
        level=4,
        closes_on=closes_on,
        owner=world.bureau,
        made_by=world.who("duty"),
        state="closed",
        state_since=at(closes_on),
    )
    knows = "12350" in questions
    Answer.objects.bulk_create(
        Answer(
            survey=row,
            key=str(serial),
            source="paper",
            day=closes_on - timedelta(days=chance.randrange(40)),
            chosen="2,1,5" if knows else "5",
            knows=chance.random() < 0.85 if knows else None,
            satisfied=chance.random() < 0.9,
        )
        for serial in range(answers)
    )
    return row


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_calls_are_those_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    calls(world)
    rows = [
        row
        for row in Call.objects.all()
        if inside(period, day_of(row.received_at)) and not row.is_exercise and row.state != "revoked"
    ]
    client = client_for("head")
    assert taken(client, "outreach.calls", period).value == len(rows) > 0
    for category in ("report", "consult", "other"):
        expected = sum(row.category == category for row in rows)
        assert taken(client, "outreach.calls", period, category=category).value == expected > 0
    assert taken(client, "outreach.filed", period).value == sum(row.is_filed for row in rows) > 0


@pytest.mark.parametrize("period", until(*AS_OF), ids=str)
def test_channels_and_pilots_are_those_counted_by_hand(world: World, client_for: ClientFor, period: Period) -> None:
    user, chance, rows = world.who("duty"), random.Random(2), []
    for serial in range(36):
        month = date(2021 + serial // 12, serial % 12 + 1, 1)
        for channel in ("news", "sms"):
            for unit in (world.town, world.bureau):
                count = chance.randrange(9000)
                row = ChannelCount(
                    unit=unit, channel=channel, month=month, count=count, made_by=user, made_at=at(month)
                )
                rows.append(row)
        ended = month + timedelta(days=200) if serial % 3 == 0 else None
        Pilot.objects.create(
            name=f"试点{serial}",
            technology="物联感知",
            owner=world.town,
            stage="ended" if ended else "trial",
            started_on=month + timedelta(days=14),
            ended_on=ended,
            made_by=user,
            made_at=at(month),
        )
    ChannelCount.objects.bulk_create(rows)
    client = client_for("head")
    for channel in ("news", "sms"):
        mine = [row for row in rows if row.channel == channel and inside(period, row.month)]
        assert taken(client, "outreach.channel", period, code=channel).value == total(mine, "count") > 0
    in_use = [
        row
        for row in Pilot.objects.all()
        if row.started_on <= period.last and (row.ended_on is None or row.ended_on > period.last)
    ]
    assert taken(client, "outreach.pilots", period).value == len(in_use) > 0


def test_the_last_survey_of_the_period_tells_the_rate(world: World, client_for: ClientFor) -> None:
    survey(world, "早的", date(2022, 5, 31), answers=90)
    last = survey(world, "晚的", date(2022, 11, 30), answers=263)
    survey(world, "只问满意", date(2022, 12, 10), CONTENT_ONLY, answers=80)
    survey(world, "明年的", date(2023, 1, 10), answers=90)
    found = taken(client_for("head"), "outreach.awareness", YEAR)
    knowing = sum(bool(row.knows) for row in Answer.objects.all() if row.survey_id == last.pk)
    assert (found.numerator, found.denominator) == (knowing, 263)
    assert found.value == Decimal(100 * knowing) / 263
    low, high = (f"{100 * end:.1f}%" for end in wilson(knowing, 263))
    assert found.note == f"“晚的”，样本 263 份，95%置信区间 {low}～{high}"
    content = taken(client_for("head"), "outreach.satisfaction", YEAR)
    assert content.denominator == 80
    assert content.note.startswith("“只问满意”")


def test_answers_after_the_day_are_left_out(world: World, client_for: ClientFor) -> None:
    row = survey(world, "早的", date(2022, 5, 31), answers=90)
    late = Answer.objects.filter(survey=row, day__gt=date(2022, 5, 20))
    assert late.update(day=date(2022, 6, 2)) > 0
    kept = [answer for answer in Answer.objects.all() if answer.day <= date(2022, 6, 1)]
    found = taken(client_for("head"), "outreach.awareness", Period.of_year(2022, date(2022, 6, 1)))
    assert (found.numerator, found.denominator) == (sum(bool(answer.knows) for answer in kept), len(kept))


def test_a_small_sample_gives_no_rate(world: World, client_for: ClientFor) -> None:
    survey(world, "太少", date(2022, 11, 30), answers=20)
    found = taken(client_for("head"), "outreach.awareness", YEAR)
    assert found.value is None
    assert found.missing == "“太少”有效答卷 20 份，少于允许误差 20% 所需的 25 份，不给出比率；请继续回收 5 份。"


def test_what_is_not_in_the_pack_is_no_zero(world: World, client_for: ClientFor) -> None:
    client = client_for("head")
    assert "smoke" in taken(client, "outreach.channel", YEAR, code="smoke").missing
    assert "chat" in taken(client, "outreach.calls", YEAR, category="chat").missing
