"""This year's budget of the demo bureau: paid month by month, one project slow, one superior fund resting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.budget import services
from bianwang.modules.budget.models import BudgetYear, Line, Project, Publication
from bianwang.modules.budget.services.staff import People
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Organisation
from bianwang.processes.demo.cast import Cast

# Subject, opening amount in 元, share that is paid in equal parts at the end of every month.
_LINES = (
    ("2080505", 1170700, 1),
    ("2101101", 573700, 1),
    ("2210201", 740700, 1),
    ("2240101", 9800000, 1),
    ("2240106", 3200000, 0),
    ("2240108", 1800000, 0),
    ("2240703", 200000, 0),
)
_PROJECTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("2240106", "SF-ZXJS", "office-industry", {"name": "安全生产专项技术服务费", "opening": 1200000}),
    (
        "2240106",
        "SF-BZH",
        "office-industry",
        {"name": "安全生产标准化专项经费", "opening": 800000, "may_transfer": True},
    ),
    ("2240106", "SF-ZFZB", "office-coordination", {"name": "执法装备更新", "opening": 600000}),
    ("2240108", "SF-JYZB", "office-command", {"name": "森林火灾扑救装备购置", "opening": 1500000}),
    ("2240703", "ZY-DC", "office-rescue", {"name": "中央冬春救助资金", "source": "central", "may_transfer": True}),
    ("2240703", "SJ-JZ", "office-rescue", {"name": "市级灾害救助资金", "source": "city", "may_transfer": True}),
)
# Of each project that is not slow, what is paid by the end of a whole year.
_PAID = {"SF-BZH": 700000, "SF-ZFZB": 590000, "SF-JYZB": 1480000}
_PLACE = "演示：区政府网站预决算公开专栏"
_PEOPLE = {
    "administrative": People(18, 18, 6),
    "civil_service_managed": People(23, 22, 3),
    "institution": People(10, 5, 1),
}


def load(cast: Cast) -> None:
    """Enter the year as the finance officer would have; once."""
    if BudgetYear.objects.exists():
        return
    user = cast.user("caiwu")
    with acting(user, "本机"):
        _Year(user, cast).enter()


@dataclass
class _Year:
    """What is entered for this year."""

    user: User
    cast: Cast

    def enter(self) -> None:
        bureau = self.cast.organisation("bureau")
        year = services.open_year(self.user, bureau, today().year, is_demo=True)
        for subject, opening, _ in _LINES:
            values = {"subject": subject, "opening": Decimal(opening), "carried_in": Decimal(0)}
            services.save_line(self.user, Line(year=year), values)
        lines = {row.subject: row for row in year.lines.all()}
        projects = {
            code: self._project(lines[subject], {"code": code, "office": self.cast.organisation(office), **more})
            for subject, code, office, more in _PROJECTS
        }
        document = f"演示璧财预〔{year.year}〕12号"
        replied = {"approved_on": _day(1, 18), "replied_on": _day(2, 5), "document": document}
        services.approve(year, self.user, replied)
        paper = Publication.objects.get(owner=bureau, year=year.year, kind="budget")
        services.publish(
            self.user, paper, min(_day(2, 5) + timedelta(days=12), today()), "演示：区政府网站预决算公开专栏"
        )
        self._superior(year, projects)
        self._payments(lines, projects)
        self._papers(year, bureau)

    def _project(self, line: Line, values: Mapping[str, Any]) -> Project:
        given = {"source": "district", **values, "opening": Decimal(values.get("opening", 0))}
        return services.save_project(self.user, Project(line=line), given)

    def _superior(self, year: BudgetYear, projects: Mapping[str, Project]) -> None:
        """Central money that is partly paid, municipal money for which nobody has found a use yet."""
        central = projects["ZY-DC"]
        for project, amount, number in ((central, 850000, 31), (projects["SJ-JZ"], 300000, 44)):
            moved = {
                "day": max(today() - timedelta(days=75), date(year.year, 1, 1)),
                "amount": Decimal(amount),
                "reason": "演示：上级追加救灾资金",
                "document": f"演示渝财建〔{year.year}〕{number}号",
                "project": project,
            }
            services.adjust(self.user, project.line, moved)
        for purpose, source, amount, number, days in (
            ("冬春救助", "central", 850000, 31, 75),
            ("灾害救助", "city", 300000, 44, 45),
        ):
            came = {
                "source": source,
                "document": f"演示渝财建〔{year.year}〕{number}号",
                "purpose": purpose,
                "amount": Decimal(amount),
                "received_on": today() - timedelta(days=days),
                "project": central if source == "central" else None,
            }
            services.receive(self.user, year, came)
        self._pay(central.line, 620000, today(), "演示：各镇街冬春救助对象", "救助-1", project=central, kind="transfer")

    def _payments(self, lines: Mapping[str, Line], projects: Mapping[str, Project]) -> None:
        """What is due every month, what the projects have had so far, and little of the slow one."""
        day = today()
        for month in range(1, day.month + 1):
            for number, (subject, opening, share) in enumerate(_LINES):
                if share:
                    last = min(_day(month, 28), day)
                    self._pay(lines[subject], opening // 12, last, "演示：人员和日常公用", f"{month}月-{number + 1}")
        passed = Decimal((day - date(day.year, 1, 1)).days + 1) / 366
        for code, whole in _PAID.items():
            amount = round(whole * passed)
            self._pay(projects[code].line, amount, day, "演示供应商", f"{code}-1", project=projects[code])
        slow = projects["SF-ZXJS"]
        self._pay(slow.line, 96000, day, "演示渝安安全技术服务有限公司", "SF-ZXJS-1", project=slow)

    def _pay(self, line: Line, amount: int, day: date, payee: str, voucher: str, **more: Any) -> None:
        values = {"day": day, "amount": Decimal(amount), "payee": payee, "voucher": f"演示{voucher}", "reason": ""}
        services.pay(self.user, line, {"kind": "direct", "project": None, **values, **more})

    def _papers(self, year: BudgetYear, bureau: Organisation) -> None:
        """The final account and the performance of the year before, and the people."""
        for kind, days, published in (("final", 90, 14), ("performance", 17, None)):
            started = today() - timedelta(days=days)
            values = {"owner": bureau, "year": year.year - 1, "kind": kind, "clock": "reply", "started_on": started}
            row = services.add_publication(self.user, {**values, "document": "演示决算批复"}, is_demo=True)
            if published:
                services.publish(self.user, row, started + timedelta(days=published), _PLACE)
        services.save_staff(
            self.user, bureau, date(year.year, 1, 1), _PEOPLE, document="演示：机构编制年报", is_demo=True
        )


def _day(month: int, number: int) -> date:
    """A day of this year, or today where it has not come."""
    return min(date(today().year, month, number), today())
