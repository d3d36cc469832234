"""A detection model: a folder with `model.yaml`, an ONNX graph and the text of its licence.

model.yaml: name; labels, in the order of the graph's classes; licence; sha256 of the graph; size, the side of its
square input in pixels (default 416). The graph takes (n, 3, size, size) float32, blue green red, 0–255, and gives the
raw YOLOX rows (n, cells, 5 + labels) of strides 8, 16 and 32 (Ge et al. 2021, arXiv 2107.08430), scores after the
sigmoid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bianwang.vision.errors import ModelError

_DEFAULT = Path(__file__).parent / "yolox_nano"
WEIGHTS = Path(__file__).parents[3] / "build" / "weights" / "yolox_nano.onnx"
"""Where `tools/weights.py` puts the graph of the model that comes with the platform."""
_LICENCES = ("LICENSE", "LICENSE.txt", "LICENCE", "LICENCE.txt")
_STRIDE = 32


@dataclass(frozen=True)
class Model:
    """What is known of a model; ``path`` is its graph, checked against ``sha256``."""

    name: str
    labels: tuple[str, ...]
    licence: str
    sha256: str
    size: int
    path: Path

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read and check a model's folder. ModelError says what is missing or wrong."""
        graphs = sorted(folder.glob("*.onnx")) if folder.is_dir() else []
        if len(graphs) != 1:
            raise ModelError(f"模型文件夹“{folder.name}”中应有一个 .onnx 文件，现有 {len(graphs)} 个。")
        return _read(folder, graphs[0])

    @classmethod
    def default(cls, graph: Path = WEIGHTS) -> Model:
        """YOLOX-Nano (COCO, Apache-2.0), described here; ``graph`` is where its weights lie. ModelError as `load`."""
        return _read(_DEFAULT, graph)

    def index(self, label: str) -> int:
        """The class of a label. ModelError where the model does not know it."""
        if label not in self.labels:
            raise ModelError(f"模型“{self.name}”不识别“{label}”，请换一个模型。")
        return self.labels.index(label)


def _read(folder: Path, graph: Path) -> Model:
    about = _description(folder)
    if not any((folder / name).is_file() for name in _LICENCES):
        raise ModelError(f"模型文件夹“{folder.name}”中没有许可证文件 LICENSE，请补上。")
    try:
        digest = hashlib.sha256(graph.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"模型文件“{graph}”读不出来，请先运行 make setup 或检查路径。") from error
    model = Model(
        name=_text(folder, about, "name"),
        labels=_labels(folder, about.get("labels")),
        licence=_text(folder, about, "licence"),
        sha256=_text(folder, about, "sha256").lower(),
        size=_size(folder, about.get("size", 416)),
        path=graph,
    )
    if digest != model.sha256:
        raise ModelError(f"模型“{model.name}”的文件与 model.yaml 中的 sha256 不符，请核对来源。")
    return model


def _description(folder: Path) -> Mapping[str, Any]:
    try:
        about = yaml.safe_load((folder / "model.yaml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ModelError(f"模型文件夹“{folder.name}”中没有可读的 model.yaml，请补上。") from error
    if not isinstance(about, dict):
        raise ModelError(f"模型文件夹“{folder.name}”的 model.yaml 不是“名称: 值”的形式，请改正。")
    return about


def _text(folder: Path, about: Mapping[str, Any], key: str) -> str:
    value = about.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"模型文件夹“{folder.name}”的 model.yaml 缺少 {key}，请补上。")
    return value.strip()


def _labels(folder: Path, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(label, str) for label in value):
        raise ModelError(f"模型文件夹“{folder.name}”的 model.yaml 中 labels 应为类别名称的列表，请改正。")
    return tuple(value)


def _size(folder: Path, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not _STRIDE <= value <= 2048 or value % _STRIDE:
        raise ModelError(f"模型文件夹“{folder.name}”的 model.yaml 中 size 应为 {_STRIDE} 的倍数，请改正。")
    return value
