"""`bian web`: pages, interfaces and live stream, in `BIAN_WEB_WORKERS` processes, and the background loop beside."""

from __future__ import annotations

import logging
import os
import signal
import threading

import click

from bianwang.platform.config import config

log = logging.getLogger(__name__)


@click.command()
@click.option("--no-loop", is_flag=True, help="不在本进程内运行后台任务（另用 bian loop 运行）。")
def command(no_loop: bool) -> None:
    """启动网页、接口、实时推送和后台任务（通常由 bian run 启动）；网页进程数由 BIAN_WEB_WORKERS 决定。"""
    import uvicorn

    from bianwang.processes.bootstrap import ready, share_connections

    options = config()
    ready()
    share_connections()
    certificate, key = options.web_certificate() or (None, None)
    stopping = threading.Event()
    loop = None if no_loop else _start_loop(stopping)
    uvicorn.run(
        "bianwang.processes.asgi:application",
        host=options.web_host,
        port=options.web_port,
        workers=options.web_workers if options.web_workers > 1 else None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # accounts.address believes BIAN_PROXIES only
        timeout_graceful_shutdown=5,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        lifespan="off",
    )
    stopping.set()
    if loop is not None:
        loop.join()


def _start_loop(stopping: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=_loop, args=(stopping,), name="loop")
    thread.start()
    return thread


def _loop(stopping: threading.Event) -> None:
    from bianwang.processes.loop import run

    try:
        run(stopping)
    except Exception:
        # Without the loop nothing is sealed and the wall stands still: end, so that the supervisor starts us anew.
        log.exception("后台任务意外停止，网页进程将重新启动")
        os.kill(os.getpid(), signal.SIGTERM)
