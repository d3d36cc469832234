"""Requests that wait for their answer, and answers to requests that come twice (RFC 3261 section 17)."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict

from bianwang.processes.gb28181.transport import Peer, Transport
from bianwang.protocols import sip
from bianwang.protocols.sip import Request, Response

T1_S, T2_S = 0.5, 4.0
"""First and longest pause before a request is sent again over UDP."""
REPEATED_S = 32.0
"""How long a request may come again (64 times T1)."""
_MOST_ANSWERED = 5_000


class Unanswered(Exception):
    """No final response came in time."""


def new_branch() -> str:
    """The branch of a new transaction."""
    return sip.COOKIE + secrets.token_hex(8)


class Transactions:
    """Both sides of the request-response pairs that run over one transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._waiting: dict[str, tuple[asyncio.Future[Response], asyncio.Event]] = {}
        self._answered: OrderedDict[tuple[str, str, str, int], tuple[float, Response]] = OrderedDict()

    async def ask(self, request: Request, peer: Peer, timeout_s: float) -> Response:
        """Send a request and return its final response; over UDP it is sent again until something comes.

        Raises Unanswered.
        """
        branch = request.via.get("branch")
        final: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        begun = asyncio.Event()
        self._waiting[branch] = final, begun
        resending = asyncio.create_task(self._resend(request, peer, begun))
        try:
            async with asyncio.timeout(timeout_s):
                return await final
        except TimeoutError:
            raise Unanswered from None
        finally:
            resending.cancel()
            del self._waiting[branch]

    def response(self, response: Response) -> bool:
        """Take a response; False if nobody waits for it."""
        waiting = self._waiting.get(response.via.get("branch"))
        if waiting is None:
            return False
        final, begun = waiting
        begun.set()
        if response.status >= 200 and not final.done():
            final.set_result(response)
        return True

    def answer(self, request: Request, response: Response, peer: Peer) -> None:
        """Answer a request, and remember the answer for when the request comes again."""
        self._answered[_key(request, peer)] = time.monotonic(), response
        while len(self._answered) > _MOST_ANSWERED:
            self._answered.popitem(last=False)
        self._transport.send(response, peer)

    def repeats(self, request: Request, peer: Peer) -> bool:
        """Whether the request came before; then its answer is sent once more."""
        since, response = self._answered.get(_key(request, peer), (0.0, None))
        # Some recorders number nothing anew: what comes much later is another request.
        if response is None or time.monotonic() - since > REPEATED_S:
            return False
        self._transport.send(response, peer)
        return True

    async def _resend(self, request: Request, peer: Peer, begun: asyncio.Event) -> None:
        pause = T1_S
        self._transport.send(request, peer)
        while peer.transport == "UDP" and not begun.is_set():
            await asyncio.sleep(pause)
            if not begun.is_set():
                self._transport.send(request, peer)
            pause = min(2 * pause, T2_S)


def _key(request: Request, peer: Peer) -> tuple[str, str, str, int]:
    return peer.host, request.via.get("branch"), request.call_id, request.cseq[0]
