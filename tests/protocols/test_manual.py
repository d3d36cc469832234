"""The manual's examples are what the decoders take."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bianwang.processes.commands.decode import command
from bianwang.protocols import payloads

MANUAL = (Path(__file__).parents[2] / "docs" / "protocols.md").read_text(encoding="utf-8")


def examples(section: str) -> list[bytes]:
    body = MANUAL.split(f"### {section}")[1].split("\n##")[0]
    return [block.encode() for block in re.findall(r"```json\n(.*?)```", body, flags=re.DOTALL)]


NATIVE = examples("2.1")
*DEVICE, CHILDREN, PRESENCE = examples("2.2")


@pytest.mark.parametrize(
    ("decode", "payload"),
    [
        *((payloads.native, payload) for payload in NATIVE),
        *((payloads.thingsboard, payload) for payload in DEVICE),
        (payloads.gateway, CHILDREN),
    ],
)
def test_each_payload_in_the_manual_is_accepted_whole(
    decode: Callable[[bytes], payloads.Readings], payload: bytes
) -> None:
    readings = decode(payload)
    assert len(readings) > 0
    assert readings.refused == 0


def test_the_presence_example_names_a_child() -> None:
    assert payloads.gateway_device(PRESENCE) == "1号泵"


def test_the_frame_in_the_manual_is_decoded() -> None:
    frame = re.search(r"echo '([0-9A-F ]+)' \| bian decode gb26875", MANUAL)
    assert frame
    result = CliRunner().invoke(command, ["gb26875"], input=frame[1])
    assert (result.exit_code, '"transmitter.main_power_fault","value":1.0' in result.stdout) == (0, True)


@pytest.mark.parametrize("module", ["hj212", "gb26875", "payloads", "framing", "gb26875_objects", "modbus"])
def test_each_refusal_code_is_in_the_manual(module: str) -> None:
    source = (Path(payloads.__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'FrameError\(\s*"(\w+)"\s*,', source))
    assert codes <= set(re.findall(r"`(\w+)`", MANUAL))
