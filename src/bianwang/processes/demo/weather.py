"""Weather of the demo district: a warning that is partly answered, one that was cancelled, gauges, a hint."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.sensing import services as sensing
from bianwang.modules.sensing.models import Device, Signal
from bianwang.modules.weather import audience, services
from bianwang.modules.weather.models import Gauge, Hint, WeatherWarning
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.services import start
from bianwang.processes.demo.cast import Cast


def load(cast: Cast) -> None:
    """Enter them, once."""
    if WeatherWarning.objects.exists():
        return
    duty = cast.user("zhiban")
    with acting(duty, "本机"):
        fog = _warning(duty, "演示：大雾黄色预警", kind="fog", level=3, issued_at=now() - timedelta(hours=20))
        _warning(duty, "演示：解除大雾黄色预警", fog, kind="fog", level=3, message="cancel")
        rainstorm = _warning(duty, "演示：暴雨橙色预警", kind="rainstorm", level=2)
        units = list(audience.upper_units())
        services.pass_on(duty, rainstorm, [*units, *cast.owners.values()], audience.words(len(units), 0, 16))
    with acting(None, "后台任务"):
        services.deliver_pending()
    _answer(rainstorm, cast)
    with acting(duty, "本机"):
        town = _gauge(duty, cast.organisation("500120003"), "演示：青杠街道雨量站", 106.255, 29.551)
        _gauge(duty, cast.owners["dongshan"], "演示：东山石料雨量站", 106.296, 29.792)
    with acting(None, "后台任务"):
        _hint(town)


def _warning(user: User, headline: str, refers: WeatherWarning | None = None, **more: Any) -> WeatherWarning:
    values = {
        "message": "alert",
        "issuer": "璧山区气象台",
        "headline": headline,
        "text": f"{headline}。演示数据，不是真实预警。",
        "area": "璧山区",
        "issued_at": now() - timedelta(minutes=10),
        "valid_until": now() + timedelta(hours=12),
        **more,
    }
    return services.type_in(user, values, refers, is_demo=True)


def _answer(warning: WeatherWarning, cast: Cast) -> None:
    """A town answers, an enterprise is called, another has read it."""
    rows = {row.unit_id: row for row in warning.receipts.select_related("warning", "unit")}
    town, plant = cast.user("zhenjie"), cast.user("qiye")
    with acting(town, "本机"):
        services.answer(rows[cast.organisation("500120003").pk], town, "演示：已通知各村社，巡查人员到岗")
        services.register_call(rows[cast.owners["shunda"].pk], town, "演示：刘工接听，已停止户外吊装")
    with acting(plant, "本机"):
        services.see(rows[cast.owners["jiahua"].pk], plant)


def _gauge(user: User, owner: Party, name: str, longitude: float, latitude: float) -> Gauge:
    device = Device(owner=owner, key=f"demo-rain-{owner.pk}", name=f"{name}遥测站", period_s=3600, is_demo=True)
    sensing.register(device)
    signal = Signal(
        owner=owner, device=device, name="F4", title="5分钟雨量", quantity="rainfall", unit="mm", decimals=1
    )
    sensing.register(signal)
    values = {
        "name": name,
        "way": Gauge.Way.STEP,
        "step_minutes": 5,
        "report_minutes": 60,
        "longitude": longitude,
        "latitude": latitude,
        "is_enabled": True,
    }
    return services.register_gauge(user, signal, values, is_demo=True)


def _hint(gauge: Gauge) -> None:
    """The demo has no rain of its own: one hint as the job would open it."""
    hint = Hint(
        gauge=gauge,
        level=4,
        hours=12,
        threshold=Decimal(50),
        basis="气象灾害预警信号发布与传播办法（中国气象局令第16号） 暴雨蓝色",
        opened_at=now() - timedelta(minutes=20),
        amount=Decimal("52.5"),
        is_demo=True,
    )
    start(hint, verb="weather.hint_open", changes={"amount": (None, "52.50")})
