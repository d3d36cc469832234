"""Run a table over a recording at the recording's own clock: back-tests, demonstrations."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.table import Table


def replay(
    table: Table,
    signal: ArrayLike,
    time: ArrayLike,
    value: ArrayLike,
    quality: ArrayLike | None = None,
    *,
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> Changes:
    """All verdict changes of recorded columns (as Evaluator.push, in any order), by time.

    Silence counts from ``start_ms`` (default: the first reading). Time runs on to ``end_ms``, which is still
    judged (default: the last reading), and no later reading is looked at.
    """
    times = np.asarray(time, np.int64)
    order = np.argsort(times, kind="stable")
    if end_ms is not None:
        order = order[: np.searchsorted(times[order], end_ms, side="right")]
    times = times[order]
    values = np.asarray(value, np.float64)[order]
    qualities = np.zeros(len(times), np.uint8) if quality is None else np.asarray(quality, np.uint8)[order]
    if start_ms is None:
        start_ms = int(times[0]) if len(times) else 0
    if end_ms is None:
        end_ms = int(times[-1]) if len(times) else start_ms
    evaluator = Evaluator(table, start_ms)
    pushed = evaluator.push(np.asarray(signal, np.uint32)[order], times, values, qualities)
    return pushed.followed_by(evaluator.advance(end_ms + 1)).sorted_by_time()
