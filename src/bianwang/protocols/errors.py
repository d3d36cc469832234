"""The one exception of the codecs."""

from __future__ import annotations


class FrameError(ValueError):
    """A frame or payload that cannot be accepted.

    `code` is stable and meant for machines (counters, protocol return codes); `str(error)` is one Chinese
    sentence for people. docs/protocols.md lists the codes.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
