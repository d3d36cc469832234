"""Outreach of the demo district: calls (closed with its reward paid, overdue, new, a question), publicity, a survey,
petitions and broadcasts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.outreach import services
from bianwang.modules.outreach.models import Call, Campaign, ChannelCount, Event, Pilot
from bianwang.modules.outreach.pack import questionnaire
from bianwang.modules.outreach.services import broadcasts, petitions, publicity, surveys
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Organisation, Party, Territory
from bianwang.processes.demo.cast import Cast

_DEMO = {"is_demo": True}
_PERSON = services.Person(name="演示举报人", phone="13800009999")


def load(cast: Cast) -> None:
    """Enter them; the town verifies what is dispatched to it."""
    owners, town = cast.owners, cast.organisation("500120003")
    people = {name: cast.user(name) for name in ("zhiban", "zhifa", "kezhang", "juzhang", "caiwu")}
    _closed(owners["dongshan"], town, people)
    late = _entered(people, 75, unit=owners["xinmu"], summary="演示：夜间生产时安全出口上锁。")
    with acting(people["zhiban"], "本机"):
        services.dispatch(late, people["zhiban"], town)
    _entered(people, 2, unit=owners["shunda"], channel="wechat", summary="演示：冲床光栅被短接。")
    asked = _entered(people, 1, category="consult", summary="演示：咨询安全管理人员证书怎样复审。")
    _publicity(cast)
    _people(people, town, cast.user("zhenjie"))
    with acting(people["zhiban"], "本机"):
        services.finish(asked, people["zhiban"], "已告知复审流程和所需材料。")


def _people(people: dict[str, User], town: Party, clerk: User) -> None:
    """A survey with enough answers, a petition that the town has answered and one new, a broadcast and a draft."""
    duty, head = people["zhiban"], people["kezhang"]
    template = questionnaire("awareness")
    survey_values: dict[str, Any] = {
        "title": "演示：应急知识知晓率和满意度",
        "questions": template.text,
        "target": template.target,
    }
    survey_values |= {"population": None, "margin": Decimal("0.1"), "closes_on": now().date() + timedelta(days=20)}
    with acting(duty, "本机"):
        survey = surveys.create_survey(
            duty, survey_values | {"pass_share": template.pass_share, "level": template.level} | _DEMO
        )
        surveys.open_survey(survey, duty)
    right = [question.right or 4 for question in survey.parsed]
    for number in range(survey.needed + 12):
        surveys.answer(survey, f"demo{number}", right if number % 7 else [1] * len(right))
    values = {"form": "visit", "category": "mine", "people": 6, "summary": "演示：咨询关闭煤矿职工补偿政策。"} | _DEMO
    with acting(duty, "本机"):
        told = petitions.register_petition(duty, values | {"received_at": now() - timedelta(days=9)})
        petitions.accept_petition(told, duty)
        petitions.transfer_petition(told, duty, town)
        petitions.register_petition(duty, values | {"form": "letter", "category": "service", "people": 1})
    with acting(clerk, "本机"):
        petitions.answer_petition(told, clerk, "已逐人答复政策口径并登记诉求。")
    area = Territory.objects.get(code="500120003")
    play = {"times": 3, "towns": [area], "play_at": now() + timedelta(hours=6), **_DEMO}
    with acting(duty, "本机"):
        aired = broadcasts.draft_broadcast(
            duty, play | {"title": "演示：森林防火", "text": "今日森林火险等级较高，严禁野外用火。"}
        )
        broadcasts.draft_broadcast(duty, play | {"title": "演示：防溺水", "text": "请家长看管好孩子，不到河塘游泳。"})
    with acting(head, "本机"):
        broadcasts.approve_broadcast(aired, head)


def _publicity(cast: Cast) -> None:
    """A campaign of the bureau with events of the bureau and a town, a few months of channels, one pilot."""
    head, town = cast.user("kezhang"), cast.user("zhenjie")
    bureau = Organisation.objects.get(level=Organisation.Level.BUREAU)
    present = today()
    start = present - timedelta(days=20)
    with acting(head, "本机"):
        campaign = publicity.save_campaign(
            Campaign(),
            head,
            {"name": "演示：安全宣传咨询日", "theme": "616", "first_day": start, "last_day": present, "owner": bureau}
            | _DEMO,
        )
        for months, code, count in ((0, "news", 58), (0, "sms", 180000), (1, "sms", 210000), (1, "screen", 1012)):
            month = (present.replace(day=1) - timedelta(days=28 * months)).replace(day=1)
            row = {"unit": bureau, "channel": code, "month": month, "count": count}
            publicity.save_channel(ChannelCount(), head, row | _DEMO)
        pilot = {"name": "演示：涉尘车间物联感知", "technology": "粉尘浓度与除尘联锁在线监测", "owner": bureau}
        more = {"enterprise": cast.owners["shunda"], "stage": "trial", "started_on": start}
        publicity.save_pilot(Pilot(), head, pilot | more | _DEMO)
    events = (
        (head, bureau, "stall", "community", "演示：有限空间作业安全咨询", "", 420),
        (head, bureau, "talk", "enterprise", "演示：粉尘防爆怎么做", "李老师", 85),
        (town, cast.organisation("500120003"), "talk", "school", "演示：防溺水与用电安全", "郑老师", 310),
    )
    for days, (user, unit, kind, setting, topic, speaker, audience) in enumerate(events, 3):
        values = {"unit": unit, "day": present - timedelta(days=days), "kind": kind, "setting": setting, "topic": topic}
        values |= {"place": "文化广场", "speaker": speaker, "audience": audience, "campaign": campaign}
        with acting(user, "本机"):
            publicity.save_event(Event(), user, values | _DEMO)


def _closed(unit: Party, town: Party, people: dict[str, User]) -> None:
    """From the telephone to the receipt."""
    call = _entered(people, 40, _PERSON, unit=unit, summary="演示：除尘系统停用仍在打磨铝件。")
    duty, officer, head, leader, accountant = (
        people[name] for name in ("zhiban", "zhifa", "kezhang", "juzhang", "caiwu")
    )
    with acting(duty, "本机"):
        services.dispatch(call, duty, town)
    with acting(officer, "本机"):
        services.verify(
            call, officer, outcome="true", result="现场核实，已责令停产整改。", is_filed=True, case_number="演示立案1号"
        )
        services.reply(call, officer, "经核查属实，已依法立案处理。")
        reward = services.apply_reward(call, officer, {"band": "major", "fine": Decimal("30000.00")})
    with acting(leader, "本机"):
        services.approve_reward(reward, leader)
    with acting(accountant, "本机"):
        services.pay_reward(reward, accountant, "演示凭证1号")
    with acting(head, "本机"):
        services.close(call, head)


def _entered(people: dict[str, User], days: int, person: services.Person | None = None, **values: Any) -> Call:
    given = {
        "received_at": now() - timedelta(days=days),
        "channel": "phone",
        "category": "report",
        "is_demo": True,
        **values,
    }
    with acting(people["zhiban"], "本机"):
        return services.register(people["zhiban"], given, person)
