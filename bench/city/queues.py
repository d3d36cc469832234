"""One queue, first come first served, in steps of time: columns are servers, rows are steps.

Work and capacity are in seconds of the server's time (or any unit that both share). Lindley's recursion
B(t) = max(0, B(t-1) + work - capacity) in closed form, so that a day of steps is one pass of numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.float64]
"""(steps,) or (steps, servers)."""


def backlog(work: Steps, capacity: Steps) -> Steps:
    """Work that waits at the end of each step. A server never idles while there is work."""
    free = np.cumsum(work - capacity, axis=0)
    return free - np.minimum(np.minimum.accumulate(free, axis=0), 0.0)


def served(work: Steps, waiting: Steps) -> Steps:
    """Work done until the end of each step: what came and does not wait."""
    return np.cumsum(work, axis=0) - waiting


def passage(work: Steps, capacity: Steps, step: float) -> NDArray[np.float64]:
    """Seconds from the end of a step until the work that had come by then is done (one server).

    What is not done within the steps takes as long as until their end at least, and is counted so.
    """
    waiting = backlog(work, capacity)
    done = served(work, waiting)
    offered = np.cumsum(work)
    # The first step by whose end as much is done as had come; within it, the share that was needed.
    tolerance = 1e-9 * max(1.0, float(offered[-1]))
    last = np.minimum(np.searchsorted(done, offered - tolerance), len(done) - 1)
    before = np.where(last > 0, done[np.maximum(last - 1, 0)], 0.0)
    share = np.clip((offered - before) / np.maximum(capacity[last], tolerance), 0.0, 1.0)
    return np.where(waiting > tolerance, (last - np.arange(len(done)) - 1 + share) * step, 0.0)
