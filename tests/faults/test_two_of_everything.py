"""Two web workers and two loops on PostgreSQL, traffic from several sides, and kill -9 of whoever leads.

The loops are real ones with one more subscription (`tests.platform.jobs.reactions`), whose every reaction leaves a row.
"""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.instance import Instance, patience
from tests.people import PASSWORD
from tests.templates import SERVER, ask, copy_of

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db,  # so that make test-database has it
    pytest.mark.skipif(not SERVER, reason="需要 PostgreSQL：用 make test-postgres 运行。"),
]

MESSAGES, PERMITS, CHANGES = 60, 24, 150
WRITERS = 2

WORLD = """
import json
from pathlib import Path
import bianwang
from bianwang.platform.workflow.services import load_limits
from tests.people import build_world
build_world()
load_limits(Path(bianwang.__file__).parent / "districts" / "bishan" / "limits.yaml")
print(json.dumps(None))
"""
DEADLINES = """
import json
from datetime import timedelta
from bianwang.modules.permits.models import Permit
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.places.models import Enterprise, Zone
plant, guard = Enterprise.objects.first(), User.objects.first()
zone = Zone.objects.create(owner=plant, name="涂装车间", kind="other")
for number in range({count}):
    begin = now() + timedelta(seconds={after} + number * 0.5)
    end = begin + timedelta(seconds=4)
    Permit.objects.create(
        number=f"二人-{{number}}", kind="height", owner=plant, zone=zone, content="检修", workers="张三", guard=guard,
        base_level="second", level="second", state="approved", state_since=now(), planned_start=begin, planned_end=end,
        valid_from=begin, valid_to=end)
print(json.dumps(None))
"""
WRITE = """
import json
from django.db import transaction
from bianwang.platform.ledger.services import record
from bianwang.platform.messages.services import send
from bianwang.platform.places.models import Enterprise, Party
bureau, plant = Party.objects.order_by("pk").first(), Enterprise.objects.first()
for number in range({changes}):
    with transaction.atomic():
        record("places.change", plant, owner=plant.pk, reason="两个同时")
        if number % {changes_a_message} == 0:
            # Every writer knows the first half; a key is one message, whoever brings it.
            shared = number < {changes} // 2
            send(f"two:{{'' if shared else '{name}'}}:{{number}}", "sms", "13900000000", "请注意", owner=bureau)
print(json.dumps(None))
"""
SETTLED = """
import json
from collections import Counter
from bianwang.platform.ledger.models import Cursor, Entry, SealLease
from bianwang.platform.messages.models import Message
from bianwang.modules.permits.models import Permit
from tests.instance import patience

def state():
    ours = set(Permit.objects.filter(number__startswith="二人-").values_list("pk", flat=True))
    entries = Entry.objects.filter(object_type="permits.permit", object_id__in=ours)
    sealed = Entry.objects.filter(seq__isnull=False)
    return {{
        "unsealed": Entry.objects.filter(seq__isnull=True).count(),
        "seqs": [sealed.count(), SealLease.objects.get().seq],
        "changes": sorted(sealed.filter(reason="两个同时").values_list("seq", flat=True)),
        "due": sorted(sealed.filter(verb__startswith="places.").values_list("seq", flat=True)),
        "reactions": sorted(Cursor.objects.filter(code__startswith="done-").values_list("seq", flat=True)),
        "sent": Counter(Message.objects.filter(key__startswith="two:").values_list("state", flat=True)),
        "keys": sorted(Message.objects.filter(key__startswith="two:").values_list("key", flat=True)),
        "told": sorted(Entry.objects.filter(verb="messages.sent").values_list("object_id", flat=True)),
        "steps": list(Counter(entries.values_list("object_id", "verb")).values()),
    }}

for _ in patience("all work", 200):
    found = state()
    done = found["due"] == found["reactions"] and not found["unsealed"]
    if done and set(found["sent"]) == {{"sent"}} and len(found["steps"]) == 2 * {permits}:
        break
print(json.dumps(found))
"""
"""What there is when everything has been done."""


class Stream(threading.Thread):
    """The live stream of a logged-in user, followed until it is cut."""

    def __init__(self, instance: Instance, username: str) -> None:
        super().__init__(daemon=True)
        self.ids: list[int] = []
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self._opener.open(instance.url + "/accounts/login/").read().decode()
        token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)', page)[0]
        given = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        self._opener.open(instance.url + "/accounts/login/", urlencode(given).encode())
        self._answer = self._opener.open(instance.url + "/live/stream?verbs=places.")

    def run(self) -> None:
        for line in self._answer:
            if line.startswith(b"data: {"):
                self.ids.append(json.loads(line[6:])["seq"])


