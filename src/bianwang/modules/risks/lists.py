"""The lists of risk points and of major hazard sources."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from bianwang.modules.risks.models import RiskPoint, Source
from bianwang.modules.risks.queries import faulty, is_major, review_due
from bianwang.platform.ui.cells import RISK_COLOURS, Column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

LEVEL = Column("level", "风险等级", kind="badge", colour=lambda row: RISK_COLOURS[row.level], sort="level")
GRADES = tuple((grade, grade) for grade in ("一级", "二级", "三级", "四级"))
GRADE_COLOURS = dict(zip((grade for grade, _ in GRADES), ("red", "orange", "yellow", "blue"), strict=True))


class PointList(ListPage):
    """All risk points."""

    model = RiskPoint
    permission = "risks.view"
    title = "风险点"
    columns = (
        Column("name", "风险点", kind="link", sort="name"),
        Column("owner", "企业", "owner.name", sort="owner__pinyin"),
        LEVEL,
        Column("score", "风险值", kind="number", sort="score"),
        Column("method", "评价方法", sort="method"),
        Column("accidents", "可能导致的事故"),
        Column("keeper", "责任人"),
        Column("assessed_on", "评价日期", kind="date", sort="assessed_on"),
        Column("review_by", "复评期限", kind="date", sort="review_by"),
        Column("zone", "区域", "zone.name", default=False),
        Column("hazard", "主要危险因素", default=False),
        Column("controls", "管控措施", default=False),
        Column("phone", "责任人电话", kind="phone", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="风险点或企业", fields=("name", "owner__name", "owner__pinyin", "owner__initials")),
        Choice("level", "风险等级"),
        Choice("method", "评价方法"),
        InTerritory(),
        DateRange("review_by", "复评期限"),
        Flag("late", "复评逾期", where=lambda user: review_due()),
        Owner(title="企业"),
    )
    related = ("owner", "zone")
    sort = "-score"
    empty = "还没有风险点。点“登记风险点”，或从 Excel“批量导入”。"
    buttons = (
        Button("登记风险点", "risks:new", "risks.edit"),
        Button("批量导入", "risks:import", "risks.edit", "file-upload"),
    )


class SourceList(ListPage):
    """All units that were examined, the major hazard sources among them."""

    model = Source
    permission = "risks.view"
    title = "重大危险源"
    columns = (
        Column("name", "单元", kind="link", sort="name"),
        Column("owner", "企业", "owner.name", sort="owner__pinyin"),
        Column("grade", "等级", kind="badge", sort="grade", colour=lambda row: GRADE_COLOURS.get(row.grade, "")),
        Column("s", "S", kind="number", sort="s"),
        Column("r", "R", kind="number", sort="r"),
        Column("unit", "单元类型", sort="unit"),
        Column("faults", "缺项", lambda row: "；".join(row.faults), kind="badge", colour=lambda row: "red"),
        Column("filing_number", "备案编号", sort="filing_number"),
        Column("evaluate_by", "下次评估期限", kind="date", sort="evaluate_by"),
        Column("people", "500 m 内常住人口", kind="number", default=False),
        Column("items", "危险化学品", lambda row: "；".join(row.items.split("\n")), default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="单元、企业或备案编号", fields=("name", "owner__name", "owner__pinyin", "filing_number")),
        Choice("grade", "等级", choices=GRADES),
        Choice("unit", "单元类型"),
        InTerritory(),
        DateRange("evaluate_by", "评估期限"),
        Flag("major", "构成重大危险源", where=lambda user: is_major()),
        Flag("faulty", "有缺项", where=lambda user: faulty()),
        Owner(title="企业"),
    )
    related = ("owner",)
    sort = "-r"
    empty = "还没有辨识过的单元。点“辨识单元”，填写危险化学品和设计最大量，平台按 GB 18218 计算。"
    buttons = (Button("辨识单元", "risks:source_new", "risks.edit"),)

    def rows(self) -> QuerySet[Any]:
        return super().rows().prefetch_related("keepers")
