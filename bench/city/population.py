"""Who reports: enterprises of heavy-tailed size, spread over the slots of the stream by their owner's number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.city.parameters import Parameters

SLOTS = 1024
"""As in the stream: owners are spread over so many slots."""
TAIL = 1.3
"""Pareto's exponent of enterprise sizes: four fifths of the signals belong to about a third of the enterprises."""
SLOWEST, FASTEST = 0.1, 1.0
"""Hz; the logarithm of an enterprise's rate is even between them."""


@dataclass(frozen=True)
class Scale:
    """So many signals of so many enterprises in so many districts; `people` who have pages open; `cameras` that are
    analysed."""

    code: str
    title: str
    enterprises: int
    signals: int
    people: int
    cameras: int
    districts: int = 1


DISTRICT = Scale("district", "一个区", 500, 25_000, 60, 50)
LARGE = Scale("large", "大区", 5_000, 250_000, 200, 500)
CITY = Scale("city", "全市（40 个区）", 200_000, 10_000_000, 2_400, 20_000, 40)
SCALES = (DISTRICT, LARGE, CITY)


@dataclass(frozen=True)
class Population:
    """Readings a second that come singly and in batches, and rule instances, by slot."""

    single: NDArray[np.float64]
    batched: NDArray[np.float64]
    instances: NDArray[np.float64]
    signals: float

    @property
    def rate(self) -> NDArray[np.float64]:
        """Readings a second by slot."""
        return self.single + self.batched


def population(scale: Scale, cells: int, parameters: Parameters, seed: int = 1) -> Population:
    """One of `cells` equal parts of a scale: the one with the chemical park, where the scale has room for it."""
    random = np.random.default_rng(seed)
    signals, count = scale.signals / cells, max(1, round(scale.enterprises / cells))
    park = min(parameters.park, signals / 10)
    size = _scaled(random.pareto(TAIL, count) + 1, signals - park, park)
    rate = np.exp(random.uniform(np.log(SLOWEST), np.log(FASTEST), count))
    in_batches = random.random(count) < parameters.batched
    size, rate = np.append(size, park), np.append(rate, FASTEST)
    in_batches = np.append(in_batches, True)
    slot = np.append(random.permutation(count), 0) % SLOTS

    def by_slot(weight: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(slot, weight, SLOTS)

    return Population(
        single=by_slot(size * rate * ~in_batches),
        batched=by_slot(size * rate * in_batches),
        instances=by_slot(size * parameters.rules),
        signals=signals,
    )


def _scaled(size: NDArray[np.float64], total: float, most: float) -> NDArray[np.float64]:
    """In proportion, so that they sum up to `total` and none exceeds `most`."""
    while True:
        size = size * total / size.sum()
        if size.max() <= most * 1.001:
            return size
        size = np.minimum(size, most)
