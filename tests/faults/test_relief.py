"""kill -9 in the middle of making a payment batch and of entering the bank's results: nobody is paid twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.instance import Instance
from tests.templates import copy_of

pytestmark = pytest.mark.faults

COUNT = 15

PAY = """
import json, os, random, signal, time
from pathlib import Path
from django.db import connection
from django.db.models import Count, Sum
import bianwang
from bianwang.modules.relief.models import Batch, Claim, Line
from bianwang.modules.relief.queries import funds as money
from bianwang.modules.relief.services import payments
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.services import load_limits
from django.db import transaction
from tests.modules.relief import things
from tests.people import build_world

with transaction.atomic():
    load_limits(Path(bianwang.__file__).parent / "districts" / "bishan" / "limits.yaml")
    world = build_world()
    rows = [things.approved(world) for _ in range({count})]
    pot = things.allotted(world, rows[0].programme)
rows[0].get_absolute_url()  # or else every child loads all URLs before it begins
finance, chance, kills, torn = world.who("finance"), random.Random(20221123), 0, 0

def work():
    payments.make_batch(finance, rows[0].programme, pot, "one form, sent again and again")
    lines = list(Line.objects.filter(state="pending").order_by("pk"))
    for start in range(0, len(lines), 3):
        payments.settle(finance, things.results(lines[start:start + 3]))

while not Batch.objects.filter(state="done").exists():
    connection.close()
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    time.sleep(chance.uniform(0.01, 0.06) + 0.004 * kills)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    kills += 1
    torn += Line.objects.count() not in (0, {count})
    torn += Claim.objects.filter(state="paid").count() != Line.objects.filter(state="paid").count()
twice = Line.objects.values("claim").annotate(n=Count("pk")).filter(n__gt=1).count()
print(json.dumps({{
    "kills": kills,
    "torn": torn,
    "twice": twice,
    "batches": Batch.objects.count(),
    "paid": Claim.objects.filter(state="paid").count(),
    "told": Entry.objects.filter(verb="relief.pay").count(),
    "sums": [f"{{x:.2f}}" for x in (
        Claim.objects.aggregate(total=Sum("amount"))["total"], money.standing(pot).paid, Batch.objects.get().amount
    )],
}}))
"""


def test_a_batch_is_whole_or_not_there_and_each_result_counts_once(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "home", mode="test")
    copy_of("migrated", instance.home)
    done = instance.script(PAY.format(count=COUNT))
    assert done["kills"] > 1
    assert (done["torn"], done["twice"], done["batches"]) == (0, 0, 1)
    assert (done["paid"], done["told"]) == (COUNT, COUNT)
    assert len(set(done["sums"])) == 1
