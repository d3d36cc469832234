"""The thread of one camera: connect, read, look, and come back after every break."""

from __future__ import annotations

import logging
import threading

from bianwang.modules.sensing.streams import FILE
from bianwang.modules.sensing.watching import CameraConfig
from bianwang.processes.camera.eye import Eye
from bianwang.processes.camera.ring import Ring
from bianwang.processes.camera.sampling import Sampler, pixels
from bianwang.processes.camera.source import SourceError, open_source, packets, video
from bianwang.processes.camera.timing import Backoff, Clock, StreamClock

log = logging.getLogger(__name__)

LATE_MS = 1_000
"""What comes later than this is passed over up to the next key frame: a machine with too much to do shows and judges
fewer pictures, not old ones."""
_STEP_S = 1.0
_ENDED = "码流已结束"


class Watch(threading.Thread):
    """Runs until its clock is stopped."""

    def __init__(self, camera: CameraConfig, eye: Eye, ring: Ring, clock: Clock) -> None:
        super().__init__(name=f"camera-{camera.id}", daemon=True)
        self._camera = camera
        self._eye = eye
        self._ring = ring
        self._clock = clock
        self._is_file = camera.address.startswith(FILE)

    def run(self) -> None:
        """Follow the stream; a fault of one camera is nobody else's."""
        backoff = Backoff()
        while not self._clock.stopped:
            began = self._clock.now_ms()
            try:
                self._follow()
                why = _ENDED
            except SourceError as error:
                why = str(error)
            except Exception:
                log.exception("摄像机 %d 的画面处理出错，稍后重试", self._camera.id)
                why = "画面处理出错，请查看日志"
            self._ring.close()
            # A file that was played to its end begins again.
            if not (self._is_file and why == _ENDED):
                self._pause(backoff.pause((self._clock.now_ms() - began) / 1000), why)

    def stop(self) -> None:
        """Ask it to end; a read in hand may last some seconds."""
        self._clock.stop()

    def _follow(self) -> None:
        """Read one connection to its end. Raises SourceError."""
        camera, clock, eye = self._camera, self._clock, self._eye
        began = clock.now_ms()
        with open_source(camera) as container:
            stream = video(container)
            sampler, times, caught_up = Sampler(camera.sample_fps), StreamClock(began), False
            for packet in packets(container, stream):
                if clock.stopped:
                    return
                seconds = float((packet.dts or 0) * packet.time_base)
                if self._is_file:
                    clock.wait((began - clock.now_ms()) / 1000 + seconds)
                now_ms = clock.now_ms()
                at_ms = times.at_ms(seconds, now_ms)
                in_time = now_ms - at_ms < LATE_MS
                # FFmpeg has gathered some seconds before it gives the first packet: they are decoded at once.
                caught_up = caught_up or in_time
                if caught_up and not in_time:
                    sampler.skip()
                frame = sampler.frame(packet, seconds)
                self._ring.put(packet, at_ms)
                if frame is not None and in_time:
                    eye.see(pixels(frame), at_ms)
                else:
                    eye.miss(now_ms, "收到的画面不能解码")

    def _pause(self, seconds: float, why: str) -> None:
        """Wait for the next attempt; silence is told meanwhile."""
        until = self._clock.now_ms() + seconds * 1000
        while not self._clock.stopped:
            now_ms = self._clock.now_ms()
            self._eye.miss(now_ms, why)
            if now_ms >= until:
                return
            self._clock.wait(min(_STEP_S, (until - now_ms) / 1000))
