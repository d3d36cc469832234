"""What lies in deploy/ fits the program: variables, commands, and what systemd and nginx say of their files."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from bianwang.platform.config import Config
from bianwang.processes import certificates
from bianwang.processes.cli import bian

DEPLOY = Path(__file__).parents[1] / "deploy"
KINDS = sorted(file.stem for file in (DEPLOY / "env").glob("*.env") if file.stem != "judge")
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))


def settings(kind: str, *, offered: bool = False) -> dict[str, str]:
    """The variables that a file sets; with `offered`, those that it shows behind a # too."""
    text = (DEPLOY / "env" / f"{kind}.env").read_text("utf-8")
    rows = re.findall(rf"^{'#?' if offered else ''}BIAN_(\w+)=(.*)$", text, re.MULTILINE)
    assert len({name for name, _ in rows}) == len(rows), "a variable stands in the file twice"
    return {name.lower(): value for name, value in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_settings_are_variables_of_the_program_with_values_it_takes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = settings(kind, offered=True)
    assert set(offered) <= set(Config.model_fields)
    for name, value in offered.items():
        monkeypatch.setenv(f"BIAN_{name.upper()}", value)
    options = Config()
    assert options.web_certificate() is None, "the proxy encrypts, not the web process"
    assert len(str(options.telemetry_socket())) <= 100
    assert options.telemetry_socket().is_relative_to(options.home), "services with a /tmp of their own share it"


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.stem)
def test_services_start_commands_that_exist(service: Path) -> None:
    line = re.search(r"^ExecStart=/opt/bianwang/current/(.+)$", service.read_text("utf-8"), re.MULTILINE)
    assert line, "a service starts what lies below /opt/bianwang/current"
    program, *arguments = line[1].split()
    if program != ".venv/bin/bian":
        assert (DEPLOY.parent / program).stat().st_mode & 0o111
        return
    arguments = [argument.replace("%I", "1/4").replace("${BUCKETS}", "8") for argument in arguments]
    command: click.Command = bian
    context = click.Context(bian, info_name="bian")
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        found = command.get_command(context, arguments.pop(0))
        assert found, f"{line[1]} is no command"
        command = found
        context = click.Context(command, parent=context)
    command.make_context("bian", arguments)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="Debian's systemd is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = tmp_path / "bian"
    program.touch(0o755)
    for file in (DEPLOY / "systemd").iterdir():
        text = re.sub(r"^(ExecStart=)\S+", rf"\1{program}", file.read_text("utf-8"), flags=re.MULTILINE)
        if file.suffix == ".conf":
            for folder in ("bian.service.d", "bian-.service.d"):
                (tmp_path / folder).mkdir()
                (tmp_path / folder / file.name).write_text(text, "utf-8")
        else:
            (tmp_path / file.name).write_text(text, "utf-8")
    names = [path.name.replace("@.", "@1-1.") for path in tmp_path.iterdir() if path.is_file() and path != program]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    ours = [line for line in (said.stdout + said.stderr).splitlines() if "bian" in line]
    assert (said.returncode, ours) == (0, [])


@pytest.mark.skipif(not shutil.which("nginx"), reason="Debian's nginx is not installed")
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    made = certificates.issue(tmp_path / "tls", ["bian.example.lan"], [])
    site = (DEPLOY / "nginx" / "bianwang.conf").read_text("utf-8")
    site = site.replace("/var/lib/bianwang/data/tls", str(made.certificate.parent))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {site} }}", "utf-8"
    )
    said = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


def test_nginx_lets_through_what_the_platform_accepts() -> None:
    site = (DEPLOY / "nginx" / "bianwang.conf").read_text("utf-8")
    allowed = [int(number) for number in re.findall(r"client_max_body_size (\d+)m;", site)]
    # The platform says in Chinese which attachment is too large; nginx must not say it first.
    assert allowed[0] >= 2 * int(settings("one-server")["upload_limit_mb"])


@pytest.mark.parametrize("script", sorted(file.name for file in DEPLOY.iterdir() if file.is_file()))
def test_scripts_can_be_run_and_parsed(script: str) -> None:
    file = DEPLOY / script
    assert file.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", file], capture_output=True, text=True).stderr == ""
