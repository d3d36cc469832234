"""Load generator: MQTT 3.1.1 QoS 1 publishers with a window of unacknowledged messages, in a process of its own.

    python -m bench.load PORT --connections 50 --shape batch --seconds 10

Prints one JSON line: messages and readings acknowledged, seconds, latency in ms (publish to PUBACK). Payloads are
encoded before the start except for their times, which are patched in, so that the generator costs little.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import deque

import uvloop

from bianwang.protocols import mqtt, mqtt_fields

MARK = b"@@@@@@@@@@"
"""Stands for the whole seconds of a time in ms."""


class Publisher(asyncio.Protocol):
    """One device."""

    def __init__(self, options: argparse.Namespace, number: int) -> None:
        self.options = options
        self.acked = self.sent = 0
        self.latencies: list[float] = []
        self._number = number
        self._sent_at: deque[tuple[int, float]] = deque()
        self._id = 0
        self._rest = b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.idle: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.until = 0.0
        self._step = 0
        self._make = self._batch if options.shape == "batch" else self._single
        self._time = 0
        self._templates = self._encode()

    def connection_made(self, transport) -> None:
        self._transport = transport
        hello = mqtt.Connect(f"load{self._number}", username=f"d{self._number}", keepalive=60)
        transport.write(mqtt.encode(hello))

    def data_received(self, data: bytes) -> None:
        if not self.ready.done():
            data = data[4:]
            self.ready.set_result(None)
        if not data:
            return
        data = self._rest + data
        whole = len(data) >> 2
        self._rest = data[whole << 2 :]
        self.acked += whole
        now = time.perf_counter()
        while self._sent_at and self._sent_at[0][0] <= self.acked:
            self.latencies.append(now - self._sent_at.popleft()[1])
        if not self.options.rate:
            self.pump()
        elif self.acked == self.sent and self.until and time.monotonic() >= self.until and not self.idle.done():
            self.idle.set_result(None)

    def connection_lost(self, error) -> None:
        if not self.idle.done():
            self.idle.set_result(None)

    def pump(self, most: int = 1 << 30) -> None:
        """Fill the window, or end."""
        if time.monotonic() >= self.until:
            if self.acked == self.sent and not self.idle.done():
                self.idle.set_result(None)
            return
        room = min(self.options.window - (self.sent - self.acked), most)
        if room <= 0:
            return
        packets = []
        for _ in range(room):
            self._id = self._id % 65_535 + 1
            packets.append(self._make(self._id.to_bytes(2, "big")))
        self.sent += room
        self._sent_at.append((self.sent, time.perf_counter()))
        self._transport.write(b"".join(packets))

    def _encode(self) -> list[tuple[bytes, bytes]]:
        """(bytes before the packet id, bytes after it) of every message of one step."""
        options, chance = self.options, random.Random(self._number)

        def value() -> str:
            return f"{chance.gauss(50, 5):.2f}"

        made = []
        if options.shape == "batch":  # 5 signals at 20 moments
            times = ",".join(f"{MARK.decode()}{moment * 50:03d}" for moment in range(20))
            for group in range(options.signals // 5):
                values = ",".join(f'"s{group * 5 + s}":[{",".join(value() for _ in range(20))}]' for s in range(5))
                made.append(f'{{"ts":[{times}],"values":{{{values}}}}}')
        else:
            made = [f'{{"ts":%d,"values":{{"s{s}":{value()}}}}}' for s in range(options.signals)]
        topic = b"bianwang/v1/telemetry"
        packets = []
        for payload in made:
            size = len(payload) + (11 if options.shape == "single" else 0)
            body = len(topic).to_bytes(2, "big") + topic + b"\0\0" + b" " * size
            whole = mqtt_fields.frame(0x32, body)
            head = whole[: len(whole) - size - 2]
            packets.append((head, payload.encode()))
        return packets

    def _batch(self, number: bytes) -> bytes:
        """The next message, in seconds that go with the clock or, if the rate is higher, ahead of it."""
        at = self._step % len(self._templates)
        self._step += 1
        if not at:
            self._time = max(self._time + 1, int(time.time()))
        head, body = self._templates[at]
        return head + number + body.replace(MARK, b"%d" % self._time)

    def _single(self, number: bytes) -> bytes:
        """The next message, stamped now; a signal's turn comes again only after all others'."""
        head, body = self._templates[self._step % len(self._templates)]
        self._step += 1
        return head + number + body % (time.time_ns() // 1_000_000)


async def run(options: argparse.Namespace) -> None:
    """Publish for the time asked, wait for the last acknowledgement, report."""
    loop = asyncio.get_running_loop()
    publishers = [
        (await loop.create_connection(lambda n=n: Publisher(options, n), "127.0.0.1", options.port))[1]
        for n in range(options.connections)
    ]
    await asyncio.gather(*(p.ready for p in publishers))
    begin = time.monotonic()
    for publisher in publishers:
        publisher.until = begin + options.seconds
    if options.rate:
        await paced(options, publishers)
    else:
        for publisher in publishers:
            publisher.pump()
    await asyncio.wait_for(asyncio.gather(*(p.idle for p in publishers)), options.seconds + 60)
    took = time.monotonic() - begin
    latencies = sorted(x for p in publishers for x in p.latencies)
    messages = sum(p.acked for p in publishers)
    print(
        json.dumps(
            {
                "messages": messages,
                "sent": sum(p.sent for p in publishers),
                "readings": messages * (1 if options.shape == "single" else 100),
                "seconds": round(took, 3),
                "p50_ms": round(latencies[len(latencies) // 2] * 1e3, 1),
                "p99_ms": round(latencies[int(len(latencies) * 0.99)] * 1e3, 1),
                "max_ms": round(latencies[-1] * 1e3, 1),
                "cpu_s": round(time.process_time(), 2),
            }
        ),
        flush=True,
    )


async def paced(options: argparse.Namespace, publishers: list[Publisher]) -> None:
    """Send `rate` messages a second in all, spread over the connections."""
    begin, done, turn = time.monotonic(), 0, 0
    while (now := time.monotonic()) < begin + options.seconds:
        due = int((now - begin) * options.rate) - done
        share = max(1, due // len(publishers))
        while due > 0:
            publishers[turn % len(publishers)].pump(min(share, due))
            turn, due, done = turn + 1, due - share, done + share
        await asyncio.sleep(0.005)
    for publisher in publishers:
        publisher.pump(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--signals", type=int, default=800)
    parser.add_argument("--shape", choices=["batch", "single"], default="batch")
    parser.add_argument("--window", type=int, default=50)
    parser.add_argument("--rate", type=float, default=0, help="messages a second in all; 0: as fast as possible")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    uvloop.run(run(options))


if __name__ == "__main__":
    main()
