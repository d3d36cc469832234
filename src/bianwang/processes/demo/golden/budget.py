"""The budget of the year: lines as the report has them, adjusted once, paid through the year, settled and published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bianwang.modules.budget import services
from bianwang.modules.budget.models import BudgetYear, Line, Project, Publication
from bianwang.modules.budget.services.staff import People
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Organisation
from bianwang.processes.demo.golden.year import Golden, moment, scene

_WAN, _CENT = Decimal(10_000), Decimal("0.01")
_FIRST, _ADJUSTED, _QUARTERS = (3, 15), (6, 20), ((7, 15), (10, 14), (12, 20))
"""Month and day of the first payment, of the adjustment, and of the payments after it."""
_EARLY = Decimal("0.1")
"""What of the opening amount is paid before the adjustment."""
_PLACE = "虚构：区政府门户网站预决算公开专栏"


def load(golden: Golden) -> None:
    """From the draft to the final account, and what fell due of the year before."""
    user, year = golden.cast.user("caiwu"), golden.data.year
    bureau = Organisation.objects.get(level=Organisation.Level.BUREAU)
    with scene(user, moment(date(year - 1, 12, 6))):
        budget = services.open_year(user, bureau, year, is_demo=True)
        lines, projects = _drawn_up(golden, user, budget)
    with scene(user, moment(date(year, 1, 28))):
        told = {"approved_on": date(year, 1, 14), "replied_on": date(year, 1, 28), "document": "虚构批复〔2022〕1号"}
        services.approve(budget, user, told)
    _published(user, budget, year, date(year, 2, 15))
    _of_the_year_before(user, bureau, year - 1)
    _received(golden, user, budget)
    _spent(golden, user, lines, projects)
    _settled(golden, user, budget, lines, projects)
    with scene(user, moment(date(year + 1, 1, 4))):
        people = {kind: People(row.posts, row.staff, row.retired) for kind, row in golden.data.budget.people.items()}
        note = "2022年度自评报告（报告写2021年末）"
        services.save_staff(user, bureau, date(year, 12, 31), people, document=note, is_demo=True)


def _drawn_up(golden: Golden, user: User, budget: BudgetYear) -> tuple[dict[str, Line], dict[str, Project]]:
    data = golden.data.budget
    lines = {
        row.subject: services.save_line(
            user, Line(year=budget), {"subject": row.subject, "opening": row.opening * _WAN, "carried_in": None}
        )
        for row in data.lines
    }
    projects = {}
    for row in data.projects:
        office = Organisation.objects.get(code=row.office)
        values = {"code": row.code, "name": row.name, "source": "district", "opening": row.opening * _WAN}
        project = Project(line=lines[row.subject])
        projects[row.code] = services.save_project(user, project, values | {"office": office})
    return lines, projects


def _published(user: User, budget: BudgetYear, year: int, day: date) -> None:
    """Every paper of a year that waits for it."""
    with scene(user, moment(day, 16)):
        for row in Publication.objects.filter(owner=budget.owner_id, year=year, published_on=None).order_by("pk"):
            services.publish(user, row, day, _PLACE)


def _of_the_year_before(user: User, bureau: Organisation, year: int) -> None:
    """Its final account and its performance were due in this year."""
    started, published = date(year + 1, 8, 16), date(year + 1, 8, 30)
    with scene(user, moment(started)):
        owed = {"owner": bureau, "year": year, "clock": "reply", "started_on": started}
        rows = [
            services.add_publication(user, owed | {"kind": kind, "document": "虚构批复〔2022〕22号"}, is_demo=True)
            for kind in ("final", "performance")
        ]
    with scene(user, moment(published, 16)):
        for row in rows:
            services.publish(user, row, published, _PLACE)


def _received(golden: Golden, user: User, budget: BudgetYear) -> None:
    """Superior money that nobody has said a project for: it rests at the bureau."""
    for number, row in enumerate(golden.data.budget.receipts, 1):
        with scene(user, moment(row.day, 15)):
            values = {"source": row.source, "document": f"虚构预〔2022〕{number}号", "purpose": row.purpose}
            services.receive(user, budget, {**values, "amount": row.amount * _WAN, "received_on": row.day})


def _spent(golden: Golden, user: User, lines: dict[str, Line], projects: dict[str, Project]) -> None:
    """A tenth of the opening amount first; after the adjustment the rest in three parts; projects at the end."""
    year, data = golden.data.year, golden.data.budget
    for row in data.lines:
        line, early = lines[row.subject], (row.opening * _WAN * _EARLY).quantize(_CENT)
        _pay(user, line, None, date(year, *_FIRST), early)
        with scene(user, moment(date(year, *_ADJUSTED), 15)):
            moved = {"day": date(year, *_ADJUSTED), "amount": (row.adjusted - row.opening) * _WAN}
            services.adjust(user, line, moved | {"reason": row.reason, "document": "虚构预调〔2022〕7号"})
        mine = [project for project in data.projects if project.subject == row.subject]
        left = row.executed * _WAN - early - sum((project.executed * _WAN for project in mine), Decimal(0))
        part = (left / len(_QUARTERS)).quantize(_CENT)
        for number, day in enumerate(_QUARTERS, 1):
            _pay(user, line, None, date(year, *day), part if number < len(_QUARTERS) else left - part * (number - 1))
        for project in mine:
            _pay(user, line, projects[project.code], date(year, 11, 16), project.executed * _WAN)


def _pay(user: User, line: Line, project: Project | None, day: date, amount: Decimal) -> None:
    number = f"虚构{day:%m%d}-{line.subject}{f'-{project.code[-2:]}' if project else ''}"
    with scene(user, moment(day, 11)):
        values = {
            "day": day,
            "amount": amount,
            "kind": "direct",
            "payee": "虚构收款人",
            "voucher": number,
            "reason": "",
        }
        services.pay(user, line, values | {"project": project})


def _settled(
    golden: Golden, user: User, budget: BudgetYear, lines: dict[str, Line], projects: dict[str, Project]
) -> None:
    """Why little was spent, the totals that the report prints, the final account and its publication."""
    year, data = golden.data.year, golden.data.budget
    with scene(user, moment(date(year + 1, 1, 16))):
        for row in data.lines:
            if row.low_reason:
                services.explain(user, lines[row.subject], row.low_reason)
        for project in data.projects:
            services.explain(user, projects[project.code], project.low_reason)
        paper = "2022年度整体支出绩效自评报告"
        for total in data.printed:
            values = {"kind": total.kind, "printed": total.amount, "unit": "wan", "paper": paper}
            services.state_total(user, budget, values | {"explanation": total.explanation})
    replied = date(year + 1, 8, 15)
    with scene(user, moment(replied, 15)):
        told = {"final_approved_on": date(year + 1, 7, 28), "final_replied_on": replied}
        services.close(budget, user, told | {"final_document": "虚构批复〔2023〕19号"})
    _published(user, budget, year, date(year + 1, 8, 31))
