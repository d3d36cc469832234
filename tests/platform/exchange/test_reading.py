"""What an upload may be, and how its cells are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, strategies as st

from bianwang.platform.exchange.reading import UPLOAD_LIMIT, read
from bianwang.platform.exchange.sheets import SheetColumn
from tests.platform.exchange.samples import SAMPLE, changed, filled, part, rewritten, size_of

SHEET_XML = "xl/worksheets/sheet1.xml"


def refusal(file: BytesIO, size: int | None = None) -> str:
    with pytest.raises(ValidationError) as caught:
        read(SAMPLE, file, size_of(file) if size is None else size)
    return "；".join(caught.value.messages)


def test_a_filled_template_is_read_with_excel_row_numbers() -> None:
    file = filled(["A-1", "甲厂", "甲", 3, date(2026, 11, 23), "是"], [], ["A-2", "乙厂"])
    rows = read(SAMPLE, file, size_of(file))
    assert [row.number for row in rows] == [3, 5]
    assert rows[0].values["name"] == "甲厂"


def test_columns_may_stand_in_another_order() -> None:
    file = changed(filled(["甲厂", "A-1"]), A2="名称*", B2="编号*")
    values = read(SAMPLE, file, size_of(file))[0].values
    assert (values["code"], values["name"]) == ("A-1", "甲厂")


def test_a_formula_is_refused() -> None:
    assert "公式" in refusal(filled(["A-1", "=1+1"]))


def test_a_file_that_is_no_workbook_is_refused() -> None:
    assert "不是有效的 xlsx" in refusal(BytesIO(b"\xd0\xcf\x11\xe0 an old xls"))


def test_a_large_file_is_refused_before_it_is_opened() -> None:
    assert "超过 10 MB" in refusal(BytesIO(b"never read"), UPLOAD_LIMIT + 1)


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = rewritten(filled(["A-1", "甲厂"]), "xl/media/zeros.bin", b"\0" * (201 << 20))
    assert size_of(bomb) < UPLOAD_LIMIT
    assert "内容过大" in refusal(bomb)


def test_a_cell_in_the_farthest_corner_is_refused() -> None:
    file = filled(["A-1", "甲厂"])
    xml = part(file, SHEET_XML).replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    assert "远离数据" in refusal(rewritten(file, SHEET_XML, xml))


def test_another_template_is_refused() -> None:
    assert "这不是“样例导入模板”" in refusal(changed(filled(["A-1", "甲厂"]), A1="别的导入模板"))


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("备注", "表头“备注”不是模板里的列"),
        ("编号", "表头“编号”出现了两次"),
        ("", "缺少必填的列“名称”"),
    ],
)
def test_a_changed_head_is_named(head: str, message: str) -> None:
    assert message in refusal(changed(filled(["A-1", "甲厂"]), B2=head))


def test_an_empty_template_is_refused() -> None:
    assert "没有数据" in refusal(filled())


def test_too_many_rows_are_refused() -> None:
    assert "超过一次 500 行" in refusal(filled(*([f"A-{n}", "厂"] for n in range(501))))


@pytest.mark.parametrize("text", ["2026-11-23", "2026/11/23", "2026年11月23日", "20261123", "2026.11.23"])
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    assert SheetColumn("d", "日期", kind="date").read(text) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (SheetColumn("x", "x"), 13800138000.0, "13800138000"),
        (SheetColumn("x", "x"), "  甲  ", "甲"),
        (SheetColumn("x", "x", kind="number"), "1,234.50", Decimal("1234.50")),
        (SheetColumn("x", "x", kind="flag"), "否", False),
        (SheetColumn("x", "x", kind="flag"), 1.0, True),
        (SheetColumn("x", "x", kind="choice", choices=(("a", "甲"),)), "甲", "a"),
        (SheetColumn("x", "x"), "   ", None),
    ],
)
def test_a_cell_becomes_a_value(column: SheetColumn, raw: object, value: object) -> None:
    assert column.read(raw) == value


@pytest.mark.parametrize(
    ("column", "raw", "message"),
    [
        (SheetColumn("x", "x", required=True), None, "不能为空"),
        (SheetColumn("x", "x"), 9.15001200000001e17, "超过 15 位的数字"),
        (SheetColumn("x", "x", max_length=3), "一二三四", "超过 3 字"),
        (SheetColumn("x", "x"), "a\x07b", "控制字符"),
        (SheetColumn("x", "x", kind="number"), "三", "不是数字"),
        (SheetColumn("x", "x", kind="number"), "NaN", "超出可用范围"),
        (SheetColumn("x", "x", kind="date"), "2026-13-01", "不是日期"),
        (SheetColumn("x", "x", kind="flag"), "也许", "请填“是”或“否”"),
        (SheetColumn("x", "x", kind="choice", choices=(("a", "甲"),)), "丁", "可填：甲"),
    ],
)
def test_a_wrong_cell_says_what_to_do(column: SheetColumn, raw: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        column.read(raw)


@given(st.binary(max_size=2000))
def test_no_bytes_bring_the_reader_down(content: bytes) -> None:
    with pytest.raises(ValidationError):
        read(SAMPLE, BytesIO(content), len(content))
