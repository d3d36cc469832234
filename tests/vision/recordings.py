"""Recordings that the tests look at, and the detector that they share."""

from __future__ import annotations

import gzip
import os
from functools import lru_cache
from pathlib import Path

import bianwang
from bianwang.vision.detector import Detector
from bianwang.vision.model import Model

_DEBIAN = Path("/usr/share/doc/opencv-doc")
WORKER = (
    Path(os.environ.get("BIAN_VIDEOS") or Path(bianwang.__file__).parents[3] / "shared" / "data")
    / "worker-zone-detection.gif"
)
"""A worker who steps over a marked line on the floor; lies beside the checkout, never in it."""


def pedestrians(folder: Path) -> Path:
    """vtest.avi: 768 × 576, 10 pictures a second, 79.5 s, people on a road. From Debian's opencv-doc."""
    plain = next(_DEBIAN.rglob("vtest.avi"), None)
    if plain is not None:
        return plain
    packed = next(_DEBIAN.rglob("vtest.avi.gz"), None)
    assert packed is not None, "没有 vtest.avi：请先 apt-get install opencv-doc。"
    target = folder / "vtest.avi"
    target.write_bytes(gzip.decompress(packed.read_bytes()))
    return target


@lru_cache(maxsize=1)
def detector() -> Detector:
    """The default one."""
    return Detector(Model.default())
