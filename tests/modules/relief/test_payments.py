"""Batches, results, funds, donations and supplies."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from bianwang.modules.relief.models import Batch, Claim, Donation, FundEntry, Issue, Line, Stock
from bianwang.modules.relief.queries import funds as money
from bianwang.modules.relief.services import claims, funds, payments, secrets, supplies
from bianwang.platform.clock import today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.relief import things
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_a_double_click_makes_one_batch_and_nobody_is_in_two(world: World) -> None:
    row = things.approved(world)
    batch = things.batch(world, row, "same")
    again = payments.make_batch(world.who("finance"), row.programme, batch.fund, "same")
    assert again.pk == batch.pk
    assert Line.objects.count() == 1
    with pytest.raises(ValidationError, match="没有待拨付"):
        payments.make_batch(world.who("finance"), row.programme, batch.fund, "other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(batch=batch, claim=row, number="x", amount=row.amount)
    with pytest.raises(Refused, match="已列入拨付批次"):
        claims.withdraw(row, world.who("village"), "不要了")


def test_results_count_once_and_a_return_is_paid_after_the_account_is_put_right(world: World) -> None:
    finance = world.who("finance")
    row = things.approved(world)
    batch = things.batch(world, row)
    back = things.results(batch.lines.all(), is_paid=False, reason="账号不存在")
    for _ in range(2):
        payments.settle(finance, back)
    row.refresh_from_db()
    assert (row.state, row.bounced) == ("approved", "账号不存在")
    assert Entry.objects.filter(verb="relief.bounce").count() == 1
    with pytest.raises(ValidationError, match="更正账号"):
        payments.make_batch(finance, row.programme, batch.fund, "second")
    claims.change_account(row, world.who("village"), "6217000099999999999", "原账号销户")
    assert secrets.opened(Claim.objects.get()).account == "6217000099999999999"
    second = payments.make_batch(finance, row.programme, batch.fund, "second")
    good = things.results(second.lines.all())
    for _ in range(2):
        payments.settle(finance, good)
    row.refresh_from_db()
    assert (row.state, row.paid_on) == ("paid", today())
    assert money.standing(batch.fund).paid == row.amount
    with pytest.raises(ValidationError, match="不同"):
        payments.settle(finance, things.results(second.lines.all(), is_paid=False))
    with pytest.raises(ValidationError, match="没有付款编号"):
        payments.settle(finance, [{"number": "?", "is_paid": True, "day": today(), "reason": ""}])
    with pytest.raises(PermissionDenied):
        payments.settle(world.who("leader"), good)


def test_a_void_batch_frees_its_households_and_one_with_results_stays(world: World) -> None:
    row = things.approved(world)
    batch = things.batch(world, row)
    payments.void(batch, world.who("finance"), "选错资金")
    second = payments.make_batch(world.who("finance"), row.programme, batch.fund, "second")
    with pytest.raises(ValidationError, match="已作废"):
        payments.settle(world.who("finance"), things.results(batch.lines.all()))
    things.approved(world)
    payments.settle(world.who("finance"), things.results(second.lines.all()))
    with pytest.raises(Refused):
        payments.void(second, world.who("finance"), "作废")


def test_no_batch_without_money_for_the_programme(world: World) -> None:
    row = things.approved(world)
    pot = things.fund(world, "2000")
    finance = world.who("finance")
    with pytest.raises(ValidationError, match=r"还可用 0\.00 元"):
        payments.make_batch(finance, row.programme, pot, "r")
    with pytest.raises(ValidationError, match=r"只有 2,000\.00 元"):
        funds.allot(finance, pot, row.programme, Decimal("2000.01"), today())
    funds.allot(finance, pot, row.programme, row.amount, today())
    assert payments.make_batch(finance, row.programme, pot, "r").amount == row.amount
    assert money.left_for(pot, row.programme) == 0


def test_the_bank_file_alone_has_the_numbers(world: World, client_for: ClientFor) -> None:
    batch = things.batch(world)
    answer = client_for("finance").get(f"/relief/batches/{batch.pk}/bank/")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    line = batch.lines.get()
    number = secrets.opened(line.claim).people[0].id_number
    assert rows[0] == ("付款编号", "户名", "身份证号码", "账号", "金额")
    assert rows[1] == (line.number, line.claim.head, number, things.ACCOUNT, float(line.amount))
    assert Entry.objects.filter(verb="relief.bank_file").count() == 1
    assert client_for("leader").get(f"/relief/batches/{batch.pk}/bank/").status_code == 403


@pytest.mark.parametrize(("days", "rested"), [(30, 0), (31, 800)])
def test_money_that_rests_is_flagged(world: World, client_for: ClientFor, days: int, rested: int) -> None:
    pot = things.fund(world, "800")
    FundEntry.objects.update(day=today() - timedelta(days=days))
    assert money.standing(pot).rested == rested
    shown = client_for("leader").get("/relief/funds/").context["sheet"].object_list[0]
    assert (shown.rested, shown.balance) == (rested, 800)
    assert len(client_for("leader").get("/relief/funds/?resting=1").context["sheet"].object_list) == (rested > 0)


def test_donated_money_is_a_receipt_and_the_published_list_keeps_names(world: World, client_for: ClientFor) -> None:
    pot = things.fund(world, "1", source="donation")
    with pytest.raises(ValidationError, match="捐赠资金"):
        things.donation(world, kind="money", goods="", fund=things.fund(world))
    given = things.donation(
        world, kind="money", goods="", amount=Decimal("500"), fund=pot, is_anonymous=True, donor="李善人"
    )
    assert money.standing(pot).received == 501
    things.donation(world)
    client = client_for("finance")
    client.post("/relief/donations/", {"action": "publish", "row": [row.pk for row in Donation.objects.all()]})
    page = client.get("/relief/donations/published/").content.decode()
    assert "李善人" not in page
    assert "爱心人士" in page
    assert "测试商会" in page
    assert "3,500.00" in page
    assert given.entry
    assert given.entry.amount == 500


def test_stock_is_never_negative_and_the_town_says_what_it_got(world: World) -> None:
    stock = things.stocked(world, 100)
    issue = supplies.send(world.who("duty"), stock, 60, world.town)
    with pytest.raises(ValidationError, match="只有 40"):
        supplies.send(world.who("duty"), stock, 41, world.town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(quantity=-1)
    with pytest.raises(ValidationError, match="写明原因"):
        supplies.confirm_receipt(issue, world.who("town"), 59)
    with pytest.raises(ValidationError, match="不能多于"):
        supplies.confirm_receipt(issue, world.who("town"), 61, "多了")
    supplies.confirm_receipt(issue, world.who("town"), 59, "途中损坏一床")
    assert (Issue.objects.get().received, Stock.objects.get().quantity) == (59, 40)


def test_goods_in_different_units_are_not_added_up(world: World, client_for: ClientFor) -> None:
    stock = things.stocked(world, 100)
    supplies.take_in(world.who("duty"), stock.store, {"name": "帐篷", "category": "tent", "unit": "顶"}, 7, "采购")
    supplies.send(world.who("duty"), stock, 60, world.town)
    client = client_for("duty")
    assert client.get("/relief/stock/moves/").context["totals"] == []
    [row] = [row for row in client.get("/relief/stock/").context["sheet"].object_list if row.item_id == stock.item_id]
    [total] = client.get(f"/relief/stock/moves/?item={stock.item_id}").context["totals"]
    assert total.text == str(row.quantity) == "40"


def test_lists_do_not_ask_for_every_row(
    world: World, client_for: ClientFor, django_assert_max_num_queries: object
) -> None:
    for _ in range(3):
        things.batch(world)
    client = client_for("leader")
    for path in ("", "batches/", "lines/", "funds/", "programmes/", "meetings/"):
        with django_assert_max_num_queries(40):
            assert client.get(f"/relief/{path}").status_code == 200
    assert Batch.objects.count() == 3
