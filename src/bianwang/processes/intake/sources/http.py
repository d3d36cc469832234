"""Readings by HTTP: POST JSON with the device's token; the answer comes when they are durable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
import uvicorn

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.directory import Device
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.protocols import payloads
from bianwang.protocols.errors import FrameError

LONGEST = 8 * 1024 * 1024
"""Bytes of one request body."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Refused(Exception):
    """Why a request is not taken: HTTP status, stable code, Chinese reason."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.code = status, code


class HttpSource:
    """A small ASGI application on the intake's own event loop."""

    def __init__(self, pipeline: Pipeline, host: str, port: int) -> None:
        self.pipeline = pipeline
        options = uvicorn.Config(
            self._application,
            host=host,
            port=port,
            log_level="warning",
            lifespan="off",
            server_header=False,
            access_log=False,
        )
        self._server = uvicorn.Server(options)
        self._task: asyncio.Task[None] | None = None

    async def start(self, register: Register) -> None:
        """Listen. Raises OSError when the port is taken."""
        sockets = [self._server.config.bind_socket()]
        # The process handles signals itself; `_serve` is uvicorn's server without its signal handlers.
        self._task = asyncio.create_task(self._server._serve(sockets))

    async def reload(self, register: Register) -> None:
        """Nothing to do: the directory is asked at each request."""

    async def stop(self) -> None:
        """Finish open requests and stop."""
        self._server.should_exit = True
        if self._task:
            await self._task

    async def _application(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            status, answer = 200, await self._take(scope, receive)
        except Refused as refusal:
            peer = (scope.get("client") or ("",))[0]
            self.pipeline.refusals.add(peer, refusal.code, str(refusal))
            status, answer = refusal.status, {"error": refusal.code, "reason": str(refusal)}
        headers = [(b"content-type", b"application/json; charset=utf-8")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": orjson.dumps(answer)})

    async def _take(self, scope: MutableMapping[str, Any], receive: Receive) -> dict[str, Any]:
        device, decode = self._route(scope)
        body = await _body(receive)
        try:
            readings = decode(body)
        except FrameError as error:
            self.pipeline.refusals.add(device.key, error.code, str(error))
            raise Refused(400, error.code, str(error)) from error
        verdict = await self.pipeline.submit(device, readings.blocks, now_ms())
        return {
            "taken": verdict.taken,
            "refused": verdict.refused + readings.refused,
            "reason": verdict.reason or readings.reason,
        }

    def _route(self, scope: MutableMapping[str, Any]) -> tuple[Device, Callable[[bytes], payloads.Readings]]:
        """Who sends, and in which format: ours with a bearer token, ThingsBoard's with the token in the path."""
        path, headers = scope["path"], dict(scope["headers"])
        if scope["method"] != "POST":
            raise Refused(405, "method", "请用 POST 方法上报。")
        directory = self.pipeline.directory.current
        if path in ("/v1/telemetry", "/v1/gateway/telemetry"):
            scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
            key = token if scheme.lower() == b"bearer" else headers.get(b"x-api-key", b"")
            decode = payloads.native if path == "/v1/telemetry" else payloads.gateway
        elif path.startswith("/api/v1/") and path.endswith("/telemetry") and path.count("/") == 4:
            key, decode = path.split("/")[3].encode(), payloads.thingsboard
        else:
            raise Refused(404, "path", "没有这个地址，上报地址是 /v1/telemetry。")
        device = directory.authenticate(None, key) if key else None
        if device is None:
            raise Refused(401, "identity", "令牌缺失或不正确，请核对设备页上的令牌。")
        return device, decode


async def _body(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "length", "请求没有发送完。")
        part = message.get("body", b"")
        size += len(part)
        if size > LONGEST:
            raise Refused(413, "too_large", f"一次上报不能超过 {LONGEST // 1024 // 1024} MB，请分批发送。")
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)
