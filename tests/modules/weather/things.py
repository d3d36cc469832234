"""Warnings, receipts, gauges and hints that tests start from."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from bianwang.modules.sensing import services as sensing
from bianwang.modules.sensing.models import Device, Signal
from bianwang.modules.weather import services
from bianwang.modules.weather.models import Gauge, Hint, Receipt, WeatherWarning
from bianwang.platform.clock import now
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.services import start
from tests.people import World

CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>璧山区气象台</sender><sent>{sent}</sent>
  <status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{references}
  <info><language>en-US</language><category>Met</category><event>Rainstorm</event><urgency>Immediate</urgency>
    <severity>Orange</severity><certainty>Likely</certainty><headline>Rainstorm orange</headline></info>
  <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>
    <severity>{severity}</severity><certainty>Likely</certainty>{expires}
    <senderName>璧山区气象台</senderName><headline>璧山区气象台发布暴雨橙色预警</headline>
    <description>预计未来3小时降雨量将达50毫米以上。</description><instruction>停止户外作业。</instruction>
    <area><areaDesc>青杠街道</areaDesc></area><area><areaDesc>八塘镇</areaDesc></area></info>
</alert>"""


def cap(**values: str) -> BytesIO:
    """A CAP file of now, valid for six hours."""
    expires = (now() + timedelta(hours=6)).isoformat(timespec="seconds")
    made = {
        "identifier": "A1",
        "sent": now().isoformat(timespec="seconds"),
        "status": "Actual",
        "kind": "Alert",
        "references": "",
        "severity": "Orange",
        "expires": f"<expires>{expires}</expires>",
        **values,
    }
    file = BytesIO(CAP.format(**made).encode())
    file.name = "预警.xml"
    return file


def values(**more: Any) -> dict[str, Any]:
    """Columns of an orange warning of now."""
    return {
        "message": "alert",
        "issuer": "璧山区气象台",
        "identifier": "",
        "kind": "rainstorm",
        "level": 2,
        "headline": "暴雨橙色预警",
        "text": "预计未来3小时降雨量将达50毫米以上。",
        "area": "全区",
        "issued_at": now() - timedelta(minutes=1),
        "valid_until": now() + timedelta(hours=6),
        **more,
    }


def typed(world: World, refers: WeatherWarning | None = None, **more: Any) -> WeatherWarning:
    """A warning that the duty officer typed in."""
    return services.type_in(world.who("duty"), values(**more), refers)


def receipts(world: World, *units: Party, **more: Any) -> dict[int, Receipt]:
    """A new warning passed on to units, delivered where somebody answers; by unit."""
    warning = typed(world, **more)
    services.pass_on(world.who("duty"), warning, units, "测试")
    services.deliver_pending()
    return {row.unit_id: row for row in warning.receipts.select_related("warning", "unit")}


def receipt(world: World, unit: Party, **more: Any) -> Receipt:
    """One of them."""
    return receipts(world, unit, **more)[unit.pk]


def signal(world: World, owner: Party | None = None, **more: Any) -> Signal:
    """A signal of rain, the plant's unless said otherwise."""
    owner = owner or world.plant
    device = Device(owner=owner, key=f"gauge-{owner.pk}-{Device.objects.count()}", name="雨量遥测站")
    sensing.register(device)
    columns = {"name": "F4", "title": "雨量", "quantity": "rainfall", "unit": "mm", **more}
    made = Signal(owner=owner, device=device, **columns)
    sensing.register(made)
    return made


def gauge(world: World, owner: Party | None = None, **more: Any) -> Gauge:
    """A gauge that sends the rain of every five minutes, within ten minutes."""
    columns = {
        "name": "青杠雨量站",
        "way": "step",
        "step_minutes": 5,
        "report_minutes": 5,
        "longitude": None,
        "latitude": None,
        "is_enabled": True,
        **more,
    }
    return services.register_gauge(world.who("duty"), signal(world, owner), columns)


def hint(world: World, at: datetime | None = None) -> Hint:
    """A hint that goes on."""
    made = Hint(
        gauge=gauge(world),
        level=4,
        hours=12,
        threshold=Decimal(50),
        basis="测试",
        opened_at=at or now(),
        amount=Decimal(52),
    )
    start(made, verb="weather.hint_open")
    return made
