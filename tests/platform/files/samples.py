"""Files made on the spot: good ones of every accepted type, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def upload(name: str, content: bytes, declared: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=declared)


def image(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 160, 90)).save(out, kind, **options)
    return out.getvalue()


def photo(taken: str = "2026:11:20 09:30:05", offset: str = "", position: bool = True, **gps: Any) -> bytes:
    """A JPEG with EXIF as a phone writes it: turned by 90°, taken in 青杠."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8769)[0x9003] = taken
    if offset:
        exif.get_ifd(0x8769)[0x9011] = offset
    if position:
        exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 34.0, 12.0), 3: "E", 4: (106.0, 11.0, 24.0), **gps})
    return image(exif=exif)


def xlsx(value: str = "值") -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>", **more})


def mp4() -> bytes:
    return struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp41") + b"\0\0\0\x08mdat"


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """3.6 thousand million pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width // 8 + 1) * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    """300 MB of zeros as a worksheet."""
    return packed({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"\0" * (300 * 1024 * 1024)})


GOOD = {
    "photo.jpg": photo(),
    "plan.png": image("PNG"),
    "plan.webp": image("WEBP"),
    "letter.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n%%EOF\n",
    "letter.docx": docx(),
    "list.xlsx": xlsx(),
    "note.txt": "整改说明\r\n第一条".encode(),
    "gb.txt": "整改说明".encode("gb18030"),
    "clip.mp4": mp4(),
}
