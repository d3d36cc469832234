"""Whatever people do in whatever order, the table holds, nothing is lost and the ledger tells it all."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import orjson
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow import services
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.models import Limit
from tests.platform.workflow.sample import TABLE, Ticket

PEOPLE = ["town", "town2", "enforcement", "head", "finance", "safety", "duty", "disabled", None]
CODES = [step.code for step in TABLE.transitions]
NAMES = {state.code: state.name for state in TABLE.states}
LEGAL = {
    (NAMES[source], NAMES[step.target])
    for step in TABLE.transitions
    for state in TABLE.states
    for source in ([state.code] if step.sources == ("*",) and not state.final else step.sources)
    if source != "*"
}


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_table")
def test_random_histories_keep_to_the_table_and_to_the_ledger(world):
    Limit.objects.create(
        code="sample.check", name="复查", value=10, unit="days", source="测试", valid_from=date(2020, 1, 1)
    )

    class Histories(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.ticket = Ticket(owner_id=world.plant.pk, name="事项")
            services.start(self.ticket)
            # Copies as several browsers hold them; each may be stale.
            self.copies = [Ticket.objects.get(pk=self.ticket.pk) for _ in range(3)]
            self.counted = 0

        @rule(
            copy=st.integers(0, 2),
            code=st.sampled_from(CODES),
            who=st.sampled_from(PEOPLE),
            count=st.booleans(),
        )
        def act(self, copy, code, who, count):
            mine = self.copies[copy]
            user = world.who(who) if who else None
            before = Ticket.objects.values().get(pk=mine.pk)
            fields = {"returns": mine.returns + 1} if count else {}
            try:
                services.advance(mine, code, user, reason="理由", fields=fields)
            except (Refused, PermissionDenied, Http404):
                assert Ticket.objects.values().get(pk=mine.pk) == before
            else:
                self.counted += count

        @rule(copy=st.integers(0, 2))
        def reload(self, copy):
            self.copies[copy].refresh_from_db()

        @invariant()
        def ledger_tells_the_whole_history(self):
            fresh = Ticket.objects.get(pk=self.ticket.pk)
            rows = Entry.objects.filter(object_type="sample.ticket", object_id=fresh.pk).order_by("id")
            states = [orjson.loads(row.changes)["state"] for row in rows if "state" in row.changes]
            assert states[0] == [None, "待整改"]
            for earlier, later in pairwise(states):
                assert later[0] == earlier[1]
                assert tuple(later) in LEGAL
            assert states[-1][1] == NAMES[fresh.state]
            assert fresh.returns == self.counted

        @invariant()
        def who_has_to_act_is_told_once(self):
            fresh = Ticket.objects.get(pk=self.ticket.pk)
            open_todos = Todo.objects.filter(object_type="sample.ticket", object_id=fresh.pk, done_at__isnull=True)
            wanted = [fresh.state_row.todo] if fresh.state_row.todo else []
            assert [todo.permission for todo in open_todos] == wanted
            assert all(todo.due_at == fresh.due_at for todo in open_todos)

    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=60, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
