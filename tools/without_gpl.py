"""Take the GPL encoders out of PyAV's wheel, so that it may be handed on: docs/adr/010-no-gpl-in-the-bundle.md.

FFmpeg in that wheel is LGPL-3.0-or-later; two libraries beside it, libx264 and libx265, are GPL-2.0-or-later. FFmpeg
is linked with them, so their places are taken by libraries of ours with the same names and symbols, which say of every
encoder that it cannot be opened. Decoding and all other encoders are as they were.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

BUILD_TAG = "1lgpl"
NOTICE = """This wheel was changed by bianwang's tools/without_gpl.py: libx264 and libx265 (GPL) are replaced by
libraries under Apache-2.0 that encode nothing. Everything else is as PyAV's authors published it.
FFmpeg (libav*, libsw*) and the other libraries of av.libs are LGPL or permissive; their sources are those that
PyAV's build of FFmpeg (PyAV-Org/pyav-ffmpeg) names for this version.
"""
_GPL = re.compile(r"av\.libs/(libx26[45])-[^/]+")
_SYMBOL = re.compile(rb"(?<=\0)x26[45]_[a-z0-9_]+(?=\0)")


def without_gpl(wheel: Path, arch: str) -> Path:
    """Write the changed wheel beside `wheel`, which is deleted; returns it. `arch` is x86_64 or aarch64.

    Raises ValueError if the wheel is not made as expected.
    """
    name, version, rest = wheel.name.split("-", 2)
    target = wheel.with_name(f"{name}-{version}-{BUILD_TAG}-{rest}")
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        members = {info.filename: source.read(info) for info in source.infolist() if not info.is_dir()}
        replaced = {name: found[1] for name in members if (found := _GPL.fullmatch(name))}
        codec = next((data for name, data in members.items() if name.startswith("av.libs/libavcodec-")), b"")
        symbols = sorted({symbol.decode() for symbol in _SYMBOL.findall(codec)})
        if sorted(replaced.values()) != ["libx264", "libx265"] or len(symbols) < 10:
            raise ValueError(f"{wheel.name} 不是预期的样子（{sorted(replaced)}），请核对 tools/without_gpl.py。")
        for member, library in replaced.items():
            own = [symbol for symbol in symbols if symbol.startswith(library.removeprefix("lib") + "_")]
            members[member] = _library(Path(member).name, own, arch)
        info = f"{name}-{version}.dist-info"
        members[f"{info}/licenses/CHANGED.txt"] = NOTICE.encode()
        members[f"{info}/WHEEL"] = members[f"{info}/WHEEL"].rstrip() + f"\nBuild: {BUILD_TAG}\n".encode()
        members[f"{info}/RECORD"] = _record(members, f"{info}/RECORD").encode()
        for member, data in members.items():
            made.writestr(member, data)
    wheel.unlink()
    return target


def _library(name: str, symbols: list[str], arch: str) -> bytes:
    """A shared library with these symbols. x265's table of functions holds one that gives nothing, over and over."""
    source = ["static long nothing(void) { return 0; }", "static long (*const table[64])(void) = {"]
    source += ["nothing, " * 64, "};"]
    for symbol in symbols:
        if symbol == "x264_levels":
            source.append(f"const char {symbol}[256] = {{0}};")
        elif symbol.startswith("x265_api_get"):
            source.append(f"const void *{symbol}(int depth) {{ return table; }}")
        else:
            source.append(f"long {symbol}(void) {{ return {0 if '_open' in symbol else -1}; }}")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "none.c").write_text("\n".join(source))
        compiler = [sys.executable, "-m", "ziglang", "cc", "-target", f"{arch}-linux-gnu.2.28"]
        options = ["-shared", "-nostdlib", "-s", "-O1", "-w", f"-Wl,-soname,{name}", "-o", name, "none.c"]
        subprocess.run([*compiler, *options], cwd=folder, check=True)
        return (Path(folder) / name).read_bytes()


def _record(members: dict[str, bytes], own: str) -> str:
    rows = [f"{name},{_digest(data)},{len(data)}" for name, data in members.items() if name != own]
    return "\n".join([*rows, f"{own},,", ""])


def _digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
