"""Lines, adjustments, projects, payments: what is refused, and that totals are sums of their rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings, strategies as st

from bianwang.modules.budget import measures, services
from bianwang.modules.budget.models import Adjustment, BudgetYear, Line, Payment, Project
from bianwang.modules.budget.queries.lines import standing, standings, total
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.period import Period
from bianwang.platform.workflow.errors import Refused
from tests.modules.budget import cases
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

YEAR = 2022


def words(caught: pytest.ExceptionInfo[ValidationError]) -> str:
    """What the user reads."""
    return "；".join(caught.value.messages)


def test_a_subject_is_known_by_code_and_by_name_with_or_without_its_suffix(world: World) -> None:
    year = cases.drafted(world)
    for text, code in (("208", "208"), ("住房保障", "221"), ("卫生健康支出", "210"), ("安全监管支出", "2240106")):
        assert cases.line(world, year, text).subject == code


def test_a_subject_inside_another_is_refused(world: World) -> None:
    year = cases.drafted(world)
    cases.line(world, year, "224")
    with pytest.raises(ValidationError) as caught:
        cases.line(world, year, "2240106")
    assert "上下级" in words(caught)
    with pytest.raises(ValidationError) as caught:
        cases.line(world, year, "灾害防治及应急管理")
    assert "本年度已登记" in words(caught)
    with pytest.raises(ValidationError) as caught:
        cases.line(world, year, "教育支出")
    assert "没有科目“教育支出”" in words(caught)


def test_only_finance_writes_and_the_ledger_tells(world: World) -> None:
    year = cases.approved(world)
    for key in ("head", "leader", "safety"):
        with pytest.raises((PermissionDenied, Http404)):
            services.adjust(world.who(key), cases.safety(year), {"amount": Decimal(1)})
    with acting(world.who("finance"), "本机"):
        cases.adjusted(world, cases.safety(year), "500.5")
    entry = Entry.objects.get(verb="budget.adjust")
    assert ("500.5" in entry.changes, entry.actor_name) == (True, world.who("finance").name)


def test_a_payment_beyond_the_line_names_the_difference_and_leaves_nothing(world: World) -> None:
    line = cases.safety(cases.approved(world))
    cases.paid(world, line, "99999.99")
    with pytest.raises(ValidationError) as caught:
        cases.paid(world, line, "0.02")
    assert words(caught) == "科目“2240106 安全监管”还能支付 0.01 元，这笔超出 0.01 元。"
    cases.paid(world, line, "0.01")
    held = standing(line)
    assert (held.executed, held.carry_over, held.rate) == (Decimal("100000.00"), 0, 100)


def test_a_payment_beyond_the_project_is_refused_though_the_line_has_more(world: World) -> None:
    year = cases.drafted(world)
    line = cases.line(world, year)
    project = cases.project(world, line, opening=Decimal(300))
    cases.reply(world, year)
    with pytest.raises(ValidationError) as caught:
        cases.paid(world, line, "300.01", project=project)
    assert "项目“项目P1”还能支付 300.00 元，这笔超出 0.01 元" in words(caught)
    cases.paid(world, line, "300", project=project)


def test_projects_never_get_more_than_their_line(world: World) -> None:
    year = cases.drafted(world)
    line = cases.line(world, year)
    cases.project(world, line, "A", opening=Decimal(60000))
    with pytest.raises(ValidationError) as caught:
        cases.project(world, line, "B", opening=Decimal("40000.01"))
    assert "相差 0.01 元" in words(caught)
    with pytest.raises(ValidationError) as caught:
        services.save_line(world.who("finance"), line, {"subject": cases.SAFETY, "opening": Decimal(59999)})
    assert "下属项目共 60,000.00 元，相差 1.00 元" in words(caught)
    with pytest.raises(ValidationError) as caught:
        cases.project(world, line, "A")
    assert "本年度已用于" in words(caught)


def test_what_was_spent_or_given_to_projects_stays_covered_by_adjustments(world: World) -> None:
    year = cases.approved(world)
    line = cases.safety(year)
    cases.paid(world, line, "70000")
    with pytest.raises(ValidationError) as caught:
        cases.adjusted(world, line, "-30000.01")
    assert "已支付 70,000.00 元，相差 0.01 元" in words(caught)
    cases.adjusted(world, line, "-30000")
    project = cases.superior(world, year)
    with pytest.raises(ValidationError) as caught:
        cases.adjusted(world, cases.relief(year), "-50000.01")
    assert "下属项目共 20,000.00 元，相差 0.01 元" in words(caught)
    cases.paid(world, cases.relief(year), "15000", project=project)
    with pytest.raises(ValidationError) as caught:
        cases.adjusted(world, cases.relief(year), "-6000", project=project)
    assert "比已支付的少 1,000.00 元" in words(caught)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"document": ""}, "document"),
        ({"amount": Decimal(0)}, "amount"),
        ({"day": date(2021, 12, 31)}, "day"),
        ({"day": date(2023, 1, 1)}, "day"),
    ],
)
def test_an_adjustment_needs_a_day_of_the_year_an_amount_a_reason_and_a_document(
    world: World, change: dict[str, Any], field: str
) -> None:
    line = cases.safety(cases.approved(world, YEAR))
    values = {"day": date(YEAR, 5, 1), "amount": Decimal(1), "reason": "追加", "document": "文1", "project": None}
    with pytest.raises(ValidationError) as caught:
        services.adjust(world.who("finance"), line, values | change)
    assert list(caught.value.message_dict) == [field]


def test_an_opening_amount_is_put_right_in_the_draft_only(world: World) -> None:
    year = cases.drafted(world)
    line = cases.line(world, year)
    with pytest.raises(ValidationError):
        cases.adjusted(world, line, "5")
    services.save_line(world.who("finance"), line, {"subject": cases.SAFETY, "opening": Decimal(7)})
    cases.reply(world, year)
    line.refresh_from_db()
    with pytest.raises(ValidationError) as caught:
        services.save_line(world.who("finance"), line, {"subject": cases.SAFETY, "opening": Decimal(8)})
    assert "用一笔预算调整更正" in words(caught)
    services.redraft(BudgetYear.objects.get(), world.who("finance"), "年初数录错")
    line = Line.objects.get()
    services.save_line(world.who("finance"), line, {"subject": cases.SAFETY, "opening": Decimal(8)})
    assert line.opening == 8


def test_a_refund_wants_a_reason_and_never_exceeds_what_was_paid(world: World) -> None:
    line = cases.safety(cases.approved(world))
    cases.paid(world, line, "100")
    with pytest.raises(ValidationError) as caught:
        cases.paid(world, line, "-40")
    assert list(caught.value.message_dict) == ["reason"]
    with pytest.raises(ValidationError) as caught:
        cases.paid(world, line, "-100.01", reason="多付退回")
    assert "只支付过 100.00 元，退回的多出 0.01 元" in words(caught)
    cases.paid(world, line, "-40", reason="多付退回")
    assert standing(line).executed == 60


def test_beneficiaries_are_paid_from_projects_that_allow_it(world: World) -> None:
    year = cases.approved(world)
    with pytest.raises(ValidationError):
        cases.paid(world, cases.relief(year), "10", kind="transfer")
    project = cases.superior(world, year)
    assert cases.paid(world, cases.relief(year), "10", kind="transfer", project=project).kind == "transfer"
    services.save_project(world.who("finance"), project, {"may_transfer": False})
    with pytest.raises(ValidationError):
        cases.paid(world, cases.relief(year), "10", kind="transfer", project=project)


def test_a_voucher_is_entered_once_a_year(world: World) -> None:
    line = cases.safety(cases.approved(world))
    cases.paid(world, line, "1", voucher="记-21")
    with pytest.raises(ValidationError) as caught:
        cases.paid(world, line, "1", voucher=" 记-21 ")
    assert list(caught.value.message_dict) == ["voucher"]


def test_a_settled_year_keeps_still_and_low_rates_are_explained_first(world: World) -> None:
    year, finance = cases.approved(world, YEAR), world.who("finance")
    cases.paid(world, cases.safety(year), "90000")
    cases.paid(world, cases.relief(year), "44999.99")
    final = {"final_approved_on": None, "final_replied_on": date(2023, 8, 1), "final_document": "文2"}
    with pytest.raises(ValidationError) as caught:
        services.close(year, finance, final)
    assert "自然灾害救灾补助（90.0%）" in words(caught)
    assert "安全监管" not in words(caught)
    services.explain(finance, cases.relief(year), "灾情轻于往年")
    services.close(year, finance, final)
    with pytest.raises(ValidationError) as caught:
        cases.paid(world, cases.safety(year), "1")
    assert "已登记决算" in words(caught)
    services.reopen(year, finance, "漏记一笔")
    cases.paid(world, cases.safety(year), "1")


def test_this_year_is_not_settled_yet(world: World) -> None:
    year = cases.approved(world)
    for line in year.lines.all():
        services.explain(world.who("finance"), line, "还没有支付")
    with pytest.raises(Refused, match="还没有结束"):
        services.close(year, world.who("finance"), {"final_replied_on": today(), "final_document": "文"})


AMOUNT = st.integers(-20000, 60000).map(lambda cents: Decimal(cents) / 100)
MOVES = st.lists(
    st.tuples(st.sampled_from(("adjust", "pay", "pay_project")), st.integers(0, 2), AMOUNT, st.integers(0, 364)),
    max_size=25,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(openings=st.lists(st.integers(0, 50000), min_size=3, max_size=3), moves=MOVES, day=st.integers(0, 364))
def test_totals_are_the_sums_of_the_rows_whatever_happens(
    world: World, openings: list[int], moves: list[Any], day: int
) -> None:
    with transaction.atomic():
        year = cases.drafted(world, YEAR)
        subjects = ("208", "210", cases.SAFETY)
        rows = [
            cases.line(world, year, code, str(Decimal(cents) / 100), "3.21")
            for code, cents in zip(subjects, openings, strict=True)
        ]
        projects = [cases.project(world, row, f"P{row.pk}", opening=row.opening // 2) for row in rows]
        cases.reply(world, year)
        for number, (what, which, amount, offset) in enumerate(moves):
            on, of = date(YEAR, 1, 1) + timedelta(days=offset), rows[which]
            try:
                with transaction.atomic():
                    if what == "adjust":
                        cases.adjusted(world, of, str(amount), on)
                    else:
                        chosen = projects[which] if what == "pay_project" else None
                        cases.paid(world, of, str(amount), on, project=chosen, reason="退", voucher=f"凭{number}")
            except ValidationError:
                continue
        _compare(year, date(YEAR, 1, 1) + timedelta(days=day))
        transaction.set_rollback(True)


def _compare(year: BudgetYear, on: date) -> None:
    """Every figure again, from all rows in plain Python."""
    opened, changed, spent = (defaultdict(Decimal) for _ in range(3))
    for row in Line.objects.all():
        opened[row.pk] += row.opening + row.carried_in
    for move in Adjustment.objects.all():
        changed[move.line_id] += move.amount if move.day <= on else Decimal(0)
    for payment in Payment.objects.all():
        spent[payment.line_id] += payment.amount if payment.day <= on else Decimal(0)
    held = standings(year.lines.all(), on)
    for pk, found in held.items():
        assert (found.adjusted, found.executed) == (opened[pk] + changed[pk], spent[pk])
        assert standing(Line.objects.get(pk=pk)).carry_over >= 0
    for project in Project.objects.all():
        assert Decimal(0) <= standing(project).executed <= standing(project).adjusted
    whole = total(held.values())
    period = Period.of_year(YEAR, on)
    assert measures.executed(period).value == sum(spent.values()) / 10000
    assert measures.adjusted(period).value == (sum(opened.values()) + sum(changed.values())) / 10000
    assert measures.carry_over(period).value == whole.carry_over / 10000
    inside = [pk for pk, code in year.lines.values_list("pk", "subject") if code.startswith("224")]
    assert measures.executed(period, subject="224").value == sum(spent[pk] for pk in inside) / 10000
