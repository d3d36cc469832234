"""Parts of a file (RFC 9110 section 14): what a player asks for to jump within a recording; some play nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Final

from django.http import FileResponse, HttpRequest

_ONE_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_CHUNK: Final = 65_536


def narrow(response: FileResponse, request: HttpRequest) -> FileResponse:
    """The part that the request asks for: 206, or 416 where it begins behind the end.

    A request for several parts, for a part of an earlier state (`If-Range`), or one that says nothing, gets the whole.
    """
    size = int(response.headers["Content-Length"])
    response.headers["Accept-Ranges"] = "bytes"
    if request.method != "GET" or "If-Range" in request.headers:
        return response
    file = response.file_to_stream
    span = _span(request.headers.get("Range", ""), size)
    if span is None or file is None:
        return response
    begin, end = span
    if begin >= size:
        response.status_code, begin, end = 416, 0, 0
        response.headers["Content-Range"] = f"bytes */{size}"
    else:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    response.headers["Content-Length"] = str(end - begin)
    response.streaming_content = _read(file, begin, end - begin)
    return response


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last; None where nothing was asked that makes sense."""
    found = _ONE_RANGE.fullmatch(asked.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        last_bytes = int(found[2])
        return (max(size - last_bytes, 0), size) if last_bytes else (size, size)
    begin, end = int(found[1]), int(found[2]) + 1 if found[2] else size
    return None if end <= begin < size else (begin, min(end, size))


def _read(file: IO[bytes], begin: int, length: int) -> Iterator[bytes]:
    file.seek(begin)
    while length and (chunk := file.read(min(_CHUNK, length))):
        length -= len(chunk)
        yield chunk
