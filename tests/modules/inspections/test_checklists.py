"""The district's check lists and the documents made with them: what applies when, and what is still lacking."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from bianwang.modules.inspections import pack
from bianwang.modules.inspections.checklists import WORDS, CheckList, Faulty, Item, parse
from bianwang.modules.inspections.content import (
    Answer,
    Content,
    Finding,
    Officer,
    Photo,
    Refusal,
    Signature,
    differences,
    digest,
    encode,
    lacks,
    strangers,
)
from bianwang.platform.clock import SHANGHAI
from tests.modules.inspections import things

DAY = date(2026, 5, 6)
AT = datetime(2026, 5, 6, 10, tzinfo=SHANGHAI)
OXYGEN = Item(code="O", text="氧含量", law="规定", answer="number", unit="%", low=Decimal("19.5"), high=Decimal("23.5"))
DOOR = Item(code="D", text="出口畅通", law="安全生产法", article="第四十二条", answer="yes_no")
LIST = CheckList(code="x", name="试", certainty="无", valid_from=date(2020, 1, 1), items=(DOOR, OXYGEN))

ROW: dict[str, Any] = {"code": "a", "name": "甲", "certainty": "无", "valid_from": date(2020, 1, 1)}
ONE = {"items": [{"code": "A-1", "text": "一", "law": "法"}]}


def whole(**values: Any) -> Content:
    """A complete document of a patrol."""
    given_: dict[str, Any] = {
        "enterprise": 1,
        "unit": 2,
        "kind": "patrol",
        "day": DAY,
        "lists": (LIST.version,),
        "officers": (Officer("赵镇街"),),
        "answers": {"D": Answer("pass"), "O": Answer("pass", "20.9")},
        "refusal": Refusal("孙见证", "不同意", AT),
        **values,
    }
    return Content(**given_)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "code", "source"),
    [
        (date(2017, 11, 29), "major-industry", ""),
        (date(2017, 11, 30), "major-industry", "〔2017〕129号"),
        (date(2023, 5, 14), "major-industry", "〔2017〕129号"),
        (date(2023, 5, 15), "major-industry", "令第10号"),
        (date(2017, 11, 12), "major-chemicals", ""),
        (date(2017, 11, 13), "major-chemicals", "〔2017〕121号"),
        (date(2026, 1, 1), "major-chemicals", "〔2017〕121号"),
    ],
)
def test_major_hazards_are_judged_by_the_set_of_the_day(day: date, code: str, source: str) -> None:
    things.criteria()
    rows = {row.code: row for row in pack.lists_on(day)}
    if not source:
        assert code not in rows
        return
    items = rows[code].items
    assert items
    assert all(source in item.law for item in items)
    assert {(item.answer, item.level, item.criterion == item.code) for item in items} == {("absent", "major", True)}


@pytest.mark.django_db
def test_a_changed_rule_is_another_version_and_the_old_one_stays() -> None:
    codes = [[row.code for row in pack.lists_on(day)] for day in (date(2023, 12, 31), date(2024, 1, 1))]
    assert ("confined-59" in codes[0], "confined" in codes[0]) == (True, False)
    assert ("confined-59" in codes[1], "confined" in codes[1]) == (False, True)
    assert [row.version for row in pack.chosen(["confined@2024-01-01"], date(2024, 1, 1))] == ["confined@2024-01-01"]
    with pytest.raises(KeyError):
        pack.chosen(["confined@2024-01-01"], date(2023, 12, 31))


def test_every_item_names_its_law_and_every_list_how_sure_it_is() -> None:
    lists = pack.pack()
    assert {"general", "industry", "dust", "confined", "smelting", "chem-trade", "chem-make", "fireworks"} <= {
        row.code for row in lists
    }
    assert all(row.certainty for row in lists)
    assert all(item.law and item.article for row in lists for item in row.items)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{**ROW}], "须写 items 或 criteria"),
        ([{**ROW, **ONE, "criteria": "工贸"}], "只写一种"),
        ([{**ROW, **ONE, "valid_to": date(2019, 1, 1)}], "早于 valid_from"),
        ([{**ROW, "items": ONE["items"] * 2}], "写了两次"),
        ([{**ROW, **ONE}, {**ROW, "valid_from": date(2021, 1, 1), "criteria": "工贸"}], "同一天有效"),
        ([{**ROW, **ONE}, {**ROW, **ONE, "code": "b"}], "两张检查表里都有"),
        ([{**ROW, "items": [{**ONE["items"][0], "answer": "number"}]}], "须写 low 或 high"),
        ([{**ROW, "items": [{**ONE["items"][0], "answer": "number", "low": 2, "high": 1}]}], "小于 low"),
        ([{**ROW, "items": [{**ONE["items"][0], "category": "5"}]}], "格式有误"),
        ([{**ROW, **ONE, "unknown": 1}], "格式有误"),
    ],
)
def test_a_faulty_pack_is_refused_in_one_sentence(rows: Any, words: str) -> None:
    with pytest.raises(Faulty, match=words):
        parse({"lists": rows})


@settings(max_examples=30)
@given(st.decimals(min_value=-50, max_value=150, places=2))
def test_a_reading_is_in_order_exactly_within_its_limits(value: Decimal) -> None:
    assert (OXYGEN.verdict(str(value)) == "pass") == (Decimal("19.5") <= value <= Decimal("23.5"))


@pytest.mark.parametrize("value", ["", "高", "NaN", "Infinity", "1,5"])
def test_a_reading_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="不是数字"):
        OXYGEN.verdict(value)


def test_a_complete_document_lacks_nothing() -> None:
    assert lacks(whole(), [LIST]) == []
    assert lacks(whole(refusal=None, signature=Signature(uuid4(), "0" * 64, "冯安全", AT)), [LIST]) == []


_PAIR = (Officer("甲", "1"), Officer("乙", "2"))
_DOOR_FAILS = {"D": Answer("fail"), "O": Answer("na")}
_DOOR_FINDING = (Finding(uuid4(), "锁闭", "D"),)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"officers": ()}, "没有写检查人员"),
        ({"kind": "statutory", "reason": "plan", "officers": _PAIR[:1]}, "至少两名执法人员"),
        ({"kind": "statutory", "reason": "plan", "officers": (*_PAIR[:1], Officer("乙", "1"))}, "至少两名执法人员"),
        ({"kind": "statutory", "reason": "plan", "officers": (*_PAIR[:1], Officer("乙"))}, "至少两名执法人员"),
        ({"kind": "statutory", "officers": _PAIR}, "检查事由"),
        ({"answers": {"D": Answer("pass")}}, "还有 1 项没有检查，第一项是“氧含量”"),
        ({"answers": {"D": Answer("na"), "O": Answer("na")}}, "不能答"),
        ({"answers": {"D": Answer("pass"), "O": Answer("pass", "19.4")}}, "与结论不符，应为“不合格”"),
        ({"answers": {"D": Answer("pass"), "O": Answer("pass", "")}}, "不是数字"),
        ({"answers": _DOOR_FAILS}, "须写明问题"),
        ({"findings": _DOOR_FINDING}, "没有答不符合，却写了问题"),
        ({"answers": _DOOR_FAILS, "findings": (Finding(uuid4(), "锁闭", "D", deadline=date(2026, 5, 5)),)}, "早于检查"),
        ({"photos": (Photo(uuid4(), "0" * 64, AT, uuid4()),)}, "已删除的问题"),
        ({"refusal": None}, "没有签字"),
        ({"signature": Signature(uuid4(), "0" * 64, "冯", AT)}, "只能有一种"),
    ],
)
def test_each_lack_is_said(values: dict[str, Any], words: str) -> None:
    found = lacks(whole(**values), [LIST])
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "statutory", "reason": "plan", "officers": _PAIR},
        {"answers": _DOOR_FAILS, "findings": _DOOR_FINDING},
        {"answers": {"D": Answer("pass"), "O": Answer("na")}},
        {"answers": _DOOR_FAILS, "findings": (Finding(uuid4(), "锁闭", "D", deadline=DAY),)},
        {"findings": (Finding(uuid4(), "表外的问题"),)},
    ],
)
def test_what_is_in_order_is_not_refused(values: dict[str, Any]) -> None:
    assert lacks(whole(**values), [LIST]) == []


def test_answers_that_no_list_has_are_named() -> None:
    document = whole(answers={"D": Answer("pass"), "ZZ": Answer("pass")}, findings=(Finding(uuid4(), "x", "YY"),))
    assert strangers(document, [LIST]) == ["YY", "ZZ"]
    assert strangers(whole(), [LIST]) == []


def test_a_difference_names_the_item_and_both_answers() -> None:
    mine = whole(answers={"D": Answer("fail"), "O": Answer("pass", "20.9")}, summary="甲")
    found = {row.title: (row.mine, row.theirs) for row in differences(mine, whole(), [LIST])}
    assert found == {"D 出口畅通": ("不符合", "符合"), "检查情况": ("甲", "（没有）")}
    assert differences(mine, mine, [LIST]) == []


_TEXT = st.text(max_size=10)
_DOCUMENTS = st.builds(
    whole,
    summary=_TEXT,
    companion=_TEXT,
    officers=st.lists(st.builds(Officer, st.text(min_size=1, max_size=10), _TEXT), max_size=3).map(tuple),
    answers=st.dictionaries(
        st.sampled_from(["D", "O"]), st.builds(Answer, st.sampled_from(sorted(WORDS["compliance"])), _TEXT, _TEXT)
    ),
)


@settings(max_examples=40)
@given(_DOCUMENTS, _DOCUMENTS)
def test_documents_are_the_same_exactly_when_their_digests_are(one: Content, two: Content) -> None:
    assert (digest(one) == digest(two)) == (one == two)
    again = msgspec.json.decode(encode(one), type=Content)
    assert (again, digest(again)) == (one, digest(one))
    there, back = differences(one, two, [LIST]), differences(two, one, [LIST])
    assert {(row.title, row.mine, row.theirs) for row in there} == {(row.title, row.theirs, row.mine) for row in back}
    assert differences(one, one, [LIST]) == []


def test_a_moment_without_a_zone_is_refused() -> None:
    plain = {**msgspec.to_builtins(whole()), "started_at": "2026-05-06T10:00:00"}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, Content)
    later = {**msgspec.to_builtins(whole()), "started_at": (AT + timedelta(hours=1)).isoformat()}
    assert msgspec.convert(later, Content).started_at == AT + timedelta(hours=1)
