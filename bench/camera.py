"""From the picture to the alarm, through the whole platform: `python -m bench.camera [--seconds 120]`

An RTSP camera shows an empty road for some seconds and then people, again and again; a rule says that no two may be
there. The processes of `bian run` decode, detect, count, judge and write the alarm. Timed is what the platform needs
after the picture that decides (the second of three that shows people) has come.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import av
import numpy as np

from bench.report import emit
from bianwang.processes.videos import Video
from bianwang.vision.frames import Frame
from tests.instance import Instance
from tests.processes.camera.rtsp import RtspServer
from tests.vision.recordings import pedestrians

FPS, EMPTY_S, BUSY_S = 10, 8, 12

_SET_UP = """
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
_ALARMS = """
import json
from bianwang.modules.alarms.models import Alarm
rows = Alarm.objects.filter(signal_id={signal}).order_by("pk")
print(json.dumps([1000 * row.created_at.timestamp() - row.started_ms for row in rows]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        film(Path(folder, "road.mp4"))
        server = RtspServer(Path(folder))
        server.start()
        instance = Instance(Path(folder, "home"))
        try:
            delays = measured(instance, server.address("road.mp4"), options.seconds)
        finally:
            instance.stop()
            server.cut()
    if len(delays) < 2:
        raise SystemExit(f"{len(delays)} alarms in {options.seconds:.0f} s: too few to tell")
    emit("camera", "deciding picture to alarm: median", float(np.median(delays)), "ms", alarms=len(delays))
    emit("camera", "deciding picture to alarm: slowest", max(delays), "ms", alarms=len(delays))


def measured(instance: Instance, address: str, seconds: float) -> list[float]:
    """Milliseconds of every alarm."""
    instance.home.mkdir()
    instance.bian("demo", "--load-only")
    signal = instance.script(_SET_UP.format(address=address))
    instance.start("run")
    time.sleep(seconds)
    found: list[float] = instance.script(_ALARMS.format(signal=signal))
    # The first one waits for processes that are still starting.
    return found[1:]


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


if __name__ == "__main__":
    main()
