"""How the kinds of relations and the verdicts are called in Chinese."""

from __future__ import annotations

from typing import Final

from bianwang.audit.model import Verdict

_NAMES: Final = {
    "sum": "合计",
    "difference": "差额",
    "rate": "比率",
    "share": "占比",
    "year_on_year": "增减",
    "weights": "分值",
    "score": "得分",
    "score_total": "总分",
    "grade": "等级",
    "missing_total": "缺总分",
    "bound": "上限",
    "list_count": "列举个数",
    "date_set": "日期",
    "date": "日期",
    "unit": "单位",
    "unit_price": "单价",
    "residual_test": "漏项检验",
    "difference_of_items": "分项差额",
    "line_difference": "分项差额",
    "cross_section_equal": "前后一致",
    "repeat_equal": "前后一致",
    "balance": "收支平衡",
    "target": "目标与得分",
    "actual_missing": "缺实际值",
    "deviation_reason": "缺偏差原因",
    "standard_missing": "缺评分标准",
    "evidence": "缺调查依据",
    "narrative_vs_narrative": "表述矛盾",
    "narrative_vs_data": "表述与数据",
    "period": "年度",
    "typo": "文字",
    "numbering": "编号",
    "digit_transposition": "数字颠倒",
    "unexplained_change": "变动未说明",
    "same_number_other_thing": "数字雷同",
    "partition": "分类不全",
    "rate_other_base": "另有基数",
    "rate_unit": "比率单位",
    "category_without_case": "明细不全",
}
_OTHER: Final = "其他"

ORDER: Final = (Verdict.CONTRADICTION, Verdict.SUSPICIOUS, Verdict.UNSUPPORTED)
"""The verdicts of findings, the gravest first."""

SIGNS: Final = {Verdict.CONTRADICTION: "矛", Verdict.SUSPICIOUS: "疑", Verdict.UNSUPPORTED: "缺"}
"""What stands beside a mark, so that its colour never stands alone."""

COLOURS: Final = {Verdict.CONTRADICTION: "red", Verdict.SUSPICIOUS: "orange", Verdict.UNSUPPORTED: "blue"}

MEANINGS: Final = {
    Verdict.CONTRADICTION: "这些数字或说法不可能同时成立，须改正。",
    Verdict.SUSPICIOUS: "不一定有错，但一般读者会问，请核实。",
    Verdict.UNSUPPORTED: "结论没有写明来源或算法，请补充依据。",
}


def name(kind: str) -> str:
    """A kind of relation in Chinese."""
    return _NAMES.get(kind, _OTHER)
