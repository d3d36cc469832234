"""Forms of models and trials."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from bianwang.modules.detection import services
from bianwang.modules.detection.models import DetectionModel
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.objects import PlainStepForm
from bianwang.platform.workflow.table import Transition

_MB = 1024 * 1024
_LARGEST_GRAPH, _LARGEST_SAMPLES, _LARGEST_LICENCE = 500 * _MB, 2_000 * _MB, _MB


class NamesField(forms.CharField):
    """Names, one a line or with commas between."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        return [name for name in (part.strip() for part in re.split(r"[\n,，、]", text)) if name]


class ModelForm(forms.Form):
    """A model with its description."""

    name = forms.CharField(label="名称", max_length=60)
    purpose = forms.ChoiceField(label="发现什么", choices=DetectionModel.Purpose.choices)
    graph = forms.FileField(label="模型文件", help_text="ONNX，YOLOX 输出（步长 8、16、32），输入为正方形")
    labels = NamesField(label="类别", help_text="按模型输出的顺序，一行一个，如 head、helmet")
    findings = NamesField(label="算作发现的类别", help_text="上面的类别中，识别到就提示的，如 head（没戴安全帽的头）")
    size = forms.IntegerField(label="输入边长（像素）", min_value=32, max_value=2048, initial=416)
    threshold = forms.FloatField(label="分数阈值", min_value=0.1, max_value=0.95, initial=0.5)
    licence = forms.CharField(label="许可证", max_length=60, help_text="如 Apache-2.0")
    licence_file = forms.FileField(label="许可证全文")

    def clean_graph(self) -> UploadedFile[Any]:
        """Its size."""
        return _within(self.cleaned_data["graph"], _LARGEST_GRAPH)

    def clean_size(self) -> int:
        """The strides of the network divide it."""
        size: int = self.cleaned_data["size"]
        if size % 32:
            raise ValidationError("输入边长应为 32 的倍数。")
        return size

    def licence_text(self) -> str:
        """The text of the licence."""
        upload = _within(self.cleaned_data["licence_file"], _LARGEST_LICENCE)
        return bytes(upload.read()).decode("utf-8", "replace")

    def clean_licence_file(self) -> UploadedFile[Any]:
        """Its size."""
        return _within(self.cleaned_data["licence_file"], _LARGEST_LICENCE)


class TrialForm(forms.Form):
    """Labelled samples."""

    samples = forms.FileField(
        label="标注样本（zip）",
        help_text="图片和标注打成一个压缩包：一个 COCO 的 .json，或每张图片一个 YOLO 的 .txt。没有目标的图片也要有。",
    )

    def clean_samples(self) -> UploadedFile[Any]:
        """Its size."""
        return _within(self.cleaned_data["samples"], _LARGEST_SAMPLES)


class SwitchOnForm(PlainStepForm):
    """The threshold with which it runs."""

    threshold = forms.FloatField(
        label="分数阈值", min_value=0.1, max_value=0.95, help_text="参照试用结果：阈值低，漏得少、误报多"
    )

    def prepare(self, obj: DetectionModel, user: User) -> None:
        """The one that it has."""
        self.initial["threshold"] = obj.threshold

    def perform(self, obj: DetectionModel, user: User, step: Transition) -> None:
        """Switch it on with it."""
        services.switch_on(obj, user, self.cleaned_data["threshold"])


def _within(upload: UploadedFile[Any], most: int) -> UploadedFile[Any]:
    size = upload.size or 0
    if size > most:
        raise ValidationError(f"文件“{upload.name}”有 {size // _MB} MB，最多 {most // _MB} MB。")
    return upload
