"""The process that carries out a back-test: a plan comes in as one file, progress and result go out as two.

It needs neither Django nor the business database. `python -m bianwang.modules.rules.backtest_process FOLDER`
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time as clock
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np

from bianwang.modules.rules.episodes import Episodes

_TELL_EVERY_S: Final = 0.3
_LONGEST_S: Final = 3600


class Progress(msgspec.Struct, frozen=True):
    """How far a back-test is, in readings; `message` says in Chinese why it failed."""

    state: Literal["waiting", "running", "done", "failed"]
    done: int = 0
    total: int = 0
    message: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.state in ("done", "failed")

    @property
    def percent(self) -> int:
        """0 … 100."""
        return 100 * self.done // self.total if self.total else 0


class Folder:
    """Where one back-test keeps its plan, progress and result."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self, plan: bytes, about: bytes) -> None:
        """Begin in a process of its own, which outlives this one; what was here before is stopped and forgotten.

        `about` is what the caller wants back with the result.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._stop()
        (self.path / "result.npz").unlink(missing_ok=True)
        self._put("plan", plan)
        self._put("about", about)
        self.tell(Progress("waiting"))
        command = [sys.executable, "-m", "bianwang.modules.rules.backtest_process", str(self.path)]
        with (self.path / "alive").open("w") as alive, (self.path / "errors").open("w") as errors:
            # The lock goes with the open file into the process and ends with it, whatever it dies of.
            fcntl.flock(alive, fcntl.LOCK_EX)
            process = subprocess.Popen(
                command,
                pass_fds=(alive.fileno(),),
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )
            alive.write(str(process.pid))

    def is_alive(self) -> bool:
        """Whether the process is at work."""
        try:
            with (self.path / "alive").open("r") as alive:
                fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def _stop(self) -> None:
        """End the process that is at work here, with its helpers: it leads a group of its own."""
        if self.is_alive() and (leader := (self.path / "alive").read_text()):
            with suppress(ProcessLookupError):
                os.killpg(int(leader), signal.SIGKILL)

    def plan(self) -> bytes:
        """What was asked."""
        return (self.path / "plan").read_bytes()

    def about(self) -> bytes:
        """What the caller wanted back."""
        return (self.path / "about").read_bytes()

    def tell(self, progress: Progress) -> None:
        """Say how far it is."""
        self._put("progress", msgspec.json.encode(progress))

    def progress(self) -> Progress | None:
        """What was told last; None where there was no back-test."""
        alive = self.is_alive()
        try:
            told = msgspec.json.decode((self.path / "progress").read_bytes(), type=Progress)
        except FileNotFoundError:
            return None
        return told if told.is_over or alive else Progress("failed", message="回测意外中断，请重新开始")

    def write_result(self, episodes: Episodes) -> None:
        """Keep the episodes."""
        np.savez(self.path / "draft.npz", episodes.binding, episodes.begin, episodes.end, episodes.level)
        os.replace(self.path / "draft.npz", self.path / "result.npz")

    def result(self) -> Episodes:
        """The episodes of a back-test that is done."""
        with np.load(self.path / "result.npz", allow_pickle=False) as columns:
            return Episodes(*(columns[f"arr_{number}"] for number in range(4)))

    def _put(self, name: str, data: bytes) -> None:
        draft = self.path / f"{name}.draft"
        draft.write_bytes(data)
        os.replace(draft, self.path / name)


def main(path: str) -> None:
    """Carry out the plan of a folder, after those that were asked for earlier on this machine."""
    from bianwang.modules.rules.backtest import TooManyEpisodes, judge
    from bianwang.modules.rules.past import Plan
    from bianwang.telemetry.client import TelemetryError

    folder, told = Folder(Path(path)), 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if clock.monotonic() - told > _TELL_EVERY_S:
            told = clock.monotonic()
            folder.tell(Progress("running", done, total))

    os.nice(5)
    with (folder.path.parent / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        # Whatever it hangs on, it does not keep the others from their turn for ever.
        signal.alarm(_LONGEST_S)
        try:
            folder.write_result(judge(msgspec.msgpack.decode(folder.plan(), type=Plan), tell))
        except (TelemetryError, TooManyEpisodes) as error:
            folder.tell(Progress("failed", message=str(error).rstrip("。")))
        except Exception:
            folder.tell(Progress("failed", message="回测时出错，请重试；仍不成功请联系系统管理员"))
            raise
        else:
            folder.tell(Progress("done"))


if __name__ == "__main__":
    main(sys.argv[1])
