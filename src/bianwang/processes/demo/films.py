"""What the demo's cameras show: a drawn room through which somebody walks, ten pictures a second, over and over."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

FPS, SECONDS = 10, 12
_SIZE = (640, 360)
_FAST = {"deadline": "realtime", "cpu-used": "8", "crf": "30", "b": "0"}


def write(target: Path, room: bytes) -> None:
    """An MP4 of a room (JPEG). VP9, which browsers play and whose encoder is under a BSD licence."""
    # PyAV is loaded by the demo only while it makes its films.
    import av
    import numpy as np

    scene = Image.open(BytesIO(room)).convert("RGB").resize(_SIZE)
    target.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(target), "w") as output:
        stream = output.add_stream("libvpx-vp9", rate=FPS, options=_FAST | {"g": str(FPS)})
        stream.width, stream.height = _SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(FPS * SECONDS):
            picture = _with_walker(scene, number / (FPS * SECONDS))
            output.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")))
        output.mux(stream.encode())


def _with_walker(scene: Image.Image, part: float) -> Image.Image:
    """Somebody in a vest, from left to right and back."""
    picture = scene.copy()
    draw = ImageDraw.Draw(picture)
    left = 60 + round(480 * (1 - abs(2 * part - 1)))
    step = 10 if round(part * FPS * SECONDS / 3) % 2 else -10
    draw.line((left + 12, 300, left + 12 - step, 340), fill="#2a2f36", width=9)
    draw.line((left + 12, 300, left + 12 + step, 340), fill="#2a2f36", width=9)
    draw.rounded_rectangle((left, 248, left + 24, 304), 6, fill="#e07b1a")
    draw.ellipse((left + 2, 222, left + 22, 246), fill="#e0b48c")
    draw.pieslice((left, 218, left + 24, 242), 180, 360, fill="#f2c230")
    return picture
