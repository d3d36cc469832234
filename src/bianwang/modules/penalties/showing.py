"""What the pages of a case and of what hangs on it show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bianwang.modules.penalties import timing
from bianwang.modules.penalties.accounts import account
from bianwang.modules.penalties.guards import electronic
from bianwang.modules.penalties.models import Case, Evidence, Measure, Publication, Source
from bianwang.modules.penalties.pack import conduct, statute, version
from bianwang.modules.penalties.statute import last_day_to_find
from bianwang.modules.penalties.weighing import circumstances
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related

CASE_SELECT = ("unit", "dossier", "enterprise", "hazard", "visit", "filed_by", "decided_by", "created_by")


def case_facts(case: Case) -> Sequence[Facts]:
    """Groups of labels and values, those that have something to say."""
    found = [Facts("案情", _basics(case))]
    if case.told_on or case.proposed_version:
        found.append(Facts("拟处罚与告知", _proposal(case)))
    hearing = getattr(case, "hearing", None)
    if hearing is not None:
        found.append(Facts("听证", _hearing(hearing)))
    if case.decided_on:
        found.append(Facts("处罚决定", _decision(case)))
    if case.served_on:
        found.append(Facts("履行", _execution(case)))
    transfer = getattr(case, "transfer", None)
    if transfer is not None:
        found.append(Facts("移送", _transfer(transfer)))
    return found


def case_related(case: Case) -> Sequence[Related]:
    """What hangs on the case; only evidence and people stand there when empty."""
    officers = case.officers.select_related("user")
    evidence = case.evidence.select_related("source__owner")
    found = [
        Related("办案人员", _OFFICERS, officers),
        Related("证据", _EVIDENCE, evidence, empty="没有登记证据。"),
    ]
    others = (
        ("强制措施与登记保存", _MEASURES, case.measures.all()),
        ("法制审核", _REVIEWS, case.reviews.select_related("by")),
        ("陈述申辩", _PLEAS, case.pleas.all()),
        ("集体讨论", _DISCUSSIONS, case.discussions.prefetch_related("opinions")),
        ("停算期间", _SUSPENSIONS, case.suspensions.all()),
        ("分期", _INSTALMENTS, case.instalments.all()),
        ("缴款", _PAYMENTS, case.payments.all()),
    )
    for title, columns, rows in others:
        listed = list(rows)
        if listed:
            found.append(Related(title, columns, listed))
    return found


def evidence_facts(row: Evidence) -> Sequence[Facts]:
    """The piece, and the gates of a device's record."""
    basics = [
        fact("案件", str(row.case), href=row.case.get_absolute_url()),
        fact("种类", row.get_kind_display()),
        fact("来源", row.get_origin_display()),
        fact("证明内容", row.proves),
        fact("取得或记录时间", row.taken_at, "datetime"),
        fact("收集人", row.collected_by.name),
        fact("原始文件SM3", row.digest),
    ]
    if row.alarm is not None:
        basics.append(fact("关联告警", row.alarm.title, href=row.alarm.get_absolute_url()))
    gates = [
        fact("人工审查", _who(row.examined_by, row.examined_at)),
        fact("向当事人出示", _who(row.shown_by, row.shown_at)),
        fact("对方意见", row.shown_to),
    ]
    if row.source is not None:
        gates = [*_gates(row.source), *gates, fact("还缺", electronic(row) or "无，四项审核齐全")]
    return [Facts("证据", basics), Facts("审核", gates)]


def source_facts(row: Source, user: User) -> Sequence[Facts]:
    """The device and its reviews; a link to the device for those who may open it."""
    unit = row.device or row.camera
    may_open = access.can(user, "sensing.view")
    basics = [
        fact("所在单位", row.owner.name),
        fact("设备", unit.name if unit else "", href=unit.get_absolute_url() if unit and may_open else ""),
        fact("设置地点", row.place),
        fact("停用日期", row.retired_on, "date"),
    ]
    return [Facts("设备", basics), Facts("审核与公布（行政处罚法第四十一条）", _gates(row))]


