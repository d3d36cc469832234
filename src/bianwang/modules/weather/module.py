"""Manifest of the weather module: warnings received and passed on, rain gauges, internal hints. It issues nothing."""

from __future__ import annotations

from datetime import timedelta

from bianwang.platform import roles
from bianwang.platform.registry import Job, MenuItem, Module, Permission, Subscription, Tile

_OFFICE = frozenset({roles.DUTY, roles.HEAD})

module = Module(
    code="weather",
    name="气象与雨量",
    depends=("sensing", "enforcement", "duty"),
    icon="cloud-rain",
    menu=(
        MenuItem("预警信息", "weather:list", "weather.overview", "cloud-storm"),
        MenuItem("预警回执", "weather:receipts", "weather.view", "phone-call"),
        MenuItem("叫应率", "weather:rates", "weather.view", "chart-bar"),
        MenuItem("雨量站", "weather:gauges", "weather.rain", "droplet"),
        MenuItem("雨量内部提示", "weather:hints", "weather.rain", "bulb"),
    ),
    permissions=(
        Permission("weather.overview", "查看接收的全部预警信息", roles.BUREAU),
        Permission("weather.view", "查看本单位和辖区的预警回执", roles.BUSINESS),
        Permission("weather.rain", "查看雨量站和雨量内部提示", roles.BUSINESS),
        Permission("weather.enter", "接收和录入气象台的预警", _OFFICE),
        Permission("weather.pass_on", "转发预警", _OFFICE),
        Permission(
            "weather.answer",
            "应答转发来的预警",
            frozenset({roles.TOWN, roles.DEPARTMENT, roles.VILLAGE, roles.SAFETY}),
        ),
        Permission("weather.receive", "承办村社和企业收到的预警", frozenset({roles.VILLAGE, roles.SAFETY})),
        Permission("weather.call", "登记电话叫应", _OFFICE | {roles.TOWN}),
        Permission("weather.urge", "叫应辖区无人应答的单位", frozenset({roles.TOWN})),
        Permission("weather.oversee", "处置无人应答的预警和雨量内部提示", _OFFICE),
        Permission("weather.gauge", "登记和修改雨量站", _OFFICE),
    ),
    tiles=(
        Tile(
            "有效预警",
            "weather:list",
            "weather.overview",
            "bianwang.modules.weather.queries.count_in_force",
            icon="cloud-storm",
            colour="orange",
            query="in_force=1",
        ),
        Tile(
            "预警逾时未应答",
            "weather:receipts",
            "weather.view",
            "bianwang.modules.weather.queries.count_unanswered",
            icon="phone-call",
            colour="red",
            query="overdue=1",
        ),
        Tile(
            "雨量内部提示",
            "weather:hints",
            "weather.rain",
            "bianwang.modules.weather.queries.count_hints",
            icon="bulb",
            colour="blue",
            query="running=1",
        ),
    ),
    jobs=(
        Job("weather.files", "接收 CAP 文件夹", timedelta(seconds=10), "bianwang.modules.weather.services.take_files"),
        Job("weather.deliver", "送达预警", timedelta(seconds=10), "bianwang.modules.weather.services.deliver_pending"),
        Job(
            "weather.escalate",
            "预警逾时未应答上报",
            timedelta(seconds=30),
            "bianwang.modules.weather.services.escalate_overdue",
        ),
        Job(
            "weather.end", "结束失效预警的回执", timedelta(seconds=10), "bianwang.modules.weather.services.end_receipts"
        ),
        Job("weather.rain", "雨量内部提示", timedelta(minutes=1), "bianwang.modules.weather.services.watch_rain"),
    ),
    subscriptions=(Subscription("weather.texts", ("duty.receive",), "bianwang.modules.weather.services.take_receipt"),),
    search="bianwang.modules.weather.queries.search",
    verbs={
        "weather.receive": "接收预警",
        "weather.supersede": "预警被更新或解除",
        "weather.pass_on": "转发预警",
        "weather.deliver": "送达",
        "weather.telephone": "转电话叫应",
        "weather.see": "确认已阅",
        "weather.answer": "应答",
        "weather.call": "登记电话叫应",
        "weather.escalate": "逾时上报",
        "weather.receipt_end": "预警失效",
        "weather.gauge": "登记雨量站",
        "weather.gauge_change": "修改雨量站",
        "weather.hint_open": "雨量达到内部提示",
        "weather.hint_note": "知悉内部提示",
        "weather.hint_close": "雨量回落",
        "weather.hint_dismiss": "人工结束内部提示",
    },
)