def start_loop(instance: Instance) -> subprocess.Popen[bytes]:
    with (instance.home / "loops.log").open("ab") as log:
        command = [sys.executable, "-m", "tests.platform.jobs.reactions"]
        root = str(Path(__file__).parents[2])
        return subprocess.Popen(command, env=instance.environment, cwd=root, stdout=log, stderr=log)


def holder(instance: Instance, loops: list[subprocess.Popen[bytes]], job: str) -> subprocess.Popen[bytes]:
    """The living loop that holds a job, waited for: one that was killed is noted as its holder for a while."""
    for _ in patience(job):
        found = ask(instance.home, f"SELECT claimed_by FROM jobs_run WHERE code = '{job}' AND claimed_by <> ''")
        for loop in loops:
            if found and loop.pid == int(str(found[0][0]).split(":")[1]):
                return loop
    raise AssertionError("unreachable")


def kill_the_leader(instance: Instance, loops: list[subprocess.Popen[bytes]], job: str) -> None:
    """kill -9 of the loop that holds a job; another must take it over by itself, and a new one is started."""
    victim = holder(instance, loops, job)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    loops.remove(victim)
    holder(instance, loops, job)
    loops.append(start_loop(instance))


def write(instance: Instance, name: str) -> subprocess.Popen[str]:
    text = WRITE.format(name=name, changes=CHANGES, changes_a_message=CHANGES * 2 // MESSAGES)
    head = "from bianwang.processes.bootstrap import ready; ready()\n"
    return subprocess.Popen([sys.executable, "-c", head + text], env=instance.environment, text=True)


def test_nothing_is_lost_or_done_twice_when_leaders_are_killed(tmp_path: Path) -> None:
    instance = Instance(copy_of("migrated", tmp_path / "home"), "test")
    instance.environment["BIAN_WEB_WORKERS"] = "2"
    instance.script(WORLD)
    loops = [start_loop(instance), start_loop(instance)]
    try:
        instance.start("web --no-loop")
        instance.script(DEADLINES.format(count=PERMITS, after=3))
        streams = [Stream(instance, "leader") for _ in range(4)]
        for stream in streams:
            stream.start()
        writers = [write(instance, str(number)) for number in range(WRITERS)]
        kill_the_leader(instance, loops, "ledger.seal")
        kill_the_leader(instance, loops, "messages.deliver")
        assert [writer.wait(240) for writer in writers] == [0] * WRITERS
        state = instance.script(SETTLED.format(permits=PERMITS))
        changes = state["changes"]
        for _ in patience("the streams"):
            if all(stream.ids[-1:] == changes[-1:] for stream in streams):
                break
    finally:
        for loop in loops:
            loop.terminate()
        for loop in loops:
            loop.wait(60)
        instance.stop()

    assert len(changes) == WRITERS * CHANGES
    sealed, head = state["seqs"]
    assert sealed == head
    assert len(set(state["told"])) == len(state["told"])
    assert state["steps"] == [1] * (2 * PERMITS)
    lines = (instance.home / "outbox" / "messages.jsonl").read_text("utf-8").splitlines()
    sent = Counter(key for line in lines if (key := json.loads(line)["key"]).startswith("two:"))
    assert sent == Counter(state["keys"])
    assert all(stream.ids == changes for stream in streams)
    assert "台账完整" in instance.bian("ledger", "verify")


def test_many_requests_share_few_connections(tmp_path: Path) -> None:
    instance = Instance(copy_of("migrated", tmp_path / "home"), "test")
    instance.environment["BIAN_WEB_WORKERS"] = "2"
    try:
        instance.start("web --no-loop")
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda number: instance.health(), range(200)))
        assert {answer["checks"]["database"] for answer in answers} == {"ok"}
        held = ask(instance.home, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert held[0][0] <= 2 * 20 + 1
    finally:
        instance.stop()


def test_web_workers_end_with_a_parent_that_is_killed_so_that_a_new_one_has_the_port(tmp_path: Path) -> None:
    instance = Instance(copy_of("migrated", tmp_path / "home"), "test")
    instance.environment["BIAN_WEB_WORKERS"] = "2"
    try:
        instance.start("web --no-loop")
        assert instance.health()["checks"]["database"] == "ok"
        instance.kill("web --no-loop")
        for _ in patience("the port"):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", instance.web_port)):
                    break
        instance.start("web --no-loop")
        assert instance.health()["checks"]["database"] == "ok"
    finally:
        instance.stop()
