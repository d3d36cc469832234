"""Emergencies of a year as of several days, against looking at one event after another."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bianwang.modules.emergency.models import Batch, Evacuee, Event, Task
from bianwang.platform.period import Period
from tests.measured import YEAR, at, day_of, inside, taken, until
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
AS_OF = (date(2022, 8, 24), date(2022, 12, 30), date(2022, 12, 31))
STATES = ("received", "responding", "watching", "closed", "closed", "closed", "merged", "revoked")
KINDS = ("forest_fire", "forest_fire", "flood", "hail", "work_safety")


def many(world: World, number: int = 120) -> None:
    """Events from the end of 2021 to the beginning of 2023 with tasks in time, late, unsigned or none, and people."""
    chance, user = random.Random(23), world.who("duty")
    for serial in range(number):
        day = date(2021, 12, 15) + timedelta(days=serial * 395 // number)
        told = at(day, *chance.choice([(0, 0), (16, 20), (23, 50)]))
        state = STATES[chance.randrange(len(STATES))]
        main = Event.objects.exclude(state__in=("merged", "revoked")).last()
        event = Event.objects.create(
            number=f"测{serial:03}",
            name=f"第{serial}起",
            kind=chance.choice(KINDS),
            source="phone",
            owner=world.town if serial % 2 else world.bureau,
            territory=world.town_area,
            place="缙云山",
            happened_at=told,
            received_at=told,
            state=state,
            state_since=told,
            level=0 if state == "received" else chance.randrange(5),
            merged_into=main if state == "merged" else None,
            phone_due=told,
            written_due=told,
            ended_at=told + timedelta(hours=chance.randrange(90)) if state in ("watching", "closed") else None,
            registered_by=user,
            registered_at=told,
            is_exercise=chance.random() < 0.1,
        )
        limit = told + timedelta(minutes=15)
        for minutes in chance.choice([(), (10,), (20,), (None,), (5, 40), (25, 6), (12,)]):
            signed = told + timedelta(minutes=minutes) if minutes else None
            Task.objects.create(
                event=event,
                owner=world.town,
                content="出动",
                state="signed" if signed else "sent",
                state_since=told,
                sent_by=user,
                sent_at=told,
                sign_by=limit,
                signed_at=signed,
            )
        if serial % 5 == 0:
            people(world, event, chance)


def people(world: World, event: Event, chance: random.Random) -> None:
    """A list of twelve, each somewhere else."""
    user = world.who("duty")
    batch = Batch.objects.create(
        event=event,
        number=1,
        reason="火线逼近",
        place_from="三社",
        place_to="小学",
        ordered_by=user,
        ordered_at=event.received_at + timedelta(hours=chance.randrange(12)),
    )
    states = ("waiting", "told", "moving", "safe", "safe", "safe", "returned", "returned", "missing", "void")
    Evacuee.objects.bulk_create(
        Evacuee(
            batch=batch,
            name=f"张{serial}",
            household=f"{serial}户",
            place_from="三社",
            shelter="小学",
            state=chance.choice(states),
            state_at=batch.ordered_at + timedelta(hours=chance.randrange(60)),
            state_by=user,
        )
        for serial in range(12)
    )


def counted(period: Period) -> list[Event]:
    """What figures are about."""
    return [
        row
        for row in Event.objects.all()
        if inside(period, day_of(row.received_at)) and not row.is_exercise and row.state not in ("merged", "revoked")
    ]


def is_answered(event: Event, tasks: list[Task], day: date) -> bool:
    """Whether the first task, of the event or of those merged into it, was signed for in time and by the day."""
    tasks = [task for task in tasks if event.pk in (task.event_id, task.event.merged_into_id)]
    first = min(tasks, key=lambda task: (task.sent_at, task.pk), default=None)
    if first is None or first.signed_at is None:
        return False
    return first.signed_at <= first.sign_by and day_of(first.signed_at) <= day


def test_events_and_answers_are_those_counted_by_hand(world: World, client_for: ClientFor) -> None:
    many(world)
    client, tasks = client_for("head"), list(Task.objects.select_related("event"))
    for period in until(*AS_OF):
        rows = counted(period)
        assert taken(client, "emergency.events", period).value == len(rows) > 0
        fires = taken(client, "emergency.events", period, kinds="forest_fire")
        assert (fires.value, fires.rows[0].name) == (sum(row.kind == "forest_fire" for row in rows), "火灾")
        storms = taken(client, "emergency.events", period, kinds="flood,hail")
        assert storms.value == sum(row.kind in ("flood", "hail") for row in rows) > 0
        answered = sum(is_answered(row, tasks, period.last) for row in rows)
        assert 0 < answered < len(rows)
        rate = taken(client, "emergency.response_rate", period)
        assert (rate.numerator, rate.denominator) == (answered, len(rows))
        assert rate.value == Decimal(100 * answered) / len(rows)


def test_people_who_left_are_those_counted_by_hand(world: World, client_for: ClientFor) -> None:
    many(world)
    client = client_for("head")
    for period in until(*AS_OF):
        left = [
            row
            for row in Evacuee.objects.select_related("batch__event")
            if inside(period, day_of(row.batch.ordered_at))
            and not row.batch.event.is_exercise
            and row.batch.event.state != "revoked"
            and (row.state == "returned" or (row.state == "safe" and day_of(row.state_at) <= period.last))
        ]
        assert taken(client, "emergency.evacuated", period).value == len(left) > 0


def test_the_longest_is_found_by_hand(world: World, client_for: ClientFor) -> None:
    many(world)
    # Otherwise what goes on for ever would always be the longest.
    Event.objects.filter(state="responding").update(level=0)
    client = client_for("head")
    for period in until(*AS_OF):
        days = {}
        for row in counted(period):
            if row.level and row.ended_at is not None:
                ended = min(day_of(row.ended_at), period.last)
                days[row.name] = (ended - day_of(row.received_at)).days + 1
        found = taken(client, "emergency.longest", period)
        assert found.value == max(days.values()) == days[found.note] > 1


def fought(world: World, name: str, begun: date, **values: object) -> Event:
    """One fire."""
    many(world, 1)
    row = Event.objects.get()
    told = at(begun, 22)
    row.name, row.received_at, row.state, row.level, row.is_exercise = name, told, "closed", 3, False
    for column, value in values.items():
        setattr(row, column, value)
    row.save()
    return row


def test_four_days_and_three_nights(world: World, client_for: ClientFor) -> None:
    fought(world, "8·23 森林火灾", date(2022, 8, 23), ended_at=at(date(2022, 8, 26), 5))
    found = taken(client_for("head"), "emergency.longest", YEAR)
    assert (found.value, found.note) == (4, "8·23 森林火灾")
    [until_then] = until(date(2022, 8, 24))
    assert taken(client_for("head"), "emergency.longest", until_then).value == 2


def test_what_burnt_longer_without_a_response_was_not_fought(world: World, client_for: ClientFor) -> None:
    fought(world, "8·21 区外火灾", date(2022, 8, 21), level=0, ended_at=at(date(2022, 8, 29)))
    found = taken(client_for("head"), "emergency.longest", YEAR)
    assert (found.value, found.missing) == (None, "本期没有启动响应的突发事件，请按不适用处理。")


def test_what_is_fought_again_goes_on(world: World, client_for: ClientFor) -> None:
    again = {"state": "responding", "ended_at": at(date(2022, 8, 24))}
    fought(world, "8·23 森林火灾", date(2022, 8, 23), **again)
    [period] = until(date(2022, 9, 1))
    assert taken(client_for("head"), "emergency.longest", period).value == 10


def test_a_class_that_does_not_exist_is_no_zero(world: World, client_for: ClientFor) -> None:
    found = taken(client_for("head"), "emergency.events", YEAR, kinds="forest_fire,dragon")
    assert found.value is None
    assert found.missing == "统计参数 kinds 没有“dragon”这个取值，请系统管理员更正指标定义。"
