"""What the pages of an application and of a licence show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bianwang.modules.licensing import running
from bianwang.modules.licensing.lists import DECISION_COLOURS
from bianwang.modules.licensing.models import Application, Licence, Pause, SiteVisit
from bianwang.platform import access
from bianwang.platform.places.queries import party_url
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related


def facts(application: Application) -> Sequence[Facts]:
    """Groups of labels and values."""
    groups = [Facts("申请情况", _basics(application)), Facts("办理时限", _clock(application))]
    if application.decision:
        groups.append(Facts("决定与送达", _decision(application)))
    return groups


def related(application: Application, user: Any) -> Sequence[Related]:
    """What interrupted the clock, and who looked on site."""
    pauses = access.visible(user, Pause, "licensing.view").filter(application=application)
    visits = access.visible(user, SiteVisit, "licensing.view").filter(application=application)
    return [
        Related("现场核查", _VISIT, visits.prefetch_related("officers"), empty="没有现场核查记录。"),
        Related("不计入期限的时间", _PAUSE, pauses, empty="没有中止计时。"),
    ]


def licence_facts(licence: Licence) -> Sequence[Facts]:
    """Groups of labels and values."""
    return [
        Facts(
            "证照",
            [
                fact("持证单位", licence.owner.name, href=party_url(licence.owner)),
                fact("许可事项", licence.kind_name),
                fact("证书编号", licence.number),
                fact("许可范围", licence.scope),
                fact("发证机关", licence.issued_by),
                fact("发证日期", licence.issued_on),
                fact("有效期起", licence.valid_from),
                fact("有效期止", licence.valid_to or "不设有效期"),
                fact("到期提醒", f"已在到期前 {licence.reminded} 个月提醒" if licence.reminded else "尚未提醒"),
            ],
        )
    ]


def licence_related(licence: Licence, user: Any) -> Sequence[Related]:
    """What was applied for about it."""
    rows = access.visible(user, Application, "licensing.view").filter(licence=licence).order_by("-pk")
    return [Related("申请", _APPLICATION, rows, empty="没有在本平台办理过申请。")]


def _basics(application: Application) -> list[Cell]:
    rules, licence = application.rules, application.licence
    return [
        fact("申请单位", application.owner.name, href=party_url(application.owner)),
        fact("许可事项", rules.name),
        fact("申请类型", application.get_action_display()),
        fact("证照", licence and str(licence), href=licence.get_absolute_url() if licence else ""),
        fact("申请范围", application.scope),
        fact("决定机关", rules.decided_by + ("（本局受理、审查后转报）" if rules.forwarded else "")),
        fact("收到材料日期", application.submitted_on),
        fact("所需材料", "、".join(rules.materials)),
        fact("登记人", application.registered_by.name if application.registered_by else ""),
    ]


def _clock(application: Application) -> list[Cell]:
    rules, clock = application.rules, running.clock(application)
    basis = [fact("依据", f"{rules.source} {rules.article}"), fact("核实情况", rules.certainty)]
    if clock is None:
        return [fact("法定时限", f"受理之日起 {rules.limit_words}"), fact("计时", "尚未受理，未开始"), *basis]
    unit = "工作日" if rules.unit == "working" else "日"
    extended = f"，延长 {application.extended_days}" if application.extended_days else ""
    is_open = application.spent_days is None and application.state in {"reviewing", "stopped"}
    left = fact("剩余", f"{clock.left} {unit}")
    if clock.left < 0:
        left = fact("超期", f"超出 {-clock.left} {unit}", "badge", colour="red")
    shown = [
        fact("受理日期", application.accepted_on),
        fact("办理时限", f"{application.limit_days} {unit}{extended}"),
        fact("已用", f"{clock.used} {unit}"),
        *([left] if is_open or clock.left < 0 else []),
    ]
    if is_open:
        shown.append(fact("届满日期", clock.due or "时限中止，恢复后重新推算"))
    return [*shown, *basis]


def _decision(application: Application) -> list[Cell]:
    return [
        fact(
            "决定",
            application.get_decision_display(),
            "badge",
            colour=DECISION_COLOURS.get(application.decision, ""),
        ),
        fact("理由", application.decision_reason),
        fact("决定日期", application.decided_on),
        fact("决定人", application.decided_by.name if application.decided_by else ""),
        fact("送达日期", application.delivered_on),
        fact("送达方式", application.delivered_how),
    ]


_VISIT = (
    Column("visited_on", "日期", kind="date"),
    Column("officers", "核查人员", lambda row: "、".join(person.name for person in row.officers.all())),
    Column("findings", "核查情况"),
    Column("passed", "符合条件", kind="flag"),
)
_PAUSE = (
    Column("kind", "原因"),
    Column("started_on", "中止日期", kind="date"),
    Column("ended_on", "恢复日期", kind="date"),
    Column("reason", "说明"),
)
_APPLICATION = (
    Column("number", "编号", kind="link"),
    Column("action", "申请类型"),
    state_column(),
    Column("submitted_on", "收到材料", kind="date"),
    Column("decision", "决定"),
)
