"""The document: edits, what is left out, numbering, problems by rule, and the forms."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bianwang.modules.reports import pack, shortfalls
from bianwang.modules.reports.drafting import Written
from bianwang.modules.reports.tree import Chart, Document, Paragraph, Table, plain, used
from tests.modules.reports import year


def paragraphs(document: Document, start: str) -> list[str]:
    return [
        block.mark + plain(block.runs)
        for block in document.blocks
        if isinstance(block, Paragraph) and block.key.startswith(start)
    ]


def test_the_outline_is_that_of_the_report() -> None:
    heads = [plain(block.runs) for block in year.document().blocks if getattr(block, "level", 0) == 1]
    assert [head[:2] for head in heads] == ["一、", "二、", "三、", "四、", "五、"]
    assert heads[3:] == ["四、需重点关注的问题", "五、有关建议"]


def test_an_edit_takes_the_place_of_the_template_and_each_line_is_a_paragraph() -> None:
    document = year.written({"safety": Written("一是平稳。\n事故{{accidents}}起。")})
    assert paragraphs(document, "safety") == ["一是平稳。", "事故11起。"]
    assert "accidents" in used(document)


def test_a_paragraph_that_is_left_out_lets_the_others_move_up() -> None:
    first, second, *_ = paragraphs(year.document(), "duties.")
    assert (first[:2], second[:2]) == ("1.", "2.")
    shorter = paragraphs(year.written({"duties.1": Written("", is_dropped=True)}), "duties.")
    assert shorter[0] == "1." + second[2:]


def test_an_indicator_paragraph_has_target_result_and_points() -> None:
    found = paragraphs(year.document(), "indicator.")
    assert [text.split(".")[0] for text in found] == [str(number) for number in range(1, 11)]
    assert all("年初指标设定值为" in text and "该项得分" in text for text in found)
    assert sum("偏差原因" in text for text in found) == 1


def test_an_indicator_without_a_score_says_why() -> None:
    document = year.written({}, {"satisfaction": None})
    [text] = paragraphs(document, "indicator.satisfaction")
    assert "该项得分" not in text
    assert any("公众满意度缺少数据或佐证材料" in text for text in paragraphs(document, "problems."))


@pytest.mark.parametrize(
    ("figure", "code"),
    [("undisbursed", "undisbursed"), ("low_projects", "slow_projects"), ("hazards_overdue", "overdue")],
)
def test_what_fell_short_is_told_and_goes_when_it_is_mended(figure: str, code: str) -> None:
    template = pack.template_of(year.YEAR)
    assert code in {row.code for row in shortfalls.found(template, year.material())}
    assert code not in {row.code for row in shortfalls.found(template, year.material({figure: Decimal(0)}))}


def test_problems_and_advice_answer_each_other_in_order() -> None:
    problems, advice = (paragraphs(year.document(), kind) for kind in ("problems.", "advice."))
    assert [text[:2] for text in problems] == ["一是", "二是", "三是", "四是"]
    assert len(advice) == len(problems)
    assert "预算执行率为80.81%" in problems[0]
    assert "沉淀在区局一级" in problems[1]


def test_charts_show_execution_by_line_and_points_by_indicator() -> None:
    charts = {block.key: block for block in year.document().blocks if isinstance(block, Chart)}
    assert [bar.text for bar in charts["execution"].bars] == ["100.00%", "67.85%", "100.00%", "99.34%", "80.81%"]
    assert [bar.value for bar in charts["scores"].bars].count(Decimal(100)) == 9
    assert next(bar for bar in charts["scores"].bars if bar.label == "预算执行率").value == Decimal(81)


def cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_three_forms_have_their_columns() -> None:
    forms = {annex.code: cells(annex.table) for annex in year.document().annexes}
    assert [
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ] in forms["national"]
    assert "得分系数（%）" in next(row for row in forms["chongqing"] if "年初指标值" in row)
    assert "未完成原因分析" in next(row for row in forms["sichuan"] if "指标性质" in row)
    assert ["年度资金总额", "2030.05", "4111.05", "3322.14", "10", "8.1", "80.81%"] in forms["national"]
    for rows in forms.values():
        assert any("98.1" in row and "100" in row for row in rows)


@pytest.mark.parametrize("code", ["national", "chongqing", "sichuan"])
def test_every_row_of_a_form_fills_its_columns(code: str) -> None:
    [table] = [annex.table for annex in year.document().annexes if annex.code == code]
    busy: dict[tuple[int, int], int] = {}
    for y, row in enumerate(table.rows):
        for cell in row:
            x = next(x for x in range(100) if (y, x) not in busy)
            for down in range(cell.rows):
                for right in range(cell.columns):
                    assert (y + down, x + right) not in busy
                    busy[y + down, x + right] = 1
    assert len(busy) == len(table.rows) * len(table.widths)
