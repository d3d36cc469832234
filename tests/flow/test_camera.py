"""What an RTSP camera sees becomes an alarm, through real processes: decoded, detected, counted, judged, written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.instance import Instance, patience
from tests.processes.camera import road
from tests.processes.camera.rtsp import RtspServer

pytestmark = pytest.mark.faults


def test_people_where_there_may_be_none_raise_an_alarm(tmp_path: Path) -> None:
    road.film(tmp_path / "road.mp4")
    server, instance = RtspServer(tmp_path), Instance(tmp_path / "home")
    instance.load_demo()
    signal = instance.script(road.SET_UP.format(address=server.address("road.mp4")))
    server.start()
    try:
        instance.start("intake", "camera")
        for _ in patience("the alarm"):
            if alarms := instance.script(road.ALARMS.format(signal=signal)):
                break
    finally:
        instance.stop()
        server.cut()
    assert len(alarms) == 1
    assert alarms[0] > 0
