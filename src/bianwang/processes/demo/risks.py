"""Risks of the demo district: points of four colours, and a solvent store that is a major hazard source."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bianwang.modules.risks import services
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Zone
from bianwang.processes.demo.cast import Cast

_POINTS = (
    ("jiahua", "溶剂库", "溶剂蒸气积聚、静电", "火灾、爆炸", "lec", ("3", "6", "40")),
    ("jiahua", "调漆间", "溶剂挥发、通风不良", "中毒和窒息、火灾", "lec", ("3", "6", "15")),
    ("jiahua", "叉车通道", "人车混行", "车辆伤害", "ls", ("3", None, "3")),
    ("ruifeng", "热处理炉", "燃气泄漏、淬火油着火", "火灾、爆炸", "lec", ("1", "6", "15")),
    ("ruifeng", "办公楼配电间", "线路老化", "触电、火灾", "ls", ("2", None, "3")),
    ("anran", "储罐区", "液化石油气泄漏", "火灾、爆炸", "lec", ("1", "10", "40")),
)


def load(cast: Cast) -> None:
    """Enter them; the source has two of its three keepers, so that the missing one shows."""
    officer = cast.user("zhifa")
    with acting(officer, "本机"):
        for key, name, hazard, accidents, method, (likelihood, exposure, consequence) in _POINTS:
            values = {
                "name": name,
                "hazard": f"演示：{hazard}",
                "accidents": accidents,
                "method": method,
                "likelihood": Decimal(likelihood),
                "exposure": Decimal(exposure) if exposure else None,
                "consequence": Decimal(consequence),
                "controls": "演示：可燃气体报警与风机联锁\n动火须办作业票\n每班巡查并记录",
                "emergency": "演示：切断气源和电源，疏散人员，拨打119",
                "keeper": "演示班长",
                "phone": "13800008888",
                "assessed_on": today() - timedelta(days=40),
                "is_demo": True,
            }
            services.save_point(officer, cast.owners[key], values)
    _source(cast)


def _source(cast: Cast) -> None:
    user, owner = cast.user("qiye"), cast.owners["jiahua"]
    with acting(user, "本机"):
        values = {
            "name": "溶剂库",
            "unit": "storage",
            "zone": Zone.objects.filter(owner=owner, name="溶剂库").first(),
            "people": 36,
            "items": "甲苯，800\n甲醇，600\n乙酸乙酯，400",
            "filing_number": "演示BA渝璧〔2025〕1号",
            "filed_on": today() - timedelta(days=300),
            "evaluated_on": today() - timedelta(days=320),
            "is_demo": True,
        }
        source = services.save_source(user, owner, values)
        for level, name in (("principal", "演示总经理"), ("operational", "演示库长")):
            since = today() - timedelta(days=20)
            given = {"level": level, "name": name, "phone": "13800007777", "since": since}
            keeper = services.set_keeper(user, source, given)
            services.add_record(user, keeper, today() - timedelta(days=2), "演示：检查储罐液位、报警和防火堤")
