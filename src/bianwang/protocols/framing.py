"""Find frames in a byte stream, and find the next one after rubbish."""

from __future__ import annotations

from typing import ClassVar, Final, Generic, TypeVar

from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import Refusal

T = TypeVar("T")

_EXCERPT: Final = 64
_BLANK: Final = b"\r\n\t \0"


class StreamDecoder(Generic[T]):
    """Cut a stream into frames of one protocol.

    A subclass says how a frame begins (`marker`), how many bytes tell its size (`head`), and how to measure,
    check and parse it. A frame that fails its check never hides a good one inside or behind it: the search
    goes on right after its marker. No more than one frame is ever held back.
    """

    marker: ClassVar[bytes]
    head: int

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._offset = 0
        self._rejecting = False
        self._retry_from = 1

    def size(self, head: bytes) -> int:
        """Size in bytes of the whole frame that begins with `head`; FrameError if it cannot be a frame."""
        raise NotImplementedError

    def check(self, raw: bytes) -> None:
        """Raise FrameError unless `raw` is intact (checksum, terminator)."""
        raise NotImplementedError

    def parse(self, raw: bytes) -> T:
        """Turn an intact frame into its message; FrameError if the content is refused."""
        raise NotImplementedError

    def feed(self, data: bytes) -> list[T | Refusal]:
        """Take the next bytes of the stream and return what has become complete, in order."""
        return [item for _, item in self.scan(data)]

    def scan(self, data: bytes) -> list[tuple[int, T | Refusal]]:
        """As `feed`, each item with its offset in the stream."""
        self._buffer += data
        found: list[tuple[int, T | Refusal]] = []
        while self._step(found):
            pass
        return found

    def finish(self) -> list[Refusal]:
        """End of the stream: refuse the frame that was cut off, if there is one."""
        self._drop_blanks()
        rest = bytes(self._buffer)
        found: list[tuple[int, T | Refusal]] = []
        if rest.startswith(self.marker) and len(rest) > len(self.marker):
            found.append(self._refusal(FrameError("truncated", "数据在帧中间结束，帧不完整")))
        elif rest and not self._rejecting:
            found.append(self._refusal(FrameError("garbage", "不是本协议的数据")))
        self._drop(len(rest))
        return [item for _, item in found if isinstance(item, Refusal)]

    def _step(self, found: list[tuple[int, T | Refusal]]) -> bool:
        """Deal with the first thing in the buffer; False if more bytes are needed."""
        buffer = self._buffer
        start = buffer.find(self.marker)
        if start != 0:
            self._skip_to(start, found)
            return start > 0
        if len(buffer) < self.head:
            return False
        try:
            size = self.size(bytes(buffer[: self.head]))
        except FrameError as error:
            # Within a stretch that is being rejected, a marker with a senseless header belongs to it.
            self._reject(None if self._rejecting else error, found)
            return True
        if len(buffer) < size:
            return self._rescue(found)
        raw = bytes(buffer[:size])
        try:
            self.check(raw)
        except FrameError as error:
            self._reject(error, found)
            return True
        try:
            found.append((self._offset, self.parse(raw)))
        except FrameError as error:
            found.append(self._refusal(error))
        self._drop(size)
        self._rejecting = False
        return True

    def _skip_to(self, start: int, found: list[tuple[int, T | Refusal]]) -> None:
        """Drop what precedes the next marker, keeping a first half of a marker at the very end."""
        buffer = self._buffer
        if start < 0:
            start = len(buffer) - 1 if buffer[-1:] == self.marker[:1] else len(buffer)
        if not self._rejecting and (blanks := self._drop_blanks()):
            start = max(0, start - blanks)
        if start and not self._rejecting:
            found.append(self._refusal(FrameError("garbage", "不是本协议的数据，已跳到下一个帧头"), start))
            self._rejecting = True
        self._drop(start)

    def _rescue(self, found: list[tuple[int, T | Refusal]]) -> bool:
        """If an intact frame follows inside an unfinished one, the unfinished one was cut off: give it up."""
        buffer = self._buffer
        incomplete = 0
        at = buffer.find(self.marker, self._retry_from)
        while at > 0:
            head = bytes(buffer[at : at + self.head])
            try:
                size = self.size(head) if len(head) == self.head else len(buffer)
                if len(buffer) - at < size:
                    incomplete = incomplete or at
                else:
                    self.check(bytes(buffer[at : at + size]))
                    found.append(self._refusal(FrameError("truncated", "帧不完整，后面已是另一帧")))
                    self._drop(at)
                    return True
            except FrameError:
                pass
            at = buffer.find(self.marker, at + 1)
        self._retry_from = incomplete or max(1, len(buffer) - len(self.marker) + 1)
        return False

    def _reject(self, error: FrameError | None, found: list[tuple[int, T | Refusal]]) -> None:
        if error is not None:
            found.append(self._refusal(error))
        self._rejecting = True
        self._drop(1)

    def _refusal(self, error: FrameError, size: int = _EXCERPT) -> tuple[int, Refusal]:
        raw = bytes(self._buffer[: min(size, _EXCERPT)])
        return self._offset, Refusal(error.code, str(error), self._offset, raw)

    def _drop_blanks(self) -> int:
        """Drop what may stand between frames: line ends, blanks, zeros."""
        blanks = len(self._buffer) - len(self._buffer.lstrip(_BLANK))
        self._drop(blanks)
        return blanks

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._offset += count
        self._retry_from = 1
