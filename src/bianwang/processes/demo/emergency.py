"""Events of the demo district: a forest fire that is being fought, and an exercise."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Territory
from bianwang.processes.demo import emergency_after, emergency_command, emergency_resources, situation
from bianwang.processes.demo.cast import Cast

_NOTES = (
    (150, "command", "区森林防灭火指挥部启动Ⅳ级响应，调集扑火队伍。"),
    (120, "rescue", "第一支队伍到达火场，开设隔离带。"),
    (60, "evacuation", "转移山脚住户，安置在村委会。"),
    (20, "handover", "白班交夜班：火线已控制，余火清理中，注意风向变化。"),
)


def load(cast: Cast) -> None:
    """Enter them, once."""
    if Event.objects.exists():
        return
    duty = cast.user("zhiban")
    with acting(duty, "本机"):
        event = services.register(duty, _values(cast, hours=3), is_demo=True)
        services.set_level(event, duty, "respond", 4, "演示：过火面积超过1公顷")
        for minutes, kind, text in _NOTES:
            moment = now() - timedelta(minutes=minutes)
            services.add_note(duty, event, kind, f"演示：{text}", happened_at=moment, is_demo=True)
        services.enter_loss(duty, event, _loss(), is_demo=True)
        first = services.give_task(
            duty, event, [cast.organisation("500120003")], "演示：派出半专业扑火队到火场", is_demo=True
        )
        sent = {"receiver": "演示：区委区政府总值班室", "nature": "荒坡起火，已组织扑救。", "effect": "无人员伤亡。"}
        for kind, minutes in (("phone", 8), ("first", 45)):
            told = {"kind": kind, "sent_at": event.received_at + timedelta(minutes=minutes), **sent}
            services.send_report(duty, event, told, is_demo=True)
        drill = {"name": "防汛桌面推演", "kind": "flood", "subtype": "", "is_exercise": True}
        services.register(duty, _values(cast, hours=5) | drill, is_demo=True)
    clerk = cast.user("zhenjie")
    with acting(clerk, "本机"):
        services.sign_task(first[0], clerk)
    emergency_resources.load(cast, event)
    emergency_after.load(cast, _values(cast, hours=0))
    situation.load(cast)
    emergency_command.load(cast, _values(cast, hours=3), event)


def _loss() -> dict[str, Any]:
    zero = {"deaths": 0, "injuries": 0, "slight": 0, "loss": Decimal(0)}
    return {"as_of": now(), "evacuated": 12, "area": Decimal("1.20"), "source": "演示：现场核查", **zero}


def _values(cast: Cast, hours: int) -> dict[str, Any]:
    happened = now() - timedelta(hours=hours)
    town = cast.organisation("500120003")
    return {
        "name": "",
        "kind": "forest_fire",
        "subtype": "wasteland",
        "source": Event.Source.PHONE,
        "informant": "演示：护林员来电",
        "territory": town.territory or Territory.objects.get(kind=Territory.Kind.DISTRICT),
        "place": "演示：后山坡",
        "longitude": 106.21,
        "latitude": 29.62,
        "happened_at": happened,
        "received_at": happened + timedelta(minutes=10),
        "description": "演示：荒坡起火，火势向山脊蔓延。",
    }
