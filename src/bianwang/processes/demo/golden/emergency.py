"""The fires, floods and hailstorms of the year: told of, answered in time, put out, watched, closed, reviewed."""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Review, WatchDay
from bianwang.modules.emergency.services import watch
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.places.models import Organisation, Territory
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.queries import limit
from bianwang.processes.demo.golden.data import Emergency
from bianwang.processes.demo.golden.year import Golden, moment, scene

_TEXTS = {
    "course": "虚构：接报后到场处置，现场稳定后转入盯守。",
    "cause": "虚构：持续极端天气。",
    "strengths": "虚构：力量前置，先转移群众再处置。",
    "weaknesses": "虚构：夜间照明和通信保障不足。",
}
_GIVEN = ("德明", "秀英", "国强", "桂芳", "志华", "玉兰")
_CALM, _LONG = "虚构：全线巡查，无异常、无复燃。", 72
"""An event of more than so many hours moves people and is watched for long."""


def load(golden: Golden) -> None:
    """Enter them in the order in which they were told of."""
    known: dict[str, Event] = {}
    for told in sorted([*golden.data.events.named, *_fires(golden)], key=lambda row: row.at):
        event = _registered(golden, told, known[told.mother] if told.mother else None)
        known[told.name] = event
        _answered(golden, event)
        _reported(golden, event, told)
        _ended(golden, event, told)
        _closed(golden, event, golden.data.events.watched if told.town and told.hours > _LONG else 0)
        for review in Review.objects.filter(event=event):
            _reviewed(golden, review)


def _fires(golden: Golden) -> Iterator[Emergency]:
    """Those that the report does not name, on days and in towns of chance."""
    data, chance = golden.data.events, golden.chance("fires")
    rows = Organisation.objects.filter(level=Organisation.Level.TOWN).order_by("code")
    towns = list(rows.values_list("code", flat=True))
    forests = data.forest - sum(row.subtype == "forest" for row in data.named)
    for season in data.seasons:
        for _ in range(season.count):
            subtype = "forest" if forests > 0 and chance.random() < 0.5 else "wasteland"
            forests -= subtype == "forest"
            yield Emergency(
                name="",
                kind="forest_fire",
                subtype=subtype,
                town=chance.choice(towns),
                at=_moment(chance, golden.data.year, season.month),
                hours=2 + round(chance.random() * 8),
                area=Decimal(chance.randrange(5, 90)) / 100,
            )


def _moment(chance: random.Random, year: int, month: int) -> datetime:
    return datetime(year, month, 1 + chance.randrange(monthrange(year, month)[1]), 11 + chance.randrange(8), 15)


def _registered(golden: Golden, told: Emergency, mother: Event | None) -> Event:
    duty, at = golden.cast.user("zhiban"), told.at.replace(tzinfo=SHANGHAI)
    area = Territory.objects.get(code=told.town) if told.town else Territory.objects.get(kind="district")
    values: dict[str, Any] = {
        "name": told.name,
        "kind": told.kind,
        "subtype": told.subtype,
        "source": Event.Source.UPPER if told.outside else Event.Source.TOWN,
        "informant": "虚构：值班电话",
        "territory": area,
        "place": "北碚区歇马" if told.outside else f"虚构：{area.name}辖区内",
        "happened_at": at - timedelta(minutes=12),
        "received_at": at,
        "description": "地点和过程为虚构。",
        "is_outside": told.outside,
        "mother": mother,
    }
    with scene(duty, at):
        event = services.register(duty, values, is_demo=True)
    if told.level:
        with scene(duty, at + timedelta(minutes=20)):
            services.set_level(event, duty, "respond", told.level, "虚构：达到响应条件")
    return event


