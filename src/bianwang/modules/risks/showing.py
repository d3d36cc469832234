"""What the pages of a risk point and of a major hazard source show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.urls import reverse

from bianwang.modules.risks import pack
from bianwang.modules.risks.lists import GRADE_COLOURS
from bianwang.modules.risks.models import DutyRecord, Grading, Keeper, RiskPoint, Source
from bianwang.modules.sensing.models import Camera, Signal
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.places.queries import party_url
from bianwang.platform.ui.cells import RISK_COLOURS, Column, fact
from bianwang.platform.ui.objects import Facts, Related


def point_facts(point: RiskPoint) -> Sequence[Facts]:
    """Groups of labels and values."""
    rules = pack.method(point.method, point.assessed_on)
    held = pack.control(point.level, point.assessed_on)
    late = point.review_by < today()
    return [
        Facts(
            "风险",
            [
                fact("企业", point.owner.name, href=party_url(point.owner)),
                fact("区域", point.zone.name if point.zone else ""),
                fact("风险等级", point.get_level_display(), "badge", colour=RISK_COLOURS[point.level]),
                fact("算式", point.arithmetic),
                fact("主要危险因素", point.hazard),
                fact("可能导致的事故", point.accidents),
                fact("评价日期", point.assessed_on),
                fact("复评期限", f"{point.review_by}（已逾期）" if late else point.review_by),
                fact("依据", f"{rules.source} {rules.article}（{rules.certainty}）"),
            ],
        ),
        Facts(
            "管控",
            [
                fact("管控层级", held.held_at),
                fact("管控措施", point.controls),
                fact("应急处置", point.emergency),
                fact("责任人", point.keeper),
                fact("责任人电话", point.phone, "phone"),
            ],
        ),
    ]


def source_facts(source: Source) -> Sequence[Facts]:
    """Groups of labels and values."""
    return [
        Facts(
            "单元",
            [
                fact("企业", source.owner.name, href=party_url(source.owner)),
                fact("单元类型", source.get_unit_display()),
                fact("区域", source.zone.name if source.zone else ""),
                fact("500 m 内常住人口", source.people, "number", unit="人"),
                fact(
                    "等级", source.grade or "不构成重大危险源", "badge", colour=GRADE_COLOURS.get(source.grade, "green")
                ),
                fact("S", source.s, "number"),
                fact("R", source.r, "number"),
            ],
        ),
        Facts(
            "备案与评估",
            [
                fact("备案编号", source.filing_number),
                fact("备案日期", source.filed_on),
                fact("安全评估日期", source.evaluated_on),
                fact("下次评估期限", source.evaluate_by),
                fact("依据", pack.pack().evaluation_basis),
            ],
        ),
    ]


def source_related(source: Source, user: Any, *, may_edit: bool) -> Sequence[Related]:
    """Keepers, what they did, earlier results, and what watches the place."""
    keepers = access.visible(user, Keeper, "risks.view").filter(source=source)
    keepers = keepers.order_by(F("until").desc(nulls_first=True), "level", "-since")
    records = access.visible(user, DutyRecord, "risks.view").filter(keeper__source=source).select_related("keeper")
    gradings = access.visible(user, Grading, "risks.view").filter(source=source).select_related("graded_by")
    rows = {row.code: row for row in pack.duties(today())}
    columns = (
        *_KEEPER,
        Column("next", "下次履职期限", lambda row: _next(row, rows), kind="date"),
    )
    add = ("确定责任人", reverse("risks:keeper", args=[source.pk])) if may_edit else None
    act = ("登记履职", reverse("risks:duty", args=[source.pk])) if may_edit and source.keepers.exists() else None
    found = [
        Related("包保责任人", columns, keepers, add=add, empty="还没有确定主要负责人、技术负责人和操作负责人。"),
        Related("履职记录", _RECORD, records[:50], add=act, empty="没有履职记录。"),
        Related("历次分级", _GRADING, gradings),
    ]
    if source.zone_id and access.can(user, "sensing.view"):
        found.append(
            Related(
                "本区域信号", _SIGNAL, access.visible(user, Signal, "sensing.view").filter(zone=source.zone_id)[:50]
            )
        )
        found.append(
            Related(
                "本区域摄像机", _CAMERA, access.visible(user, Camera, "sensing.view").filter(zone=source.zone_id)[:50]
            )
        )
    return found


def _next(keeper: Keeper, rows: dict[str, pack.Duty]) -> Any:
    duty = rows.get(keeper.level)
    return keeper.next_duty(duty.days) if duty and keeper.until is None else None


_KEEPER = (
    Column("level", "层级", "level_name"),
    Column("name", "姓名"),
    Column("post", "职务"),
    Column("phone", "电话", kind="phone"),
    Column("since", "起", kind="date"),
    Column("until", "止", kind="date"),
    Column("acted_on", "最近履职", kind="date"),
)
_RECORD = (
    Column("done_on", "日期", kind="date"),
    Column("keeper", "责任人", lambda row: str(row.keeper)),
    Column("content", "内容"),
)
_GRADING = (
    Column("graded_at", "计算时间", kind="datetime"),
    Column("grade", "等级", lambda row: row.grade or "不构成"),
    Column("arithmetic", "算式", lambda row: row.arithmetic.splitlines()[-1]),
    Column("graded_by", "计算人", "graded_by.name"),
)
_SIGNAL = (Column("title", "信号", kind="link"), Column("quantity", "量"))
_CAMERA = (Column("name", "摄像机", kind="link"),)
