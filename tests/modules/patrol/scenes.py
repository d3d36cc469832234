"""What the tests of patrols start from: cameras, pictures, suspicions."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from bianwang.modules.patrol import services
from bianwang.modules.patrol.models import Suspicion
from bianwang.modules.sensing.models import Camera
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
