"""A SIP peer that is not ours (Debian's sip-tester) plays a recorder with the scenarios beside this file."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import pytest

from tests.processes.gb28181.conftest import GATE, NVR, PASSWORD, US, Running, Serve, until

SCENARIOS = Path(__file__).parent / "sipp"


async def sipp(running: Running, scenario: str, transport: str, folder: Path, password: str = PASSWORD) -> Process:
    """SIPp with a scenario; its errors go to `errors` in the folder."""
    keys = {"device": NVR, "channel": GATE, "server": US.code, "realm": US.realm}
    return await asyncio.create_subprocess_exec(
        "sipp", f"127.0.0.1:{running.server.port}", "-i", "127.0.0.1", "-nostdin", "-m", "1",
        "-t", "u1" if transport == "UDP" else "t1", "-sf", str(SCENARIOS / f"{scenario}.xml"),
        "-oocsf", str(SCENARIOS / "catalog.xml"), "-au", NVR, "-ap", password,
        *(part for name, value in keys.items() for part in ("-key", name, value)),
        "-trace_err", "-error_file", str(folder / "errors"),
        stdout=DEVNULL, stderr=PIPE, cwd=folder,
    )  # fmt: skip


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
async def test_a_foreign_peer_registers_keeps_alive_tells_channels_and_an_alarm_and_leaves(
    serve: Serve, tmp_path: Path, transport: str
) -> None:
    running = await serve()
    peer = await sipp(running, "device", transport, tmp_path)
    try:
        await until(lambda: running.board.catalogs and running.board.alarms, "catalog and alarm")
    finally:
        peer.kill()
        await peer.communicate()
    assert running.board.catalogs == [({GATE: "gate"}, True)]
    [alarm] = running.board.alarms
    assert (alarm.device, alarm.priority, alarm.method, alarm.type) == (GATE, 1, 5, 6)
    assert alarm.time_ms == 1_795_737_600_000  # 08:00 in Shanghai
    assert running.board.states == ["online"]
    assert running.board.refusals == []
    leaving = await sipp(running, "leave", transport, tmp_path)
    _, errors = await leaving.communicate()
    assert leaving.returncode == 0, errors.decode()
    assert running.board.states == ["online", "offline"]


async def test_a_foreign_peer_with_a_wrong_password_is_forbidden(serve: Serve, tmp_path: Path) -> None:
    running = await serve()
    peer = await sipp(running, "leave", "UDP", tmp_path, "87654321")
    await peer.communicate()
    assert peer.returncode == 1  # a call failed: 403 where the scenario awaits 200
    assert running.board.refusals == [(NVR, "password")]
    assert running.board.states == []