def measure_facts(row: Measure) -> Sequence[Facts]:
    """What was sealed, seized or preserved, and for how long."""
    cells = [
        fact("案件", str(row.case), href=row.case.get_absolute_url()),
        fact("措施", row.get_kind_display()),
        fact("场所、设施或者财物", row.items),
        fact("地点", row.place),
        fact("先行实施", row.emergency, "flag"),
        fact("实施日期", row.started_on, "date"),
        fact("期限", timing.seizure_due(row) if row.started_on else None, "date"),
        fact("已延长", row.extended, "flag"),
        fact("申请人", row.asked_by.name),
        fact("审批人", row.approved_by.name if row.approved_by else ""),
        fact("处理决定", row.get_outcome_display()),
        fact("处理日期", row.decided_on, "date"),
    ]
    return [Facts("措施", cells)]


def publication_facts(row: Publication) -> Sequence[Facts]:
    """What the public reads."""
    cells = [
        fact("案件", str(row.case), href=row.case.get_absolute_url()),
        fact("处罚决定书文号", row.document),
        fact("行政相对人", row.respondent),
        fact("统一社会信用代码", row.credit_code),
        fact("违法事实", row.facts),
        fact("处罚依据", row.basis),
        fact("处罚内容", row.decision),
        fact("处罚决定日期", row.decided_on, "date"),
        fact("处罚机关", row.case.unit.name),
        fact("公示日期", row.published_on, "date"),
        fact("公示人", row.published_by.name),
        fact("停止公示日期", row.ended_on, "date"),
    ]
    return [Facts("公示内容", cells)]


def _basics(case: Case) -> list[Cell]:
    rule = conduct(case.conduct)
    ended = case.conduct_to.isoformat() if case.conduct_to else "仍在继续"
    found = [
        fact("当事人", f"{case.respondent_name}（{case.get_respondent_kind_display()}）"),
        fact("涉案单位", case.enterprise.name),
        fact("案件来源", case.get_origin_display()),
        fact("案由", rule.name),
        fact("违法行为期间", f"{case.conduct_from} 至 {ended}"),
        fact("案情", case.facts),
        fact("违法程度", f"{rule.measure.name} {case.degree.normalize():f} {rule.measure.unit}"),
        fact("逾期未改正", case.overdue, "flag"),
        fact("裁量情节", "；".join(row.name for row in circumstances(case, today()))),
        fact("追责时效", _statute(case)),
        fact("程序", case.get_procedure_display()),
        fact("办案机关", case.unit.name),
        fact("案卷", case.dossier.title if case.dossier else "", href=_dossier(case)),
        fact("发现日期", case.found_on, "date"),
        fact("立案日期", case.filed_on, "date"),
        fact("立案审批人", case.filed_by.name if case.filed_by else ""),
    ]
    if case.hazard is not None:
        found.append(fact("来源隐患", str(case.hazard), href=case.hazard.get_absolute_url()))
    if case.visit is not None:
        found.append(fact("来源检查", str(case.visit), href=case.visit.get_absolute_url()))
    return found


def _dossier(case: Case) -> str:
    return case.dossier.get_absolute_url() if case.dossier else ""


def _statute(case: Case) -> str:
    if case.conduct_to is None:
        return "行为仍在继续，时效未起算"
    rule = statute(case.conduct_to)
    last = last_day_to_find(case.conduct_to, rule.life_years if case.life_harm else rule.years)
    return f"应在 {last} 前发现（{rule.source}{rule.article}）"


def _proposal(case: Case) -> list[Cell]:
    return [
        fact("拟适用规定", _law(case, case.proposed_version)),
        fact("拟处罚种类", case.proposed_kinds or "不予处罚"),
        fact("拟罚款", case.proposed_fine, "money", unit="元"),
        fact("告知日期", case.told_on, "date"),
        fact("书面放弃陈述申辩和听证", case.waived, "flag"),
    ]


def _hearing(row: Any) -> list[Cell]:
    return [
        fact("要求听证日期", row.asked_on, "date"),
        fact("听证通知日期", row.notified_on, "date"),
        fact("听证日期", row.held_on, "date"),
        fact("地点", row.place),
        fact("主持人", row.presider.name if row.presider else ""),
        fact("听证意见", "当事人撤回听证" if row.is_withdrawn else row.record),
    ]


