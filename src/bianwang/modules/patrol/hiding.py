"""The process that makes heads unrecognisable: `python -m bianwang.modules.patrol.hiding FOLDER`.

Every JPEG in the folder is replaced. Of its own, so that the web process does not carry the detector.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_LONGEST_S = 600


class CannotHide(RuntimeError):
    """The heads could not be hidden; the message is for people."""


def hide(folder: Path) -> None:
    """Hide the heads in every JPEG of a folder; raises CannotHide, and then nothing of it may leave the platform."""
    command = [sys.executable, "-m", __name__, str(folder)]
    done = subprocess.run(command, timeout=_LONGEST_S, check=False, capture_output=True, text=True)
    if done.returncode:
        raise CannotHide("画面没能打码，未导出；请系统管理员核对人员检测模型是否已安装，或缩小期间后再试。")


def main(folder: Path) -> None:
    """Hide them."""
    import cv2
    import numpy as np

    from bianwang.vision.detector import Detector
    from bianwang.vision.model import Model
    from bianwang.vision.privacy import SCORE, without_faces

    detector = Detector(Model.default())
    person = detector.model.index("person")
    for file in sorted(folder.glob("*.jpg")):
        frame = np.asarray(cv2.imread(str(file)), np.uint8)
        found = detector.detect(frame)
        hidden = without_faces(frame, found.boxes[(found.labels == person) & (found.scores >= SCORE)])
        cv2.imwrite(str(file), hidden)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
