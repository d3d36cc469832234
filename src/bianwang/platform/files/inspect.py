"""What an uploaded file really is, told by its content; names and declared types are not believed.

Everything here is bounded: nothing is decompressed or decoded beyond a fixed size, whatever the file claims.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.core.exceptions import ValidationError
from PIL import ExifTags, Image

from bianwang.platform.clock import SHANGHAI, now

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PDF, TEXT, MP4 = "application/pdf", "text/plain", "video/mp4"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SUFFIXES = {
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    TEXT: (".txt", ".csv"),
    MP4: (".mp4",),
}
"""Suffixes that a name may end with, the usual one first."""
IMAGES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
"""Pillow's format of each image type: it is told, so that no other decoder is tried."""

JPEG_PIXELS = 50_000_000
OTHER_PIXELS = 25_000_000
"""A JPEG is decoded at a fraction of its size, the others at full size, four bytes a pixel."""
ZIP_ENTRIES = 2_000
ZIP_BYTES = 200 * 1024 * 1024
ZIP_RATIO = 200
TEXT_BYTES = 5 * 1024 * 1024

_MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"mmp4"}
_UNKNOWN = "无法识别这个文件，只接受照片（JPG、PNG、WebP）、PDF、Word（docx）、Excel（xlsx）、文本和 MP4 视频。"


@dataclass(frozen=True)
class Found:
    """What the content says: type, and for photos when and where they were taken (WGS-84 degrees)."""

    media_type: str
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


def inspect(stream: IO[bytes], size: int) -> Found:
    """Tell the type of a file of `size` bytes and check it. Raises ValidationError with one Chinese sentence."""
    stream.seek(0)
    head = stream.read(64)
    kind = _kind(head)
    if kind in IMAGES:
        return _image(stream, kind)
    if kind == "zip":
        return Found(check_office(stream))
    if kind == TEXT:
        _check_text(stream, size)
    return Found(kind)


def check_office(stream: IO[bytes]) -> str:
    """The type of a Word or Excel file. Raises ValidationError for a zip bomb, macros, entities or another zip.

    Whoever opens an uploaded office file calls this first.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            names = {entry.filename for entry in entries}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise ValidationError("文件中含有宏，请另存为不含宏的 docx 或 xlsx 后再上传。")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    _check_entities(archive, entry)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ValidationError("文件已损坏或加了密码，请用 WPS 或 Office 打开后另存再上传。") from error
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return DOCX
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return XLSX
    raise ValidationError("压缩包不能上传，请直接上传其中的文件。")


def open_image(stream: IO[bytes], media_type: str) -> Image.Image:
    """The image's header, checked for size; pixels are not decoded. Raises ValidationError."""
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(stream, formats=[IMAGES[media_type]])
    except Image.DecompressionBombError as error:
        raise ValidationError("照片的像素数异常庞大，疑似恶意文件，已拒绝。") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise ValidationError("照片已损坏，请重新拍摄或另存后再上传。") from error
    width, height = image.size
    limit = JPEG_PIXELS if media_type == JPEG else OTHER_PIXELS
    if width * height > limit:
        raise ValidationError(
            f"照片为 {width}×{height} 像素，超过 {limit // 10_000} 万像素的上限，请降低分辨率后再上传。"
        )
    return image


def _kind(head: bytes) -> str:
    tests: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
        (JPEG, lambda b: b.startswith(b"\xff\xd8\xff")),
        (PNG, lambda b: b.startswith(b"\x89PNG\r\n\x1a\n")),
        (WEBP, lambda b: b.startswith(b"RIFF") and b[8:12] == b"WEBP"),
        (PDF, lambda b: b.startswith(b"%PDF-")),
        ("zip", lambda b: b.startswith(b"PK\x03\x04")),
        (MP4, lambda b: b[4:8] == b"ftyp" and b[8:12] in _MP4_BRANDS),
    )
    return next((kind for kind, matches in tests if matches(head)), TEXT)


def _check_text(stream: IO[bytes], size: int) -> None:
    """Plain text in UTF-8 or GB 18030, without control characters: anything else is some unknown format."""
    if size > TEXT_BYTES:
        raise ValidationError(_UNKNOWN)
    stream.seek(0)
    content = stream.read(TEXT_BYTES)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(character < " " and character not in "\t\r\n\f" for character in text):
            return
    raise ValidationError(_UNKNOWN)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > ZIP_ENTRIES or total > ZIP_BYTES or total > max(packed, 50_000) * ZIP_RATIO:
        raise ValidationError("文件解压后异常庞大，疑似压缩炸弹，已拒绝。如确需上传，请拆分或删去多余内容。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise ValidationError("文件加了密码，请去掉密码后再上传。")
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise ValidationError("文件的压缩方式不是 Word 或 Excel 所用的，请另存后再上传。")


def _check_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Office files have no document type declaration; one that has wants a parser to fetch something."""
    with archive.open(entry) as part:
        head = part.read(4096)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<\x00!\x00" in head or b"\x00<\x00!" in head:
        raise ValidationError("文件中含有外部引用声明，不是正常的 Word 或 Excel 文件，已拒绝。")


def _image(stream: IO[bytes], kind: str) -> Found:
    image = open_image(stream, kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exif = image.getexif()
            details = exif.get_ifd(ExifTags.IFD.Exif)
            position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # Pillow raises many kinds for malformed EXIF, which is no reason to refuse a photo.
        return Found(kind)
    longitude = _degrees(position.get(4), position.get(3), 180)
    latitude = _degrees(position.get(2), position.get(1), 90)
    if longitude is None or latitude is None:
        longitude = latitude = None
    return Found(kind, _taken_at(details), longitude, latitude)


def _taken_at(details: dict[int, object]) -> datetime | None:
    text = str(details.get(ExifTags.Base.DateTimeOriginal, ""))
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, ""))
    try:
        taken = datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        if offset:
            taken = datetime.strptime(text[:19] + offset[:6], "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        return None
    return taken if datetime(2000, 1, 1, tzinfo=SHANGHAI) < taken < now() + timedelta(days=1) else None


def _degrees(parts: object, side: object, limit: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 < value <= limit:
        return None
    return -value if str(side).strip("\x00 ").upper() in {"S", "W"} else value
