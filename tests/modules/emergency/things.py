"""Events that tests start from."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import (
    Event,
    Judgement,
    Measure,
    Opinion,
    Report,
    Review,
    Settlement,
    Task,
    WatchDay,
)
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.workflow import services as workflow
from bianwang.spread.conditions import Weather
from tests.people import World


def described(world: World, **values: Any) -> dict[str, Any]:
    """Columns of a fire in the first town, told of five minutes ago."""
    told = now() - timedelta(minutes=5)
    return {
        "name": "8·23 森林火灾",
        "kind": "forest_fire",
        "subtype": "forest",
        "source": "phone",
        "informant": "护林员",
        "territory": world.town_area,
        "place": "缙云山北坡",
        "longitude": 106.2,
        "latitude": 29.6,
        "happened_at": told - timedelta(minutes=10),
        "received_at": told,
        "description": "山坡起火",
        "is_outside": False,
        "mother": None,
        **values,
    }


def fire(world: World, **values: Any) -> Event:
    """A fire in the first town."""
    return services.register(world.who("duty"), described(world, **values))


def fought(world: World, **values: Any) -> Event:
    """A fire that is answered at the fourth level."""
    event = fire(world, **values)
    services.set_level(event, world.who("duty"), "respond", 4, "过火面积超过1公顷")
    return event


def tasked(world: World, event: Event) -> Task:
    """The first town is told to send its team."""
    [task] = services.give_task(world.who("duty"), event, [world.town], "派出半专业扑火队")
    return task


def reported(world: World, event: Event, kind: str = "first", **values: Any) -> Report:
    """A report upwards."""
    text = {"receiver": "区委区政府总值班室", "nature": "山坡起火，正在扑救。", "effect": "暂无人员伤亡。"}
    return services.send_report(world.who("duty"), event, {"kind": kind, **text, **values})


def settled(world: World, **values: Any) -> Settlement:
    """A hamlet of the first town, half a kilometre south-west of the fire."""
    told = {"name": "石河村三社", "households": 18, "people": 52, "frail": 6, "longitude": 106.1965, "latitude": 29.597}
    return services.save_settlement(world.who("town"), world.town, {**told, **values})


def asked(event: Event, **values: Any) -> dict[str, Any]:
    """Three hours of a fire in dry grass, driven by a wind from the north-east."""
    return {
        "starts_at": event.happened_at,
        "hours": 3,
        "cell": 50,
        "side": 80,
        "points": [(106.2, 29.6)],
        "perimeter": [],
        "weather": [Weather(5, 45, 36, 25)] * 3,
        "moisture": 6.0,
        "fuel": 4,
        "fuel_ground": None,
        "elevation": None,
        **values,
    }


def judged(world: World, event: Event, **values: Any) -> Judgement:
    """A judgement that waits to be computed."""
    return services.judge_fire(world.who("duty"), event, asked(event, **values))


def ended(world: World, days: int = 0, **values: Any) -> Event:
    """A fire whose response ended so many days ago (0: just now), so that a review is owed."""
    at = now() - timedelta(days=days)
    told = at - timedelta(hours=2)
    event = fought(world, **{"received_at": told, "happened_at": told - timedelta(minutes=10), **values})
    services.end(event, world.who("duty"), at, "明火扑灭")
    return event


def watched(world: World) -> WatchDay:
    """A day of the watch that waits for somebody who looks: the newest of a watch that began two days ago."""
    day: WatchDay = ended(world, days=2).watch_days.filter(state="owed").order_by("day").last()  # type: ignore[assignment]
    return day


def looked(world: World, day: WatchDay, outcome: str = "clear") -> None:
    """Somebody looked at midday of a day that is over, or just now."""
    midday = datetime.combine(day.day, time(12), SHANGHAI)
    seen_at = max(min(midday, now()), day.ended_at)
    services.check(day, world.who("duty"), outcome, "沿火烧迹地全线巡查，无烟点", seen_at=seen_at)


def said(world: World, event: Event, **values: Any) -> Opinion:
    """Talk about an event."""
    text = {"platform": "weibo", "summary": "网传山火烧到居民区", "heat": "high", "trend": "rising"}
    return services.note_opinion(world.who("duty"), event, {**text, **values})


def improving(world: World) -> Measure:
    """A measure of the first town, in force because its review was issued."""
    review = ended(world).review
    services.plan_measure(world.who("duty"), review, measure_of(world))
    services.write_review(review, world.who("duty"), texts(), 1)
    issue(world, review)
    return Measure.objects.get(review=review)


def measure_of(world: World) -> dict[str, Any]:
    """Columns of a measure of the first town, due tomorrow."""
    return {"text": "补充风力灭火机", "owner": world.town, "day": now().astimezone(SHANGHAI).date() + timedelta(days=1)}


def texts(**values: str) -> dict[str, str]:
    """The texts of a review."""
    return {"course": "经过", "cause": "雷击", "strengths": "以水灭火", "weaknesses": "隔离带不足", **values}


def issue(world: World, review: Review) -> None:
    """It is handed in, checked by the head and issued by the leader."""
    review.refresh_from_db()
    workflow.advance(review, "submit", world.who("duty"))
    services.check_review(review, world.who("head"))
    services.issue_review(review, world.who("leader"))
