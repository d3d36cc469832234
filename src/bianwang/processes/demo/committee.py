"""The committee of the demo district: a meeting, tasks in every state, and supervised matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bianwang.modules.committee import services
from bianwang.modules.committee.models import Assignment, Task
from bianwang.modules.committee.services.writing import today
from bianwang.modules.committee.units import members
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
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
