"""A batch of readings as columns: what the intake, the store and the evaluator hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

DTYPES: dict[str, np.dtype[Any]] = {
    "signal": np.dtype("u4"),
    "time": np.dtype("i8"),
    "value": np.dtype("f8"),
    "quality": np.dtype("u1"),
    "received": np.dtype("i8"),
    "seq": np.dtype("u8"),
    "judged": np.dtype("?"),
}
"""Column name -> dtype, in the order of the table."""


@dataclass(slots=True)
class Columns:
    """Readings, one array per field, all of the same length.

    `signal` id; `time` the device's, ms since 1970 UTC; `value` in the signal's unit; `quality` 0 good, 1 suspect,
    2 bad; `received` ms; `seq` intake order over the whole store, strictly increasing, with gaps; `judged` whether
    the reading took part in judging as it arrived (false: late, or ahead of the clock; judged afterwards).
    """

    signal: NDArray[np.uint32]
    time: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    received: NDArray[np.int64]
    seq: NDArray[np.uint64]
    judged: NDArray[np.bool_]

    @classmethod
    def empty(cls) -> Self:
        """No readings."""
        return cls(**{name: np.empty(0, dtype) for name, dtype in DTYPES.items()})

    @classmethod
    def of(cls, signal: Any, time: Any, value: Any, quality: Any = 0, received: Any = None) -> Self:
        """Columns from anything numpy accepts, broadcast; `received` defaults to `time`, seq to 0, judged to true."""
        given = [signal, time, value, quality, time if received is None else received]
        arrays: list[NDArray[Any]] = list(np.broadcast_arrays(*(np.atleast_1d(data) for data in given)))
        size = len(arrays[0])
        arrays += [np.zeros(size), np.ones(size)]
        return cls(*(array.astype(dtype) for array, dtype in zip(arrays, DTYPES.values(), strict=True)))

    def __len__(self) -> int:
        return len(self.time)

    def arrays(self) -> list[NDArray[Any]]:
        """The arrays in the order of the table."""
        return [getattr(self, field.name) for field in fields(self)]

    def take(self, index: NDArray[Any]) -> Columns:
        """The readings that a mask or an index array selects."""
        return Columns(*(array[index] for array in self.arrays()))
