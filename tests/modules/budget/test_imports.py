"""Excel: lines, projects and payments. Every fault stands at its row and column; one fault and nothing is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from bianwang.modules.budget.models import BudgetYear, Line, Payment, Project
from bianwang.modules.budget.queries.lines import standing
from bianwang.modules.budget.sheets import LINES, PAYMENTS, PROJECTS
from bianwang.platform.exchange.models import Import
from bianwang.platform.exchange.services import apply_piece, confirm, stage
from bianwang.platform.exchange.sheets import Sheet
from bianwang.platform.exchange.template import DATA, HEAD_ROW, template
from tests.modules.budget import cases
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def staged(world: World, sheet: Sheet, *rows: dict[str, Any]) -> Import:
    """The rows as an upload of the template."""
    book = load_workbook(BytesIO(template(sheet)))
    for at, row in enumerate(rows, HEAD_ROW + 1):
        for column, spec in enumerate(sheet.columns, 1):
            book[DATA].cell(at, column, row.get(spec.name))
    target = BytesIO()
    book.save(target)
    return stage(sheet, world.who("finance"), "预算.xlsx", target, len(target.getvalue()))


def faults(batch: Import) -> dict[int, dict[str, str]]:
    """What is wrong, by the number of the row in Excel and the column."""
    rows = batch.staged.exclude(errors="{}").order_by("number")
    return {row.number - HEAD_ROW: orjson.loads(row.errors) for row in rows}


def written(batch: Import) -> None:
    """Let the loop write it."""
    assert not faults(batch)
    confirm(batch)
    while apply_piece(batch):
        pass
    batch.refresh_from_db()
    assert (batch.state, batch.errors) == ("done", 0)


def line(subject: str, opening: Any = 100, **more: Any) -> dict[str, Any]:
    return {"year": 2022, "subject": subject, "opening": opening, **more}


def project(world: World, code: str, **more: Any) -> dict[str, Any]:
    given = {"year": 2022, "subject": "安全监管", "code": code, "name": f"项目{code}", "source": "区级资金"}
    return {**given, "opening": 60, "office": world.enforcement_office.name, **more}


def payment(voucher: str, amount: Any, **more: Any) -> dict[str, Any]:
    given = {"voucher": voucher, "day": date(2022, 5, 6), "subject": 2240106, "amount": amount, "payee": "渝安公司"}
    return {**given, **more}


def test_a_year_is_imported_from_lines_to_payments_and_again_without_a_change(world: World) -> None:
    year = cases.drafted(world, 2022)
    lines = [line("208", "1,170,700.00", carried_in=3), line("安全监管支出")]
    for _ in range(2):
        written(staged(world, LINES, *lines))
        written(
            staged(world, PROJECTS, project(world, "A"), project(world, "B", opening=40, may_transfer="是", share_q1=0))
        )
    cases.reply(world, year)
    payments = [
        payment("1", 59.99, project="A"),
        payment("2", 40, project="B", kind="转移到受益对象"),
        payment("3", 0.01),
    ]
    with pytest.raises(AssertionError):
        written(staged(world, PAYMENTS, *payments[:2], payment("3", 0.02)))
    for _ in range(2):
        written(staged(world, PAYMENTS, *payments))
    assert [(row.subject, row.opening, row.carried_in) for row in Line.objects.order_by("subject")] == [
        ("208", Decimal("1170700.00"), 3),
        ("2240106", 100, 0),
    ]
    assert Project.objects.get(code="B").plan == (0, 50, 75, 100)
    assert standing(cases.safety(year)).carry_over == 0
    assert Payment.objects.count() == 3


def test_faults_of_lines(world: World) -> None:
    year = cases.drafted(world, 2022)
    cases.line(world, year, "224")
    batch = staged(
        world,
        LINES,
        line("教育支出"),
        line("2240106"),
        line("210", 1.005),
        line("221", -1),
        line("208", "一百"),
        line("20805"),
        line("2080505"),
        line("208", year=2021),
        {"year": "二二", "opening": 1},
    )
    found = faults(batch)
    assert {number: list(errors) for number, errors in found.items()} == {
        1: ["subject"],
        2: ["subject"],
        3: ["opening"],
        4: ["opening"],
        5: ["opening"],
        7: ["subject"],
        8: ["year"],
        9: ["year", "subject"],
    }
    assert "没有科目“教育支出”" in found[1]["subject"]
    assert "与已登记的“224”是上下级" in found[2]["subject"]
    assert "超过两位小数" in found[3]["opening"]
    assert "与已登记的“20805”是上下级" in found[7]["subject"]
    assert "本局还没有登记2021年预算" in found[8]["year"]


def test_faults_of_projects(world: World) -> None:
    year = cases.drafted(world, 2022)
    cases.line(world, year, opening="100")
    batch = staged(
        world,
        PROJECTS,
        project(world, "A"),
        project(world, "B", opening=40.01),
        project(world, "C", opening=40),
        project(world, "D", opening=0, subject="208"),
        project(world, "E", opening=0, office="无此科"),
        project(world, "F", opening=0, source="省级"),
        project(world, "G", opening=0, share_q1=60, share_q2=50),
    )
    found = faults(batch)
    assert {number: list(errors) for number, errors in found.items()} == {
        2: ["opening"],
        4: ["subject"],
        5: ["office"],
        6: ["source"],
        7: ["share_q2"],
    }
    assert "下属项目共 100.01 元，相差 0.01 元" in found[2]["opening"]


def test_faults_of_payments(world: World) -> None:
    year = cases.drafted(world, 2022)
    made = cases.line(world, year, opening="100")
    cases.project(world, made, "A", opening=Decimal(50))
    cases.paid(world, made, "10", date(2022, 1, 5), voucher="旧1")
    batch = staged(
        world,
        PAYMENTS,
        payment("1", 50, project="A"),
        payment("2", 0.01, project="A"),
        payment("3", 40),
        payment("4", 0.01),
        payment("5", -1),
        payment("6", 1, project="Z"),
        payment("7", 1, kind="转移到受益对象"),
        payment("旧1", 10, day=date(2022, 1, 5)),
        payment("旧1", 11, day=date(2022, 1, 6)),
        payment("8", 1, day=date(2021, 1, 6)),
        payment("1", 1, day=date(2022, 7, 1)),
    )
    found = faults(batch)
    assert {number: list(errors) for number, errors in found.items()} == {
        2: ["amount"],
        4: ["amount"],
        5: ["reason"],
        6: ["project"],
        7: ["kind"],
        9: ["voucher"],
        10: ["year"],
        11: ["voucher"],
    }
    assert "项目“项目A”还能支付 0.00 元，这笔超出 0.01 元" in found[2]["amount"]
    assert "科目“2240106 安全监管”还能支付 0.00 元" in found[4]["amount"]


def test_the_page_names_row_and_column(world: World, client_for: ClientFor) -> None:
    cases.drafted(world, 2022)
    batch = staged(world, LINES, line("208"), line("教育支出"))
    page = client_for("finance").get(reverse("exchange:import", args=[batch.pk])).content.decode()
    assert f"{HEAD_ROW + 2}" in page
    assert "没有科目“教育支出”" in page
    assert not Line.objects.exists()
    assert BudgetYear.objects.count() == 1


def test_the_lists_lead_to_their_imports(world: World, client_for: ClientFor) -> None:
    for name, kind in (("line", LINES), ("project", PROJECTS), ("payment", PAYMENTS)):
        answer = client_for("finance").get(reverse(f"budget:{name}_import"), follow=True)
        assert answer.status_code == 200
        assert kind.title in answer.content.decode()
        assert client_for("leader").get(reverse("exchange:upload", args=[kind.kind])).status_code == 403
