"""A demo fire that was fought for four days and watched for half a month, with its review and what was said of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Review, WatchDay
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.context import acting
from bianwang.platform.workflow import services as workflow
from bianwang.processes.demo.cast import Cast

WATCHED = 15
_SEEN = "演示：巡护员沿火烧迹地全线巡查，无烟点、无复燃。"
_TEXTS = {
    "course": "演示：接报后到场扑救，四天三夜扑灭明火，转入看守。",
    "cause": "演示：持续高温少雨，山脊林下可燃物堆积。",
    "strengths": "演示：先转移群众再扑救，取水点前置，无人机夜间巡查火线。",
    "weaknesses": "演示：隔离带间隔过大，第一夜照明和通信保障不足。",
}


def load(cast: Cast, values: dict[str, Any]) -> None:
    """Enter the fire; `values` describe where demo fires are."""
    duty = cast.user("zhiban")
    with acting(duty, "本机"):
        event = _fought(cast, duty, values)
        _watched(event, duty)
        _talked_of(event, duty)
    _reviewed(cast, Review.objects.get(event=event), duty)


def _fought(cast: Cast, duty: User, values: dict[str, Any]) -> Event:
    ended_at = now() - timedelta(days=WATCHED)
    told = ended_at - timedelta(days=3, hours=14)
    more = {"name": "演示：八月森林火灾", "subtype": "forest", "happened_at": told - timedelta(minutes=8)}
    event = services.register(duty, {**values, **more, "received_at": told}, is_demo=True)
    services.set_level(event, duty, "respond", 3, "演示：火势蔓延，转移群众")
    for hours, text in ((6, "第一道隔离带合龙。"), (30, "东线复燃，增派力量。"), (60, "西线明火扑灭。")):
        moment = told + timedelta(hours=hours)
        services.add_note(duty, event, "situation", f"演示：{text}", happened_at=moment, is_demo=True)
    zero = {"deaths": 0, "injuries": 0, "slight": 0, "evacuated": 106}
    lost = {"area": Decimal("9.60"), "loss": Decimal("38.00"), "source": "演示：现场核查", "as_of": ended_at}
    services.enter_loss(duty, event, {**zero, **lost}, is_demo=True)
    sent = {"receiver": "演示：区委区政府总值班室", "signer": "演示：值班局领导", "nature": "山脊起火，已组织扑救。"}
    for kind, hours in (("first", 1), ("further", 20), ("final", 90)):
        report = {
            "kind": kind,
            "effect": "转移106人，无人员伤亡。",
            "sent_at": told + timedelta(hours=hours) - timedelta(minutes=9),
        }
        services.send_report(duty, event, {**sent, **report}, is_demo=True)
    event.refresh_from_db()
    services.end(event, duty, ended_at, "演示：明火全部扑灭")
    return event


def _watched(event: Event, duty: User) -> None:
    """Every day but today somebody looked, at half past nine."""
    today = localtime(now(), SHANGHAI).date()
    for day in WatchDay.objects.filter(event=event, day__lt=today).order_by("day"):
        seen_at = datetime.combine(day.day, time(9, 30), SHANGHAI)
        services.check(day, duty, "clear", _SEEN, seen_at=max(seen_at, day.ended_at))


def _talked_of(event: Event, duty: User) -> None:
    seen = event.received_at + timedelta(hours=2)
    text = {
        "platform": "video",
        "summary": "演示：网传山火逼近场镇。",
        "heat": "high",
        "trend": "falling",
        "truth": "false",
    }
    more = {"responsible": "演示：区委宣传部", "seen_at": seen}
    talk = services.note_opinion(duty, event, {**text, **more}, is_demo=True)
    services.answer_opinion(talk, duty, "statement", "演示：发布火情通报和现场视频。", seen + timedelta(hours=1))
    services.note_opinion(
        duty, event, {**text, "platform": "weibo", "summary": "演示：询问山火何时解封。", "heat": "low"}, is_demo=True
    )


def _reviewed(cast: Cast, review: Review, duty: User) -> None:
    day = localtime(now(), SHANGHAI).date() + timedelta(days=30)
    with acting(duty, "本机"):
        for text in ("演示：加密山脊隔离带，每公里设一处取水点。", "演示：为扑火队配齐夜间照明和对讲机。"):
            values = {"text": text, "owner": cast.organisation("500120003"), "day": day}
            services.plan_measure(duty, review, values, is_demo=True)
        services.write_review(review, duty, _TEXTS, review.version)
        review.refresh_from_db()
        workflow.advance(review, "submit", duty)
    head, leader = cast.user("kezhang"), cast.user("juzhang")
    with acting(head, "本机"):
        services.check_review(review, head)
    with acting(leader, "本机"):
        services.issue_review(review, leader)
