"""`bian simulate`: the demo's plants as MQTT devices, or a recorder of GB/T 28181."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import click

from bianwang.platform.config import config


@click.command(options_metavar="[选项]")
@click.option("--gb28181", "code", metavar="编码", help="改为模拟一台国标录像机，编码是在平台登记的 20 位国标编码。")
@click.option("--password", metavar="密码", default="", help="录像机的注册密码。")
@click.option("--server", metavar="编码", default="", help="平台的 20 位国标编码（见录像机页）。")
@click.option("--edition", type=click.Choice(["2016", "2022"]), default="2016", help="标准版本。")
@click.option("--transport", type=click.Choice(["UDP", "TCP"]), default="UDP", help="信令经 UDP 还是 TCP。")
def command(code: str | None, password: str, server: str, edition: str, transport: str) -> None:
    """让演示区的模拟设备持续上报（通常由 bian demo 启动），或模拟一台国标录像机。

    \b
    例：bian simulate --gb28181 50012000001180000001 --password 12345678 --server 50012000002000000001
    """
    with suppress(KeyboardInterrupt):
        if code:
            asyncio.run(_recorder(code, password, server, edition, transport))
        else:
            asyncio.run(_plants())


async def _plants() -> None:
    from bianwang.processes.simulator.feed import feed, load

    options = config()
    await feed(load(options.path("demo", "devices.json")), options.mqtt_host, options.mqtt_port)


async def _recorder(code: str, password: str, server: str, edition: str, transport: str) -> None:
    from av.error import FFmpegError

    from bianwang.processes.simulator.gb28181 import Setup, Simulator
    from bianwang.processes.simulator.program_stream import ProgramStream
    from bianwang.protocols.manscdp import Item

    try:
        ProgramStream()
    except FFmpegError as error:
        raise click.ClickException(
            "离线安装包不带 H.264 编码库，模拟录像机请在开发环境（make demo）里运行。"
        ) from error
    options = config()
    realm = options.gb28181_realm or server[:10]
    channel = Item(f"{code[:10]}131{code[13:]}", "模拟通道", code, online=True)
    # Click has checked the choice.
    setup = Setup(code, password, server, realm, [channel], edition, transport)  # type: ignore[arg-type]
    await Simulator(setup, options.mqtt_host, options.gb28181_port).run()
