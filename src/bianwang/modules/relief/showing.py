"""What object pages of relief show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from bianwang.modules.relief.amounts import PER, working
from bianwang.modules.relief.models import Appeal, Batch, Claim, Donation, Fund, Issue, Meeting, Programme
from bianwang.modules.relief.queries import claims as queries, funds as money
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Facts, Related

_SHOWN = 50
_PEOPLE = (
    Column("name", "姓名"),
    Column("id_mask", "身份证号码"),
    Column("is_head", "户主", kind="flag"),
)
_OTHER = (
    Column("number", "编号", kind="link"),
    Column("programme", "救助项目", "programme.name"),
    Column("head", "户主"),
    Column("amount", "金额", kind="money", unit="元"),
    state_column(),
)
_OBJECTIONS = (
    Column("text", "异议内容"),
    Column("noted_at", "登记时间", kind="datetime"),
    Column("finding", "处理结果"),
)
_LINES = (
    Column("number", "付款编号"),
    Column("batch", "批次", "batch.number"),
    Column("amount", "金额", kind="money", unit="元"),
    Column("state", "结果"),
    Column("reason", "退回原因"),
)
_APPEALS = (Column("number", "编号", kind="link"), Column("ground", "申诉理由"), state_column())
_VOTED = (
    Column("number", "编号", kind="link"),
    Column("head", "户主"),
    Column("persons", "人口", kind="number"),
    Column("votes", "同意票", kind="number"),
    Column("amount", "金额", kind="money", unit="元"),
    state_column(),
)
_ENTRIES = (
    Column("day", "日期", kind="date"),
    Column("kind", "类别"),
    Column("amount", "金额", kind="money", unit="元"),
    Column("programme", "救助项目", lambda row: row.programme.name if row.programme else "—"),
    Column("note", "说明"),
)
_BATCHES = (
    Column("number", "批次", kind="link"),
    Column("programme", "救助项目", "programme.name"),
    Column("households", "户数", kind="number"),
    Column("amount", "金额", kind="money", unit="元"),
    state_column(),
)
_STOCK_ENTRIES = (
    Column("day", "日期", kind="date"),
    Column("store", "仓库", "store.name"),
    Column("item", "物资", "item.name"),
    Column("quantity", "数量", kind="number"),
)


def working_of(claim: Claim) -> str:
    """How the amount comes about."""
    return working(claim.programme.policy.rate, claim.measure)


def claim_facts(claim: Claim) -> Sequence[Facts]:
    """Household, amount, way."""
    programme, policy = claim.programme, claim.programme.policy
    household = [
        fact("户主", claim.head),
        fact("身份证号码", claim.id_mask),
        fact("手机", claim.phone_mask),
        fact("收款账号", claim.account_mask),
        fact("村（社）", claim.owner.name),
        fact("人口", claim.persons, "number", unit="人"),
        *_counted(claim),
        fact("受灾和困难情况", claim.situation),
        fact("来源", claim.get_source_display()),
        fact("户报时间", claim.reported_at, "datetime"),
    ]
    amount = [
        fact("救助项目", programme.name, href=list_url("relief:list", programme=programme.pk)),
        fact("金额", claim.amount, "money", unit="元"),
        fact("算式", working_of(claim)),
        fact("依据", f"{policy.source}，{policy.article}（{policy.certainty}）"),
    ]
    way = [
        fact(
            "评议公示", str(claim.meeting or "未评议"), href=claim.meeting.get_absolute_url() if claim.meeting else ""
        ),
        fact("公示截止", claim.meeting.notice_to if claim.meeting else None, "date"),
        fact("区局审定", claim.decided_on, "date"),
        fact("拨付期限", claim.pay_by, "date"),
        fact("资金到位后期限", claim.funded_pay_by, "date"),
        fact("拨付日期", claim.paid_on, "date"),
    ]
    if claim.bounced:
        way.append(fact("银行退回", f"{claim.bounced}，更正账号后重新拨付"))
    return [Facts("家庭", household), Facts("金额", amount), Facts("办理", way)]


def _counted(claim: Claim) -> list[Cell]:
    """Rooms and days, where there are any."""
    told = (("受损房屋", claim.rooms, "间"), ("救助天数", claim.days, "天"))
    return [fact(name, value, "number", unit=unit) for name, value, unit in told if value]


def claim_related(claim: Claim, user: Any) -> Sequence[Related]:
    """People, help elsewhere, objections, payments, appeals; what there is none of is left out."""
    found = [Related("家庭成员", _PEOPLE, claim.people.all())]
    more: list[tuple[str, Any, Any]] = [
        ("同一家庭成员的其他救助（不同损失，可以同时享受，请核对）", _OTHER, queries.elsewhere(user, claim)),
        ("公示异议", _OBJECTIONS, claim.objections.all()),
        ("申诉", _APPEALS, claim.appeals.all()),
        ("付款", _LINES, claim.lines.select_related("batch")),
    ]
    for title, columns, rows in more:
        shown = list(rows[:_SHOWN])
        if shown:
            found.append(Related(title, columns, shown))
    return found


def appeal_facts(appeal: Appeal) -> Sequence[Facts]:
    """The appeal and the claim behind it."""
    claim = appeal.claim
    return [
        Facts(
            "申诉",
            [
                fact("救助申请", f"{claim.number} {claim.head}户", href=claim.get_absolute_url()),
                fact("申请现状", claim.state_row.name),
                fact("村（社）", claim.owner.name),
                fact("申诉理由", appeal.ground),
                fact("申诉时间", appeal.filed_at, "datetime"),
                fact("处理意见", appeal.finding),
                fact("处理人", appeal.decided_by.name if appeal.decided_by else None),
            ],
        )
    ]


def meeting_facts(meeting: Meeting) -> Sequence[Facts]:
    """Who met, and the notice."""
    rows = [
        fact("村（社）", meeting.owner.name),
        fact("救助项目", meeting.programme.name),
        fact("评议日期", meeting.held_on, "date"),
        fact("地点", meeting.place),
        fact("主持人", meeting.host),
        fact("到会人数", meeting.voters, "number", unit="人"),
        fact("到会人员", meeting.attendees),
        fact("公示", f"{meeting.notice_from} 至 {meeting.notice_to}，{meeting.notice_place}"),
        fact("登记人", meeting.made_by.name),
    ]
    return [Facts("评议和公示", rows)]


def meeting_related(meeting: Meeting) -> Sequence[Related]:
    """Households that were voted on."""
    return [Related("参评户", _VOTED, meeting.claims.order_by("pk"))]


def programme_facts(programme: Programme) -> Sequence[Facts]:
    """The programme and its policy."""
    policy = programme.policy
    disaster = programme.disaster
    rows = [
        fact("救助种类", programme.kind_name),
        fact("适用", programme.kind_row.about),
        fact("年度", str(programme.year)),
        fact("灾害", str(disaster or "按年度救助"), href=disaster.get_absolute_url() if disaster else ""),
        fact("政策日期", programme.policy_date, "date"),
        fact(
            "标准",
            f"{policy.rate.amount:,.2f} 元/{PER[policy.per]}"
            + (f"，每户不超过 {policy.ceiling:,.2f} 元" if policy.ceiling else ""),
        ),
        fact("依据", f"{policy.source}，{policy.article}"),
        fact("核实情况", policy.certainty),
        fact("受理中", programme.is_open, "flag"),
        fact("设立人", programme.made_by.name),
    ]
    return [Facts("救助项目", rows)]


def fund_facts(fund: Fund) -> Sequence[Facts]:
    """Where it comes from and what is left."""
    found = money.standing(fund)
    lines = list_url("relief:lines", fund=fund.pk, state="paid")
    pending = list_url("relief:lines", fund=fund.pk, state="pending")
    basics = [fact("来源", fund.get_source_display()), fact("文号", fund.document)]
    figures = [
        fact("到账", found.received, "money", unit="元"),
        fact("已分配到项目", found.allotted, "money", unit="元"),
        fact("未分配", found.unallotted, "money", unit="元"),
        fact("待回盘", found.pending, "money", unit="元", href=pending),
        fact("已拨付", found.paid, "money", unit="元", href=lines),
        fact("结余", found.balance, "money", unit="元"),
        fact("最早未用资金已到账", found.oldest_days, "number", unit="天"),
        fact(
            f"滞留超过 {found.most_days} 天",
            f"{found.rested:,.2f}",
            "badge",
            colour="red" if found.rested else "secondary",
            unit="元",
        ),
    ]
    return [Facts("资金", basics), Facts("收支", figures)]


def fund_related(fund: Fund, user: Any) -> Sequence[Related]:
    """Receipts, allotments, batches."""
    may = access.can(user, "relief.pay")
    entries = fund.entries.select_related("programme")[:_SHOWN]
    add = ("登记到账", reverse("relief:receive", args=[fund.pk])) if may else None
    batches = fund.batches.select_related("programme")[:_SHOWN]
    return [
        Related("到账和分配", _ENTRIES, entries, add=add, empty="还没有到账。"),
        Related("拨付批次", _BATCHES, batches, empty="还没有拨付。"),
    ]


def batch_facts(batch: Batch) -> Sequence[Facts]:
    """What was sent and what came back."""
    lines = {state: batch.lines.filter(state=state).count() for state in ("pending", "paid", "returned", "void")}

    def count(name: str, state: str) -> Any:
        url = list_url("relief:lines", batch=batch.pk, state=state)
        return fact(name, lines[state], "number", unit="户", href=url)

    rows = [
        fact("救助项目", batch.programme.name),
        fact("资金", batch.fund.name, href=batch.fund.get_absolute_url()),
        fact("户数", batch.households, "number", unit="户", href=list_url("relief:lines", batch=batch.pk)),
        fact("金额", batch.amount, "money", unit="元"),
        fact("编制人", batch.made_by.name),
        fact("编制时间", batch.made_at, "datetime"),
        count("待回盘", "pending"),
        count("成功", "paid"),
        count("退回", "returned"),
    ]
    if lines["void"]:
        rows.append(count("作废", "void"))
    return [Facts("批次", rows)]


def donation_facts(donation: Donation) -> Sequence[Facts]:
    """Who gave what, and where it is."""
    entry = donation.entry
    rows = [
        fact("类别", donation.get_kind_display()),
        fact("捐赠人", donation.donor),
        fact("公示名称", donation.public_name),
        fact("接收日期", donation.received_on, "date"),
        fact("捐赠票据号", donation.receipt),
        fact("金额或折价", donation.amount, "money", unit="元"),
        fact("物资", donation.goods),
        fact("捐赠意愿", donation.wish),
        fact("存入资金", entry.fund.name if entry else None, href=entry.fund.get_absolute_url() if entry else ""),
        fact("已公示", donation.is_published, "flag"),
    ]
    return [Facts("捐赠", rows)]


def donation_related(donation: Donation) -> Sequence[Related]:
    """Where given goods were taken in."""
    rows = donation.stock_entries.select_related("store", "item")
    return [Related("入库", _STOCK_ENTRIES, rows, empty="没有入库记录。")] if donation.kind == "goods" else []


def issue_facts(issue: Issue) -> Sequence[Facts]:
    """What went where."""
    rows = [
        fact("物资", str(issue.item)),
        fact("发出数量", issue.quantity, "number", unit=issue.item.unit),
        fact("实收数量", issue.received, "number", unit=issue.item.unit if issue.received is not None else ""),
        fact("仓库", issue.store.name),
        fact("接收镇街", issue.receiver.name),
        fact("灾害", str(issue.disaster) if issue.disaster else None),
        fact("发出人", issue.sent_by.name),
        fact("发出时间", issue.sent_at, "datetime"),
        fact("签收人", issue.received_by.name if issue.received_by else None),
    ]
    return [Facts("发放", rows)]
