"""References in a text, how figures are said, and numbers typed by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bianwang.modules.reports import language, pack
from bianwang.modules.reports.drafting import sources
from bianwang.modules.reports.material import Quantity, Rows
from bianwang.modules.reports.tree import Run, plain
from tests.modules.reports import year

ROWS = (Rows("森林火灾", 31, "/a/"), Rows("荒坡山火", 21, "/b/"))


def figure(value: str | None, unit: str = "起", text: str = "", **more: Decimal) -> Quantity:
    shown = text or value or "—"
    number = None if value is None else Decimal(value)
    return Quantity("x", "名称", number, unit, shown, rows=ROWS, note="“8·23”火灾", **more)


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        ("52", "", "52"),
        ("52", "余", "50余"),
        ("50", "余", "50"),
        ("7", "余", "7"),
        ("104", "余", "100余"),
        ("1023", "余", "1000余"),
        ("697", "近", "近700"),
        ("700", "近", "700"),
        ("91", "近", "近100"),
        ("2200000", "万", "220万"),
        ("2213400", "万", "221.34万"),
        ("9999", "万", "9999"),
        ("85.7", "取整", "85"),
        ("24", "下降", "下降24"),
        ("-3", "下降", "上升3"),
        ("0", "下降", "持平"),
        ("4", "减少", "减少4"),
        ("-4", "减少", "增加4"),
        ("52", "列举", "森林火灾31起、荒坡山火21起"),
        ("4", "说明", "“8·23”火灾"),
        (None, "", "（待补：名称）"),
        (None, "余", "（待补：名称）"),
    ],
)
def test_a_figure_is_said_in_its_form(value: str | None, form: str, said: str) -> None:
    assert language.say(figure(value), form) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"), [("19500", "元", "1.95"), ("7500", "元", "0.75"), ("35.2", "万元", "35.20")]
)
def test_money_is_said_in_ten_thousands_once(value: str, unit: str, said: str) -> None:
    assert language.say(figure(value, unit), "万元") == said


def test_a_reference_becomes_a_run_that_leads_to_its_figure() -> None:
    runs = language.fill("处置{{fires|余}}起，{{unit}}。", {"fires": figure("52")}, {"unit": Run("区局")})
    assert runs == (Run("处置"), Run("50余", "fires"), Run("起，"), Run("区局"), Run("。"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{nothing}}", "没有名为“nothing”的数字"),
        ("{{x|大约}}", "可用的写法有：万元、万、余"),
        ("{{unit|余}}", "写法不能用"),
        ("检查{{x家", "花括号不成对"),
        ("检查x}}家", "花括号不成对"),
    ],
)
def test_a_reference_to_nothing_is_refused_in_words(text: str, told: str) -> None:
    with pytest.raises(language.Unknown) as refused:
        language.check(text, {"x": figure("1")}, {"unit": Run("区局")})
    assert told in str(refused.value)


@pytest.mark.parametrize("typed", ["检查300328家次", "整改率99.96%", "支出1.95万元", "共52起", "死亡12人", "得8.1分"])
def test_a_number_typed_by_hand_is_found(typed: str) -> None:
    assert len(language.typed_numbers(f"本年度{typed}，其他见附表。")) == 1


@pytest.mark.parametrize(
    "named",
    [
        "七塘“8·11”火灾", "璧山委办发〔2019〕48号", "2022年8月23日", "2022年度", "“5+3”系列活动", "GB/T 33000-2016",
        "第14条", "12350热线", "{{visits}}家次", "{{fires|余}}起", "“1+2”机制",
    ],
)  # fmt: skip
def test_names_dates_document_numbers_and_quotations_are_no_numbers(named: str) -> None:
    assert language.typed_numbers(f"根据{named}，开展工作。") == []


def test_the_writer_is_told_which_figure_says_the_number() -> None:
    quantities = year.material().quantities
    assert language.suggestion("300328家次", quantities) == "“300328家次”可改为引用：{{visits}}（全区累计检查）"
    assert "{{winter_paid|万元}}" in language.suggestion("1.95万元", quantities)
    assert "{{news|近}}" in language.suggestion("700条", quantities)
    assert "如果是名称，请加引号" in language.suggestion("123456个", quantities)


def test_every_reference_of_the_template_is_a_figure_of_the_district() -> None:
    template, material = pack.template_of(year.YEAR), year.material()
    for source in sources(template, material):
        language.check(source.text, material.quantities, material.words)
    for rule in template.shortfalls:
        assert {row.figure for row in rule.any} <= set(material.quantities), rule.code
    for chart in template.charts.values():
        assert {name for _, name in chart.bars} <= set(material.quantities)
    for text in (rule.problem + rule.advice for rule in template.shortfalls if not rule.each):
        language.check(text, material.quantities, material.words)


def test_the_report_of_2022_reads_as_the_bureau_wrote_it() -> None:
    text = year.text()
    assert "全区累计检查300328家次，发现安全隐患229702个，督促整改安全隐患229611个" in text
    assert "处置森林火灾及荒坡山火50余起" in text
    assert "发布新闻信息近700条，利用显示屏1000余块，发送手机短信220万条" in text
    assert "冬春生活救助支出1.95万元，涉及22户48人" in text
    assert "8. 预算执行率（10分）：年初指标设定值为≥95%，实际完成81%。" in text
    assert "该项得分8.1分。偏差原因：疫情防控资金年底下达。改进措施：按季度调度。" in text
    assert "自评总分98.1分，等级为“优”" in text
    assert plain(language.fill("{{score.total}}", year.material().quantities, {})) == "98.1"
