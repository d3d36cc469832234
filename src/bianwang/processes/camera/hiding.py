"""The process that copies a clip with heads hidden: `python -m bianwang.processes.camera.hiding CLIP COPY`.

Of its own and behind everything else, so that neither pictures nor readings wait for it. The copy is small and slow:
VP9 in MP4, which browsers play by themselves and whose encoder (libvpx) is under a BSD licence.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from bianwang.processes.videos import Video
from bianwang.vision.analyser import PERSON
from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame
from bianwang.vision.model import Model
from bianwang.vision.privacy import SCORE, Boxes, covering, without_faces

FPS = 5
WIDTH = 960
_MS = Fraction(1, 1000)
_FAST = {"deadline": "realtime", "cpu-used": "8", "crf": "36", "b": "0"}
_KEY_S = 5
_QUALITY = 95
_LEAST_URGENT = 19


def hide(source: Path, target: Path, detector: Detector) -> None:
    """Write the copy of a clip. Raises VideoError, and VisionError.

    All of it is looked at before any is written: whom the detector misses in one picture it may find in the next.
    """
    person = detector.model.index(PERSON)
    kept: list[bytes] = []
    seen: list[tuple[float, Boxes]] = []
    with Video(str(source)) as video:
        for seconds, frame in video.sampled(FPS):
            picture = _smaller(frame)
            found = detector.detect(picture)
            seen.append((seconds, found.boxes[(found.labels == person) & (found.scores >= SCORE)]))
            # Packed, for a clip's pictures would take 250 MB.
            kept.append(bytes(cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))[1]))
    moments = (seconds for seconds, _ in seen)
    hidden = (without_faces(_unpacked(each), boxes) for each, boxes in zip(kept, covering(seen), strict=True))
    _write(target, zip(moments, hidden, strict=True))


def _unpacked(content: bytes) -> Frame:
    return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def _smaller(frame: Frame) -> Frame:
    """At most `WIDTH` wide, with even sides as the encoder wants them."""
    height, width = frame.shape[:2]
    part = min(1.0, WIDTH / width)
    size = int(width * part) // 2 * 2, int(height * part) // 2 * 2
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def _write(target: Path, pictures: Iterable[tuple[float, Frame]]) -> None:
    # The index comes first, so that it plays while it loads.
    with av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as output:
        stream = output.add_stream("libvpx-vp9", rate=FPS, options=_FAST)
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.gop_size = _KEY_S * FPS
        stream.codec_context.time_base = _MS
        for seconds, picture in pictures:
            if not stream.codec_context.is_open:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = round(seconds * 1000), _MS
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


if __name__ == "__main__":
    os.nice(_LEAST_URGENT)
    cv2.setNumThreads(1)
    hide(Path(sys.argv[1]), Path(sys.argv[2]), Detector(Model.default()))
