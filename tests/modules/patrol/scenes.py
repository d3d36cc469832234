"""What the tests of patrols start from: cameras, pictures, suspicions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from bianwang.modules.patrol import services
from bianwang.modules.patrol.models import Look, Plan, Round, Suspicion
from bianwang.modules.sensing.models import Camera
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.places.models import Party
from tests.people import World


@lru_cache(maxsize=8)
def picture(colour: str = "gray") -> bytes:
    """A small JPEG."""
    target = BytesIO()
    Image.new("RGB", (160, 90), colour).save(target, "JPEG")
    return target.getvalue()


def camera(owner: Party, name: str = "喷漆房东", **values: Any) -> Camera:
    """A camera of this name."""
    made, _ = Camera.objects.get_or_create(owner=owner, name=name, defaults={"stream": "rtsp://10.0.0.1/1", **values})
    return made


def suspected(where: Camera, kind: str = "fallen", minutes: float = 0, at: datetime | None = None) -> Suspicion:
    """What a model says, so many minutes from now."""
    moment = at or now() + timedelta(minutes=minutes)
    return services.suspect(
        where, kind, region="通道", score=0.71, at=moment, box=(0.2, 0.3, 0.5, 0.9), picture=picture()
    )


def suspicion_key(world: World) -> int:
    """An open suspicion at the plant."""
    return suspected(camera(world.plant)).pk


def plan(world: World, who: str = "duty", **values: Any) -> Plan:
    """A plan of all cameras of the plant, for the duty officers of the bureau."""
    given: dict[str, Any] = {
        "name": "重点企业巡检",
        "unit": world.bureau,
        "town": None,
        "enterprises": [world.plant],
        "zones": [],
        "people": [],
        "share": 100,
        "every": "day",
        "weekdays": "1234567",
        "windows": "00:00-24:00",
        "role": "duty_officer",
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
    }
    return services.save_plan(world.who(who), Plan(), given | values)


def round_of(made: Plan, hours: float = 2) -> Round:
    """A round of a plan that has to be done in so many hours."""
    found = services.make_round(made, now() - timedelta(hours=1), now() + timedelta(hours=hours), seed="种子")
    assert found is not None
    return found


def walking(world: World, **values: Any) -> Round:
    """A round of two cameras that the duty officer has begun."""
    for name in ("喷漆房东", "仓库西"):
        camera(world.plant, name)
    found = round_of(plan(world, **values))
    services.start(found, world.who("duty"))
    return found


def seen(look: Look, result: str = "normal", who: User | None = None, **values: Any) -> Look:
    """What whoever walks the round says of a camera."""
    by = who or look.round.walked_by
    assert by is not None
    services.look(look, by, services.Seen(result, **values))
    return look


def plan_key(world: World) -> int:
    """A plan of the plant's town."""
    values = {"unit": world.town, "role": "town_staff", "town": world.town_area, "enterprises": []}
    camera(world.plant)
    return plan(world, "town", **values).pk


def round_key(world: World) -> int:
    """A round that waits."""
    return round_of(Plan.objects.get(pk=plan_key(world))).pk


def look_key(world: World) -> int:
    """A problem that was found at the plant."""
    row = walking(world).looks.first()
    assert row is not None
    return seen(row, "problem", note="通道堵塞").pk


def wanted_key(world: World) -> int:
    """A normal record that is to be looked at again."""
    row = walking(world).looks.first()
    assert row is not None
    Look.objects.filter(pk=seen(row).pk).update(second="wanted")
    return row.pk
