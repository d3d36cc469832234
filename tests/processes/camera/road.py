"""A road on which there is nobody, then people, again and again: seen by an RTSP camera, with a rule that says no."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import av
import numpy as np

from bianwang.processes.videos import Video
from bianwang.vision.frames import Frame
from tests.vision.recordings import pedestrians

FPS, EMPTY_S, BUSY_S = 10, 8, 12

SET_UP = """
import json
from datetime import date
from django.db import transaction
from bianwang.modules.rules.models import Binding, Rule, RuleLevel, RuleVersion
from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Camera, Region, Signal
from bianwang.modules.sensing.services import bump
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Enterprise

with acting(None, "本机"):
    owner = Enterprise.objects.order_by("pk")[0]
    camera = Camera(owner=owner, name="道路", stream="{address}", is_analysed=True)
    services.register(camera)
    Region.objects.create(camera=camera, name="全部", use="intruder_count", points="[[0,0],[1,0],[1,1],[0,1]]")
    services.ensure_signals([camera.pk])
with transaction.atomic():
    made = Rule.objects.create(code="nobody", name="nobody", family="act")
    version = RuleVersion.objects.create(
        rule=made, number=1, template="nobody", source="bench", valid_from=date(2020, 1, 1), state="active",
        made_at=now(), activated_at=now())
    RuleLevel.objects.create(version=version, index=0, severity="red", kind=0, op=0, limit=1.5)
    signal = Signal.objects.get(owner=owner, quantity="intruder_count", name__startswith=f"camera.{{camera.pk}}.")
    Binding.objects.create(version=version, signal=signal, owner_id=owner.pk, started_at=now())
    bump("rules")
print(json.dumps(signal.pk))
"""
"""Script for an instance with a district: the camera at {address}, its region, the rule; prints the signal."""
ALARMS = """
import json
from bianwang.modules.alarms.models import Alarm
rows = Alarm.objects.filter(signal_id={signal}).order_by("pk")
print(json.dumps([1000 * row.created_at.timestamp() - row.started_ms for row in rows]))
"""
"""Script for the instance: how long after its beginning each alarm of {signal} was written, in ms."""


def film(target: Path) -> None:
    """H.264 with a key frame a second: the road without anybody (the median of the recording), then as it was."""
    with tempfile.TemporaryDirectory() as folder, Video(str(pedestrians(Path(folder)))) as video:
        busy = [frame for _, frame in islice(video.sampled(FPS), BUSY_S * FPS * 3)]
    empty = np.median(np.stack(busy[::6]), axis=0).astype(np.uint8)
    write(target, [*[empty] * (EMPTY_S * FPS), *busy[: BUSY_S * FPS]])


def write(target: Path, frames: Iterable[Frame]) -> None:
    """An MP4 of these pictures."""
    with av.open(str(target), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "bf": "0", "g": str(FPS)})
        stream.width, stream.height, stream.pix_fmt = 768, 576, "yuv420p"
        for frame in frames:
            output.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        output.mux(stream.encode())
