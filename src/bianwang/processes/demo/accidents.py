"""Accidents of the demo district: one closed, one whose investigation is overdue, one whose supplement is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.modules.accidents import services
from bianwang.modules.accidents.models import Accident
from bianwang.modules.accidents.pack import pack
from bianwang.modules.accidents.workflow import FOUR
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Party
from bianwang.processes.demo.cast import Cast

_TEAM = (
    {"role": "leader", "name": "演示组长", "unit": "区应急管理局"},
    {"role": "member", "name": "演示组员甲", "unit": "区公安局"},
    {"role": "member", "name": "演示组员乙", "unit": "区总工会"},
)


def load(cast: Cast) -> None:
    """Enter them at three enterprises, with the GDP of two years."""
    owners = cast.owners
    duty, officer, leader, accountant = (cast.user(name) for name in ("zhiban", "zhifa", "juzhang", "caiwu"))
    _closed(owners["dongshan"], duty, officer, leader)
    _investigated(owners["shunda"], duty, officer)
    _supplement(owners["xinmu"], duty)
    _gdp(accountant)


def _closed(owner: Party, duty: User, officer: User, leader: User) -> None:
    """From the telephone to the closed file."""
    accident = _entered(owner, duty, 410, kind="04", deaths=1, loss=Decimal("168.00"), description="吊装石料时断绳。")
    paper = SimpleUploadedFile("演示调查报告.txt", "演示用的事故调查报告。".encode(), "text/plain")
    present = today()
    with acting(officer, "本机"):
        services.investigate(accident, officer, _TEAM)
        causes = {"direct_cause": "钢丝绳断丝超标未更换。", "indirect_cause": "起重机械日常检查流于形式。"}
        services.submit(accident, officer, causes, [paper])
    with acting(leader, "本机"):
        services.approve(accident, leader, approval="演示批复〔2025〕1号", authority="区人民政府", on=present)
    with acting(officer, "本机"):
        values = {"who": owner.name, "what": "依法给予行政处罚。", "due_on": present + timedelta(days=30)}
        row = services.sanction(accident, officer, values)
        services.settle(accident, officer, row, done_on=present, result="处罚已执行完毕。")
        for item in FOUR:
            services.check(accident, officer, item, "见演示卷宗。")
    with acting(leader, "本机"):
        services.close(accident, leader)


def _investigated(owner: Party, duty: User, officer: User) -> None:
    """Being investigated, and overdue."""
    accident = _entered(owner, duty, 75, kind="03", deaths=1, loss=Decimal("95.50"), description="清理冲床时被夹。")
    with acting(officer, "本机"):
        services.investigate(accident, officer, _TEAM)


def _supplement(owner: Party, duty: User) -> None:
    """Somebody died of his injuries, and nobody has told so upwards."""
    accident = _entered(owner, duty, 40, kind="09", injuries=2, loss=Decimal("60.00"), description="屋面检修时坠落。")
    figures = {"deaths": 1, "injuries": 1, "loss": accident.loss}
    with acting(duty, "本机"):
        services.add_casualty(accident, duty, {"name": "演示伤员甲", "outcome": "dead", "post": "检修工"})
        services.add_casualty(accident, duty, {"name": "演示伤员乙", "outcome": "serious", "post": "检修工"})
        moment = accident.occurred_at + timedelta(days=8)
        services.change_figures(accident, duty, figures, changed_at=moment, reason="一名伤员医治无效死亡。")


def _entered(owner: Party, duty: User, days: int, **values: Any) -> Accident:
    """An accident some days ago, reported in time by everybody."""
    at = now() - timedelta(days=days)
    given = {
        "occurred_at": at,
        "received_at": at + timedelta(minutes=35),
        "source": Accident.Source.ENTERPRISE,
        "is_demo": True,
        **values,
    }
    with acting(duty, "本机"):
        accident = services.register(duty, owner, given)
        for row in accident.reports.filter(sender=pack().bureau, at__isnull=True):
            sent = accident.received_at + timedelta(minutes=50)
            services.send(accident, duty, at=sent, text="事故基本情况、救援情况和已采取的措施。", owed=row)
    return accident


def _gdp(accountant: User) -> None:
    year = now().astimezone(SHANGHAI).year
    with acting(accountant, "本机"):
        for given, value in ((year - 2, "950.00"), (year - 1, "1000.00")):
            services.save_gdp(
                accountant,
                {"year": given, "value": Decimal(value), "basis": "current", "source": "演示数据，不是实际数"},
            )
