"""Calls of the demo district: one closed with its reward paid, one overdue, one new, and a question."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.outreach import services
from bianwang.modules.outreach.models import Call
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Party
from bianwang.processes.demo.cast import Cast

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
    with acting(people["zhiban"], "本机"):
        services.finish(asked, people["zhiban"], "已告知复审流程和所需材料。")


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
