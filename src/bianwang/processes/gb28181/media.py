"""How a camera process gets the pictures of a channel: a stream that `av.open(stream, format="mpeg")` demuxes."""

from __future__ import annotations

from io import BufferedReader
from typing import Protocol

from bianwang.modules.sensing.signalling import ask

ANSWER_S = 30.0
"""How long a recorder may take to begin, over TCP and then over UDP, and between two packets."""


class Channel(Protocol):
    """A camera behind a recorder."""

    @property
    def recorder(self) -> int | None:
        """The recorder's number."""

    @property
    def gb_code(self) -> str:
        """The channel's 20 digits."""


class Stream:
    """The bytes of a live program stream; `close` ends it at the recorder (BYE), and so does losing this process."""

    def __init__(self, recorder: int, channel: str) -> None:
        _, self._connection = ask({"play": [recorder, channel]}, ANSWER_S)
        self._file: BufferedReader = self._connection.makefile("rb")

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as many as there are at the moment; none at the end. Raises TimeoutError."""
        return self._file.read1(size)

    def close(self) -> None:
        """End it; twice is harmless. From any thread."""
        self._file.close()
        self._connection.close()


def open_stream(camera: Channel) -> Stream:
    """Ask the camera's recorder for live pictures. Raises SignallingError (an OSError; Chinese)."""
    return Stream(camera.recorder or 0, camera.gb_code)
