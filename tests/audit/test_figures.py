"""Numbers as they stand in reports: their value, unit, precision and label."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from bianwang.audit import figures, numerals, structure
from bianwang.audit.model import Figure, Precision
from bianwang.audit.normalise import normalise


def read(text: str) -> tuple[Figure, ...]:
    plain = normalise(text)
    return figures.read(plain, structure.read(plain))


@pytest.mark.parametrize(
    ("text", "value", "kind", "precision"),
    [
        ("年初预算数2030.06万元", "20300600", "money", Precision.EXACT),
        ("支出１,２３４.5万元", "12345000", "money", Precision.EXACT),
        ("投入0.35亿元", "35000000", "money", Precision.EXACT),
        ("执行率81％", "0.81", "ratio", Precision.EXACT),
        ("死亡率0.0046‰", "0.0000046", "ratio", Precision.EXACT),
        ("完成率≥99%", "0.99", "ratio", Precision.AT_LEAST),
        ("不超过5天", "5", "天", Precision.AT_MOST),
        ("疏散100余人", "100", "人", Precision.OVER),
        ("发布近700条", "700", "条", Precision.UNDER),
        ("短信220万条", "2200000", "条", Precision.EXACT),
        ("检查300328家次", "300328", "家次", Precision.EXACT),
        ("提高2.5个百分点", "0.025", "point", Precision.EXACT),
        ("内设机构七个", "7", "个", Precision.EXACT),
        ("开展三场演练", "3", "场", Precision.EXACT),
        ("落实十五条措施", "15", "条", Precision.EXACT),
        ("在职人员63名", "63", "人", Precision.EXACT),
    ],
)
def test_one_number(text: str, value: str, kind: str, precision: Precision) -> None:
    (figure,) = read(text)
    assert (figure.base, figure.kind, figure.precision) == (Decimal(value), kind, precision)


@pytest.mark.parametrize(
    "text",
    [
        "璧山委办发〔2019〕48号", "2022年12月31日", "“8·11”“8•20”", "GB/T 33000-2016", "电话023-41421234", "12350热线",
        "“5+3”系列活动", "第十五条", "8:30至17:00", "一方面", "3至5天", "2021-2023年", "PM2.5", "“七个一”宣传",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("我单位共有编制51个，其中行政编制18个", ["编制", "行政编制"]),
        ("1. 2022年年初预算数2030.06万元，调整预算数为4140.58万元", ["年初预算数", "调整预算数"]),
        ("（一）因公出国（境）费用3万元", ["因公出国费用"]),
        ("涉及22户48人", ["涉及", ""]),
    ],
)
def test_labels(text: str, labels: list[str]) -> None:
    assert [figure.label for figure in read(text)] == labels


def test_period_and_scope() -> None:
    (figure,) = read("2021年末全区实有人数45人")
    assert (figure.period, figure.scope) == ("2021末", "全区")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("七", 7), ("十五", 15), ("二十三", 23), ("一千零五", 1005), ("两", 2), ("二〇二二", 2022),
        ("万", None), ("甲", None),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, value: int | None) -> None:
    assert (numerals.value_of(text) or None) == value


@given(st.text())
def test_offsets_stay(text: str) -> None:
    assert len(normalise(text)) == len(text)


def test_sections_are_found_under_each_other() -> None:
    found = structure.read("一、概况\n（一）机构\n1. 甲\n2. 乙\n二、成效\n")
    assert [(each.title, each.level, each.number) for each in found.sections] == [
        ("概况", 1, 1), ("机构", 2, 1), ("甲", 3, 1), ("乙", 3, 2), ("成效", 1, 2),
    ]  # fmt: skip
    assert found.title(3) == "概况 / 机构 / 乙"
