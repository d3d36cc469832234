"""What the page of a permit shows: groups of facts, and the columns of what belongs to it."""

from __future__ import annotations

from typing import Any

from bianwang.modules.permits.models import GasReading, Permit
from bianwang.platform.ui.cells import Cell, Column, fact


def _verdict(row: GasReading) -> str:
    return "合格" if row.passed else "不合格"


MEASURE = (
    Column("text", "措施"),
    Column("is_taken", "落实", lambda row: "已落实" if row.is_taken else "不适用", kind="badge"),
)
READING = (
    Column("at", "检测时间", "test.at", kind="datetime"),
    Column("what", "高度与气体", lambda row: f"{row.get_height_display()} {row.gas_name}"),
    Column("value", "浓度", kind="number"),
    Column("unit", "单位"),
    Column("limit", "合格范围"),
    Column("passed", "结论", _verdict, kind="badge", colour=lambda row: "green" if row.passed else "red"),
    Column("instrument", "仪器", "test.instrument"),
    Column("tester", "检测人", "test.tester"),
)
OTHER = (
    Column("number", "编号", kind="link"),
    Column("title", "作业"),
    Column("state", "状态", lambda row: row.state_row.name, kind="badge"),
    Column("valid_to", "有效期止", kind="datetime"),
)


def _job(permit: Permit) -> list[Cell]:
    kind = permit.kind_row
    upgraded = permit.level != permit.base_level
    level = f"{permit.level_name}（由{kind.level(permit.base_level).name}升级）" if upgraded else permit.level_name
    unit = "米" if kind.level_by == "metres" else "吨"
    rows = [
        fact("作业类型", kind.name),
        fact("作业等级", level),
        fact("作业单位", permit.owner.name),
        fact("区域", " ".join(filter(None, [permit.zone.name, permit.place]))),
        fact("作业内容", permit.content),
        fact("承包商", permit.contractor),
        fact("作业人", permit.workers),
        fact("监护人", permit.guard.name),
        fact("爆炸危险区域", permit.in_explosive_area, "flag"),
    ]
    if permit.measure is not None:
        rows.insert(2, fact("作业高度" if unit == "米" else "吊装质量", permit.measure, "number", unit=unit))
    if permit.longitude is not None:
        rows.append(fact("坐标", f"{permit.longitude:.5f}, {permit.latitude:.5f}"))
    if kind.isolates or kind.plates:
        rows.append(fact("盲板" if kind.plates else "隔离点", permit.isolations))
    if permit.parent:
        rows.append(fact("随同的作业票", permit.parent, href=permit.parent.get_absolute_url()))
    return rows


def _time(permit: Permit) -> list[Cell]:
    rows = [
        fact("计划开始", permit.planned_start, "datetime"),
        fact("计划结束", permit.planned_end, "datetime"),
        fact("有效期起", permit.valid_from, "datetime"),
        fact("有效期止", permit.valid_to, "datetime"),
        fact("开工时间", permit.started_at, "datetime"),
        fact("最近一次中断", permit.interrupted_at, "datetime"),
        fact("结束时间", permit.stopped_at, "datetime"),
    ]
    return [*rows, fact("只在工作日白天作业", permit.day_only, "flag")] if permit.kind_row.upgrades else rows


def _signatures(permit: Permit) -> list[Cell]:
    kind = permit.kind_row
    approver = permit.approved_as or kind.level(permit.level).approver
    rows = [
        _signed("申请", permit.applied_by, permit.applied_at),
        _signed("安全交底", permit.briefed_by, permit.briefed_at),
        _signed(f"审批（{approver}）", permit.approved_by, permit.approved_at),
        _signed("监护签到", permit.guard if permit.guarded_at else None, permit.guarded_at),
        _signed("验收", permit.accepted_by, permit.accepted_at),
    ]
    if kind.isolates or kind.plates:
        rows.insert(2, _signed("隔离确认", permit.isolated_by, permit.isolated_at))
    if kind.locks:
        locked = "已上锁挂牌" if permit.is_locked else "已解锁摘牌" if permit.unlocked_at else ""
        rows.append(fact("锁牌", locked))
    return rows


def _signed(name: str, person: Any, at: Any) -> Cell:
    return fact(name, f"{person.name} {fact('', at, 'datetime').text}" if person else "")


def _analysis(permit: Permit) -> list[Cell]:
    return [
        fact("主要危害与后果", permit.analysis),
        fact("补充措施", permit.extra_measures),
        fact("不适用措施的说明", permit.inapplicable),
        fact("交底内容", permit.briefing),
        fact("验收意见", permit.outcome),
        fact("依据", f"{permit.kind_row.source} {permit.kind_row.article}"),
    ]


GROUPS = (("作业", _job), ("时间", _time), ("签名", _signatures), ("分析与交底", _analysis))
