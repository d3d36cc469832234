"""`make bundle [ARCH=aarch64] [CLUSTER=1]`: build/bianwang-VERSION-ARCH[-cluster].tar, which installs without network.

It holds the committed source, the front-end files, place names and weights that `make setup` took out of packages, the
wheels of every dependency for Debian 12 (Python 3.11) on ARCH, their licences, and `install.sh`. What each file is, is
in SHA256SUMS and SM3SUMS. Nothing in it is GPL (docs/adr/010-no-gpl-in-the-bundle.md).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from licences import LicenceError, gather
from without_gpl import without_gpl

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
ARCHES = ("x86_64", "aarch64")
PYTHON = "3.11"
GLIBC = 36  # Debian 12
"""Minor version of glibc 2: wheels may ask for this or an older one."""
TAKEN_OUT = ("vendor", "icons", "district", "weights")


class BundleError(Exception):
    """The bundle cannot be made; the message is one Chinese sentence."""


def main() -> int:
    """Make the archive and print what it is; 1 with one sentence when something is missing."""
    options = _options()
    try:
        made = bundle(options.arch, cluster=options.cluster)
    except (BundleError, LicenceError, ValueError) as error:
        print(f"离线安装包没有做成：{error}", file=sys.stderr)
        return 1
    digest = hashlib.file_digest(made.open("rb"), "sm3").hexdigest()
    print(f"{made.relative_to(ROOT)}，{made.stat().st_size / 1e6:.0f} MB，SM3 {digest}")
    return 0


def bundle(arch: str, *, cluster: bool) -> Path:
    """The archive for `arch`; with `cluster`, what judging on Spark needs is in it. Raises BundleError."""
    number = version()
    name = f"bianwang-{number}-{arch}{'-cluster' if cluster else ''}"
    target = BUILD / f"{name}.tar"
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bundle.") as work:
        folder = Path(work) / name
        print("[1/5] 源程序与网页文件")
        _source(folder / "app")
        print(f"[2/5] 下载 {arch} 的依赖")
        wheels = _wheels(folder / "wheels", arch, cluster=cluster)
        print("[3/5] 换下 GPL 的编码库")
        changed = without_gpl(next(wheels.glob("av-*.whl")), arch)
        if arch == platform.machine():
            _loads(changed)
        print("[4/5] 核对许可证，写校验清单")
        gather(wheels, ROOT / "node_modules", folder / "licences")
        _lock(wheels, folder / "requirements.txt")
        for script in ("install.sh", "upgrade.sh"):
            shutil.copy2(ROOT / "deploy" / script, folder / script)
        (folder / "VERSION").write_text(f"{number}\n{arch}\n")
        _sums(folder)
        print("[5/5] 打包")
        with tarfile.open(target, "w") as archive:
            archive.add(folder, name, filter=_as_root)
    return target


def version() -> str:
    """The version of pyproject.toml, the day of the commit and its short name: 0.1.0-20261127-2e4e88f."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return f"{declared}-{_git('log', '-1', '--format=%cd-%h', '--date=format:%Y%m%d', '--abbrev=7').decode().strip()}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="制作离线安装包。")
    parser.add_argument("--arch", choices=ARCHES, default=platform.machine(), help="目标机器的处理器架构")
    parser.add_argument("--cluster", action="store_true", help="带上集群研判（Spark）的依赖，约大 450 MB")
    return parser.parse_args()


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True)
    if done.returncode:
        raise BundleError(f"git {arguments[0]} 没有成功：{done.stderr.decode().strip()}")
    return done.stdout


def _source(target: Path) -> None:
    """What is committed (not what lies around), and what `make setup` took out of packages."""
    if _git("status", "--porcelain", "--untracked-files=no"):
        raise BundleError("有未提交的改动，安装包只收已提交的内容，请先提交。")
    with tarfile.open(fileobj=BytesIO(_git("archive", "HEAD"))) as archive:
        archive.extractall(target, filter="data")
    for part in TAKEN_OUT:
        if not (BUILD / part).exists():
            raise BundleError(f"缺少 build/{part}，请先运行 make setup。")
        shutil.copytree(BUILD / part, target / "build" / part)
    (target / "build" / "static").mkdir()


