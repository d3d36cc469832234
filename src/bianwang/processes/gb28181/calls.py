"""INVITE, ACK and BYE: live pictures of a channel, over TCP where the recorder can and over UDP where it cannot."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from dataclasses import dataclass

from bianwang.processes.gb28181.outgoing import Dialog, Outgoing
from bianwang.processes.gb28181.parts import Registration, Times
from bianwang.processes.gb28181.receivers import MediaPorts, Receiver, Sink, TcpReceiver, UdpReceiver
from bianwang.processes.gb28181.transactions import Transactions, Unanswered
from bianwang.processes.gb28181.transport import Peer, Transport
from bianwang.protocols import sdp, sip
from bianwang.protocols.errors import FrameError
from bianwang.protocols.sdp import Session
from bianwang.protocols.sip import Request, Response

log = logging.getLogger(__name__)


FAREWELL_S = 0.5


class CallError(Exception):
    """No pictures; the message is Chinese."""


@dataclass
class Call:
    """A stream that runs, until `over` is set."""

    dialog: Dialog
    registration: Registration
    receiver: Receiver
    over: asyncio.Event
    peer: Peer


class Calls:
    """The streams of all recorders."""

    def __init__(
        self, outgoing: Outgoing, transactions: Transactions, transport: Transport, times: Times, host: str, ports: str
    ) -> None:
        self._outgoing, self._transactions, self._transport = outgoing, transactions, transport
        self._times, self._host, self._ports = times, host, MediaPorts(ports)
        self._serials = itertools.count(1)
        self._running: dict[str, Call] = {}

    async def play(self, registration: Registration, channel: str, sink: Sink) -> Call:
        """Start the live stream of a channel; its PS goes to `sink`. Raises CallError.

        A recorder that does not answer at all is not asked twice.
        """
        trouble = CallError("录像机没有应答")
        for kind in (TcpReceiver, UdpReceiver):
            receiver = kind(sink, {registration.peer.host})
            try:
                await receiver.open(self._host, self._ports)
                return await self._invite(registration, channel, receiver)
            except CallError as error:
                receiver.close()
                trouble = error
            except (OSError, Unanswered) as error:
                receiver.close()
                raise CallError(str(error) or "录像机没有应答点播请求") from error
            except BaseException:
                receiver.close()
                raise
        raise trouble

    async def hang_up(self, call: Call) -> None:
        """End a stream; once."""
        if self._running.pop(call.dialog.call_id, None) is None:
            return
        self._end(call)
        await self._bye(call.dialog, call.peer)

    def bye(self, request: Request, peer: Peer) -> Response:
        """The recorder ends a stream."""
        call = self._running.get(request.call_id)
        if call is None or call.peer.host != peer.host:
            return sip.answer(request, 481)
        del self._running[request.call_id]
        # Its last packets are still on their way, which is another than that of its farewell.
        asyncio.get_running_loop().call_later(FAREWELL_S, self._end, call)
        return sip.answer(request, 200)

    def late(self, response: Response, peer: Peer) -> None:
        """An answer to an INVITE for which nobody waits: confirm it again, or end what we gave up."""
        if response.cseq[1] != "INVITE" or response.status // 100 != 2:
            return
        call = self._running.get(response.call_id)
        dialog = call.dialog if call else _dialog_of(response)
        self._transport.send(self._outgoing.request("ACK", dialog, peer), peer)
        if call is None:
            dialog.cseq += 1
            self._transport.send(self._outgoing.request("BYE", dialog, peer), peer)

    async def sweep(self) -> None:
        """End streams that bring no more packets."""
        silent = [call for call in self._running.values() if time.monotonic() - call.receiver.heard > self._times.media]
        await asyncio.gather(*(self.hang_up(call) for call in silent))

    async def stop(self) -> None:
        """End all of them."""
        await asyncio.gather(*(self.hang_up(call) for call in list(self._running.values())))

    async def _invite(self, registration: Registration, channel: str, receiver: Receiver) -> Call:
        peer, dialog = registration.peer, self._outgoing.dialog(channel, registration.peer)
        offer = self._offer(receiver, peer)
        request = self._outgoing.request(
            "INVITE",
            dialog,
            peer,
            body=sdp.encode(offer),
            headers=(
                ("Content-Type", sdp.CONTENT_TYPE),
                ("Subject", f"{channel}:{offer.ssrc:010},{self._outgoing.identity.code}:0"),
            ),
        )
        response = await self._transactions.ask(request, peer, self._times.answer)
        dialog.remote_tag = sip.tag_of(response.get("To"))
        # The confirmation of a refusal belongs to the INVITE's own transaction, that of a stream does not.
        refused = response.status >= 300
        branch = request.via.get("branch") if refused else ""
        self._transport.send(self._outgoing.request("ACK", dialog, peer, branch=branch), peer)
        if refused:
            raise CallError(f"录像机拒绝点播（{response.status} {response.reason[:40]}）")
        call = Call(dialog, registration, receiver, asyncio.Event(), peer)
        self._running[dialog.call_id] = call
        try:
            receiver.allowed.add(sdp.parse(response.body).address)
            await self._first_packet(call)
        except (FrameError, CallError) as error:
            await self.hang_up(call)
            raise CallError(str(error)) from error
        return call

    def _offer(self, receiver: Receiver, peer: Peer) -> Session:
        identity, over_tcp = self._outgoing.identity, isinstance(receiver, TcpReceiver)
        return Session(
            identity.code,
            self._outgoing.address(peer),
            receiver.port,
            "tcp" if over_tcp else "udp",
            "passive" if over_tcp else "",
            ssrc=sdp.live_ssrc(identity.realm, next(self._serials)),
        )

    async def _first_packet(self, call: Call) -> None:
        until = time.monotonic() + self._times.media
        while not call.receiver.packets:
            if call.over.is_set() or time.monotonic() > until:
                raise CallError("录像机答应了点播，但没有发来视频")
            await asyncio.sleep(0.02)

    async def _bye(self, dialog: Dialog, peer: Peer) -> None:
        dialog.cseq += 1
        try:
            await self._transactions.ask(self._outgoing.request("BYE", dialog, peer), peer, self._times.answer)
        except Unanswered:
            log.warning("录像机没有应答停止点播的请求（通道 %s）", dialog.target)

    def _end(self, call: Call) -> None:
        call.receiver.finish()
        call.receiver.close()
        call.over.set()


def _dialog_of(response: Response) -> Dialog:
    target = sip.uri(response.get("To")).user
    tags = sip.tag_of(response.get("From")), sip.tag_of(response.get("To"))
    return Dialog(target, response.call_id, *tags, response.cseq[0])
