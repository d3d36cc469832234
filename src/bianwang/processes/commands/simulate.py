"""`bian simulate`: the demo's plants as MQTT devices."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import click

from bianwang.platform.config import config


@click.command()
def command() -> None:
    """让演示区的模拟设备持续上报（通常由 bian demo 启动）。"""
    from bianwang.processes.simulator.feed import feed, load

    options = config()
    with suppress(KeyboardInterrupt):
        asyncio.run(feed(load(options.path("demo", "devices.json")), options.mqtt_host, options.mqtt_port))
