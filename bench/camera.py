"""From the picture to the alarm, through the whole platform: `python -m bench.camera [--seconds 120]`

An RTSP camera shows an empty road for some seconds and then people, again and again; a rule says that no two may be
there. The processes of `bian run` decode, detect, count, judge and write the alarm. Timed is what the platform needs
after the picture that decides (the second of three that shows people) has come.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.report import emit
from tests.instance import Instance
from tests.processes.camera import road
from tests.processes.camera.rtsp import RtspServer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        road.film(Path(folder, "road.mp4"))
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
    signal = instance.script(road.SET_UP.format(address=address))
    instance.start("run")
    time.sleep(seconds)
    found: list[float] = instance.script(road.ALARMS.format(signal=signal))
    # The first one waits for processes that are still starting.
    return found[1:]


if __name__ == "__main__":
    main()
