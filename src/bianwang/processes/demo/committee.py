"""The committee of the demo district: a meeting, tasks in every state, and supervised matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from bianwang.modules.committee import services
from bianwang.modules.committee.models import Assignment, Task
from bianwang.modules.committee.units import members
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Party
from bianwang.processes.demo.cast import Cast


def load(cast: Cast) -> None:
    """Enter them, once."""
    if Task.objects.exists():
        return
    people = {name: cast.user(name) for name in ("kezhang", "juzhang", "zhenjie", "guanweihui")}
    town, zone = cast.organisation("500120003"), cast.organisation("gaoxin")
    everybody = list(members())
    with acting(people["kezhang"], "本机"):
        meeting = services.hold(
            people["kezhang"],
            {
                "kind": "plenary",
                "title": "演示：四季度区安委会全体会议",
                "held_at": now() - timedelta(days=6),
                "place": "区行政中心301会议室",
                "host": "演示副区长",
                "agenda": "一、通报三季度安全生产形势\n二、部署岁末年初重点工作",
            },
            everybody,
            is_demo=True,
        )
        presence = {unit.pk: ("present", "") for unit in everybody[:-2]} | {everybody[-2].pk: ("leave", "")}
        services.record_attendance(meeting, people["kezhang"], presence, "演示：开展岁末年初安全生产大检查")
    first = _task(people["kezhang"], "岁末年初安全生产大检查", 20, [town, zone, *everybody[:4]], meeting=meeting)
    _work(first, people)
    _task(people["kezhang"], "有限空间作业专项整治", 12, [zone, town])
    _task(people["kezhang"], "报送冬季消防工作方案", 0, [town, zone])
    with acting(people["juzhang"], "本机"):
        row = services.supervise(
            people["juzhang"],
            town,
            {"title": "演示：老旧厂房消防通道打通", "demand": "限期打通消防通道并长期保持畅通。"},
            today() + timedelta(days=15),
            is_demo=True,
        )
    with acting(people["zhenjie"], "本机"):
        services.sign_supervision(row, people["zhenjie"])
        services.apply_extension(row, people["zhenjie"], today() + timedelta(days=30), "演示：涉及管线迁改，需协调。")
    _notice(cast, people)
    _watch(people, everybody)
    with acting(people["juzhang"], "本机"):
        services.freeze(people["juzhang"], today().year, "演示：年中核对", is_demo=True)


def _notice(cast: Cast, people: dict[str, User]) -> None:
    """A notice to members and enterprises; one enterprise has acted upon it."""
    head, answering = people["kezhang"], cast.user("qiye")
    recipients: list[Party] = [*members()[:6], cast.organisation("gaoxin"), *cast.owners.values()]
    with acting(head, "本机"):
        notice = services.issue(
            head,
            {
                "kind": "weather",
                "title": "演示：寒潮大风风险提示",
                "content": "加强高处作业、临时用电和取暖设施检查，必要时停工。",
                "answer_by": now() + timedelta(days=2),
            },
            f"成员单位 7 个；企业 {len(cast.owners)} 家（全部）",
            recipients,
            is_demo=True,
        )
    with acting(None, "后台任务"):
        services.deliver_pending(notice)
    row = notice.receipts.select_related("unit", "notice").get(unit=cast.owners["jiahua"])
    with acting(answering, "本机"):
        services.confirm(row, answering)
        services.answer(row, answering, "演示：已停止户外高处作业，检查临时用电3处。")


def _watch(people: dict[str, User], everybody: Sequence[Party]) -> None:
    """A check-in with its answers, and a key period that began three days ago."""
    head, towns = people["kezhang"], [*everybody[:8]]
    with acting(head, "本机"):
        check = services.call_units(
            head,
            {"title": "演示：周末视频点名", "called_at": now() - timedelta(days=1), "note": ""},
            towns,
            is_demo=True,
        )
        found: dict[int, tuple[int | None, str]] = {unit.pk: (1, "") for unit in towns}
        found[towns[1].pk] = (9, "演示：值班室无人，九分钟后接通")
        found[towns[2].pk] = (None, "")
        services.record_calls(check, head, found)
        period = services.open_period(
            head,
            {
                "name": "演示：岁末安全防范重点时段",
                "first_day": today() - timedelta(days=3),
                "last_day": today() + timedelta(days=3),
                "due_time": time(17, 0),
                "measures": "领导带班、24小时值班，每日17时前报送情况，无情况也要报。",
            },
            [unit for unit in everybody if "青杠" in unit.name or "高新" in unit.name],
            is_demo=True,
        )
    town = people["zhenjie"]
    with acting(town, "本机"):
        for row in period.reports.filter(unit__name__contains="青杠", day__lte=today()).select_related(
            "period", "unit"
        ):
            services.report_day(row, town, "calm")


def _task(user: User, title: str, days: int, units: Sequence[Party], **values: Any) -> Task:
    columns = {
        "source": "meeting" if "meeting" in values else "superior",
        "document": "" if "meeting" in values else "演示：市安委会办公室通知",
        "title": f"演示：{title}",
        "content": "制定方案，全面排查，建立台账，按期报送完成情况。",
        **values,
    }
    with acting(user, "本机"):
        return services.give(user, columns, today() + timedelta(days=days), units[0], units[1:], is_demo=True)


def _work(task: Task, people: dict[str, User]) -> None:
    """The town goes on to the end, the zone is under way."""
    rows = {row.unit.name: row for row in Assignment.objects.filter(task=task).select_related("task", "unit")}
    mine = {name: next(row for unit, row in rows.items() if name in unit) for name in ("青杠", "高新")}
    with acting(people["zhenjie"], "本机"):
        services.sign(mine["青杠"], people["zhenjie"])
        services.report(mine["青杠"], people["zhenjie"], "已检查企业45家，发现隐患120条。")
        services.submit(mine["青杠"], people["zhenjie"], "检查企业90家，隐患全部整改。")
    with acting(people["kezhang"], "本机"):
        services.review(mine["青杠"], people["kezhang"])
    with acting(people["juzhang"], "本机"):
        services.close(mine["青杠"], people["juzhang"])
    with acting(people["guanweihui"], "本机"):
        services.sign(mine["高新"], people["guanweihui"])
        services.report(mine["高新"], people["guanweihui"], "方案已印发，正在排查。")
