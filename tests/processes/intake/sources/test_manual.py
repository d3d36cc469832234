"""What the manual tells people to paste is what the doors take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bianwang.modules.sensing import settings
from bianwang.processes.intake.sources.attempts import MOST
from bianwang.processes.intake.sources.frames import MOST_RUBBISH, PER_DEVICE, FrameServer
from bianwang.processes.intake.sources.http import LONGEST
from bianwang.processes.intake.sources.http_connection import BODY_S, HEAD_S
from bianwang.processes.intake.sources.spans import GAP, LONGEST as REGISTERS
from bianwang.protocols import gb26875, hj212, payloads

MANUAL = (Path(__file__).parents[4] / "docs" / "protocols.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return MANUAL.split(f"\n## {title}")[1].split("\n## ")[0]


@pytest.mark.parametrize(("protocol", "title"), [("hj212", "3."), ("gb26875", "4."), ("modbus", "5."), ("sl651", "8.")])
def test_settings_in_the_manual_are_accepted(protocol: str, title: str) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", section(title), flags=re.DOTALL)
    settings.read(protocol, example)


def test_the_heartbeats_in_the_manual_are_good_and_get_the_answers_shown() -> None:
    sent = re.search(r"printf '(##[^']+)'", MANUAL)
    shown = re.search(r"```text\n(##.*)\n```", MANUAL)
    assert sent
    assert shown
    (frame,) = hj212.Decoder().feed(sent[1].encode().decode("unicode_escape").encode())
    assert isinstance(frame, hj212.Frame)
    answer = hj212.answer(frame)
    assert answer is not None
    assert answer.decode().strip() == shown[1]
    raw = re.search(r"printf '((?:\\x[0-9a-f]{2})+)'", MANUAL)
    assert raw
    (packet,) = gb26875.Decoder().feed(bytes.fromhex(raw[1].replace("\\x", "")))
    assert isinstance(packet, gb26875.Frame)
    assert f"{packet.source:012X}" in section("4.")
    assert (packet.command, packet.kind) == (gb26875.SEND, None)


def test_bodies_of_curl_and_mosquitto_pub_in_the_manual_are_accepted() -> None:
    native, gateway, thingsboard = re.findall(r"-d '(\{.*\})'", section("2."))
    (bridged,) = re.findall(r"-m '(\{.*\})'", section("6."))
    decoders = (payloads.native, payloads.gateway, payloads.thingsboard, payloads.native)
    for decode, body in zip(decoders, (native, gateway, thingsboard, bridged), strict=True):
        assert decode(body.encode()).refused == 0


def test_the_limits_in_the_manual_are_those_in_force() -> None:
    text = section("2.") + section("3.") + section("5.")
    for limit in (
        f"超过 {LONGEST >> 20} MB",
        f"令牌错误超过 {MOST} 次",
        f"请求头须在 {HEAD_S:.0f} 秒内、请求须在 {BODY_S:.0f} 秒内",
        f"连续 {FrameServer.most_refused} 帧被拒绝或连续 {MOST_RUBBISH >> 10} KB",
        f"登记设备数的 {PER_DEVICE} 倍；{FrameServer.silent_s / 60:.0f} 分钟没有任何数据",
        f"间隔不超过 {GAP} 个寄存器，一次不超过 {REGISTERS} 个",
    ):
        assert limit in text.replace("\n", ""), limit
