"""A PostgreSQL server of one's own, from Debian's programs: made in a temporary folder, gone at the end.

python -m tests.postgres COMMAND…      runs a command with BIAN_DATABASE at such a server
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
AVAILABLE = bool(_INSTALLED)
MISSING = "没有安装 PostgreSQL 服务器，跳过需要它的测试；请先 apt-get install postgresql。"


@contextmanager
def private_server() -> Iterator[str]:
    """Start a server on a free port of this machine; its address as BIAN_DATABASE takes it.

    PostgreSQL refuses to run as root, who therefore starts it as the user `postgres` of the Debian package.
    """
    data = Path(tempfile.mkdtemp(prefix="bian-postgres-"))
    if os.getuid() == 0:
        os.chown(data, *pwd.getpwnam("postgres")[2:4])
    try:
        _run("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        port = _free_port()
        options = f"-p {port} -k {data} -c fsync=off -c listen_addresses=127.0.0.1 -c max_connections=300"
        _run("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(program: str, *arguments: str) -> None:
    user = "postgres" if os.getuid() == 0 else None
    # Not into a pipe: the server inherits it and would hold it open.
    subprocess.run([_INSTALLED[-1] / program, *arguments], user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)


def main(command: Sequence[str]) -> int:
    """Run `command` with a server beside it, or with that of BIAN_DATABASE; its exit status."""
    if os.environ.get("BIAN_DATABASE"):
        return subprocess.run(command, check=False).returncode
    if not AVAILABLE:
        sys.exit(MISSING)
    with private_server() as address:
        return subprocess.run(command, env=os.environ | {"BIAN_DATABASE": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
