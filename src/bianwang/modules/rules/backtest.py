"""What a version would have done over a stored period: episodes, judged by two processes where it is worth it.

Signals are taken so many at a time, and of those so much time at a time, that memory does not grow with the period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import Final

from bianwang.modules.rules.episodes import Episodes, Spans
from bianwang.modules.rules.past import MOST_AT_ONCE, Judged, Plan, changes

MOST_EPISODES: Final = 100_000
_MOST_SIGNALS: Final = 500
_PROCESSES: Final = 2
_WORTH_TWO: Final = 5_000_000
"""Readings from which a second process pays."""


class TooManyEpisodes(ValueError):
    """The rule would raise more alarms than anybody could look at; the message is Chinese."""


def judge(plan: Plan, tell: Callable[[int, int], None] = lambda done, total: None) -> Episodes:
    """All episodes that begin in the plan's period. `tell(done, total)` is called with readings as they are judged.

    Raises TelemetryError, and TooManyEpisodes.
    """
    client = plan.client()
    total = client.count(plan.signals, plan.start_ms - plan.lead_ms, plan.end_ms) if plan.instances else 0
    client.close()
    tell(0, total)
    parts: list[Episodes] = []
    done = found = 0
    for readings, episodes in _results(plan, total):
        parts.append(episodes)
        done, found = done + readings, found + len(episodes)
        if found > MOST_EPISODES:
            raise TooManyEpisodes(f"会产生超过 {MOST_EPISODES:,} 次告警，限值太松，请先调整参数或缩短时间")
        tell(done, total)
    return Episodes.together(parts)


def _results(plan: Plan, total: int) -> Iterator[tuple[int, Episodes]]:
    pieces = _pieces(plan, total)
    if total < _WORTH_TWO or len(pieces) < 2:
        yield from (_judge_piece(plan, piece) for piece in pieces)
        return
    # Spawned: a forked process would share the connection and whatever else is open.
    with ProcessPoolExecutor(_PROCESSES, get_context("spawn"), _enter, (plan,)) as pool:
        running: set[Future[tuple[int, Episodes]]] = {pool.submit(_judge_mine, piece) for piece in pieces}
        try:
            while running:
                ready, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ready)
        finally:
            pool.shutdown(cancel_futures=True)


_mine: list[Plan] = []
"""The plan of this helper process."""


def _enter(plan: Plan) -> None:
    _mine.append(plan)


def _judge_mine(piece: list[int]) -> tuple[int, Episodes]:
    return _judge_piece(_mine[0], piece)


def _judge_piece(plan: Plan, piece: list[int]) -> tuple[int, Episodes]:
    """Readings and episodes of some of the plan's instances."""
    readings, spans = 0, Spans(plan.start_ms)
    for count, found in changes(plan, piece):
        readings += count
        spans.add(found)
    return readings, spans.episodes()


def _pieces(plan: Plan, total: int) -> list[list[int]]:
    """Positions of instances judged together: those that share signals, and as many as an answer holds."""
    of_a_signal = max(1, total // max(1, len(plan.signals)))
    room = max(1, min(_MOST_SIGNALS, MOST_AT_ONCE // of_a_signal))
    pieces: list[list[int]] = []
    size = room
    for positions, signals in _connected(plan.instances):
        if size + signals > room:
            pieces.append([])
            size = 0
        pieces[-1] += positions
        size += signals
    return pieces


def _connected(instances: Sequence[Judged]) -> list[tuple[list[int], int]]:
    """Instances that share signals, directly or through others, and how many signals they have."""
    parent: dict[int, int] = {}

    def root(signal: int) -> int:
        while parent.setdefault(signal, signal) != signal:
            parent[signal] = signal = parent[parent[signal]]
        return signal

    for instance in instances:
        for signal in instance.signals:
            parent[root(signal)] = root(instance.signals[0])
    positions: dict[int, list[int]] = {}
    for position, instance in enumerate(instances):
        positions.setdefault(root(instance.signals[0]), []).append(position)
    sizes: dict[int, int] = {}
    for signal in list(parent):
        sizes[root(signal)] = sizes.get(root(signal), 0) + 1
    return [(found, sizes[signal]) for signal, found in sorted(positions.items())]
