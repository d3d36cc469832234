"""Excel: households of a village, and what the bank reports. One wrong row and nothing is written."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from bianwang.modules.relief.models import Claim, Line
from bianwang.modules.relief.sheets import CLAIMS, RESULTS
from bianwang.platform.exchange.models import Import, StagedRow
from bianwang.platform.exchange.services import apply_confirmed, confirm, stage
from bianwang.platform.exchange.sheets import Sheet
from bianwang.platform.exchange.template import DATA, template
from tests.modules.relief import things
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def staged(world: World, sheet: Sheet, who: str, rows: list[dict[str, Any]]) -> Import:
    """The rows as an upload of the template."""
    book = load_workbook(BytesIO(template(sheet)))
    for at, row in enumerate(rows, 3):
        for column, spec in enumerate(sheet.columns, 1):
            book[DATA].cell(at, column, row.get(spec.name))
    target = BytesIO()
    book.save(target)
    return stage(sheet, world.who(who), "名单.xlsx", target, len(target.getvalue()))


def row(world: World, serial: int, **values: Any) -> dict[str, Any]:
    """A household of two."""
    return {
        "programme": things.programme(world).name,
        "village": world.village.name,
        "head": f"表内{serial}",
        "id_number": things.id_number(serial),
        "phone": things.PHONE,
        "account": things.ACCOUNT,
        "members": f"成员 {things.id_number(serial + 1)}",
        "situation": "口粮不足",
        **values,
    }


def words(batch: Import) -> str:
    return "".join(batch.staged.order_by("number").values_list("errors", flat=True))


def test_households_are_written_once_and_sealed_while_they_wait(world: World) -> None:
    batch = staged(world, CLAIMS, "village", [row(world, 901), row(world, 903, members=None)])
    assert batch.errors == 0, words(batch)
    waiting = "".join(StagedRow.objects.values_list("values", flat=True))
    assert not any(text in waiting for text in (things.id_number(901), things.id_number(902), things.ACCOUNT))
    confirm(batch)
    apply_confirmed()
    assert sorted(Claim.objects.values_list("persons", "state")) == [(1, "reported"), (2, "reported")]
    again = staged(world, CLAIMS, "village", [row(world, 901)])
    assert "不能重复" in words(again)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"programme": "没有的项目"}, "没有受理中"),
        ({"village": "福禄村村委会"}, "辖区"),
        ({"id_number": "500120197001019999"}, "校验位"),
        ({"phone": "12"}, "手机号码"),
        ({"account": "12"}, "账号"),
        ({"members": "只有姓名"}, "第 1 人"),
        ({"rooms": 1.5}, "整数"),
        ({"members": f"成员 {things.id_number(921)}"}, "重复"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_written(world: World, values: dict[str, Any], reason: str) -> None:
    batch = staged(world, CLAIMS, "village", [row(world, 921), row(world, 931, **values)])
    assert batch.errors == 1
    assert reason in words(batch)
    assert not Claim.objects.exists()


def test_the_banks_results_come_by_excel_and_count_once(world: World) -> None:
    batch = things.batch(world)
    line = batch.lines.get()
    unknown = staged(world, RESULTS, "finance", [{"number": "?", "result": "成功"}])
    assert "没有这个付款编号" in words(unknown)
    for _ in range(2):
        found = staged(world, RESULTS, "finance", [{"number": line.number, "result": "成功"}])
        assert found.errors == 0, words(found)
        confirm(found)
        apply_confirmed()
    assert (Line.objects.get().state, Claim.objects.get().state) == ("paid", "paid")
    other = staged(world, RESULTS, "finance", [{"number": line.number, "result": "退回", "reason": "销户"}])
    assert "不同" in words(other)
