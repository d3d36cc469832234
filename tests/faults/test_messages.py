"""kill -9 of the sender, again and again, in the middle of its messages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.instance import Instance
from tests.templates import copy_of

pytestmark = pytest.mark.faults

COUNT = 150

SEND = """
import json, os, random, signal, time
from datetime import timedelta
from django.db import connection
from bianwang.platform.messages import services
from bianwang.platform.messages.models import Message
from bianwang.platform.places.models import Organisation

services.CLAIM = timedelta(seconds=0.2)  # or else the test waits a minute for every message that died
bureau = Organisation.objects.create(code="bureau", name="区应急管理局", level=Organisation.Level.BUREAU)
for number in range({count}):
    services.send(f"test:{{number}}", "sms", "13900000000", "文" * 500, owner=bureau)
chance, kills = random.Random(20221123), 0
while Message.objects.exclude(state="sent").exists():
    connection.close()
    child = os.fork()
    if not child:
        while True:
            services.deliver()
    time.sleep(chance.uniform(0.05, 0.4))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    kills += 1
print(json.dumps({{"kills": kills, "again": Message.objects.filter(attempts__gt=1).count()}}))
"""


def test_no_message_is_lost_and_none_is_twice(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "home", mode="test")
    copy_of("migrated", instance.home)
    done = instance.script(SEND.format(count=COUNT))
    lines = (instance.home / "outbox" / "messages.jsonl").read_text("utf-8").splitlines()
    assert Counter(json.loads(line)["key"] for line in lines) == Counter(f"test:{number}" for number in range(COUNT))
    assert done["kills"] > 1
