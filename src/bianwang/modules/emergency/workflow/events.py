"""The life of an event as a table. Guards speak of one event and one person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bianwang.modules.emergency.evacuating import UNSAFE
from bianwang.modules.emergency.workflow.watch import lacking_days, named
from bianwang.platform.workflow.table import State, Transition, Workflow

LIVE = ("received", "responding", "watching")
"""States in which an event is worked on."""


def _unmerged(event: Any, user: Any) -> str | None:
    """Only an event without merged ones can itself be merged or revoked."""
    return "已有事件并入本事件，请先把它们拆分出来。" if event.merged.exists() else None


def _mistaken(event: Any, user: Any) -> str | None:
    """Nothing was sent to an event that never was."""
    if _unsafe(event):
        return "转移名单上还有人未转或失联，请先逐人落实，或把误登的设为“误登”。"
    return "还有调用的应急资源没有归建，请先登记归建。" if _out(event) else _unmerged(event, user)


def _out(event: Any) -> bool:
    """Whether resources that were called to the event, or to one merged into it, have not come back."""
    rows = event.callups.model.objects.filter(Q(event=event) | Q(event__merged_into=event), released_at=None)
    return bool(rows.exists())


def _unsafe(event: Any) -> int:
    """How many people of the evacuation lists, also of merged events, are not known to be safe."""
    mine = Q(event=event) | Q(event__merged_into=event)
    return int(event.batches.model.objects.filter(mine, people__state__in=UNSAFE).count())


def _unsettled(event: Any) -> str | None:
    """What is still owed before an event is closed, without its watch."""
    if not event.reports.filter(kind="final").exists():
        return "还没有报出终报，请先“报送信息”。"
    if event.tasks.filter(state__in=("sent", "signed")).exists():
        return "还有任务没有完成，请先收回反馈或取消。"
    if _out(event):
        return "还有调用的应急资源没有归建，请先登记归建。"
    if left := _unsafe(event):
        return f"转移名单上还有 {left} 人未转或失联，请先在“转移安置”逐人落实。"
    return None


def unready(event: Any, user: Any = None) -> str | None:
    """Why an event cannot be closed yet: everything has to be settled and every day of the watch looked at."""
    if event.ended_at is None:
        return "没有处置结束时间，不能办结。"
    if owed := _unsettled(event):
        return owed
    if lacking := lacking_days(event):
        return f"盯守检查还缺 {named(lacking)}，请先登记；确需提前结束的，请“提前结束盯守并办结”并写明理由。"
    return None


def _given_up(event: Any, user: Any) -> str | None:
    """Everything is settled but the watch: only then is there something to explain."""
    if event.ended_at is None:
        return "没有处置结束时间，不能办结。"
    return _unsettled(event) or (None if lacking_days(event) else "盯守检查已做完，请“结束盯守并办结”。")


EVENT = Workflow(
    "emergency event",
    (
        State("received", "已接报", "orange", todo="emergency.command"),
        State("responding", "处置中", "red"),
        State("watching", "持续盯守", "blue"),
        State("closed", "已办结", "green", final=True),
        State("merged", "已并入", final=True),
        State("revoked", "已撤销", final=True),
    ),
    (
        Transition(
            "respond",
            "启动响应",
            ("received",),
            "responding",
            "emergency.command",
            verb="emergency.respond",
            reason=True,
            primary=True,
        ),
        Transition(
            "level",
            "调整响应级别",
            ("responding",),
            "*",
            "emergency.command",
            verb="emergency.level",
            reason=True,
        ),
        Transition(
            "end",
            "处置结束，转入盯守",
            ("received", "responding"),
            "watching",
            "emergency.command",
            verb="emergency.end",
            reason=True,
        ),
        Transition(
            "resume",
            "复燃复发，重新处置",
            ("watching",),
            "responding",
            "emergency.command",
            verb="emergency.resume",
            reason=True,
        ),
        Transition(
            "close",
            "结束盯守并办结",
            ("watching",),
            "closed",
            "emergency.command",
            verb="emergency.close",
            reason=True,
            clears_deadline=True,
            guard=unready,
            primary=True,
        ),
        Transition(
            "close_early",
            "提前结束盯守并办结",
            ("watching",),
            "closed",
            "emergency.command",
            verb="emergency.close_early",
            reason=True,
            clears_deadline=True,
            guard=_given_up,
        ),
        Transition("told", "书面初报已报", LIVE, "*", "", verb="emergency.told", clears_deadline=True),
        Transition(
            "merge",
            "并入主事件",
            LIVE,
            "merged",
            "emergency.register",
            verb="emergency.merge",
            reason=True,
            clears_deadline=True,
            guard=_unmerged,
        ),
        Transition("split", "拆分", ("merged",), "received", "emergency.register", verb="emergency.split", reason=True),
        Transition(
            "revoke",
            "撤销",
            ("received",),
            "revoked",
            "emergency.register",
            verb="emergency.revoke",
            reason=True,
            clears_deadline=True,
            guard=_mistaken,
        ),
    ),
)
