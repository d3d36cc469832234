"""What the pages of ratings, grades and subsidies show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bianwang.modules.standardisation import pack, scoring
from bianwang.modules.standardisation.models import Grade, SelfRating, Subsidy
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related


def rating_facts(rating: SelfRating) -> Sequence[Facts]:
    """The total and what it reaches."""
    scheme, total = rating.standard, rating.total
    lines = pack.lines(rating.submitted_on or today())
    level = scoring.reached(total, lines)
    words = dict(Grade._meta.get_field("level").choices or ())
    standing = f"达到{words[level]}分数线（{lines[level]} 分）" if level else "未达到最低分数线"
    rows = [
        fact("企业", rating.owner.name, href=rating.owner.get_absolute_url()),
        fact("年度", f"{rating.year}年"),
        fact("自评得分", total, "number", unit="分（百分制）"),
        fact("对照", standing),
        fact("评定标准", scheme.name),
        fact("依据", scheme.basis),
        fact("提交人", rating.submitted_by.name if rating.submitted_by else ""),
        fact("提交日期", rating.submitted_on, "date"),
        fact("自评说明", rating.note),
    ]
    return [Facts("自评", rows)]


def rating_related(rating: SelfRating, user: Any) -> Sequence[Related]:
    """The elements, and the grades that rest on it."""
    scores = list(rating.scores.select_related("rating"))
    grades = access.visible(user, Grade, "standardisation.view").filter(rating=rating).select_related("owner")
    return [
        Related("各要素得分", _SCORES, scores),
        Related("据此申请的定级", _GRADES, grades, empty="还没有申请定级。"),
    ]


def grade_facts(grade: Grade) -> Sequence[Facts]:
    """The certificate, how it came about, and what ended it."""
    basis = pack.level(grade.level, grade.graded_on or grade.applied_on or today())
    rows = [
        fact("企业", grade.owner.name, href=grade.owner.get_absolute_url()),
        fact("等级", grade.get_level_display()),
        fact("证书编号", grade.certificate),
        fact("定级部门", grade.authority),
        fact("定级日期", grade.graded_on, "date"),
        fact("有效期至", grade.valid_until, "date"),
        fact("依据", basis.basis),
    ]
    found = [Facts("证书", rows)]
    if not grade.is_imported:
        found.append(Facts("评审与公示", _review(grade, basis)))
    if grade.ground:
        ground = [fact("撤销情形", grade.ground_name), fact("撤销日期", grade.ended_on, "date")]
        found.append(Facts("撤销", ground))
    return found


def grade_related(grade: Grade, user: Any) -> Sequence[Related]:
    """Other gradings, subsidies and reminders."""
    others = access.visible(user, Grade, "standardisation.view").filter(owner=grade.owner_id).exclude(pk=grade.pk)
    subsidies = access.visible(user, Subsidy, "standardisation.view").filter(grade=grade).select_related("owner")
    return [
        Related("这家企业的其他定级", _GRADES, others.select_related("owner"), empty="没有其他定级。"),
        Related("奖补", _SUBSIDIES, subsidies, empty="没有申请奖补。"),
        Related("到期提醒", _REMINDERS, grade.reminders.all(), empty="还没有到提醒的时候。"),
    ]


def subsidy_facts(subsidy: Subsidy) -> Sequence[Facts]:
    """What the amount follows from, and who did what."""
    policy = next((row for row in pack.pack().policies if row.code == subsidy.policy), None)
    basis = [
        fact("企业", subsidy.owner.name, href=subsidy.owner.get_absolute_url()),
        fact("定级", f"{subsidy.get_level_display()} {subsidy.grade.certificate or ''}",
             href=subsidy.grade.get_absolute_url()),
        fact("定级日期", subsidy.grade.graded_on, "date"),
        fact("金额", subsidy.amount, "money", unit="元"),
        fact("奖补政策", subsidy.policy_name),
        fact("文号", subsidy.document),
        fact("预算项目", subsidy.budget_line_name),
        fact("依据", policy.basis if policy else ""),
    ]  # fmt: skip
    steps = [
        fact("申请人", subsidy.applied_by.name if subsidy.applied_by else ""),
        fact("申请日期", subsidy.applied_on, "date"),
        fact("审核人", subsidy.checked_by.name if subsidy.checked_by else ""),
        fact("审批人", subsidy.decided_by.name if subsidy.decided_by else ""),
        fact("发放人", subsidy.paid_by.name if subsidy.paid_by else ""),
        fact("发放日期", subsidy.paid_on, "date"),
        fact("付款凭证号", subsidy.voucher),
    ]
    return [Facts("奖补", basis), Facts("办理", steps)]


def _review(grade: Grade, rule: pack.Level) -> list[Cell]:
    return [
        fact("自评", grade.rating, href=grade.rating.get_absolute_url() if grade.rating else ""),
        fact("申请人", grade.applied_by.name if grade.applied_by else ""),
        fact("申请日期", grade.applied_on, "date"),
        fact("评审组", grade.reviewers),
        fact("评审日期", grade.review_on, "date"),
        fact("评审得分", grade.review_score, "number", unit=f"分（{rule.name} {rule.line} 分）"),
        fact("评审结论", grade.review_opinion),
        fact("公示", f"{grade.notice_from} 至 {grade.notice_until}，次日可定级" if grade.notice_until else ""),
    ]


_SCORES = (
    Column("element", "要素", "element_name"),
    Column("full", "满分", kind="number"),
    Column("absent", "空项", kind="number"),
    Column("deducted", "扣分", kind="number"),
    Column("score", "得分", kind="number"),
    Column("reason", "空项和扣分原因"),
)
_GRADES = (
    Column("level", "等级", kind="link"),
    state_column(),
    Column("certificate", "证书编号"),
    Column("graded_on", "定级日期", kind="date"),
    Column("valid_until", "有效期至", kind="date"),
)
_SUBSIDIES = (
    Column("policy", "奖补政策", "policy_name", kind="link"),
    Column("amount", "金额", kind="money", unit="元"),
    state_column(),
    Column("paid_on", "发放日期", kind="date"),
)
_REMINDERS = (
    Column("months", "提前", lambda row: f"{row.months}个月"),
    Column("sent_at", "提醒时间", kind="datetime"),
)
