"""An instance whose outbox holds numbers in clear is upgraded."""

from __future__ import annotations

from pathlib import Path

from tests.instance import Instance
from tests.templates import copy_of

BEFORE = """
import json
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
call_command("migrate", "outbox", "0001", verbosity=0)
executor = MigrationExecutor(connection)
apps = executor.loader.project_state([("outbox", "0001_initial"), ("places", "0001_initial")]).apps
owner = apps.get_model("places", "Party").objects.create(name="区应急管理局", party_kind="organisation")
made = apps.get_model("outbox", "Message").objects
for number, state in enumerate(("waiting", "failed", "sent", "cancelled")):
    made.create(key=f"a:{number}", channel="sms", recipient=f"1391234567{number}", text="请注意防火", owner=owner,
                state=state, next_at="2026-01-01T00:00Z", created_at="2026-01-01T00:00Z")
made.create(key="b", channel="broadcast", recipient="青杠街道", text="请注意防火", owner=owner,
            state="waiting", next_at="2026-01-01T00:00Z", created_at="2026-01-01T00:00Z")
print(json.dumps(made.count()))
"""

AFTER = """
import json
from bianwang.platform.messages.models import Message
from bianwang.platform.messages.recipients import opened
rows = Message.objects.order_by("pk")
print(json.dumps([[row.recipient_mask, row.sealed is not None and opened(row)] for row in rows]))
"""


def test_numbers_that_are_still_needed_are_sealed_and_the_others_forgotten(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "home", mode="test")
    copy_of("migrated", instance.home)
    assert instance.script(BEFORE) == 5
    instance.bian("migrate")
    assert instance.script(AFTER) == [
        ["139****5670", "13912345670"],
        ["139****5671", "13912345671"],
        ["139****5672", False],
        ["139****5673", False],
        ["青杠街道", "青杠街道"],
    ]
