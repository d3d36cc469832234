"""Labelled pictures in a zip: one COCO file (.json), or a YOLO text beside each picture. Free of Django.

COCO: categories are found by name, boxes are [x, y, width, height] in pixels. YOLO: lines `class x y width height`,
centre and size in parts of the picture, classes numbered in the order of the model's labels. A picture without labels
is one in which there is nothing to find.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

MOST_PICTURES: Final = 5_000
MOST_BYTES: Final = 20 * 1024 * 1024
"""Of one picture."""
_PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp"})


class SampleError(ValueError):
    """Samples that cannot be used; the message is one Chinese sentence."""


class Labelled(msgspec.Struct, frozen=True):
    """A box of a class: x1 y1 x2 y2, in pixels, or in parts of the picture where `is_relative`."""

    label: int
    box: tuple[float, float, float, float]
    is_relative: bool = False

    def pixels(self, width: int, height: int) -> tuple[float, float, float, float]:
        """The box in pixels of a picture of that size."""
        if not self.is_relative:
            return self.box
        x1, y1, x2, y2 = self.box
        return x1 * width, y1 * height, x2 * width, y2 * height


@dataclass(frozen=True)
class Samples:
    """What a zip holds: the names of its pictures with their boxes."""

    path: Path
    boxes: dict[str, tuple[Labelled, ...]]

    def pictures(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each. Raises SampleError for one that is too large or damaged."""
        with zipfile.ZipFile(self.path) as archive:
            for name in self.boxes:
                yield name, _bytes(archive, name)


class _Category(msgspec.Struct):
    id: int
    name: str


class _Image(msgspec.Struct):
    id: int
    file_name: str


class _Annotation(msgspec.Struct):
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float]


class _Coco(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


def read(path: Path, labels: Sequence[str]) -> Samples:
    """The pictures and boxes of a zip for a model with these labels. Raises SampleError."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            pictures = [name for name in names if PurePosixPath(name).suffix.lower() in _PICTURES]
            _check(pictures)
            coco = [name for name in names if name.lower().endswith(".json")]
            if len(coco) > 1:
                raise SampleError(f"压缩包里有 {len(coco)} 个 .json 文件，COCO 标注应只有一个。")
            boxes = _coco(archive, coco[0], pictures, labels) if coco else _yolo(archive, names, pictures, labels)
    except (zipfile.BadZipFile, OSError) as error:
        raise SampleError("样本不是可读的 zip 压缩包，请重新打包。") from error
    return Samples(path, boxes)


def _check(pictures: Sequence[str]) -> None:
    if not pictures:
        raise SampleError("压缩包里没有图片（jpg、png、bmp），请核对。")
    if len(pictures) > MOST_PICTURES:
        raise SampleError(f"压缩包里有 {len(pictures)} 张图片，最多 {MOST_PICTURES} 张，请分开试用。")


def _coco(
    archive: zipfile.ZipFile, name: str, pictures: Sequence[str], labels: Sequence[str]
) -> dict[str, tuple[Labelled, ...]]:
    try:
        told = msgspec.json.decode(_bytes(archive, name), type=_Coco)
    except msgspec.DecodeError as error:
        raise SampleError(f"“{name}”不是 COCO 标注（要有 images、annotations、categories），请核对。") from error
    known = {row.id: _index(row.name, labels, name) for row in told.categories}
    by_name = {PurePosixPath(picture).name: picture for picture in pictures}
    files = {row.id: by_name.get(PurePosixPath(row.file_name).name) for row in told.images}
    found: dict[str, list[Labelled]] = {picture: [] for picture in files.values() if picture}
    if not found:
        raise SampleError(f"“{name}”列出的图片都不在压缩包里，请核对 file_name。")
    for row in told.annotations:
        picture = files.get(row.image_id)
        if row.category_id not in known:
            raise SampleError(f"“{name}”有一个标注的类别 {row.category_id} 不在 categories 中，请核对。")
        if picture:
            x, y, width, height = row.bbox
            found[picture].append(Labelled(known[row.category_id], (x, y, x + width, y + height)))
    return {picture: tuple(rows) for picture, rows in found.items()}


def _yolo(
    archive: zipfile.ZipFile, names: Sequence[str], pictures: Sequence[str], labels: Sequence[str]
) -> dict[str, tuple[Labelled, ...]]:
    texts = {PurePosixPath(name).stem: name for name in names if name.lower().endswith(".txt")}
    if not texts:
        raise SampleError("压缩包里没有标注：要有一个 COCO 的 .json，或每张图片一个 YOLO 的 .txt。")
    found = {}
    for picture in pictures:
        name = texts.get(PurePosixPath(picture).stem)
        lines = _bytes(archive, name).decode("utf-8", "replace").splitlines() if name else []
        found[picture] = tuple(
            _line(name or "", number, line, len(labels)) for number, line in enumerate(lines, 1) if line.strip()
        )
    return found


def _line(name: str, number: int, line: str, labels: int) -> Labelled:
    try:
        label, x, y, width, height = (float(word) for word in line.split()[:5])
    except ValueError as error:
        raise SampleError(f"“{name}”第 {number} 行应为“类别 x y 宽 高”五个数，请核对。") from error
    if not 0 <= label < labels or label != int(label):
        raise SampleError(f"“{name}”第 {number} 行的类别 {label:g} 超出模型的 {labels} 个类别（从 0 数起）。")
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Labelled(int(label), box, is_relative=True)


def _index(name: str, labels: Sequence[str], file: str) -> int:
    if name not in labels:
        raise SampleError(f"“{file}”的类别“{name}”不是模型的类别（{'、'.join(labels)}），请改成同样的名称。")
    return labels.index(name)


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > MOST_BYTES:
        raise SampleError(f"“{name}”有 {info.file_size // 1024 // 1024} MB，超过 {MOST_BYTES // 1024 // 1024} MB。")
    return archive.read(info)
