"""The calls to 12350: reports verified, answered and closed, some of them with a case; all others answered at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from bianwang.modules.outreach import services
from bianwang.modules.outreach.models import Call
from bianwang.platform.places.models import Organisation
from bianwang.processes.demo.golden.year import Golden, moment, scene

_WORDS = {
    "report": "虚构：反映某企业作业现场防护不到位。",
    "consult": "虚构：咨询安全管理人员证书办理。",
    "complaint": "虚构：投诉夜间施工噪声。",
    "invalid": "虚构：误拨。",
    "other": "虚构：询问其他部门电话。",
}


def load(golden: Golden) -> None:
    """Enter them through the year, the categories mixed as chance has it."""
    data, year, chance = golden.data.outreach, golden.data.year, golden.chance("calls")
    categories = [category for category, count in data.calls.items() for _ in range(count)]
    chance.shuffle(categories)
    towns = list(Organisation.objects.filter(level=Organisation.Level.TOWN).order_by("code"))
    reports, days = 0, (date(year, 12, 30) - date(year, 1, 4)).days
    for number, category in enumerate(categories):
        day = date(year, 1, 4) + timedelta(days=number * days // len(categories))
        at = moment(day, 8 + number % 10, 7 * number % 60)
        call = _registered(golden, category, at)
        if category == Call.Category.REPORT:
            reports += 1
            _verified(golden, call, at, towns[number % len(towns)], is_filed=reports <= data.filed)
        else:
            with scene(golden.cast.user("zhiban"), at + timedelta(minutes=6)):
                services.finish(call, golden.cast.user("zhiban"), "虚构：已答复。")


def _registered(golden: Golden, category: str, at: datetime) -> Call:
    duty = golden.cast.user("zhiban")
    with scene(duty, at):
        values: dict[str, Any] = {"received_at": at, "channel": "phone", "category": category}
        return services.register(duty, values | {"summary": _WORDS[category], "is_demo": True})


def _verified(golden: Golden, call: Call, at: datetime, town: Organisation, *, is_filed: bool) -> None:
    """Dispatched to a town, verified with the bureau's officer, answered, closed."""
    duty, officer, head = (golden.cast.user(name) for name in ("zhiban", "zhifa", "kezhang"))
    with scene(duty, at + timedelta(hours=1)):
        services.dispatch(call, duty, town)
    with scene(officer, at + timedelta(days=12)):
        outcome = "true" if is_filed or call.pk % 3 else "false"
        case = f"虚构立案〔{at.year}〕{call.number.rsplit('〕', 1)[1]}号" if is_filed else ""
        services.verify(
            call, officer, outcome=outcome, result="虚构：已现场核实。", is_filed=is_filed, case_number=case
        )
        services.reply(call, officer, "虚构：已答复核查情况。")
    with scene(head, at + timedelta(days=14)):
        services.close(call, head)
