"""What a job still lacks before its next step: each lack is one sentence, so that the page can show all of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bianwang.modules.permits import standard
from bianwang.modules.permits.conflicts import conflicts_of
from bianwang.modules.permits.levels import day_of, suffices
from bianwang.modules.permits.models import GasTest, Permit
from bianwang.modules.permits.workflow import IN_FORCE, LIVE
from bianwang.platform.ui.templatetags.bian import moment


def lacks(permit: Permit, step: str, at: datetime) -> list[str]:
    """What stands against taking `step` at a moment; empty when nothing does."""
    check = {
        "apply": _before_apply,
        "approve": _before_approval,
        "start": _before_start,
        "resume": _before_resume,
        "close": _before_close,
    }.get(step)
    return [sentence for sentence in check(permit, at) if sentence] if check else []


def window_at(permit: Permit, at: datetime) -> tuple[datetime, datetime]:
    """The validity of a permit that is approved at a moment."""
    start = max(at, permit.planned_start)
    longest = standard.validity(permit.kind, permit.level, day_of(start))
    return start, min(permit.planned_end, start + longest)


def too_long(permit: Permit) -> str:
    """Whether more time was planned than the standard gives this level."""
    longest = standard.validity(permit.kind, permit.level, day_of(permit.planned_start))
    if permit.planned_end - permit.planned_start <= longest:
        return ""
    hours = longest.total_seconds() / 3600
    words = f"{hours / 24:g} 天" if hours > 72 else f"{hours:g} 小时"
    return f"{permit.title}作业票有效期最长 {words}，请缩短计划时间。"


def _before_apply(permit: Permit, at: datetime) -> list[str]:
    found = [too_long(permit)]
    if not permit.analysis:
        found.append("还没有做作业危害分析。")
    if permit.planned_end <= at:
        found.append(f"计划结束时间 {moment(permit.planned_end)} 已过，请修改计划时间。")
    return found


def _before_approval(permit: Permit, at: datetime) -> list[str]:
    if permit.planned_end <= at:
        return [f"计划结束时间 {moment(permit.planned_end)} 已过，请退回修改后重新申请。"]
    window = window_at(permit, at)
    found = [too_long(permit)]
    if permit.briefed_at is None:
        found.append("还没有安全交底，请先办理“安全交底”。")
    if permit.kind_row.isolates and not permit.is_isolated:
        found.append("隔离点还没有确认到位，请先办理“确认隔离到位”。")
    found.append(stale_test(permit, window[0]))
    found.append(_companion(permit, window[0]))
    found.append(_outlasts(permit, window[1]))
    return found + [one.sentence for one in conflicts_of(permit, window) if one.effect == "block"]


def _before_start(permit: Permit, at: datetime) -> list[str]:
    return [_not_valid(permit, at), _level(permit, at), stale_test(permit, at)]


def _before_resume(permit: Permit, at: datetime) -> list[str]:
    return [_not_valid(permit, at), _level(permit, at), _retest(permit, at)]


def _before_close(permit: Permit, at: datetime) -> list[str]:
    return ["还没有解锁摘牌，请先办理“解锁摘牌”。"] if permit.is_locked else []


def stale_test(permit: Permit, start: datetime) -> str:
    """Whether work may not begin at `start` for want of a passed gas test that is young enough."""
    if not permit.kind_row.gas:
        return ""
    last = permit.tests.first()
    if last is None:
        return "还没有气体检测记录，请先办理“记录气体检测”。"
    if not last.passed:
        return f"最近一次气体检测（{moment(last.at)}）不合格，请处理后重新检测。"
    age = standard.test_age(day_of(start))
    if start - last.at > age:
        return f"最近一次气体检测在 {moment(last.at)}，距作业开始超过 {_minutes(age)} 分钟，请在开始前重新检测。"
    return ""


def _retest(permit: Permit, at: datetime) -> str:
    kind = permit.kind_row
    if not kind.retests or permit.interrupted_at is None:
        return ""
    last: GasTest | None = permit.tests.first()
    if last is not None and not last.passed:
        return f"最近一次气体检测（{moment(last.at)}）不合格，请处理后重新检测。"
    longest = standard.longest_break(permit.kind, permit.level, day_of(at))
    if at - permit.interrupted_at <= longest:
        return ""
    if last is None or last.at <= permit.interrupted_at:
        return f"作业中断已超过 {_minutes(longest)} 分钟，请重新检测合格后恢复。"
    return stale_test(permit, at)


def _not_valid(permit: Permit, at: datetime) -> str:
    if permit.valid_from and at < permit.valid_from:
        return f"作业票从 {moment(permit.valid_from)} 起有效，还没有到时间。"
    if permit.valid_to and at >= permit.valid_to:
        return f"作业票已于 {moment(permit.valid_to)} 到期，请停止作业并办理新的作业票。"
    parent = permit.parent
    if parent is not None and not parent.is_valid_at(at):
        return f"随同的作业票 {parent.number} 现为“{parent.state_row.name}”，不在有效期内。"
    return ""


def _level(permit: Permit, at: datetime) -> str:
    if suffices(permit.kind_row, permit.base_level, permit.level, at):
        return ""
    return f"现在是节假日、公休日或夜间，{permit.level_name}作业票等级不够，请办理升级后的作业票。"


def _companion(permit: Permit, start: datetime) -> str:
    """In some kinds of zone another permit must be in force at the same time (动火 in a confined space)."""
    needed = permit.kind_row.needs.get(permit.zone.kind)
    if needed is None:
        return ""
    others = Permit.objects.filter(zone=permit.zone_id, kind=needed, state__in=IN_FORCE)
    if others.filter(valid_from__lte=start, valid_to__gt=start).exists():
        return ""
    name = standard.work_type(needed, day_of(start)).name
    return f"“{permit.zone.name}”是{permit.zone.get_kind_display()}，还须有同时有效的{name}作业票，请先办理。"


def _outlasts(permit: Permit, end: datetime) -> str:
    parent = permit.parent
    if parent is None:
        return ""
    if parent.state not in LIVE or parent.valid_to is None:
        return f"随同的作业票 {parent.number} 现为“{parent.state_row.name}”，须先批准并有效。"
    if end > parent.valid_to:
        return f"有效期不能晚于随同的作业票 {parent.number} 的到期时间 {moment(parent.valid_to)}，请修改计划结束时间。"
    return ""


def _minutes(age: timedelta) -> str:
    return f"{age.total_seconds() / 60:g}"
