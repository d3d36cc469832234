"""Hands readings to the intake as they come; keeps them while it does not run."""

from __future__ import annotations

import logging
import threading
from collections import deque

from bianwang.processes.camera.signals import Reading
from bianwang.telemetry.client import TelemetryClient, TelemetryDown, TelemetryError

log = logging.getLogger(__name__)

_AT_ONCE = 1_000
_MOST = 200_000
"""Readings that wait at most: hours of a hundred cameras. Beyond, the oldest are given up."""
_RETRY_S = 1.0


class Sender(threading.Thread):
    """A thread that sends what `put` brings, at once and in order."""

    def __init__(self, client: TelemetryClient) -> None:
        super().__init__(name="sender", daemon=True)
        self._client = client
        self._waiting: deque[Reading] = deque(maxlen=_MOST)
        self._news = threading.Condition()
        self._stopping = False
        self._is_down = False

    def put(self, readings: list[Reading]) -> None:
        """Send them soon; from any thread."""
        with self._news:
            self._waiting.extend(readings)
            self._news.notify()

    def stop(self) -> None:
        """Send what waits, once, and end."""
        with self._news:
            self._stopping = True
            self._news.notify()
        self.join()

    def run(self) -> None:
        """Until `stop`. A reading that is sent twice is stored once."""
        while batch := self._take():
            while not self._send(batch) and not self._stopping:
                with self._news:
                    self._news.wait_for(lambda: self._stopping, _RETRY_S)
        self._client.close()

    def _take(self) -> list[Reading]:
        """What waits, as soon as there is anything; nothing at the end."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._stopping)
            return [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]

    def _send(self, batch: list[Reading]) -> bool:
        """False if it must be tried again."""
        try:
            self._client.record(
                [each.signal for each in batch],
                [each.at_ms for each in batch],
                [each.value for each in batch],
                [each.quality for each in batch],
            )
        except TelemetryDown as error:
            if not self._is_down:
                log.error("视频读数暂时送不出去，每秒重试：%s", error)
            self._is_down = True
            return False
        except TelemetryError as error:
            log.error("%d 个视频读数被拒收：%s", len(batch), error)
        if self._is_down:
            log.warning("视频读数恢复送出")
        self._is_down = False
        return True
