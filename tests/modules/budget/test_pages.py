"""Pages of budgets over HTTP: a year from its opening to its settlement, forms with their errors, exports."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from bianwang.modules.budget.models import BudgetYear, Establishment, Line, Payment, Project, Publication, Receipt
from bianwang.modules.budget.queries.lines import standing
from bianwang.platform.clock import today
from tests.modules.budget import cases
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_a_year_through_the_pages(world: World, client_for: ClientFor) -> None:
    client = client_for("finance")

    def post(name: str, data: dict[str, Any], **kwargs: Any) -> None:
        answer = client.post(reverse(f"budget:{name}", kwargs=kwargs), data)
        assert answer.status_code == 302, answer.context["form"].errors

    post("year_new", {"owner": world.bureau.pk, "year": 2022})
    year = BudgetYear.objects.get()
    assert client.post(reverse("budget:year_new"), {"owner": world.bureau.pk, "year": 2022}).status_code == 422
    post("line_new", {"subject": "224", "opening": "1000", "carried_in": "0"}, pk=year.pk)
    line = Line.objects.get()
    post("line_edit", {"subject": "2240703", "opening": "1200.50", "carried_in": "0"}, pk=line.pk)
    post("year_step", {"replied_on": "2022-02-24", "document": "财预1号"}, pk=year.pk, step="approve")
    plan = {"share_q1": "0", "share_q2": "50", "share_q3": "80"}
    new = {"code": "R1", "name": "救灾", "source": "central", "opening": "0", "office": world.bureau.pk, **plan}
    post("project_new", new, pk=line.pk)
    project = Project.objects.get()
    post("project_edit", {**new, "may_transfer": "on", "name": "救灾资金"}, pk=project.pk)
    moved = {"project": project.pk, "day": "2022-05-01", "amount": "500", "reason": "追加", "document": "财预2号"}
    post("adjust", moved, pk=line.pk)
    came = {"source": "central", "document": "财建3号", "purpose": "救灾", "amount": "500", "received_on": "2022-05-01"}
    post("receive", came, pk=year.pk)
    post("assign", {"project": project.pk}, pk=Receipt.objects.get().pk)
    paid = {"project": project.pk, "day": "2022-06-01", "voucher": "记-1", "payee": "各户", "amount": "100"}
    post("pay", {**paid, "kind": "transfer"}, pk=line.pk)
    assert (standing(project).carry_over, standing(Line.objects.get()).adjusted) == (400, 1700.5)

    early = client.post(reverse("budget:year_step", args=[year.pk, "close"]), {"final_replied_on": "2023-08-01"})
    assert early.status_code == 422
    closing = {"final_replied_on": "2023-08-01", "final_document": "财决1号"}
    refused = client.post(reverse("budget:year_step", args=[year.pk, "close"]), closing)
    assert "还没有说明原因" in refused.content.decode()
    post("line_reason", {"low_reason": "灾情较轻"}, pk=line.pk)
    post("project_reason", {"low_reason": "灾情较轻"}, pk=project.pk)
    post("year_step", closing, pk=year.pk, step="close")
    assert set(Publication.objects.values_list("kind", "due_on")) == {
        ("budget", date(2022, 3, 16)),
        ("final", date(2023, 8, 21)),
        ("performance", date(2023, 8, 21)),
    }
    post("publish", {"published_on": "2022-03-01", "place": "区政府网"}, pk=Publication.objects.get(kind="budget").pk)
    for kind in (year, line, project, Receipt.objects.get(), Payment.objects.get(), Publication.objects.first()):
        assert client_for("head").get(kind.get_absolute_url()).status_code == 200
    assert "登记支付" not in client.get(line.get_absolute_url()).content.decode()


def test_every_figure_of_the_year_opens_its_rows(world: World, client_for: ClientFor) -> None:
    year = cases.approved(world)
    project = cases.superior(world, year)
    cases.paid(world, cases.relief(year), "1000", project=project)
    client = client_for("leader")
    page = client.get(year.get_absolute_url())
    table = page.context["table"]
    for row in (*table.rows, table.whole, *table.sources):
        for url in row.urls.values():
            assert client.get(url).status_code == 200
    spent = client.get(table.whole.urls["executed"]).context["sheet"]
    assert [payment.amount for payment in spent.object_list] == [1000]
    assert sum(row.standing.executed for row in table.sources) == table.whole.standing.executed
    assert "演示数据" not in page.content.decode().split("<h1")[-1].split("</h1>")[0]


def test_a_payment_that_is_too_much_stays_in_the_form(world: World, client_for: ClientFor) -> None:
    line = cases.safety(cases.approved(world))
    data = {"day": str(today()), "voucher": "记-1", "payee": "甲", "amount": "100000.01", "kind": "direct"}
    answer = client_for("finance").post(reverse("budget:pay", args=[line.pk]), data)
    assert answer.status_code == 422
    assert "还能支付 100,000.00 元，这笔超出 0.01 元" in answer.content.decode()
    assert 'value="100000.01"' in answer.content.decode()


def test_staff_are_entered_by_kind_and_more_than_posts_is_explained(world: World, client_for: ClientFor) -> None:
    client = client_for("finance")
    numbers = {f"{kind}_{name}": "5" for kind in Establishment.Kind.values for name in ("posts", "staff", "retired")}
    data = {"owner": world.bureau.pk, "as_of": "2022-12-31", **numbers, "institution_staff": "6"}
    refused = client.post(reverse("budget:staff_new"), data)
    assert refused.status_code == 422
    assert "事业实有 6 人，比编制多 1 人" in refused.content.decode()
    assert client.post(reverse("budget:staff_new"), {**data, "note": "军转"}).status_code == 302
    assert client.post(reverse("budget:staff_new"), {**data, "institution_staff": "4"}).status_code == 302
    assert sum(Establishment.objects.values_list("staff", flat=True)) == 14


def test_lists_are_exported_with_what_is_worked_out(world: World, client_for: ClientFor) -> None:
    year = cases.approved(world)
    project = cases.superior(world, year)
    cases.received(world, year, days=31, project=project)
    cases.paid(world, cases.relief(year), "5000", project=project)
    found = {}
    for name in ("projects", "receipts"):
        answer = client_for("leader").get(reverse(f"budget:{name}"), {"export": "xlsx"})
        book = load_workbook(BytesIO(b"".join(answer) if answer.streaming else answer.content))
        found[name] = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert "25.0%" in found["projects"]
    assert "15000" in {text.removesuffix(".00") for text in found["receipts"]}
    assert "31 天" in found["receipts"]


def test_the_search_box_finds_projects_money_and_vouchers(world: World, client_for: ClientFor) -> None:
    year = cases.approved(world)
    project = cases.superior(world, year)
    receipt = cases.received(world, year, project=project)
    payment = cases.paid(world, cases.safety(year), "1", voucher="记-77")
    for text, row in (("项目R1", project), ("r1", project), ("渝财建〔2026〕7号", receipt), ("记-77", payment)):
        assert row.get_absolute_url() in client_for("leader").get(reverse("ui:search"), {"q": text}).content.decode()
        assert row.get_absolute_url() not in client_for("town").get(reverse("ui:search"), {"q": text}).content.decode()


def test_empty_pages_say_what_to_do_first(world: World, client_for: ClientFor) -> None:
    client = client_for("finance")
    for name in ("list", "lines", "projects", "adjustments", "payments", "receipts", "publications", "staff"):
        assert "还没有" in client.get(reverse(f"budget:{name}")).content.decode()
    assert "没有需要处理的预警" in client.get(reverse("budget:alerts")).content.decode()
    assert "0.00" in client.get(reverse("budget:funds")).content.decode()
