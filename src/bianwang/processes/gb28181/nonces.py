"""Nonces of the digest that need no memory: a time and an address under a key of this run."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from bianwang.platform import crypto

LIFE_S = 60


class Nonces:
    """Makes nonces and knows its own again, for the address they were made for."""

    def __init__(self, life_s: float = LIFE_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = secrets.token_bytes(32)
        self._life_s, self._clock = life_s, clock

    def make(self, address: str) -> str:
        """A nonce for an address, valid from now."""
        moment = f"{int(self._clock() * 1000):012x}"
        return moment + self._seal(moment, address)

    def is_fresh(self, nonce: str, address: str) -> bool:
        """Whether it was made here, for this address, not long ago."""
        moment, seal = nonce[:12], nonce[12:]
        if not secrets.compare_digest(seal.encode(), self._seal(moment, address).encode()):
            return False
        return self._clock() * 1000 - int(moment, 16) <= self._life_s * 1000

    def _seal(self, moment: str, address: str) -> str:
        return crypto.hmac_sm3(self._key, f"{moment} {address}".encode()).hex()[:32]
