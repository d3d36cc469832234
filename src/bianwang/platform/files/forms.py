"""Form fields for files: several at once, checked and stored while the form validates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from bianwang.platform.files import services
from bianwang.platform.files.inspect import IMAGES, SUFFIXES
from bianwang.platform.files.storage import Stored
from bianwang.platform.ledger.context import current


class FilesInput(forms.FileInput):
    """Chooses several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        found: list[UploadedFile[Any]] = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class PhotosInput(FilesInput):
    """Two buttons, because on a phone one either opens the camera or the album."""

    template_name = "files/photos_input.html"


class FilesField(forms.FileField):
    """Up to `most` files of any accepted type; cleans to a list of `Stored`."""

    widget = FilesInput
    types: tuple[str, ...] = tuple(SUFFIXES)

    def __init__(self, *, most: int = 20, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs.setdefault("multiple", True)
        self.widget.attrs.setdefault("accept", ",".join(s for kind in self.types for s in SUFFIXES[kind]))

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = [upload for upload in data or [] if upload]
        if not uploads:
            if self.required:
                raise ValidationError(f"请选择{self.label or '文件'}。")
            return []
        if len(uploads) > self.most:
            raise ValidationError(f"一次最多上传 {self.most} 个文件，现为 {len(uploads)} 个，请分次上传。")
        return [self._store(upload) for upload in uploads]

    def _store(self, upload: UploadedFile[Any]) -> Stored:
        user = current().user
        if user is None:
            raise ValidationError("请先登录。")
        stored = services.prepare(upload, user)
        if stored.media_type not in self.types:
            raise ValidationError(f"“{stored.name}”不是照片，请上传 JPG、PNG 或 WebP 照片。")
        return stored


class PhotosField(FilesField):
    """Photos from camera or album."""

    widget = PhotosInput
    types = tuple(IMAGES)
