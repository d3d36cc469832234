"""Publicity by channel and month, three campaigns, the pilot, and two surveys with their answers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.outreach.models import Campaign, ChannelCount, Event, Pilot, Survey
from bianwang.modules.outreach.pack import questionnaire
from bianwang.modules.outreach.services import publicity, surveys
from bianwang.platform.places.queries import bureau
from bianwang.processes.demo.golden.data import Sample
from bianwang.processes.demo.golden.year import Golden, moment, pieces, scene, spread

_MONTHS = (5, 4, 6, 7, 11, 18, 9, 12, 9, 8, 6, 5)
"""How publicity spreads over the year: most in the month of safety and in the fire season."""
_CAMPAIGNS = (("512", 5, 12), ("616", 6, 16), ("1013", 10, 13))
_DEMO = {"is_demo": True}


def load(golden: Golden) -> None:
    """Channels, campaigns and pilot by the bureau; then the surveys of autumn."""
    data = golden.data.outreach
    for channel, count in (("news", data.news), ("screen", data.screens), ("sms", data.messages)):
        _channel(golden, channel, count)
    for theme, month, day in _CAMPAIGNS:
        _campaign(golden, theme, date(golden.data.year, month, day))
    _pilot(golden)
    template = questionnaire("awareness")
    parts = template.text.split("您对本区", 1)
    knowing, content = parts[0], "您对本区" + parts[1]
    _survey(golden, "应急管理知识知晓率问卷调查（虚构样本）", knowing, data.awareness)
    _survey(golden, "安全生产和应急管理公众满意度调查（虚构样本）", content, data.satisfaction)


def _channel(golden: Golden, channel: str, count: int) -> None:
    head, year = golden.cast.user("kezhang"), golden.data.year
    for month, part in enumerate(spread(count, _MONTHS), 1):
        first = date(year, month, 1)
        with scene(head, moment(first + timedelta(days=34))):
            values = {"unit": bureau(), "channel": channel, "month": first, "count": part}
            publicity.save_channel(ChannelCount(), head, values | _DEMO)


def _campaign(golden: Golden, theme: str, day: date) -> None:
    head, owner = golden.cast.user("kezhang"), bureau()
    with scene(head, moment(day, 17)):
        values = {"name": f"{day.year}年“{day.month}·{day.day}”集中宣传", "theme": theme, "owner": owner}
        more = {"first_day": day, "last_day": day, "note": "名称取自自评报告，场次和人数为虚构。"}
        campaign = publicity.save_campaign(Campaign(), head, values | more | _DEMO)
        event = {"campaign": campaign, "unit": owner, "day": day, "kind": "stall", "setting": "community"}
        told = {"place": "文化广场", "topic": "安全生产和防灾减灾咨询", "speaker": "", "audience": 400}
        publicity.save_event(Event(), head, event | told | _DEMO)


def _pilot(golden: Golden) -> None:
    head, began = golden.cast.user("kezhang"), date(golden.data.year, 5, 18)
    values = {"name": golden.data.outreach.pilot, "stage": "trial", "started_on": began, "owner": bureau()}
    technology = "企业视频、智能传感器和人工视频巡检等物联感知"
    with scene(head, moment(began)):
        publicity.save_pilot(Pilot(), head, values | {"technology": technology} | _DEMO)


def _survey(golden: Golden, title: str, questions: str, sample: Sample) -> None:
    """On paper: so many of the sample answer as the figure wants, the others not."""
    head, year, template = golden.cast.user("kezhang"), golden.data.year, questionnaire("awareness")
    values: dict[str, Any] = {"title": f"{year}年{title}", "questions": questions, "target": template.target}
    values |= {"population": None, "margin": template.margin, "pass_share": template.pass_share}
    values |= {"level": Decimal(template.level), "closes_on": date(year, 11, 30)}
    with scene(head, moment(date(year, 11, 1))):
        survey = surveys.create_survey(head, values | _DEMO)
        surveys.open_survey(survey, head)
    chance = golden.chance(title)
    counts = [True] * sample.counted + [False] * (sample.asked - sample.counted)
    chance.shuffle(counts)
    with scene(head, moment(date(year, 11, 28))):
        day = date(year, 11, 2)
        rows = [
            {"survey": survey, "key": f"虚构{number:04d}", "day": day + timedelta(days=number // 20),
             "chosen": _chosen(survey, counted)}
            for number, counted in enumerate(counts, 1)
        ]  # fmt: skip
        for piece in pieces(rows, 50):
            surveys.import_answers(head, piece)
    with scene(head, moment(date(year, 12, 1))):
        surveys.close_survey(survey, head)


def _chosen(survey: Survey, counted: bool) -> list[int]:
    """All answers right or content; or one of them right, the others wrong; or not content."""
    found = []
    for number, question in enumerate(survey.parsed):
        if question.is_rating:
            found.append(5 if counted else 3)
        else:
            found.append(question.right if counted or number == 0 else question.right % len(question.options) + 1)
    return found
