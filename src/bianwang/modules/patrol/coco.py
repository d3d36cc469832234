"""What people marked and confirmed, as COCO: `annotations.json` and pictures in a zip, to train and measure models."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from PIL import Image

from bianwang.modules.patrol import hiding, pictures, queries
from bianwang.modules.patrol.figures import Selection
from bianwang.modules.patrol.models import Look, Suspicion
from bianwang.modules.patrol.shapes import Box
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import path_of

MOST = 1000
"""Pictures in one export."""
_OTHER = ("other", "其他问题")


@dataclass(frozen=True)
class Labelled:
    """One picture and what a person says is in it."""

    picture: Attachment
    category: tuple[str, str]
    """Code and words."""
    box: Box | None
    at: datetime
    origin: str
    file: str


def labelled(user: Any, chosen: Selection, *, faces: bool) -> list[Labelled]:
    """Problems that patrols found and suspicions that people confirmed, of what is chosen in the user's scope.

    Without `faces` with the picture that was kept with heads hidden, where there is one: the export shows no more than
    the page, for which the camera's process follows people and hides more heads than one look at one picture does.
    """
    period, whose = chosen.period, chosen.whose()
    looks = queries.looks(user).filter(whose, period.moments("at"), result=Look.Result.PROBLEM).order_by("pk")
    suspicions = access.visible(user, Suspicion, "patrol.view")
    confirmed = suspicions.filter(whose, period.moments("first_at"), state="confirmed")
    suspected = confirmed.order_by("pk")
    return [*_of(list(looks[: MOST + 1]), faces), *_of(list(suspected[: MOST + 1]), faces)]


def write(target: BinaryIO, rows: Sequence[Labelled], *, faces: bool) -> None:
    """Write the zip. Without `faces` heads are hidden first; raises CannotHide, and nothing is written then."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        sizes = [_copy(row, folder) for row in rows]
        if not faces and rows:
            hiding.hide(folder)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("annotations.json", json.dumps(_document(rows, sizes), ensure_ascii=False, indent=1))
            for row in rows:
                archive.write(folder / row.file, f"images/{row.file}")


def _of(things: Sequence[Look | Suspicion], faces: bool) -> Iterator[Labelled]:
    kept = pictures.of_all(things)
    if not faces:
        kept |= pictures.of_all(things, pictures.HIDDEN)
    for thing in things:
        if not (own := kept.get(thing.pk)):
            continue
        # The mark was drawn on the newest.
        file = f"{thing._meta.model_name}-{thing.pk}.jpg"
        if isinstance(thing, Look):
            category = (thing.item, thing.item_text) if thing.item else _OTHER
            yield Labelled(own[-1], category, thing.shape, thing.at or own[-1].added_at, "巡检记录", file)
        else:
            category = (thing.kind, thing.get_kind_display().removeprefix("疑似"))
            yield Labelled(own[-1], category, thing.shape, thing.first_at, thing.get_origin_display(), file)


def _copy(row: Labelled, folder: Path) -> tuple[int, int]:
    """Put a picture into the folder as JPEG without metadata; its width and height."""
    target = folder / row.file
    with Image.open(path_of(row.picture.digest)) as image:
        if image.format == "JPEG" and not image.getexif():
            shutil.copyfile(path_of(row.picture.digest), target)
        else:
            image.convert("RGB").save(target, "JPEG", quality=95)
        return image.size


def _document(rows: Sequence[Labelled], sizes: Sequence[tuple[int, int]]) -> dict[str, Any]:
    names = sorted({row.category for row in rows})
    numbers = {category: number for number, category in enumerate(names, 1)}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, (row, (width, height)) in enumerate(zip(rows, sizes, strict=True), 1):
        images.append(
            {
                "id": number,
                "file_name": row.file,
                "width": width,
                "height": height,
                "date_captured": row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
                "origin": row.origin,
                "labels": [numbers[row.category]],
            }
        )
        if row.box is not None:
            box = row.box.pixels(width, height)
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": numbers[row.category],
                    "bbox": box,
                    "area": round(box[2] * box[3], 2),
                    "iscrowd": 0,
                }
            )
    return {
        "info": {"description": "必安网人工视频巡检与复核属实的画面", "version": "1.0"},
        "categories": [{"id": numbers[one], "name": one[0], "supercategory": one[1]} for one in names],
        "images": images,
        "annotations": annotations,
    }
