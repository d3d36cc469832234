"""What the Excel lists write. A file is checked as a whole: what its rows spend or give together must be there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.budget import pack
from bianwang.modules.budget.models import BudgetYear, Line, Payment, Project
from bianwang.modules.budget.queries.lines import NOTHING, project_standings, standings
from bianwang.modules.budget.services.lines import line_faults, room_faults, save_line, unknown
from bianwang.modules.budget.services.money import Room, pay, payment_faults
from bianwang.modules.budget.services.projects import project_faults, save_project
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row
from bianwang.platform.places.models import Organisation

_SHARES = ("share_q1", "share_q2", "share_q3")


@dataclass
class Book:
    """The years, lines and projects that a file can name, read once."""

    years: dict[tuple[int, str], BudgetYear]
    lines: dict[tuple[int, str], Line]
    projects: dict[tuple[int, str], Project]

    def year(self, number: int, unit: str | None) -> BudgetYear:
        """A year of a unit (none: the bureau). Raises ValidationError at the column that is wrong."""
        found = self.years.get((number, unit or ""))
        if found is None:
            raise ValidationError({"year": f"{unit or '本局'}还没有登记{number}年预算，请先登记年度。"})
        if found.state == "closed":
            raise ValidationError({"year": f"{number}年已登记决算，不能再导入。"})
        return found

    def line(self, year: BudgetYear, text: str) -> Line:
        """A line of a year by code or name. Raises ValidationError."""
        subject = pack.subject(text, year.year)
        found = self.lines.get((year.pk, subject.code)) if subject else None
        if found is None:
            words = f"{year.year}年预算没有登记科目“{text}”，请先登记或导入科目。"
            raise ValidationError({"subject": words if subject else unknown(text, year.year)})
        return found

    def project(self, year: BudgetYear, code: str | None) -> Project | None:
        """A project of a year by code. Raises ValidationError."""
        if not code:
            return None
        found = self.projects.get((year.pk, code))
        if found is None:
            raise ValidationError({"project": f"{year.year}年没有代码为“{code}”的项目，请先登记或导入项目。"})
        return found


def check_lines(user: Any, rows: list[Row]) -> Errors:
    """Subjects must exist, once, and never one inside another."""
    book = _book(user)
    seen: dict[int, set[str]] = defaultdict(set)
    for year, code in book.lines:
        seen[year].add(code)

    def check(row: Row) -> dict[str, str]:
        year = book.year(row["year"], row["unit"])
        subject = pack.subject(row["subject"], year.year)
        if subject is None:
            return {"subject": unknown(row["subject"], year.year)}
        line = book.lines.get((year.pk, subject.code)) or Line(year=year)
        amounts = row["opening"], row["carried_in"] or NOTHING
        others = seen[year.pk] - ({line.subject} if line.pk else set())
        found = line_faults(year, line, subject, amounts, others)
        seen[year.pk].add(subject.code)
        return found

    return _each(rows, ("year", "subject", "opening"), check)


def apply_lines(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    book = _book(user)
    for row in rows:
        year = book.year(row["year"], row["unit"])
        subject = pack.subject(row["subject"], year.year)
        line = book.lines.get((year.pk, subject.code)) if subject else None
        values = {name: row[name] for name in ("subject", "opening", "carried_in")}
        save_line(user, line or Line(year=year), values)


def check_projects(user: Any, rows: list[Row]) -> Errors:
    """Lines and offices must exist, and the projects of a line stay within it together."""
    book, offices = _book(user), _offices()
    held = standings(book.lines.values())
    given: dict[int, Decimal] = defaultdict(Decimal)
    standing = project_standings(book.projects.values())
    for project in book.projects.values():
        given[project.line_id] += standing[project.pk].adjusted

    def check(row: Row) -> dict[str, str]:
        year = book.year(row["year"], row["unit"])
        line = book.line(year, row["subject"])
        if row["office"] not in offices:
            return {"office": f"没有科室或单位“{row['office']}”，请按组织机构中的名称填写。"}
        project = book.projects.get((year.pk, row["code"])) or Project(line=line)
        if project.line_id != line.pk:
            return {"subject": f"项目“{project}”属于科目“{project.line}”，不能改到别的科目。"}
        more = row["opening"] - (project.opening if project.pk else NOTHING)
        wrong = project_faults(year, project, _columns(row, offices))
        wrong = wrong or room_faults(line, held[line.pk], "opening", given[line.pk] + more)
        if not wrong:
            given[line.pk] += more
        return wrong

    return _each(rows, ("year", "subject", "code", "opening", "office"), check)


def apply_projects(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    book, offices = _book(user), _offices()
    for row in rows:
        year = book.year(row["year"], row["unit"])
        line = book.line(year, row["subject"])
        save_project(user, book.projects.get((year.pk, row["code"])) or Project(line=line), _columns(row, offices))


def check_payments(user: Any, rows: list[Row]) -> Errors:
    """Vouchers are new or unchanged, and together the payments stay within their lines and projects."""
    book = _book(user)
    room = Room(standings(book.lines.values()), project_standings(book.projects.values()))
    known = _vouchers(book, rows)
    seen: set[tuple[int, str]] = set()

    def check(row: Row) -> dict[str, str]:
        year = book.year(row["day"].year, row["unit"])
        line, project = book.line(year, row["subject"]), book.project(year, row["project"])
        key = year.pk, row["voucher"]
        if key in seen:
            return {"voucher": f"凭证号“{row['voucher']}”在本表{year.year}年出现了两次，请加“-1”“-2”区分。"}
        seen.add(key)
        if (old := known.get(key)) is not None:
            same = (old.line_id, old.project_id, old.amount, old.day)
            if same == (line.pk, project.pk if project else None, row["amount"], row["day"]):
                return {}
            return {"voucher": f"凭证号“{row['voucher']}”已登记为 {old.day} {old.amount:,.2f} 元，与本行不同，请核对。"}
        wrong = payment_faults(year, line, _payment(row, project))
        return wrong or room.take(line, project, row["amount"])

    return _each(rows, ("voucher", "day", "subject", "amount", "payee"), check)


def apply_payments(user: Any, rows: list[Row]) -> None:
    """Write one piece; what is known already stays."""
    book = _book(user)
    known = _vouchers(book, rows)
    for row in rows:
        year = book.year(row["day"].year, row["unit"])
        if (year.pk, row["voucher"]) not in known:
            pay(user, book.line(year, row["subject"]), _payment(row, book.project(year, row["project"])))


def _each(rows: list[Row], needed: Iterable[str], check: Any) -> Errors:
    """The faults of every row that has its needed cells."""
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        if any(row.get(name) is None for name in needed):
            continue  # the cell itself is already reported
        try:
            found = check(row)
        except ValidationError as error:
            found = {name: "；".join(words) for name, words in error.message_dict.items()}
        if found:
            errors[index] = found
    return errors


def _book(user: Any) -> Book:
    years = access.visible(user, BudgetYear, "budget.edit").select_related("owner__organisation")
    found: dict[tuple[int, str], BudgetYear] = {}
    for year in years:
        found[year.year, year.owner.name] = year
        if year.owner.organisation.level == Organisation.Level.BUREAU:
            found[year.year, ""] = year
    lines = Line.objects.filter(year__in=years).select_related("year")
    projects = Project.objects.filter(line__year__in=years).select_related("line__year")
    return Book(
        found,
        {(row.year_id, row.subject): row for row in lines},
        {(row.line.year_id, row.code): row for row in projects},
    )


def _vouchers(book: Book, rows: list[Row]) -> dict[tuple[int, str], Payment]:
    """Payments that are known already, by year and voucher."""
    years = [year.pk for year in book.years.values()]
    found = Payment.objects.filter(line__year__in=years, voucher__in={row["voucher"] for row in rows if row["voucher"]})
    return {(row.line.year_id, row.voucher): row for row in found.select_related("line")}


def _offices() -> dict[str, Organisation]:
    level = Organisation.Level
    rows = Organisation.objects.filter(level__in=(level.BUREAU, level.OFFICE, level.SUBORDINATE), is_active=True)
    return {row.name: row for row in rows}


def _columns(row: Row, offices: dict[str, Organisation]) -> dict[str, Any]:
    columns = {name: row[name] for name in ("code", "name", "source", "opening")}
    shares = {name: row[name] for name in _SHARES if row[name] is not None}
    return {**columns, "office": offices[row["office"]], "may_transfer": bool(row["may_transfer"]), **shares}


def _payment(row: Row, project: Project | None) -> dict[str, Any]:
    found = {name: row[name] for name in ("voucher", "day", "amount", "payee")}
    return {**found, "kind": row["kind"] or Payment.Kind.DIRECT, "reason": row["reason"] or "", "project": project}
