"""`bian decode`: show what a recorded device frame says, or why it is refused."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click
import orjson

from bianwang.protocols import PROTOCOLS


@click.command("decode", short_help="解析设备报文，逐帧输出 JSON。")
@click.argument("protocol", metavar="协议", type=click.Choice(sorted(PROTOCOLS)))
@click.argument("file", metavar="[文件|-]", type=click.File("rb"), default="-")
def command(protocol: str, file: BinaryIO) -> None:
    """解析设备报文，每帧输出一行 JSON。

    协议为 hj212（污染物在线监控）、gb26875（消防远程监控）或 sl651（水文雨量）。文件可以是原始字节，
    也可以是十六进制文本（允许空格、换行、逗号和 0x 前缀）；不写文件或写“-”时读标准输入。

    有报文被拒绝时，该行的 ok 为 false，reason 说明原因，offset 是出错处的字节位置。
    只要有一帧被拒绝，或者一帧也没有，退出码为 1。
    """
    refused = False
    found = False
    for record in PROTOCOLS[protocol](file.read()):
        found = True
        refused = refused or not record["ok"]
        click.echo(orjson.dumps(record))
    if not found:
        click.echo("没有找到任何报文，请检查文件内容和协议名称。", err=True)
    if refused or not found:
        sys.exit(1)
