"""Sheets and dwellings from Excel, the form of a report, and the year's table."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from msgspec import to_builtins
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from bianwang.modules.disasters.models import Disaster, House, Sheet
from bianwang.modules.disasters.pack import read
from bianwang.modules.disasters.sheets import FIGURES, HOUSES
from bianwang.modules.disasters.statistics import yearly
from bianwang.platform.config import ConfigError
from bianwang.platform.exchange import services as exchange, sheets as registry
from bianwang.platform.exchange.models import Import, StagedRow
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ui.templatetags.bian import moment
from tests.modules.disasters.things import RULES, figures, filed, filled, flood, latest, person, sheet_of
from tests.people import ClientFor, World
from tests.platform.exchange import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _staged(world: World, sheet: registry.Sheet, who: str, *rows: list[Any]) -> Import:
    file = samples.filled(*rows, sheet=sheet)
    return exchange.stage(sheet, world.who(who), "表.xlsx", file, samples.size_of(file))


def _applied(batch: Import) -> None:
    assert not [row.errors for row in batch.staged.all() if row.errors != "{}"]
    exchange.confirm(batch)
    applied = -1
    # A slow machine needs several turns of the loop; each must bring it forward.
    while applied < batch.rows:
        exchange.apply_confirmed()
        before, applied = applied, Import.objects.get(pk=batch.pk).applied
        assert applied > before


def _line(disaster: Disaster, unit: str, **values: Any) -> list[Any]:
    return [latest(disaster).code, unit, *figures(**values).values(), ""]


def _dwelling(flooded: Disaster, serial: int, **values: Any) -> list[Any]:
    who = person(serial)
    row = {"disaster": flooded.number, "unit": "青杠街道办事处", "village": "石河村", "name": who.name,
           "id_number": who.id_number, "phone": who.phone, "people": 3, "structure": "土木", "rooms": 4, "collapsed": 1,
           "severe": 0, "general": 0, "is_sole": "是", "note": "", **values}  # fmt: skip
    return list(row.values())


def test_the_bureau_takes_all_towns_from_one_file_with_its_sum(world: World) -> None:
    disaster = flood(world, world.town, world.town2)
    one, two = "青杠街道办事处", "八塘镇人民政府"
    wrong = _staged(world, FIGURES, "duty", _line(disaster, one, affected=3), _line(disaster, two, affected=4),
                    _line(disaster, "合计", affected=8))  # fmt: skip
    assert "各镇街之和为 7" in StagedRow.objects.get(batch=wrong, number=5).errors
    with pytest.raises(ValidationError, match="一行都不会写入"):
        exchange.confirm(wrong)
    rows = (_line(disaster, one, affected=3), _line(disaster, two, affected=4), _line(disaster, "合计", affected=7))
    for _ in range(2):  # the same file again changes nothing
        _applied(_staged(world, FIGURES, "duty", *rows))
    assert Entry.objects.filter(verb="disasters.sheet_enter").count() == 2
    assert set(Sheet.objects.values_list("state", flat=True)) == {"filled"}


def test_a_town_takes_only_its_own_and_only_what_holds(world: World) -> None:
    disaster = flood(world, world.town, world.town2)
    rows = [_line(disaster, "八塘镇人民政府"), _line(disaster, "青杠街道办事处", dead=1)]
    rows.append(["璧灾〔2020〕9-1", "青杠街道办事处", *figures().values(), ""])
    batch = _staged(world, FIGURES, "town", *rows)
    found = [row.errors for row in batch.staged.order_by("number")]
    assert "没有可填的灾情表" in found[0]
    assert "不能多于受灾人口" in found[1]
    assert "没有可填的灾情表" in found[2]
    _applied(_staged(world, FIGURES, "town", _line(disaster, "青杠街道办事处", affected=5)))
    assert sheet_of(disaster, world.town).figures.get(code="affected").value == 5


def test_dwellings_are_checked_in_words_and_wait_sealed(world: World) -> None:
    disaster = flood(world)
    wrong = _staged(
        world, HOUSES, "town",
        _dwelling(disaster, 1, id_number="500227199001010000"),
        _dwelling(disaster, 2, unit="八塘镇人民政府"),
        _dwelling(disaster, 3, disaster="璧灾〔2020〕9"),
        _dwelling(disaster, 4, collapsed=5),
        _dwelling(disaster, 5, people=2.5),
        _dwelling(disaster, 6), _dwelling(disaster, 6),
    )  # fmt: skip
    words = ("校验位", "不是您可以登记的镇街", "没有可登记台账的灾害", "多于原有", "整数", "{}", "重复")
    for row, text in zip(wrong.staged.order_by("number"), words, strict=True):
        assert text in row.errors
    assert not House.objects.exists()
    who = person(6)
    waiting = wrong.staged.get(number=8)
    assert not [secret for secret in (who.name, who.id_number, who.phone) if secret in waiting.values]
    assert exchange.load(HOUSES, waiting)["id_number"] == who.id_number


def test_the_same_dwellings_again_are_changed_and_not_doubled(world: World) -> None:
    disaster = flood(world)
    _applied(_staged(world, HOUSES, "town", *(_dwelling(disaster, serial) for serial in range(1, 13))))
    _applied(
        _staged(world, HOUSES, "town", *(_dwelling(disaster, serial, severe=serial % 2) for serial in range(1, 13)))
    )
    assert House.objects.count() == 12
    assert House.objects.filter(severe=1).count() == 6
    assert Entry.objects.filter(verb="disasters.house_add", actor=world.who("town")).count() == 12
    assert Entry.objects.filter(verb="disasters.house_change").count() == 6
    told = " ".join(f"{entry.object_label}{entry.changes}" for entry in Entry.objects.all())
    assert person(1).id_number not in told


def test_a_town_cannot_change_the_row_of_another(world: World) -> None:
    disaster = flood(world, world.town, world.town2)
    _applied(_staged(world, HOUSES, "town", _dwelling(disaster, 1)))
    theirs = _dwelling(disaster, 1, unit="八塘镇人民政府", collapsed=4)
    assert "别的镇街" in _staged(world, HOUSES, "town2", theirs).staged.get().errors
    with pytest.raises(ValidationError, match="别的镇街"):
        HOUSES.apply(world.who("town2"), [dict(zip([c.name for c in HOUSES.columns], theirs, strict=True))])
    assert House.objects.get().collapsed == 1


def _form(client_for: ClientFor, disaster: Disaster) -> Any:
    """The exported form of the first report."""
    report = disaster.reports.get(number=1)
    answer = client_for("finance").get(reverse("disasters:report_export", args=[report.pk]))
    return load_workbook(BytesIO(answer.content)).active


def _told(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_form_has_its_layout_and_no_zero_for_a_silent_town(world: World, client_for: ClientFor) -> None:
    disaster = flood(world, world.town, world.town2)
    filed(world, disaster, affected=120, loss="3.50", loss_works="3.50")
    rows = _told(_form(client_for, disaster))
    at = next(number for number, row in enumerate(rows) if row[0] == "行政区划")
    assert rows[at + 1][1:-1] == [row.name for row in RULES.indicators]
    assert rows[at + 2][1:-1] == [row.unit for row in RULES.indicators]
    towns = {row[0]: row for row in rows[at + 3 :]}
    assert towns["全区合计"][1] == 120
    assert towns["青杠街道办事处"][1] == 120
    assert towns["八塘镇人民政府"][1:-1] == [None] * len(RULES.indicators)
    assert towns["八塘镇人民政府"][-1] == "未报"
    assert Entry.objects.filter(verb="exchange.export").count() == 1


def test_what_stands_above_and_below_the_form_is_the_districts_words(world: World, client_for: ClientFor) -> None:
    disaster = flood(world, name="{unit}内涝")
    open_report = [row[0] for row in _told(_form(client_for, disaster)) if row[0]]
    assert open_report[0] == RULES.name
    assert "填报人：　　　　" in open_report[-1]
    report = filed(world, disaster)
    told = [row[0] for row in _told(_form(client_for, disaster)) if row[0]]
    assert told[1].startswith("填报单位（盖章）：区应急管理局")
    assert f"报出时间：{moment(report.filed_at)}" in told[1]
    assert f"灾害：{disaster.number} {{unit}}内涝" in told[2]
    assert "填报人：王值班" in told[-1]
    page = client_for("finance").get(report.get_absolute_url()).content.decode()
    assert all(f"<p>{words}</p>" in page for words in (*told[1:3], told[-1]))


@pytest.mark.parametrize("row", ["{nobody}", "{unit", "{unit.pk}", "{unit!r}", "{}"])
def test_a_row_that_names_what_no_report_has_is_refused(row: str) -> None:
    with pytest.raises(ConfigError, match="表头表尾"):
        read({"kinds": [], "sets": [{**to_builtins(RULES), "foot": [row]}]})


def test_no_column_of_the_form_is_cut_on_paper(world: World, client_for: ClientFor) -> None:
    disaster = flood(world)
    sheet = _form(client_for, disaster)
    [divide] = sheet.col_breaks.brk
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_cols == "$A:$A"
    across = (11.69 - sheet.page_margins.left - sheet.page_margins.right) * 96
    wide = [7 * sheet.column_dimensions[get_column_letter(at)].width + 5 for at in range(1, sheet.max_column + 1)]
    for paper in (wide[: divide.id], wide[:1] + wide[divide.id :]):
        assert sum(paper) * sheet.page_setup.scale / 100 <= across
    assert not [cells for cells in sheet.merged_cells.ranges if cells.min_col <= divide.id < cells.max_col]


def test_the_year_counts_the_latest_report_of_every_disaster(world: World, client_for: ClientFor) -> None:
    first, second = flood(world), flood(world, kind="hail", name="冰雹")
    filed(world, first, affected=100)
    filed(world, first, affected=110)
    filed(world, second, affected=7, stable=True)
    filed(world, second, affected=7)
    filed(world, flood(world, is_exercise=True), affected=1000)
    flood(world, kind="gale")
    leader = world.who("leader")
    found = yearly(leader, first.day.year)
    assert found.kinds == ["洪涝", "冰雹", "大风", "合计"]
    told = {line.name: [cell.value for cell in line.figures] for line in found.lines}
    assert (told["起数"], told["其中：未核定"], told["受灾人口"]) == (
        ["1", "1", "1", "3"],
        ["1", "0", "1", "2"],
        ["110", "7", "—", "117"],
    )
    client = client_for("leader")
    assert client.get(reverse("disasters:statistics")).status_code == 200
    for line in found.lines[:2]:
        for cell in line.figures:
            assert str(client.get(cell.url).context["sheet"].paginator.count) == cell.value
    for cell in found.lines[2].figures:
        rows = client.get(cell.url).context["sheet"].object_list
        assert sum(row.value for row in rows) == Decimal(cell.value.replace("—", "0"))
    assert yearly(leader, 2001).lines == []


def test_the_sum_of_a_report_leads_to_the_rows_of_its_towns(world: World, client_for: ClientFor) -> None:
    disaster = flood(world, world.town, world.town2)
    filled(world, disaster, affected=3)
    filled(world, disaster, "town2", affected=4)
    client = client_for("duty")
    page = client.get(latest(disaster).get_absolute_url())
    line = page.context["groups"][0][1][0]
    assert line.value == "7"
    assert [row.value for row in client.get(line.url).context["sheet"].object_list] == [4, 3]
    mine = client_for("town").get(line.url).context["sheet"].object_list
    assert [row.value for row in mine] == [3]
