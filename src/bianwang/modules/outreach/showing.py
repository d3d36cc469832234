"""What the pages of a call and of a reward show. Of who reported, only whether it is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bianwang.modules.outreach.lists.calls import OUTCOME_COLOURS
from bianwang.modules.outreach.models import Call, Reward
from bianwang.modules.outreach.pack import band
from bianwang.modules.outreach.rewards import shares
from bianwang.modules.outreach.services.identity import is_named
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related


def facts(call: Call) -> Sequence[Facts]:
    """Groups of labels and values."""
    groups = [Facts("受理情况", _basics(call))]
    if call.is_report:
        groups.append(Facts("核查", _verification(call)))
    if call.reply:
        answer = [fact("答复内容", call.reply), fact("答复时间", call.replied_at, "datetime")]
        groups.append(Facts("答复", answer))
    return groups


def related(call: Call, user: Any) -> Sequence[Related]:
    """Reports of the same matter, and the reward for those who may see it."""
    found = []
    repeated = list(access.visible(user, Call, "outreach.view").filter(duplicate_of=call))
    if repeated:
        found.append(Related("重复举报", _CALL, repeated))
    if call.is_report and access.can(user, "outreach.rewards"):
        rows = access.visible(user, Reward, "outreach.rewards").filter(call=call).select_related("call")
        found.append(Related("举报奖励", _REWARD, rows, empty="没有申请举报奖励。"))
    return found


def reward_facts(reward: Reward) -> Sequence[Facts]:
    """What the amount follows from, and what became of it."""
    row = band(reward.band, reward.call.day)
    basis = [
        fact("举报", reward.call.number, href=reward.call.get_absolute_url()),
        fact("奖励类别", row.name),
        fact("行政处罚金额", reward.fine, "money", unit="元"),
        fact("事故等级", reward.get_grade_display()),
        fact("瞒报谎报人数", reward.people or None, "number", unit="人"),
        fact("奖励金额", reward.amount, "money", unit="元"),
        fact("标准", row.article),
        fact("依据", f"{row.source}（{row.certainty}）"),
    ]
    if reward.joint > 1:
        parts = shares(reward.amount, reward.joint)
        words = f"{reward.joint}人共享一份：第一署名人 {parts[0]} 元，其余每人 {parts[-1]} 元"
        basis.append(fact("联名举报", words))
    steps = [
        fact("申请人", reward.applied_by.name),
        fact("申请时间", reward.applied_at, "datetime"),
        fact("审批人", reward.decided_by.name if reward.decided_by else ""),
        fact("审批时间", reward.decided_at, "datetime"),
        fact("发放人", reward.paid_by.name if reward.paid_by else ""),
        fact("发放时间", reward.paid_at, "datetime"),
        fact("领取凭证号", reward.receipt),
    ]
    return [Facts("奖励金额", basis), Facts("办理", steps)]


def _basics(call: Call) -> list[Cell]:
    found = [
        fact("类别", call.get_category_display()),
        fact("受理渠道", call.get_channel_display()),
        fact("受理时间", call.received_at, "datetime"),
        fact("反映内容", call.summary),
        fact("被举报单位", call.unit.name if call.unit else ""),
        fact("属地", " ".join(filter(None, [call.town.name if call.town else "", call.place]))),
        fact("承办单位", call.handler.name),
        fact("登记人", call.registered_by.name if call.registered_by else ""),
        fact("举报人" if call.is_report else "来电人", "实名（加密保存）" if is_named(call) else "匿名"),
    ]
    if call.duplicate_of is not None:
        found.append(fact("重复举报，最先的是", call.duplicate_of.number, href=call.duplicate_of.get_absolute_url()))
    return found


def _verification(call: Call) -> list[Cell]:
    late = "已逾期" if call.is_late else ""
    return [
        fact("核查时限", call.verify_by, "datetime"),
        fact("延长核查", "已批准延长" if call.extended else ""),
        fact("逾期", late, "badge" if late else "text", colour="red" if late else ""),
        fact("核查结论", call.get_outcome_display(), "badge", colour=OUTCOME_COLOURS.get(call.outcome, "secondary")),
        fact("核查情况", call.result),
        fact("立案", call.is_filed, "flag"),
        fact("立案文号", call.case_number),
        fact("办结时间", call.closed_at, "datetime"),
    ]


_CALL = (
    Column("number", "编号", kind="link"),
    Column("received_at", "受理时间", kind="datetime"),
    state_column(),
)
_REWARD = (
    Column("band", "奖励类别", "band_name", kind="link"),
    Column("amount", "奖励金额", kind="money", unit="元"),
    state_column(),
    Column("receipt", "领取凭证号"),
)