def _decision(case: Case) -> list[Cell]:
    return [
        fact("适用规定", _law(case, case.version)),
        fact("裁量档次", case.band),
        fact("适用和裁量的理由", case.choice_reason),
        fact("处罚种类", case.kinds or "不予处罚"),
        fact("罚款", case.fine, "money", unit="元"),
        fact("没收违法所得", case.confiscated or None, "money", unit="元"),
        fact("决定日期", case.decided_on, "date"),
        fact("决定人", case.decided_by.name if case.decided_by else ""),
        fact("当场处罚备案日期", case.registered_on, "date"),
    ]


def _execution(case: Case) -> list[Cell]:
    found = account(case, today())
    return [
        fact("送达日期", case.served_on, "date"),
        fact("缴款期限", case.pay_by, "date"),
        fact("已缴罚款", found.fine_paid, "money", unit="元"),
        fact("未缴罚款", found.fine_due, "money", unit="元"),
        fact("加处罚款（截至今日）", found.late, "money", unit="元"),
        fact("已缴加处罚款", found.late_paid, "money", unit="元"),
        fact("催告日期", case.urged_on, "date"),
        fact("结案日期", case.closed_on, "date"),
    ]


def _transfer(row: Any) -> list[Cell]:
    return [
        fact("移送类别", row.get_to_kind_display()),
        fact("接收机关", row.to),
        fact("移送日期", row.sent_on, "date"),
        fact("回执日期", row.receipt_on, "date"),
        fact("回执", row.receipt),
    ]


def _gates(row: Source) -> list[Cell]:
    return [
        fact("取证设备", str(row), href=row.get_absolute_url()),
        fact("法制审核", _who(row.legal_by, row.legal_on)),
        fact("技术审核", _who(row.technical_by, row.technical_on)),
        fact("公布设置地点", _who(row.published_by, row.published_on)),
        fact("公布处", row.published_at),
    ]


def _law(case: Case, code: str) -> str:
    return str(version(case.conduct, code)) if code else "没有处罚规定"


def _who(person: Any, when: Any) -> str:
    if person is None:
        return ""
    local = when.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if hasattr(when, "hour") else when
    return f"{person.name} {local}"


_OFFICERS = (
    Column("user", "姓名", "user.name"),
    Column("certificate", "执法证号"),
    Column("is_lead", "主办", kind="flag"),
    Column("recused_on", "回避日期", kind="date"),
    Column("recusal", "回避理由"),
)
_EVIDENCE = (
    Column("number", "证据", lambda row: str(row), kind="link"),
    Column("kind", "种类"),
    Column("origin", "来源"),
    Column("proves", "证明内容"),
    state_column(),
)
_MEASURES = (
    Column("kind", "措施", kind="link"),
    Column("items", "场所、设施或者财物", lambda row: row.items[:40]),
    Column("started_on", "实施日期", kind="date"),
    state_column(),
    Column("due_at", "期限", kind="due"),
)
_REVIEWS = (
    Column("at", "时间", kind="datetime"),
    Column("by", "审核人", "by.name"),
    Column("passed", "通过", kind="flag"),
    Column("opinion", "意见"),
)
_PLEAS = (
    Column("day", "日期", kind="date"),
    Column("content", "内容"),
    Column("verdict", "复核意见"),
    Column("answer", "复核理由"),
)
_DISCUSSIONS = (
    Column("held_on", "日期", kind="date"),
    Column("opinions", "参加人和意见", lambda row: "；".join(map(str, row.opinions.all()))),
    Column("result", "结论"),
    Column("agreed", "同意", kind="flag"),
    Column("fine", "议定罚款", kind="money", unit="元"),
)
_SUSPENSIONS = (
    Column("kind", "事项"),
    Column("first", "开始", kind="date"),
    Column("last", "结束", kind="date"),
)
_INSTALMENTS = (Column("day", "应缴日期", kind="date"), Column("amount", "金额", kind="money", unit="元"))
_PAYMENTS = (
    Column("day", "日期", kind="date"),
    Column("kind", "款项"),
    Column("way", "方式"),
    Column("amount", "金额", kind="money", unit="元"),
    Column("receipt", "票据号"),
    Column("handed_in_on", "交至机关", kind="date"),
    Column("banked_on", "缴付银行", kind="date"),
)
