"""`bian init`: from an empty folder to an instance that three administrators can log in to."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any, BinaryIO

import click
import orjson

import bianwang
from bianwang.platform import roles
from bianwang.platform.config import config
from bianwang.processes import schema
from bianwang.processes.bootstrap import ready

_SUGGESTED = {roles.SYSTEM: "sysadmin", roles.SECURITY: "secadmin", roles.AUDIT: "auditor"}


@click.command()
@click.option("--json", "source", type=click.File("rb"), help="从 JSON 文件（- 为标准输入）读取三名管理员，不再询问。")
def command(source: BinaryIO | None) -> None:
    """建立数据库，载入地区包，开设系统、安全、审计三名管理员。

    按等保要求三名管理员须是三个人：系统管理员开设账号，安全管理员授予角色，审计管理员查看台账；三人都不看业务数据。
    每人得到一个一次性密码，只显示一次，首次登录须修改。只能运行一次。

    \b
    脚本用法：bian init --json 管理员.json，内容如
    {"system_admin": {"username": "han", "name": "韩梅"},
     "security_admin": {"username": "yang", "name": "杨帆"},
     "audit_admin": {"username": "zhu", "name": "朱明", "password": "可省略"}}
    输出每行一名管理员的 JSON。
    """
    ready()
    from django.core.exceptions import ValidationError

    if is_founded():
        raise click.ClickException("这里已经初始化过。增开账号请用网页或 bian user add；要另建一套请换一个 BIAN_HOME。")
    people = _read(source) if source else None
    try:
        bureau = _prepare(quiet=source is not None)
        made = _found(_ask() if people is None else people, bureau)
    except ValidationError as error:
        raise click.ClickException("；".join(error.messages)) from error
    for role, user, secret in made:
        if source:
            click.echo(orjson.dumps({"role": role, "username": user.username, "password": secret}))
        else:
            click.echo(f"  {roles.NAMES[role]}  {user.name}  账号 {user.username}  一次性密码 {secret}")
    if not source:
        click.echo("以上密码只显示这一次，请分别告知本人。现在可以运行 bian run 启动平台。")


def prepare_pack(folder: Path) -> None:
    """Load what a district's pack holds; doing it again changes only what the pack changed."""
    from bianwang.modules.hazards.services import load_criteria
    from bianwang.platform.places.district import load_district
    from bianwang.platform.workflow.services import load_limits

    load_limits(folder / "limits.yaml")
    load_criteria(folder / "hazard_criteria.yaml")
    load_district(folder)


def is_founded() -> bool:
    """Whether this instance has administrators. Django must be ready."""
    from django.db import connection

    from bianwang.platform.accounts.models import Post

    if Post._meta.db_table not in connection.introspection.table_names():
        return False
    return Post.objects.filter(role__in=roles.ADMINISTRATORS).exists()


def _prepare(*, quiet: bool) -> Any:
    from bianwang.platform.ledger.context import acting
    from bianwang.platform.places.models import Organisation

    click.echo(f"建立数据库：{config().home.resolve()}", err=quiet)
    schema.bring_up_to_date()
    click.echo(f"载入地区包：{config().district}", err=quiet)
    with acting(None, "本机", name="初始化"):
        prepare_pack(Path(bianwang.__file__).parent / "districts" / config().district)
    bureau = Organisation.objects.filter(level=Organisation.Level.BUREAU).first()
    if bureau is None:
        raise click.ClickException(f"地区包 {config().district} 中没有应急管理局，请检查 organisations.yaml。")
    return bureau


def _found(people: dict[str, tuple[str, str, str]], bureau: Any) -> list[Any]:
    from bianwang.platform.accounts import services
    from bianwang.platform.ledger.context import acting

    with acting(None, "本机", name=f"初始化（{getpass.getuser()}）"):
        return services.found(people, bureau)


def _ask() -> dict[str, tuple[str, str, str]]:
    click.echo("请为三名管理员各开一个账号（三个不同的人）：")
    return {
        role: (
            click.prompt(f"  {roles.NAMES[role]}的账号", default=suggestion),
            click.prompt(f"  {roles.NAMES[role]}的姓名"),
            "",
        )
        for role, suggestion in _SUGGESTED.items()
    }


def _read(source: BinaryIO) -> dict[str, tuple[str, str, str]]:
    try:
        rows = orjson.loads(source.read())
        return {role: (row["username"], row["name"], row.get("password", "")) for role, row in rows.items()}
    except (orjson.JSONDecodeError, KeyError, AttributeError, TypeError) as error:
        raise click.ClickException(f"管理员文件的内容不可用（{error}），格式见 bian init --help 中的例子。") from error
