"""A GB/T 28181 recorder, written from the standard's text: registers, keeps alive, tells channels and alarms, plays.

It shares the codecs and the sockets with our server, and nothing of what either of them does with a message.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bianwang.processes.gb28181.transport import Peer, Transport
from bianwang.processes.simulator.program_stream import ProgramStream
from bianwang.protocols import manscdp, rtp, sdp, sip, sip_digest
from bianwang.protocols.manscdp import Alarm, Document, Edition, Item, Part
from bianwang.protocols.rtp import Packet
from bianwang.protocols.sdp import Session
from bianwang.protocols.sip import Request, Response

_ANSWER_S = 10.0


@dataclass(frozen=True)
class Setup:
    """How a recorder is configured, and which of the things that recorders do wrong it does."""

    code: str
    password: str
    server_code: str
    realm: str
    items: Sequence[Item] = ()
    edition: Edition = "2016"
    transport: str = "UDP"
    plays_tcp: bool = True
    part_size: int = 2
    """Entries in one part of the catalog."""
    lost_parts: Sequence[int] = ()
    """Parts that get lost, counted over all answers (from 0)."""
    pictures: int | None = None
    """How many pictures a stream has before the recorder ends it; None: until it is ended."""
    fps: int = 25
    payload: int = 1_400
    """Bytes of the stream in one RTP packet."""
    subscribing: int = 200
    """How a subscription to alarms is answered."""
    shuffle: int = 0
    """Over how many packets UDP mixes up the stream."""


@dataclass
class _Play:
    dialog: Request
    answer: Response
    session: Session
    task: asyncio.Task[None] | None = None


@dataclass
class Simulator:
    """One recorder. `start`, then `register`; `run` does that and goes on for ever."""

    setup: Setup
    host: str
    port: int
    sent_pictures: int = 0
    heard: list[Document] = field(default_factory=list)
    """Documents that the server sent."""
    subscriptions: list[Request] = field(default_factory=list)
    """Subscriptions that the server asked for; a renewal is one, too."""
    byes: int = 0
    """Streams that the server ended."""

    def __post_init__(self) -> None:
        self._transport = Transport(self._receive)
        self._waiting: dict[str, asyncio.Future[Response]] = {}
        self._plays: dict[str, _Play] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._cseq, self._sn, self._parts = 0, 0, 0
        self._call_id, self._tag = secrets.token_hex(8), secrets.token_hex(4)
        self._peer = Peer(self.setup.transport, self.host, self.port)

    async def start(self) -> None:
        """Open the sockets."""
        await self._transport.start("127.0.0.1", 0)
        if self.setup.transport == "TCP":
            self._peer = await self._transport.connect(self.host, self.port)

    async def stop(self) -> None:
        """End, as if the power had failed: nothing is said to the server."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._transport.stop()

    async def run(self, keepalive_s: float = 60.0) -> None:
        """Register and keep alive until cancelled; register again when the server does not know us any more."""
        await self.start()
        try:
            while True:
                is_known = await self.register() == 200
                while is_known:
                    await asyncio.sleep(keepalive_s)
                    is_known = await self.keepalive() == 200
                await asyncio.sleep(5)
        finally:
            await self.stop()

    async def register(self, expires: int = 3_600, password: str = "") -> int:
        """Register, answering the challenge; the final status. `expires` 0 leaves."""
        response = await self._ask(self._register(expires))
        if response.status != 401:
            return response.status
        return (await self.answer_challenge(response, expires, password)).status

    async def answer_challenge(self, response: Response, expires: int = 3_600, password: str = "") -> Response:
        """Register once more with what a 401 asked for."""
        challenge = sip_digest.read_challenge(response.get("WWW-Authenticate"))
        uri = f"sip:{self.setup.server_code}@{self.setup.realm}"
        made = sip_digest.answer(
            challenge, self.setup.code, password or self.setup.password, "REGISTER", uri, secrets.token_hex(4)
        )
        return await self._ask(self._register(expires, (("Authorization", sip_digest.write_credentials(made)),)))

    async def challenge(self) -> Response:
        """Ask to register without credentials."""
        return await self._ask(self._register(3_600))

    @property
    def playing(self) -> set[str]:
        """The channels whose pictures are being sent."""
        return {sip.uri(play.dialog.get("To")).user for play in self._plays.values()}

    async def keepalive(self) -> int:
        """Say that we are there; the status of the answer."""
        return await self._tell(Document("Notify", "Keepalive", self._next_sn(), self.setup.code, {"Status": "OK"}))

    async def alarm(self, alarm: Alarm) -> int:
        """Report an alarm; the status of the answer."""
        return await self._message(manscdp.alarm_notice(alarm, self.setup.edition))

    async def notify(self, alarm: Alarm) -> int:
        """Report an alarm to the subscription that there is; the status of the answer."""
        asked = self.subscriptions[-1]
        swapped = {"From": f"{asked.get('To').partition(';')[0]};tag={self._tag}", "To": asked.get("From")}
        headers = (
            ("Event", asked.get("Event")),
            ("Subscription-State", "active"),
            ("Content-Type", manscdp.CONTENT_TYPE),
        )
        body = manscdp.alarm_notice(alarm, self.setup.edition)
        request = self._request("NOTIFY", self.setup.server_code, headers, asked.call_id, body)
        head = tuple((name, swapped.get(name, value)) for name, value in request.headers)
        told = Request(method="NOTIFY", uri=request.uri, headers=head, body=body)
        return (await self._ask(told)).status

    def _register(self, expires: int, headers: sip.Headers = ()) -> Request:
        version = ("X-GB-Ver", manscdp.VERSIONS[self.setup.edition])
        return self._request("REGISTER", self.setup.code, (("Expires", str(expires)), version, *headers), self._call_id)

    async def _tell(self, document: Document) -> int:
        return await self._message(manscdp.encode(document, self.setup.edition))

    async def _message(self, body: bytes) -> int:
        headers = (("Content-Type", manscdp.CONTENT_TYPE),)
        request = self._request("MESSAGE", self.setup.server_code, headers, secrets.token_hex(8), body)
        return (await self._ask(request)).status

    def _request(self, method: str, to: str, headers: sip.Headers, call_id: str, body: bytes = b"") -> Request:
        self._cseq += 1
        here, realm = f"127.0.0.1:{self._transport.port}", self.setup.realm
        head: sip.Headers = (
            ("Via", f"SIP/2.0/{self.setup.transport} {here};rport;branch={sip.COOKIE}{secrets.token_hex(6)}"),
            ("From", f"<sip:{self.setup.code}@{realm}>;tag={self._tag}"),
            ("To", f"<sip:{to}@{realm}>"),
            ("Call-ID", call_id),
            ("CSeq", f"{self._cseq} {method}"),
            ("Contact", f"<sip:{self.setup.code}@{here}>"),
            ("Max-Forwards", "70"),
        )
        uri = f"sip:{self.setup.server_code}@{realm}"
        return Request(method=method, uri=uri, headers=(*head, *headers), body=body)

    async def _ask(self, request: Request) -> Response:
        branch = request.via.get("branch")
        self._waiting[branch] = asyncio.get_running_loop().create_future()
        try:
            self._transport.send(request, self._peer)
            async with asyncio.timeout(_ANSWER_S):
                return await self._waiting[branch]
        finally:
            del self._waiting[branch]

    def _receive(self, message: Request | Response, peer: Peer) -> None:
        if isinstance(message, Response):
            waiting = self._waiting.get(message.via.get("branch"))
            if waiting is not None and not waiting.done() and message.status >= 200:
                waiting.set_result(message)
            return
        handle: dict[str, Callable[[Request, Peer], None]] = {
            "MESSAGE": self._document,
            "INVITE": self._invite,
            "ACK": self._ack,
            "BYE": self._bye,
            "SUBSCRIBE": self._subscribe,
        }
        if message.method in handle:
            handle[message.method](message, peer)

    def _subscribe(self, request: Request, peer: Peer) -> None:
        self.subscriptions.append(request)
        known = sip.tag_of(request.get("To"))
        # A recorder that was started anew knows no dialog of before.
        status = 481 if known and known != self._tag else self.setup.subscribing
        headers = (("Expires", request.get("Expires")),) if status == 200 else ()
        self._transport.send(sip.answer(request, status, headers, tag=self._tag), peer)

    def _document(self, request: Request, peer: Peer) -> None:
        self._transport.send(sip.answer(request, 200, tag=self._tag), peer)
        document = manscdp.parse(request.body)
        self.heard.append(document)
        if (document.kind, document.command) == ("Query", "Catalog"):
            self._begin(self._catalog(document.sn))
        elif document.kind == "Query":
            told = Document("Response", document.command, document.sn, self.setup.code, {"Result": "OK"})
            self._begin(self._answer(told))

    async def _answer(self, document: Document) -> None:
        await self._tell(document)

    async def _catalog(self, sn: int) -> None:
        items, size = self.setup.items, self.setup.part_size
        for start in range(0, max(1, len(items)), size):
            number, self._parts = self._parts, self._parts + 1
            if number not in self.setup.lost_parts:
                part = Part(sn, self.setup.code, len(items), tuple(items[start : start + size]))
                await self._message(manscdp.catalog_part(part, self.setup.edition))

    def _invite(self, request: Request, peer: Peer) -> None:
        if request.call_id in self._plays:
            self._transport.send(self._plays[request.call_id].answer, peer)
            return
        offer = sdp.parse(request.body)
        self._transport.send(sip.answer(request, 100), peer)
        channel = sip.uri(request.get("To")).user
        if channel not in {item.code for item in self.setup.items}:
            self._transport.send(sip.answer(request, 404, tag=self._tag), peer)
            return
        if offer.transport == "tcp" and not self.setup.plays_tcp:
            self._transport.send(sip.answer(request, 488, tag=self._tag), peer)
            return
        setup: sdp.Setup = "active" if offer.setup == "passive" else ""
        told = Session(channel, "127.0.0.1", 9, offer.transport, setup, "sendonly", offer.ssrc)
        headers = (("Content-Type", sdp.CONTENT_TYPE), ("Contact", f"<sip:{channel}@127.0.0.1:{self._transport.port}>"))
        answer = sip.answer(request, 200, headers, sdp.encode(told), tag=secrets.token_hex(4))
        self._plays[request.call_id] = _Play(request, answer, offer)
        self._transport.send(answer, peer)

    def _ack(self, request: Request, peer: Peer) -> None:
        play = self._plays.get(request.call_id)
        if play is not None and play.task is None:
            play.task = self._begin(self._play(play))

    def _bye(self, request: Request, peer: Peer) -> None:
        play = self._plays.pop(request.call_id, None)
        self._transport.send(sip.answer(request, 200 if play else 481), peer)
        if play is not None:
            self.byes += 1
            if play.task is not None:
                play.task.cancel()

    async def _play(self, play: _Play) -> None:
        session = play.session
        out = await (_tcp if session.transport == "tcp" else _udp)(session)
        stream, sequence, due = ProgramStream(self.setup.fps), random.randrange(0x10000), time.monotonic()  # noqa: S311
        mixed = _Mixed(out.send, self.setup.shuffle if session.transport == "udp" else 0)
        try:
            while self.setup.pictures is None or stream.pictures < self.setup.pictures:
                data = await asyncio.to_thread(stream.next)
                self.sent_pictures += 1
                sequence = self._packets(mixed, data, sequence, stream, session)
                due += 1 / self.setup.fps
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            mixed.flush()
        finally:
            out.close()
        await self._hang_up(play)

    def _packets(self, out: _Mixed, data: bytes, sequence: int, stream: ProgramStream, session: Session) -> int:
        stamp, size = stream.pictures * 90_000 // stream.fps, self.setup.payload
        for start in range(0, len(data), size):
            packet = Packet(sequence, stamp, session.ssrc or 0, data[start : start + size], start + size >= len(data))
            out.put(rtp.encode(packet))
            sequence = (sequence + 1) & 0xFFFF
        return sequence

    async def _hang_up(self, play: _Play) -> None:
        """End a stream ourselves: a request of the dialog that the server began, seen from our side."""
        self._plays.pop(play.dialog.call_id, None)
        request = self._request("BYE", "", (), play.dialog.call_id)
        swapped = {"From": play.answer.get("To"), "To": play.answer.get("From")}
        headers = tuple((name, swapped.get(name, value)) for name, value in request.headers)
        await self._ask(Request(method="BYE", uri=request.uri, headers=headers))

    def _next_sn(self) -> int:
        self._sn += 1
        return self._sn

    def _begin(self, work: object) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class _Mixed:
    """Sends packets, mixed up within a few of them, as networks do."""

    def __init__(self, send: Callable[[bytes], None], spread: int) -> None:
        self._send, self._spread = send, spread
        self._held: list[bytes] = []
        self._random = random.Random(7)  # noqa: S311 - a network, not a secret

    def put(self, packet: bytes) -> None:
        self._held.append(packet)
        if len(self._held) > self._spread:
            self.flush()

    def flush(self) -> None:
        if self._spread:
            # The first of all stays first: nobody can know what came before it.
            first, rest = self._held[:1], self._held[1:]
            self._random.shuffle(rest)
            self._held = [*first, *rest]
        for packet in self._held:
            self._send(packet)
        self._held = []


class _Out:
    def __init__(self, send: Callable[[bytes], None], close: Callable[[], None]) -> None:
        self.send, self.close = send, close


async def _udp(session: Session) -> _Out:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=(session.address, session.port)
    )
    return _Out(transport.sendto, transport.close)


async def _tcp(session: Session) -> _Out:
    _, writer = await asyncio.open_connection(session.address, session.port)
    return _Out(lambda packet: writer.write(rtp.frame(packet)), writer.close)
