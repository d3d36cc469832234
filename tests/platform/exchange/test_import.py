"""Upload, check, confirm, apply."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.platform.clock import now
from bianwang.platform.exchange import services, sheets as registry
from bianwang.platform.exchange.models import Import, StagedRow
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise, Workshop, Zone
from bianwang.platform.places.sheets import ENTERPRISES, ORGANISATIONS, WORKSHOPS, ZONES
from tests.people import ClientFor, World
from tests.platform.exchange.samples import SAMPLE, filled, size_of, written


@pytest.fixture(autouse=True)
def _with_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(registry.sheets())
    monkeypatch.setattr(services, "sheets", lambda: {**known, "sample": SAMPLE})
    written.clear()


def stage(world: World, file: BytesIO, sheet: registry.Sheet = SAMPLE) -> Import:
    return services.stage(sheet, world.who("enforcement"), "表.xlsx", file, size_of(file))


def finish(batch: Import) -> Import:
    services.confirm(batch)
    while batch.state == Import.State.APPLYING:
        services.apply_confirmed()
        batch.refresh_from_db()
    return batch


def errors(batch: Import) -> dict[int, str]:
    return {row.number: row.errors for row in batch.staged.exclude(errors="{}")}


def test_nothing_is_written_before_it_is_confirmed(world: World) -> None:
    batch = stage(world, filled(["A-1", "甲厂", "乙", 3.5, date(2026, 11, 23), "是"]))
    services.apply_confirmed()
    assert written == {}
    finish(batch)
    assert written["A-1"] == {
        "code": "A-1",
        "name": "甲厂",
        "level": "b",
        "amount": Decimal("3.5"),
        "day": date(2026, 11, 23),
        "flag": True,
    }


def test_errors_name_row_and_column_and_stop_the_whole_file(world: World) -> None:
    batch = stage(world, filled(["A-1", "甲厂"], ["A-1", "乙厂"], ["", "丙厂"], ["A-4", "未知"], ["A-5", "丁", "丁"]))
    found = errors(batch)
    assert "与第 3 行重复" in found[4]
    assert '"code":"不能为空' in found[5]
    assert '"name":"没有登记过' in found[6]
    assert '"level"' in found[7]
    assert batch.errors == 4
    with pytest.raises(ValidationError, match="还有 4 行有错误"):
        services.confirm(batch)
    services.apply_confirmed()
    assert written == {}


def test_a_row_that_cannot_be_written_does_not_hold_up_the_rest(world: World) -> None:
    batch = finish(stage(world, filled(["A-1", "甲厂"], ["A-2", "坏"], ["A-3", "丙厂"])))
    assert set(written) == {"A-1", "A-3"}
    assert (batch.applied, batch.errors, batch.state) == (2, 1, Import.State.DONE)
    assert "这一行写不进去" in errors(batch)[4]


def test_an_import_goes_on_where_it_was_cut_off(world: World) -> None:
    batch = stage(world, filled(*([f"A-{n}", "厂"] for n in range(registry.FIRST_PIECE + 5))))
    services.confirm(batch)
    services.apply_piece(batch)
    assert len(written) == registry.FIRST_PIECE
    written.clear()
    services.apply_confirmed()
    assert len(written) == 5
    batch.refresh_from_db()
    assert batch.state == Import.State.DONE


def test_only_one_confirmation_counts(world: World) -> None:
    batch = stage(world, filled(["A-1", "甲厂"]))
    second = Import.objects.get(pk=batch.pk)
    services.confirm(batch)
    with pytest.raises(ValidationError, match="正在写入"):
        services.confirm(second)
    with pytest.raises(ValidationError, match="正在写入"):
        services.cancel(second)


def test_a_cancelled_import_forgets_its_rows(world: World) -> None:
    batch = stage(world, filled(["A-1", "甲厂"]))
    services.cancel(batch)
    assert not StagedRow.objects.exists()


def test_what_nobody_confirms_is_forgotten_after_a_week(world: World) -> None:
    with time_machine.travel(now() - timedelta(days=8), tick=False):
        batch = stage(world, filled(["A-1", "甲厂"]))
    services.apply_confirmed()
    batch.refresh_from_db()
    assert batch.state == Import.State.CANCELLED


ROW = [
    "91500120MA5U000012", "新厂", "工贸", "小型", "橙（较大风险）", "", "是", "青杠街道、高新区",
    "安全执法科", "", "冯", "13811112222", 106.21, 29.6,
]  # fmt: skip


def row(**changes: object) -> list[object]:
    return [changes.get(column.name, value) for column, value in zip(ENTERPRISES.columns, ROW, strict=True)]


def test_enterprises_are_created_then_updated_under_one_operation(world: World) -> None:
    code = world.plant.credit_code
    new = _valid("91500120MA5U00001")
    file = filled(row(credit_code=new), row(credit_code=code, name="青杠机械厂（改）"), sheet=ENTERPRISES)
    batch = stage(world, file, ENTERPRISES)
    assert errors(batch) == {}
    finish(batch)
    made = Enterprise.objects.get(credit_code=new)
    assert {place.name for place in made.territories.all()} == {"青杠街道", "高新区"}
    assert made.risk == "orange"
    world.plant.refresh_from_db()
    assert world.plant.name == "青杠机械厂（改）"
    entries = Entry.objects.filter(operation=batch.operation)
    assert {entry.verb for entry in entries} == {"places.create", "places.change"}
    assert {entry.actor for entry in entries} == {world.who("enforcement")}
    assert "13811112222" not in "".join(entry.changes for entry in entries)


def test_the_same_enterprises_again_change_nothing(world: World) -> None:
    file = filled(row(credit_code=_valid("91500120MA5U00001")), sheet=ENTERPRISES)
    finish(stage(world, file, ENTERPRISES))
    before = Entry.objects.count()
    finish(stage(world, file, ENTERPRISES))
    assert Entry.objects.count() == before
    assert Enterprise.objects.filter(name="新厂").count() == 1


def test_enterprise_rows_are_checked_against_what_is_registered(world: World) -> None:
    good = _valid("91500120MA5U00001")
    file = filled(
        row(),
        row(credit_code=good, territories="火星街道"),
        row(credit_code=_valid("91500120MA5U00002"), supervisors="没有的科"),
        row(credit_code=_valid("91500120MA5U00003"), latitude=None),
        sheet=ENTERPRISES,
    )
    found = errors(stage(world, file, ENTERPRISES))
    assert "校验位不符" in found[3]
    assert "没有名为“火星街道”的区域" in found[4]
    assert "没有名为“没有的科”的单位" in found[5]
    assert "经度和纬度" in found[6]


def test_zones_bring_their_workshop(world: World) -> None:
    finish(stage(world, filled([world.plant.credit_code, "一号车间"], sheet=WORKSHOPS), WORKSHOPS))
    zones = filled(
        ["青杠机械厂", "污水池", "受限空间", "一号车间"], ["青杠机械厂", "喷房", "喷漆房", "二号车间"], sheet=ZONES
    )
    finish(stage(world, zones, ZONES))
    assert Workshop.objects.filter(owner=world.plant).count() == 2
    assert Zone.objects.get(name="污水池").workshop == Workshop.objects.get(name="一号车间")
    assert "没有找到“无此厂”" in errors(stage(world, filled(["无此厂", "池", "其他"], sheet=ZONES), ZONES))[3]


def test_organisations_may_follow_their_superior_in_the_same_file(world: World) -> None:
    file = filled(
        ["dept-new", "区新局", "区级部门", "", ""],
        ["dept-sub", "区新局监察科", "区级部门", "dept-new", ""],
        sheet=ORGANISATIONS,
    )
    batch = services.stage(ORGANISATIONS, world.who("head"), "表.xlsx", file, size_of(file))
    assert errors(batch) == {}
    assert finish(batch).applied == 2


def test_pages_lead_from_template_to_written_rows(client_for: ClientFor, world: World) -> None:
    client = client_for("enforcement")
    blank = client.get("/exchange/places.enterprise/template/")
    assert blank.content[:2] == b"PK"
    file = filled(row(credit_code=_valid("91500120MA5U00001")), sheet=ENTERPRISES)
    answer = client.post("/exchange/places.enterprise/", {"file": SimpleUploadedFile("企业.xlsx", file.getvalue())})
    page = client.get(answer["Location"])
    assert "检查通过" in page.content.decode()
    assert "新厂" in page.content.decode()
    client.post(answer["Location"], {"action": "confirm"})
    services.apply_confirmed()
    services.apply_confirmed()
    assert "已写入 1 / 1 行" in client.get(answer["Location"]).content.decode()


def test_a_refused_file_is_explained_beside_the_field(client_for: ClientFor, world: World) -> None:
    answer = client_for("enforcement").post(
        "/exchange/places.enterprise/", {"file": SimpleUploadedFile("a.xlsx", b"x")}
    )
    assert answer.status_code == 422
    assert "不是有效的 xlsx 文件" in answer.content.decode()


def test_only_who_uploaded_an_import_sees_it(client_for: ClientFor, world: World) -> None:
    batch = stage(world, filled(row(credit_code=_valid("91500120MA5U00001")), sheet=ENTERPRISES), ENTERPRISES)
    assert client_for("enforcement").get(f"/exchange/import/{batch.pk}/").status_code == 200
    assert client_for("enforcement2").get(f"/exchange/import/{batch.pk}/").status_code == 404
    assert client_for("safety").get("/exchange/places.enterprise/").status_code == 403


def _valid(first17: str) -> str:
    from bianwang.platform.places.credit_code import check_character

    return first17 + check_character(first17)
