"""The random share of a round and of second looks: draws that anybody can repeat. Pure.

Method `sha256-rank-1`: rank(role, key) = SHA-256 of the UTF-8 text "seed|role|key", in hexadecimal. Of the cameras of a
plan those with the lowest rank("camera", number) are drawn, as many as the share of them, rounded up. A look is looked
at again when rank("second", number), read as a fraction of the highest rank, is below the share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from math import ceil

METHOD = "sha256-rank-1"


def rank(seed: str, role: str, key: int) -> str:
    """The place of a key in a draw, as a hexadecimal number of fixed length."""
    return hashlib.sha256(f"{seed}|{role}|{key}".encode()).hexdigest()


def draw(seed: str, cameras: Collection[int], percent: int) -> frozenset[int]:
    """The cameras drawn: `percent` (1–100) of them, rounded up. Raises ValueError without a seed or a share."""
    if not seed or not 1 <= percent <= 100:
        raise ValueError(f"cannot draw {percent} % with seed {seed!r}")
    wanted = ceil(len(cameras) * percent / 100)
    return frozenset(sorted(cameras, key=lambda key: rank(seed, "camera", key))[:wanted])


def is_drawn(seed: str, key: int, share: float) -> bool:
    """Whether one look belongs to the share (0–1) that is looked at again."""
    return int(rank(seed, "second", key), 16) < share * 16**64
