"""A real platform in a folder of its own: real processes, real ports, real databases."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bianwang.telemetry.client import TelemetryClient, TelemetryError
from tests.templates import copy_of, database_of

WAIT_S = 240.0


def free_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Instance:
    """One installation; `start` and `kill` its processes by name."""

    def __init__(self, home: Path, mode: str = "demo") -> None:
        self.home = home
        self.mqtt_port, self.web_port, self.http_port = free_port(), free_port(), free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("BIAN_", "DJANGO_"))},
            "BIAN_HOME": str(home),
            "BIAN_MODE": mode,
            "BIAN_DATABASE": database_of(home),
            "BIAN_MQTT_PORT": str(self.mqtt_port),
            "BIAN_WEB_PORT": str(self.web_port),
            "BIAN_HTTP_INTAKE_PORT": str(self.http_port),
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.web_port}"

    def bian(self, *arguments: str) -> str:
        """Run a `bian` command to its end; returns its output. Fails the test with the command's words."""
        return self._run([sys.executable, "-m", "bianwang.processes.cli", *arguments])

    def load_demo(self) -> None:
        """What `bian demo --load-only` leaves in the home."""
        copy_of("demo", self.home)

    def script(self, text: str) -> Any:
        """Run Python inside the instance (Django ready); the last line it prints is JSON and is returned."""
        head = "from bianwang.processes.bootstrap import ready; ready()\n"
        return json.loads(self._run([sys.executable, "-"], head + text).strip().splitlines()[-1])

    def start(self, *names: str) -> None:
        """Start `bian NAME` for each and wait until they answer; `loop#2` is another `loop`."""
        for name in names:
            log = (self.home / f"{name}.log").open("ab")
            command = [sys.executable, "-m", "bianwang.processes.cli", *name.partition("#")[0].split()]
            self.processes[name] = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        for name in names:
            ports = {"intake": [self.mqtt_port], "web": [self.web_port], "run": [self.mqtt_port, self.web_port]}
            for port in ports.get(name.split()[0], []):
                self.wait_for(name, port)

    def kill(self, name: str) -> None:
        """kill -9."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything that runs."""
        for process in self.processes.values():
            process.terminate()
        for name, process in self.processes.items():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError(f"{name} did not stop within 20 s of SIGTERM:\n{self.log(name)}") from None
        self.processes.clear()

    def log(self, name: str) -> str:
        """The end of a process's output."""
        return (self.home / f"{name}.log").read_text(errors="replace")[-4000:]

    def health(self) -> dict[str, Any]:
        """What /health says."""
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=WAIT_S) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            return dict(json.load(error))

    def token(self, device: str) -> str:
        """The token of a demo device."""
        rows = json.loads((self.home / "demo" / "devices.json").read_bytes())
        return next(str(row["token"]) for row in rows if row["key"] == device)

    def telemetry(self) -> TelemetryClient:
        """A client of the intake's store."""
        return TelemetryClient(
            self.script(
                "from bianwang.platform.config import config; import json; "
                "print(json.dumps(str(config().telemetry_socket())))"
            )
        )

    def wait_judged(self, client: TelemetryClient) -> None:
        """Wait until all that is stored has been judged and its alarms are written."""
        for _ in patience("judging"):
            try:
                health = client.health()
            except TelemetryError:
                continue
            if health["judged_seq"] >= health["seq"] and not health["alarms_waiting"]:
                return

    def _run(self, command: list[str], given: str = "") -> str:
        done = subprocess.run(
            command, input=given, env=self.environment, capture_output=True, text=True, timeout=WAIT_S
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait_for(self, name: str, port: int) -> None:
        """Wait until something listens there."""
        for _ in patience(name):
            assert self.processes[name].poll() is None, self.log(name)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return


def patience(what: str, seconds: float = WAIT_S) -> Iterator[int]:
    """Turns of a wait for another process: polls, and fails by name when it takes far too long."""
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        yield turn
        turn += 1
        time.sleep(0.05)
    raise AssertionError(f"{what} is not ready after {seconds:.0f} s")


@contextmanager
def running(home: Path, *names: str, mode: str = "demo", **environment: str) -> Iterator[Instance]:
    """A demo instance with the named processes running."""
    instance = Instance(home, mode)
    instance.environment.update(environment)
    instance.load_demo()
    try:
        instance.start(*names)
        yield instance
    finally:
        instance.stop()
