"""Surveys, petitions and broadcasts that tests start from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.outreach.models import Broadcast, Petition, Receipt, Survey
from bianwang.modules.outreach.services import broadcasts, petitions, surveys
from bianwang.modules.outreach.services.identity import Person
from bianwang.platform.clock import now
from tests.modules.outreach.publicity import today
from tests.people import World

QUESTIONS = "举报电话是哪个？\nA. 12315\n*B. 12350\nC. 12345\n防灾减灾日是哪天？\n*A. 5月12日\nB. 6月16日\n您满意吗？\n"
RIGHT, WRONG = [2, 1, 5], [1, 2, 2]


def survey(world: World, **values: Any) -> Survey:
    """A draft: three questions, a very wide margin (24 answers), until tomorrow."""
    given = {
        "title": "知晓率问卷",
        "questions": QUESTIONS,
        "target": "常住居民",
        "population": None,
        "margin": Decimal("0.2"),
        "pass_share": Decimal("0.6"),
        "level": Decimal(4),
        "closes_on": today() + timedelta(days=1),
        **values,
    }
    return surveys.create_survey(world.who("duty"), given)


def opened(world: World, **values: Any) -> Survey:
    """Taking answers."""
    made = survey(world, **values)
    surveys.open_survey(made, world.who("duty"))
    return made


def token(world: World) -> str:
    """The public link of one that takes answers."""
    return opened(world).token


def petition(world: World, person: Person | None = None, **values: Any) -> Petition:
    """A letter that came just now."""
    given = {"form": "letter", "category": "mine", "summary": "反映煤矿关闭后的补偿", **values}
    return petitions.register_petition(world.who("duty"), given, person)


def handled(world: World, **values: Any) -> Petition:
    """Accepted, and handed to the first town."""
    made = petition(world, **values)
    petitions.accept_petition(made, world.who("duty"))
    petitions.transfer_petition(made, world.who("duty"), world.town)
    return made


def answered(world: World, **values: Any) -> Petition:
    """With the town's answer."""
    made = handled(world, **values)
    petitions.answer_petition(made, world.who("town"), "已按政策补发")
    return made


def broadcast(world: World, **values: Any) -> Broadcast:
    """The duty officer's draft for both towns, in an hour."""
    given = {
        "title": "森林防火",
        "text": "今日森林火险等级五级，严禁野外用火。",
        "play_at": now() + timedelta(hours=1),
        "times": 3,
        "towns": [world.town_area, world.town2_area],
        **values,
    }
    return broadcasts.draft_broadcast(world.who("duty"), given)


def receipt(world: World) -> Receipt:
    """What the first town owes of one that was approved."""
    made = broadcast(world)
    broadcasts.approve_broadcast(made, world.who("head"))
    return Receipt.objects.get(broadcast=made, town=world.town_area)
