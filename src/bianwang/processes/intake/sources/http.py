"""Readings by HTTP: POST JSON with the device's token; the answer comes when they are durable."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from functools import partial
from typing import Any

import orjson
import uvicorn

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.directory import Device
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.processes.intake.sources.attempts import PERIOD_S, Attempts
from bianwang.processes.intake.sources.http_connection import Door, HttpConnection
from bianwang.protocols import payloads
from bianwang.protocols.errors import FrameError

LONGEST = 8 * 1024 * 1024
"""Bytes of one request body."""
LARGE = 256 * 1024
"""Bodies from this size on are decoded on a thread, so that nobody else waits for it."""
UNREAD = 64 * 1024
"""Bytes that a stranger may still send after we have answered."""
STOP_S = 3

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Decode = Callable[[bytes], payloads.Readings]


class Refused(Exception):
    """Why a request is not taken: HTTP status, stable code, Chinese reason, and the device it is counted for."""

    def __init__(self, status: int, code: str, reason: str, key: str = "", *, counted: bool = False) -> None:
        super().__init__(reason)
        self.status, self.code, self.key, self.counted = status, code, key, counted


class Server(uvicorn.Server):
    """Embedded in a process that handles its signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


class HttpSource:
    """A small ASGI application on the intake's own event loop. `proxies` may speak for others."""

    def __init__(self, pipeline: Pipeline, host: str, port: int, proxies: str = "") -> None:
        self.pipeline = pipeline
        self.host, self.port = host, port
        known = frozenset(part.strip() for part in proxies.split(",") if part.strip())
        self.door = Door(pipeline.refusals, known)
        self._attempts = Attempts()
        options = uvicorn.Config(
            self._application,
            http=partial(HttpConnection, self.door),  # type: ignore[arg-type]
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="warning",
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=STOP_S,
        )
        self._server = Server(options)
        self._task: asyncio.Task[None] | None = None

    async def start(self, register: Register) -> None:
        """Listen. Raises OSError when the port is taken."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.create_server((self.host, self.port), family=family, backlog=1024)
        self.port = listener.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve([listener]))

    async def reload(self, register: Register) -> None:
        """Nothing to do: the directory is asked at each request."""

    async def stop(self) -> None:
        """Answer the requests that are complete, and stop."""
        for connection in list(self._server.server_state.connections):
            if isinstance(connection, HttpConnection):
                connection.give_up()
        self._server.should_exit = True
        if self._task:
            await self._task

    async def _application(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        peer: str = (scope.get("client") or ("",))[0]
        headers = dict(scope["headers"])
        more: list[tuple[bytes, bytes]] = []
        try:
            status, answer = 200, await self._take(scope, headers, peer, receive)
        except Refused as refusal:
            if not refusal.counted:
                self.pipeline.refusals.add(refusal.key or peer, refusal.code, str(refusal))
            status, answer = refusal.status, {"error": refusal.code, "reason": str(refusal)}
            more = _headers_of(refusal, headers)
        body = orjson.dumps(answer)
        start = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": start + more})
        await send({"type": "http.response.body", "body": body})

    async def _take(
        self, scope: MutableMapping[str, Any], headers: dict[bytes, bytes], peer: str, receive: Receive
    ) -> dict[str, Any]:
        token, decode = _route(scope, headers)
        device = self._identify(token, peer)
        body = await _body(headers, receive, device)
        try:
            readings = await asyncio.to_thread(decode, body) if len(body) > LARGE else decode(body)
        except FrameError as error:
            raise Refused(400, error.code, str(error), device.key) from error
        if readings.refused:
            self.pipeline.refusals.add(device.key, "value", readings.reason, readings.refused)
        verdict = await self.pipeline.submit(device, readings.blocks, now_ms())
        answer: dict[str, Any] = {"taken": verdict.taken, "refused": verdict.refused + readings.refused}
        if not answer["refused"]:
            return answer
        code, reason = verdict.code or "value", verdict.reason or readings.reason
        if not verdict.taken:
            raise Refused(403 if code == "identity" else 400, code, reason, counted=True)
        return {**answer, "error": code, "reason": reason}

    def _identify(self, token: bytes, peer: str) -> Device:
        """Who sends. Tokens cannot be guessed, so a good one is served whatever others at its address do."""
        device = self.pipeline.directory.current.authenticate(None, token) if token else None
        if device is not None:
            return device
        if not self._attempts.failed(peer):
            raise Refused(429, "attempts", "令牌多次不正确，请核对设备页上的令牌，一分钟后再试。")
        raise Refused(401, "identity", "令牌缺失或不正确，请核对设备页上的令牌。")


def _route(scope: MutableMapping[str, Any], headers: dict[bytes, bytes]) -> tuple[bytes, Decode]:
    """Token and format: ours with a bearer token or API key, ThingsBoard's with the token in the path."""
    path: str = scope["path"]
    parts = path.split("/")
    if path in ("/v1/telemetry", "/v1/gateway/telemetry"):
        scheme, _, bearer = headers.get(b"authorization", b"").partition(b" ")
        token = bearer.strip() if scheme.lower() == b"bearer" else headers.get(b"x-api-key", b"")
        decode = payloads.native if path == "/v1/telemetry" else payloads.gateway
    elif len(parts) == 5 and parts[:3] == ["", "api", "v1"] and parts[4] == "telemetry":
        token, decode = parts[3].encode(), payloads.thingsboard
    else:
        raise Refused(404, "path", "没有这个地址，上报地址是 /v1/telemetry。")
    if scope["method"] != "POST":
        raise Refused(405, "method", "请用 POST 方法上报。")
    return token, decode


async def _body(headers: dict[bytes, bytes], receive: Receive, device: Device) -> bytes:
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refused(415, "encoding", "不接受压缩的内容，请去掉 Content-Encoding，直接发送 JSON。", device.key)
    too_large = f"一次上报不能超过 {LONGEST // 1024 // 1024} MB，请分批发送。"
    if int(headers.get(b"content-length", b"0")) > LONGEST:
        raise Refused(413, "too_large", too_large, device.key)
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "truncated", "请求没有发送完。", device.key)
        part = message.get("body", b"")
        size += len(part)
        if size > LONGEST:
            raise Refused(413, "too_large", too_large, device.key)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _headers_of(refusal: Refused, request: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    more: list[tuple[bytes, bytes]] = []
    if refusal.status == 405:
        more.append((b"allow", b"POST"))
    if refusal.status == 429:
        more.append((b"retry-after", b"%d" % PERIOD_S))
    # What is still on its way is read and dropped, so that the sender gets to see the answer; but not for strangers
    # who send much.
    coming = UNREAD + 1 if b"transfer-encoding" in request else int(request.get(b"content-length", b"0"))
    if refusal.status == 429 or (refusal.status in (401, 404, 405) and coming > UNREAD):
        more.append((b"connection", b"close"))
    return more
