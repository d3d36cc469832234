"""Modules are switched on and off by BIAN_MODULES; each selection is a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bianwang.platform.registry import FLOW
from tests.instance import Instance

SELECTIONS = {
    "sensing": {"sensing"},
    "sensing,permits": {"sensing", "permits"},
    " rules, sensing, alarms": {"sensing", "rules", "alarms"},
}
"""What BIAN_MODULES says, and the modules that it switches on."""

EVERYTHING = set(FLOW)

FILL = """
import json
import numpy as np
from bianwang.engine.changes import from_records
from bianwang.engine.layout import CHANGE
from bianwang.modules.alarms import services as alarms
from bianwang.modules.alarms.models import Alarm
from bianwang.modules.alarms.queries import binding_facts
from bianwang.modules.hazards import services as hazards
from bianwang.modules.rules.queries import active_instances
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger import chain
from bianwang.platform.roles import HEAD
from bianwang.platform.todo.models import Todo

rows = np.zeros(1, CHANGE)
rows["key"], rows["time"], rows["value"], rows["margin"] = active_instances()[0].key, {now}, 80.0, 30.0
changes = from_records(rows, np.zeros(0, np.uint8))
alarms.apply_changes(changes, binding_facts([int(rows["key"][0]) // 8]), 1)
alarm, head = Alarm.objects.get(), User.objects.filter(posts__role=HEAD).first()
alarms.verify(alarm, head, "genuine", "现场属实")
alarm.refresh_from_db()
hazard = hazards.from_alarm(head, alarm, {{"title": "可燃气体探测器报警", "category": "2"}})
Todo.objects.filter(object_type="hazards.hazard").update(assignee=head)
chain.seal()
print(json.dumps([alarm.pk, hazard.pk]))
"""

VISIT = """
import json, re
from django.test import Client
from django.urls import Resolver404, resolve
from bianwang.platform.accounts.models import User

HREF = re.compile(r'(?:href|hx-get|data-curve|data-stream)="(/[^"#]*)')

visited = {}

def crawl(user):
    # Everybody opens one page of each kind, the first two people two.
    client = Client(headers={"host": "localhost"})
    seen, visits, broken = set(), {}, []
    waiting = ["/", "/search/?q=%E7%94%B2%E7%83%B7"]
    client.force_login(user)
    while waiting:
        url = waiting.pop().replace("&amp;", "&")
        path = url.partition("?")[0]
        if url in seen or path.startswith("/static/"):
            continue
        seen.add(url)
        try:
            name = resolve(path).view_name
        except Resolver404:
            broken.append([user.username, url, "no such URL"])
            continue
        visits[name] = visits.get(name, 0) + 1
        visited.setdefault(name, set()).add(user.pk)
        if visits[name] > (1 if len(visited[name]) > 2 else 2) or name in {"live:stream", "accounts:logout"}:
            continue
        answer = client.get(url)
        if answer.status_code >= 400:
            broken.append([user.username, url, answer.status_code])
        if answer.get("Content-Type", "").startswith("text/html"):
            waiting += HREF.findall(answer.content.decode())
    return set(visits), broken

names, broken = set(), []
for username in USERS:
    found, wrong = crawl(User.objects.get(username=username))
    names |= found
    broken += wrong
print(json.dumps({"names": sorted(names), "broken": broken}))
"""

STATE = """
import json
from django.db import connection
from django.test import Client
from bianwang.platform.accounts.models import User
from bianwang.platform.jobs.services import all_jobs
from bianwang.platform.ledger.queries import verb_name
from bianwang.platform.registry import FLOW, manifests, permissions
from bianwang.platform.roles import HEAD
from bianwang.platform.todo import queries as todo
from bianwang.platform.exchange.sheets import sheets
from bianwang.modules.alarms.models import Alarm
from bianwang.modules.hazards.models import Hazard
from bianwang.processes.intake import register

head = User.objects.filter(posts__role=HEAD).first()
client = Client(headers={"host": "localhost"})
client.force_login(head)
print(json.dumps({
    "permissions": sorted({code.partition(".")[0] for code in permissions()}),
    "jobs": sorted({job.code.partition(".")[0] for job in all_jobs()}),
    "subscriptions": sorted({item.code.partition(".")[0] for module in manifests() for item in module.subscriptions}),
    "tiles": sorted({tile.permission.partition(".")[0] for module in manifests() for tile in module.tiles}),
    "sheets": sorted({kind.partition(".")[0] for kind in sheets()}),
    "todos": sorted({row.permission.partition(".")[0] for row in todo.mine(head)}),
    "rows": [Alarm.objects.count(), Hazard.objects.filter(alarm__isnull=False).count()],
    "judged": len(register.read().rules.instances) > 0,
    "verb": verb_name("hazards.register"),
    "status": {code: client.get(f"/{code}/").status_code for code in FLOW},
    "menu": client.get("/").content.decode(),
}))
"""


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A demo with an alarm that became a hazard; nothing runs."""
    made = Instance(tmp_path_factory.mktemp("registry"))
    made.load_demo()
    made.script(FILL.format(now=round(time.time() * 1000)))
    return made


def chosen(instance: Instance, selection: str) -> Instance:
    """The same instance with other modules switched on."""
    other = Instance(instance.home)
    other.environment = instance.environment | {"BIAN_MODULES": selection}
    return other


def visit(instance: Instance) -> dict[str, Any]:
    """Follow the links as one of each role and place; which URLs were met and which of them failed."""
    users = "from bianwang.processes.demo.district import read_pack\n"
    users += "USERS = {(role, place): name for name, _, role, place, _ in read_pack('bishan')['users']}.values()\n"
    return instance.script(users + VISIT)


def modules(names: list[str]) -> set[str]:
    """Modules whose URLs were met."""
    return {name.partition(":")[0] for name in names} & EVERYTHING


@pytest.mark.parametrize(("selection", "on"), SELECTIONS.items(), ids=[str(len(on)) for on in SELECTIONS.values()])
def test_a_module_that_is_off_leaves_nothing_but_its_data(instance: Instance, selection: str, on: set[str]) -> None:
    off = EVERYTHING - on
    state = chosen(instance, selection).script(STATE)

    for part in ("permissions", "jobs", "subscriptions", "tiles", "sheets", "todos"):
        assert not off & set(state[part]), part
    assert on <= set(state["permissions"])
    for code in off:
        assert f'href="/{code}/' not in state["menu"]
        assert state["status"][code] == 404
    assert 'href="/sensing/' in state["menu"]
    assert state["rows"] == [1, 1]
    assert state["judged"] == ("alarms" in on)
    assert state["verb"] == "登记隐患", "what happened is told in the same words"


@pytest.mark.parametrize(("selection", "on"), SELECTIONS.items(), ids=[str(len(on)) for on in SELECTIONS.values()])
def test_no_page_leads_to_a_module_that_is_off(instance: Instance, selection: str, on: set[str]) -> None:
    seen = visit(chosen(instance, selection))

    assert seen["broken"] == []
    assert modules(seen["names"]) == on


def test_switched_on_again_everything_is_back(instance: Instance) -> None:
    state = chosen(instance, "").script(STATE)
    seen = visit(chosen(instance, ",".join(EVERYTHING)))

    assert set(state["permissions"]) >= EVERYTHING
    assert "hazards" in state["jobs"]
    assert "hazards" in state["tiles"]
    assert "hazards" in state["todos"]
    assert state["rows"] == [1, 1]
    assert state["judged"]
    assert seen["broken"] == []
    assert modules(seen["names"]) == EVERYTHING
    assert {"alarms:detail", "hazards:detail"} <= set(seen["names"])


@pytest.mark.parametrize(
    ("arguments", "selection", "words"),
    [
        (["web"], "sensing,radar", "“radar”不是已有模块"),
        (["intake"], "hazards", "“sensing”没有启用"),
        (["migrate", "--check"], "sensing,alarms", "“rules”没有启用"),
        (["ledger", "verify"], "sensing,radar", "“radar”不是已有模块"),
    ],
)
def test_a_wrong_selection_is_one_sentence_that_names_the_variable(
    instance: Instance, arguments: list[str], selection: str, words: str
) -> None:
    environment = instance.environment | {"BIAN_MODULES": selection}
    command = [sys.executable, "-m", "bianwang.processes.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("错误：")
    assert done.stderr.count("\n") == 1
    assert "BIAN_MODULES" in done.stderr
    assert words in done.stderr
