"""What the parts of the signalling server share: its times, a registered recorder, and what it tells to the outside."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bianwang.modules.sensing.services import Channel, RecorderChange
from bianwang.modules.sensing.signalling import RecorderConfig
from bianwang.platform.clock import now_ms
from bianwang.processes.gb28181.transport import Peer
from bianwang.protocols.manscdp import Alarm


@dataclass(frozen=True)
class Times:
    """Seconds that the server waits; the standard's own where it has them."""

    keepalive: float = 60.0
    misses: int = 3
    sweep: float = 5.0
    answer: float = 10.0
    """For the final response to a request."""
    part: float = 8.0
    """For the next part of a catalog."""
    media: float = 10.0
    """For the first packet of a stream, and for the next."""
    nonce: float = 60.0
    subscription: float = 3_600.0
    """Life of a subscription that is asked for."""
    renewal: float = 60.0
    """So long before its end it is renewed, and never more often."""


@dataclass
class Registration:
    """A recorder that has registered; `expires` and `heard` are monotonic seconds, the others ms UTC."""

    recorder: RecorderConfig
    peer: Peer
    expires: float
    heard: float = field(default_factory=time.monotonic)
    since_ms: int = field(default_factory=now_ms)
    told_ms: int = 0
    catalog_ms: int = 0
    """When its catalog came last."""


class NoCatalog(Exception):
    """A recorder did not tell its catalog, or it could not be kept; the message is Chinese."""


class Office(Protocol):
    """What the server tells to the rest of the platform; nothing here may block."""

    def present(self, change: RecorderChange) -> None:
        """A recorder came, went, or was heard."""

    def refused(self, key: str, reason: str, example: str) -> None:
        """Something of a recorder (its code) or a stranger (his address) was refused; `example` is Chinese."""

    def alarm(self, recorder: RecorderConfig, alarm: Alarm) -> None:
        """A recorder reports an alarm."""

    async def catalog(self, recorder: RecorderConfig, channels: Sequence[Channel], *, is_complete: bool) -> str:
        """A recorder told its channels; what came of it in a Chinese sentence. Raises NoCatalog."""
