"""The one place where what the analyser suspects goes on to people."""

from __future__ import annotations

from dataclasses import dataclass

from bianwang.modules.patrol.services import suspect
from bianwang.modules.sensing.models import Camera
from bianwang.platform.clock import from_ms
from bianwang.platform.registry import registry


@dataclass(frozen=True)
class Suspected:
    """Something of a camera; `box` in parts of the picture, `picture` a JPEG."""

    camera: int
    kind: str
    region: str
    score: float
    at_ms: int
    box: tuple[float, float, float, float]
    picture: bytes
    hidden: bytes
    """The picture with heads hidden."""


def tell(suspected: Suspected) -> None:
    """Put it into the review queue, if there is one. Raises DatabaseError."""
    camera = Camera.objects.filter(pk=suspected.camera).first()
    if camera is not None and "patrol" in registry():
        suspect(
            camera,
            suspected.kind,
            region=suspected.region,
            score=suspected.score,
            at=from_ms(suspected.at_ms),
            box=suspected.box,
            picture=suspected.picture,
            hidden=suspected.hidden,
        )
