"""kill -9 in the middle of making a payment batch and of entering the bank's results: nobody is paid twice.

In both parts the process is killed at its first statement, then at its third, its fifth … until the part is done, so
that every place is reached, however slow the machine.
"""

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
finance, chance = world.who("finance"), random.Random(20221123)
kills, torn = {{"batch": 0, "results": 0}}, 0

def work(pipe):
    connection.execute_wrappers.append(lambda execute, *given: (os.write(pipe, b"."), execute(*given))[1])
    payments.make_batch(finance, rows[0].programme, pot, "one form, sent again and again")
    lines = list(Line.objects.filter(state="pending").order_by("pk"))
    for start in range(0, len(lines), 3):
        payments.settle(finance, things.results(lines[start:start + 3]))

while not Batch.objects.filter(state="done").exists():
    part = "results" if Batch.objects.exists() else "batch"
    connection.close()
    seen, pipe = os.pipe()
    child = os.fork()
    if not child:
        work(pipe)
        os._exit(0)
    os.close(pipe)
    for _ in range(1 + 2 * kills[part]):
        os.read(seen, 1)
    # Within that statement, or in the commit behind it.
    time.sleep(chance.uniform(0, 0.005))
    os.kill(child, signal.SIGKILL)
    ended = os.waitpid(child, 0)[1]
    assert ended in (0, signal.SIGKILL), "the child failed by itself"
    kills[part] += ended == signal.SIGKILL
    os.close(seen)
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
    # Loading the pages of every module would take longer than all the kills.
    instance.environment["BIAN_MODULES"] = "disasters,relief"
    copy_of("migrated", instance.home)
    done = instance.script(PAY.format(count=COUNT))
    assert min(done["kills"].values()) >= 10
    assert (done["torn"], done["twice"], done["batches"]) == (0, 0, 1)
    assert (done["paid"], done["told"]) == (COUNT, COUNT)
    assert len(set(done["sums"])) == 1
