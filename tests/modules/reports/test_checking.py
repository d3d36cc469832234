"""A draft that audits itself: what keeps it from being frozen."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from bianwang.modules.reports import checking
from bianwang.modules.reports.checking import Fault
from bianwang.modules.reports.drafting import Written
from bianwang.modules.reports.material import Material
from tests.modules.reports import year


def faults(edits: dict[str, Written], changes: dict[str, Decimal | None] | None = None) -> list[Fault]:
    return checking.faults(year.written(edits, changes), year.material(changes), edits)


def test_a_correct_report_has_no_fault() -> None:
    assert faults({}) == []


def test_a_paragraph_that_contradicts_the_figures_is_found_where_it_stands() -> None:
    found = faults(
        {"safety": Written("共发生事故“11”起，其中工贸{{accidents}}起、交通{{deaths}}起，整改率{{awareness}}%。")}
    )
    assert all(fault.key == "safety" for fault in found)
    wrong = "检查发现隐患{{hazards_found}}个，已整改{{hazards_rectified}}个，整改率{{awareness}}%。"
    [fault] = faults({"enforcement": Written(wrong)})
    assert fault.key == "enforcement"
    assert "前后矛盾" in fault.sentence
    assert "229611" in fault.sentence


def test_two_statements_that_exclude_each_other_are_found() -> None:
    found = faults(
        {
            "relief": Written(""),
            "safety": Written("及时足额下拨中央和市级补助资金。"),
            "problems.undisbursed": Written("中央及市级资金执行进度缓慢。"),
        }
    )
    assert len(found) == 1
    assert "及时足额" in found[0].sentence


def test_a_figure_without_a_value_is_named_with_what_to_enter() -> None:
    found = faults({}, {"certified": None})
    assert [fault.sentence for fault in found] == ["“标准化达标企业”没有数：请登记"]


def test_figures_that_lack_the_same_are_told_together() -> None:
    lacking = dict.fromkeys(("posts", "posts_administrative", "posts_managed", "posts_institution", "staff"))
    found = faults({}, dict(lacking))
    told = "“编制”“行政编制”“参公事业编制”等 5 个数字没有数：请登记"
    assert [fault.sentence for fault in found if "没有数" in fault.sentence] == [told]


def test_a_paragraph_whose_figure_is_missing_may_be_left_out() -> None:
    assert faults({"enforcement": Written("", is_dropped=True)}, {"certified": None}) == []


def test_a_missing_reason_is_a_fault() -> None:
    material = year.material()
    bare = tuple(msgspec.structs.replace(line, reason="") for line in material.lines)
    document = year.drafted(msgspec.structs.replace(material, lines=bare))
    found = checking.faults(document, material, {})
    assert ["（待补：预算执行率的偏差原因）" in fault.sentence for fault in found] == [True]


def test_a_number_typed_by_hand_is_a_fault_with_its_reference() -> None:
    [fault] = faults({"technology": Written("四是推广应用1023块显示屏。")})
    assert fault.key == "technology"
    assert "{{screens}}" in fault.sentence


def unproved(material: Material) -> Material:
    """The same, with full points for satisfaction out of nothing."""
    lines = [
        msgspec.structs.replace(line, figure="", evidence=0, actual="达成预期") if line.code == "satisfaction" else line
        for line in material.lines
    ]
    return msgspec.structs.replace(material, lines=tuple(lines))


def test_full_points_without_a_figure_or_evidence_are_a_fault() -> None:
    material = unproved(year.material())
    found = list(checking.faults(year.drafted(material), material, {}))
    assert any("“公众满意度”得了满分，却没有数字，也没有佐证材料" in fault.sentence for fault in found)
