"""The intake as a process of its own: started, fed by a real MQTT client, asked, reloaded, stopped."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bianwang.telemetry.client import TelemetryClient, TelemetryError
from tests.processes.intake.ports import free_port
from tests.telemetry.http_server import running
from tests.templates import ask, copy_of, database_of

ROOT = Path(__file__).parents[3]
PUBLISH = shutil.which("mosquitto_pub")
SET_UP = """
import json
from bianwang.processes.bootstrap import ready
ready()
from tests.people import build_world
from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Device, Signal
world = build_world()
device = Device(owner=world.plant, key="pump-1", name="1号泵")
services.register(device)
flow = Signal(owner=world.plant, device=device, name="flow", title="流量", quantity="flow", unit="m³/h")
services.register(flow)
print(json.dumps(dict(token=services.issue_token(device), signal=flow.pk, device=device.pk)))
"""
ADD_SIGNAL = """
from bianwang.processes.bootstrap import ready
ready()
from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Device, Signal
device = Device.objects.get(key="pump-1")
more = Signal(owner=device.owner, device=device, name="pressure", title="压力", quantity="pressure", unit="MPa")
services.register(more)
print(more.pk)
"""


class Process:
    """A home folder, and the intake that runs on it."""

    def __init__(self, home: Path) -> None:
        self.home = copy_of("migrated", home)
        self.http_port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BIAN_")},
            "BIAN_HOME": str(home),
            "BIAN_MODE": "test",
            "BIAN_DATABASE": database_of(home),
            "BIAN_MQTT_PORT": "0",
            "BIAN_HTTP_INTAKE_PORT": str(self.http_port),
        }
        known = json.loads(self.script(SET_UP))
        self.token, self.signal, self.device = known["token"], known["signal"], known["device"]
        self.client = TelemetryClient(home / "run" / "telemetry.sock")

    def script(self, text: str) -> str:
        command = [sys.executable, "-c", text]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def bian(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command that runs to its end."""
        command = [sys.executable, "-m", "bianwang.processes.cli", *words]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self) -> None:
        """Start and wait until it says that it is ready."""
        self.log = self.home / f"intake-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "bianwang.processes.cli", "intake"]
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stderr=stream, stdout=stream)
        self.until(lambda: "已就绪" in self.log.read_text() or self.process.poll() is not None, "ready", 120)
        assert self.process.poll() is None, self.log.read_text()
        self.port = int(re.findall(r"MQTT 127.0.0.1:(\d+)", self.log.read_text())[0])

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def until(self, condition: Callable[[], object], what: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError(f"did not happen: {what}\n{self.log.read_text()}")

    def publish(self, body: object) -> int:
        """Publish with QoS 1 by mosquitto_pub; 0 when it was acknowledged."""
        command = [str(PUBLISH), "-h", "127.0.0.1", "-p", str(self.port), "-u", self.token, "-q", "1"]
        message = ["-t", "bianwang/v1/telemetry", "-m", json.dumps(body)]
        return subprocess.run([*command, *message], check=False, timeout=30).returncode

    def post(self, body: object) -> int:
        """Send by HTTP; the status."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}/v1/telemetry",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def presence(self) -> str:
        return str(ask(self.home, f"SELECT presence FROM sensing_device WHERE id = {self.device}")[0][0])


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path)
    made.start()
    yield made
    made.client.close()
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


@pytest.mark.skipif(PUBLISH is None, reason="mosquitto-clients is not installed")
def test_a_reading_travels_through_the_process_and_survives_its_restart(intake: Process, tmp_path: Path) -> None:
    now = time.time_ns() // 1_000_000
    assert intake.publish({"ts": now, "values": {"flow": 12.5}}) == 0
    assert intake.client.latest([intake.signal])["value"].tolist() == [12.5]
    intake.until(lambda: intake.presence() != "never", "presence in the database")

    more = int(intake.script(ADD_SIGNAL))
    intake.until(lambda: intake.post({"values": {"pressure": 0.4}}) == 200, "the new signal is known", 30)
    assert intake.client.latest([more])["value"].tolist() == [0.4]
    assert intake.client.health()["error"] == ""

    assert "读数 2 条" in intake.bian("telemetry", "export", str(tmp_path / "archive")).stdout
    assert "平台正在运行，请先停止它" in intake.bian("telemetry", "import", str(tmp_path / "archive")).stderr

    assert intake.stop() == 0
    assert "Traceback" not in intake.log.read_text()
    with pytest.raises(TelemetryError):
        intake.client.latest([intake.signal])

    intake.start()
    assert intake.client.latest([intake.signal])["value"].tolist() == [12.5]
    assert intake.stop() == 0


def test_telemetry_on_a_server_is_one_process_s_own_and_survives_its_death(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    with running(tmp_path / "server") as port:
        intake = Process(tmp_path / "home")
        intake.environment["BIAN_TELEMETRY"] = f"clickhouse://bian:secret@127.0.0.1:{port}/default"
        intake.start()
        try:
            assert intake.post({"values": {"flow": 12.5}}) == 200
            for words in (["intake"], ["telemetry", "export", str(tmp_path / "archive")]):
                second = intake.bian(*words)
                assert second.returncode == 1
                assert f"进程 {intake.process.pid} 使用" in second.stderr
                assert "Traceback" not in second.stderr
            intake.process.kill()
            intake.process.wait()

            intake.start()
            assert intake.client.latest([intake.signal])["value"].tolist() == [12.5]
            assert intake.stop() == 0
        finally:
            intake.client.close()
            intake.process.kill()
        exported = intake.bian("telemetry", "export", str(tmp_path / "archive"))
        assert "读数 1 条" in exported.stdout
    assert not (tmp_path / "home" / "telemetry").exists()


def test_a_port_that_is_taken_is_one_sentence_and_the_end(tmp_path: Path) -> None:
    intake = Process(tmp_path)
    with socket.create_server(("127.0.0.1", intake.http_port)):
        made = intake.bian("intake")
    assert made.returncode == 1
    assert "设备接入无法启动" in made.stderr
    assert "Traceback" not in made.stderr
