"""What the demo's maps are drawn from: settlements, a road, a stream, wind, and a judgement of the fire."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from bianwang.modules.emergency import services
from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.mapping.geojson import Line
from bianwang.modules.emergency.models import Event, Settlement
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.processes.demo.cast import Cast

_SETTLEMENTS = (
    # name, households, people, frail, metres of longitude and latitude in thousandths of a degree from the fire
    ("演示：后山一社", 12, 31, 4, -6.0, -4.0),
    ("演示：后山二社", 18, 52, 7, -11.0, -2.5),
    ("演示：石院子", 9, 22, 5, -4.5, -10.0),
    ("演示：桥头", 26, 80, 9, 9.0, -13.0),
    ("演示：林场管护站", 1, 4, 0, 3.0, 6.0),
)
_ROAD = [(-25, -16), (-14, -13), (-5, -12), (4, -14.5), (15, -16), (26, -13)]
_STREAM = [(-24, 9), (-16, 4), (-15, -3), (-17, -10), (-14, -20)]
_WINDS = "4.5 东北\n5 东北\n5.5 东\n5 东\n4 东南\n3.5 东南"


def load(cast: Cast) -> None:
    """Enter them, once."""
    fire = Event.objects.filter(is_demo=True, is_exercise=False, kind="forest_fire").order_by("pk").first()
    if fire is None or fire.longitude is None or fire.latitude is None or Settlement.objects.exists():
        return
    east, north = fire.longitude, fire.latitude
    duty, town = cast.user("zhiban"), cast.organisation("500120003")
    with acting(duty, "本机"):
        for name, households, people, frail, x, y in _SETTLEMENTS:
            values = {"name": name, "households": households, "people": people, "frail": frail, "phone": ""}
            values |= {"longitude": east + x / 1000, "latitude": north + y / 1000}
            services.save_settlement(duty, town, values, is_demo=True)
        for kind, name, points in (("road", "演示：后山公路", _ROAD), ("river", "演示：后溪", _STREAM)):
            line = Line(name, [(east + x / 1000, north + y / 1000) for x, y in points])
            about = {"kind": kind, "name": name, "source": "演示数据，不是实测"}
            digest = hashlib.sha256(name.encode()).hexdigest()
            services.import_lines(duty, about, [line], digest, is_demo=True)
        read = {"speed": 4.5, "blows_from": 45.0, "temperature": 36.0, "humidity": 28.0}
        measured = now() - timedelta(minutes=25)
        services.enter_wind(
            duty, fire, {**read, "measured_at": measured, "source": "演示：前指手持风速仪"}, is_demo=True
        )
        services.judge_fire(
            duty,
            fire,
            {
                "starts_at": fire.happened_at,
                "hours": 6,
                "cell": 20,
                "side": 400,
                "points": [(east, north)],
                "perimeter": [],
                "weather": winds.series(_WINDS, 6, 36, 28),
                "moisture": 5.0,
                "fuel": 1,
                "fuel_ground": None,
                "elevation": None,
            },
            is_demo=True,
        )
    services.compute_waiting()