def _wheels(target: Path, arch: str, *, cluster: bool) -> Path:
    """Download by the hashes of the locks, for the target's Python, not for ours."""
    if sys.version_info[:2] != tuple(int(part) for part in PYTHON.split(".")):
        # pip judges "python_version < …" of the locks by the interpreter it runs in.
        raise BundleError(f"请用 Python {PYTHON} 制作（目标是 Debian 12），现为 {platform.python_version()}。")
    tags = [f"manylinux_2_{minor}_{arch}" for minor in range(GLIBC, 4, -1)]
    tags += [f"manylinux2014_{arch}", f"manylinux2010_{arch}", f"manylinux1_{arch}"]
    chosen = ["--python-version", PYTHON, "--implementation", "cp", "--only-binary=:all:"]
    chosen += [option for abi in ("cp311", "abi3", "none") for option in ("--abi", abi)]
    chosen += [option for tag in tags for option in ("--platform", tag)]
    for name in ("build", "pip", "core", "vision"):
        _pip(target, name, *chosen)
    if cluster:
        _pip(target, "cluster", *chosen, "--no-binary=pyspark")
        # pyspark is published as source only; it is Python and JARs, so the wheel that is made here fits everywhere.
        source = next(target.glob("pyspark-*.tar.gz"))
        _run("wheel", "--no-build-isolation", "--wheel-dir", str(target), str(source))
        source.unlink()
    return target


def _pip(target: Path, name: str, *options: str) -> None:
    listed = ROOT / "requirements" / f"{name}.txt"
    if not listed.exists():
        raise BundleError(f"没有 {listed.relative_to(ROOT)}。")
    _run("download", "--require-hashes", "--dest", str(target), *options, "--requirement", str(listed))


def _run(verb: str, *options: str) -> None:
    pip = os.environ.get("BIAN_SETUP_PIP", f"{sys.executable} -m pip").split()
    command = [*pip, verb, "-qq", "--disable-pip-version-check", "--no-deps", *options]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise BundleError(f"pip {verb} 没有成功：{done.stderr.strip()[-300:]}")


def _loads(wheel: Path) -> None:
    """The changed wheel opens, encodes with its own encoders and refuses H.264 in words."""
    check = (
        "import av\nfrom fractions import Fraction\n"
        "av.CodecContext.create('mpeg4', 'w')\n"
        "av.CodecContext.create('h264', 'r'), av.CodecContext.create('hevc', 'r')\n"
        "for name in ('libx264', 'libx265'):\n"
        "    codec = av.CodecContext.create(name, 'w')\n"
        "    codec.width, codec.height, codec.pix_fmt, codec.time_base = 64, 64, 'yuv420p', Fraction(1, 25)\n"
        "    try:\n        codec.open()\n"
        "    except av.error.FFmpegError:\n        continue\n"
        "    raise SystemExit(f'{name} still encodes')\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(wheel, folder, "zip")
        path = os.pathsep.join([folder, *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
        done = subprocess.run([sys.executable, "-c", check], env=os.environ | {"PYTHONPATH": path}, capture_output=True)
    if done.returncode:
        raise BundleError(f"换下编码库后 PyAV 不能用：{done.stderr.decode().strip().splitlines()[-1:]}")


def _lock(wheels: Path, target: Path) -> None:
    """Exactly what lies in `wheels`, by its hash: the changed wheel has its own."""
    rows = []
    for wheel in sorted(wheels.iterdir()):
        name, number = wheel.name.split("-")[:2]
        if name != "pip":
            rows.append(f"{name}=={number} --hash=sha256:{_digest(wheel, 'sha256')}")
    target.write_text("\n".join(rows) + "\n")


def _sums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for name, algorithm in (("SHA256SUMS", "sha256"), ("SM3SUMS", "sm3")):
        (folder / name).write_text("".join(_rows(files, folder, algorithm)), "utf-8")


def _rows(files: Iterable[Path], folder: Path, algorithm: str) -> Iterable[str]:
    return (f"{_digest(path, algorithm)}  {path.relative_to(folder)}\n" for path in files)


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def _as_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


if __name__ == "__main__":
    sys.exit(main())