def _answered(golden: Golden, event: Event) -> None:
    """The first task is signed for within six minutes, and done before the response ends."""
    duty, at = golden.cast.user("zhiban"), event.received_at
    unit = Organisation.objects.filter(pk=event.owner_id, level=Organisation.Level.TOWN).first()
    unit = unit or Organisation.objects.get(code="dept-fire")
    with scene(duty, at + timedelta(minutes=3)):
        (task,) = services.give_task(duty, event, [unit], "虚构：派出力量到现场处置", is_demo=True)
    with scene(duty, at + timedelta(minutes=6)):
        services.phone_task(task, duty, "虚构：值班员电话签收")
    with scene(duty, at + timedelta(hours=2)):
        workflow.advance(task, "settle", duty, reason="虚构：电话报告完成", fields={"feedback": "现场已处置。"})


def _reported(golden: Golden, event: Event, told: Emergency) -> None:
    """By telephone and in writing, in time; once more at the end."""
    duty, at, moved = golden.cast.user("zhiban"), event.received_at, _moved(golden, told)
    text = {"receiver": "区委区政府总值班室", "nature": "虚构：已组织处置。", "effect": "无人员伤亡。"}
    for kind, minutes in (("phone", 10), ("first", 45)):
        with scene(duty, at + timedelta(minutes=minutes)):
            services.send_report(duty, event, {"kind": kind, **text}, is_demo=True)
    if moved:
        with scene(duty, at + timedelta(hours=4)):
            order = {"reason": "虚构：火线逼近居民点", "place_from": "虚构：山脚两个社", "place_to": "虚构：社区小学"}
            batch = services.order_evacuation(duty, event, order, is_demo=True)
            people = services.list_people(duty, batch, _people(moved), is_demo=True)
            services.set_people(duty, people, "safe")
    with scene(duty, at + timedelta(hours=told.hours)):
        zero = {"deaths": 0, "injuries": 0, "slight": 0, "loss": Decimal(0), "source": "虚构：现场核查"}
        numbers = {"as_of": at + timedelta(hours=told.hours), "area": told.area, "evacuated": moved}
        services.enter_loss(duty, event, {**zero, **numbers}, is_demo=True)
        services.send_report(duty, event, {"kind": "final", **text}, is_demo=True)
    event.refresh_from_db()


def _moved(golden: Golden, told: Emergency) -> int:
    return golden.data.events.evacuated if told.town and told.hours > _LONG else 0


def _people(count: int) -> list[dict[str, str]]:
    """Three of a household."""
    return [
        {"name": f"虚构{_GIVEN[at % len(_GIVEN)]}{at + 1}", "household": f"虚构社 {at // 3 + 1:02} 户"}
        for at in range(count)
    ]


def _ended(golden: Golden, event: Event, told: Emergency) -> None:
    duty, at = golden.cast.user("zhiban"), event.received_at + timedelta(hours=told.hours)
    with scene(duty, at + timedelta(minutes=10)):
        watch.end(event, duty, at, "虚构：处置完毕，转入盯守")


def _closed(golden: Golden, event: Event, days: int) -> None:
    """Somebody looked every morning, for as long as must be or longer; then it was closed."""
    duty, least = golden.cast.user("zhiban"), int(limit(f"emergency.watch_days.{event.kind}", event.day).value)
    ended = (event.ended_at or event.received_at).astimezone(SHANGHAI)
    seen, last = 0, ended
    while seen < max(least, days):
        with scene(duty, max(ended + timedelta(minutes=30), moment(last.date(), 9, 30))):
            watch.open_days(event)
            for day in WatchDay.objects.filter(event=event, state="owed"):
                services.check(day, duty, "clear", _CALM)
                seen += 1
        last += timedelta(days=1)
    with scene(duty, moment(last.date() - timedelta(days=1), 17, 30)):
        services.close(event, duty, "虚构：盯守期满，无异常")


def _reviewed(golden: Golden, review: Review) -> None:
    duty, head, leader = (golden.cast.user(name) for name in ("zhiban", "kezhang", "juzhang"))
    at = (review.event.ended_at or review.event.received_at) + timedelta(days=10)
    with scene(duty, at):
        services.write_review(review, duty, _TEXTS, review.version)
        review.refresh_from_db()
        workflow.advance(review, "submit", duty)
    with scene(head, at + timedelta(days=1)):
        services.check_review(review, head)
    with scene(leader, at + timedelta(days=2)):
        services.issue_review(review, leader)
