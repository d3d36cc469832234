"""Where uploaded bytes lie: `BIAN_HOME/files/ab/<SM3>`, written once, never changed.

Photos are kept byte for byte, because they are evidence; what a page shows is a thumbnail without metadata.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from bianwang.platform.config import config
from bianwang.platform.files.inspect import IMAGES, SUFFIXES, inspect, open_image

THUMBNAIL = (480, 480)
_THUMBNAIL = ".thumb.jpg"
_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Stored:
    """A checked file on disk that belongs to no object yet."""

    name: str
    media_type: str
    size: int
    digest: str
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    needs: str = ""
    """Code of a permission that reading it takes beside seeing its object."""


def store(upload: UploadedFile[Any], limit_mb: int | None = None) -> Stored:
    """Check an upload and put it on disk. Raises ValidationError with one Chinese sentence.

    Takes time (hashing, fsync): call it before a transaction, never inside. What is stored and then not
    attached to anything is only a file nobody can reach. `limit_mb` instead of `BIAN_UPLOAD_LIMIT_MB` is for what
    the platform itself makes.
    """
    limit = limit_mb or config().upload_limit_mb
    name, size = str(upload.name or "")[-300:], int(upload.size or 0)
    if size == 0:
        raise ValidationError(f"文件“{clean_name(name)}”是空的，请重新选择。")
    if size > limit * 1024 * 1024:
        raise ValidationError(
            f"文件“{clean_name(name)}”有 {size / 1024 / 1024:.1f} MB，超过 {limit} MB 的上限，请压缩后再上传。"
        )
    assert upload.file is not None  # noqa: S101
    found = inspect(upload.file, size)
    digest = _write(upload)
    return Stored(
        clean_name(name, found.media_type),
        found.media_type,
        size,
        digest,
        found.taken_at,
        found.longitude,
        found.latitude,
    )


def path_of(digest: str) -> Path:
    """Where the bytes with this SM3 lie. Raises ValueError for anything that is no digest."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError(f"not an SM3 digest: {digest!r}")
    return config().path("files", digest[:2], digest)


def forget(digest: str) -> None:
    """Delete the bytes with this SM3, and their thumbnail."""
    path = path_of(digest)
    path.unlink(missing_ok=True)
    path.with_name(digest + _THUMBNAIL).unlink(missing_ok=True)


def thumbnail_of(digest: str, media_type: str) -> Path:
    """The small JPEG of an image, made on first use. Raises ValidationError when it cannot be decoded."""
    if media_type not in IMAGES:
        raise ValidationError("只有照片有缩略图。")
    source = path_of(digest)
    target = source.with_name(digest + _THUMBNAIL)
    if not target.exists():
        with source.open("rb") as stream:
            small = _shrink(open_image(stream, media_type))
        _place(target, lambda file: small.save(file, "JPEG", quality=80, optimize=True))
    return target


def clean_name(name: str, media_type: str = "") -> str:
    """A name that is only a name: no folders, no control or direction characters, a suffix that is true."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in unicodedata.normalize("NFC", plain) if c.isprintable())
    kept = re.sub(r'[<>:"/|?*]+', "_", kept).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    allowed = SUFFIXES.get(media_type, ())
    if allowed and (not dot or f".{suffix.lower()}" not in allowed):
        return (kept[:80] or "附件") + allowed[0]
    return f"{stem[:80] or '附件'}.{suffix}" if dot else kept[:80] or "附件"


def _write(upload: UploadedFile[Any]) -> str:
    digest = hashlib.new("sm3")
    for block in upload.chunks(_BLOCK):
        digest.update(block)
    name = digest.hexdigest()
    target = path_of(name)
    if not target.exists():
        upload.seek(0)
        _place(target, lambda file: [file.write(block) for block in upload.chunks(_BLOCK)])
    return name


def _place(target: Path, fill: object) -> None:
    """Write aside and rename, so that a file under its final name is whole, also after a power cut."""
    handle, draft = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            fill(file)  # type: ignore[operator]
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        os.unlink(draft)
        raise


def _shrink(image: Image.Image) -> Image.Image:
    try:
        image.draft("RGB", THUMBNAIL)
        image.thumbnail(THUMBNAIL)
        upright = ImageOps.exif_transpose(image)
        flat = Image.new("RGB", upright.size, "white")
        alpha = upright.convert("RGBA") if "A" in upright.getbands() or "transparency" in upright.info else None
        flat.paste(upright.convert("RGB"), mask=alpha.getchannel("A") if alpha else None)
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise ValidationError("照片已损坏，无法显示。") from error
    return flat
