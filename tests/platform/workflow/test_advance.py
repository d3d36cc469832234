"""One step of a workflow: who may, from where, until when, and what is left behind."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404

from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow import services
from bianwang.platform.workflow.errors import Conflict, Refused, UnknownLimit
from bianwang.platform.workflow.models import Limit
from tests.platform.workflow.sample import CHECK, FIX, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_table")]


@pytest.fixture
def ticket(world):
    Limit.objects.create(
        code="sample.check", name="复查", value=10, unit="days", source="测试", valid_from=date(2020, 1, 1)
    )
    made = Ticket(owner_id=world.plant.pk, name="配电箱无盖")
    services.start(made, by=world.who("town"))
    return made


def entries(ticket):
    return list(Entry.objects.filter(object_type="sample.ticket", object_id=ticket.pk).order_by("id"))


def test_start_saves_the_first_state_with_todo_and_ledger_row(ticket, world):
    assert ticket.state == "reported"
    assert ticket.state_since is not None
    [row] = entries(ticket)
    assert (row.verb, row.actor, row.owner_id) == ("sample.create", world.who("town"), world.plant.pk)
    todo = Todo.objects.get()
    assert (todo.title, todo.permission, todo.owner_id) == ("待整改：配电箱无盖", FIX, world.plant.pk)


def test_a_step_changes_state_deadline_todo_and_ledger_together(ticket, world):
    with time_machine.travel(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), tick=False):
        services.advance(ticket, "fix", world.who("town"), fields={"fixed_by": 7}, changes={"照片": (None, "3 张")})

    fresh = Ticket.objects.get()
    assert (fresh.state, fresh.fixed_by) == ("fixed", 7)
    assert fresh.due_at.astimezone(SHANGHAI).replace(tzinfo=None) == datetime(2026, 12, 3, 23, 59, 59)
    assert (ticket.state, ticket.due_at, ticket.state_since) == (fresh.state, fresh.due_at, fresh.state_since)
    assert [(t.permission, t.done_at is None) for t in Todo.objects.order_by("id")] == [
        (FIX, False),
        (CHECK, True),
    ]
    row = entries(ticket)[-1]
    told = orjson.loads(row.changes)
    assert row.verb == "sample.fix"
    assert told["state"] == ["待整改", "待复查"]
    assert told["fixed_by"] == [None, 7]
    assert told["照片"] == [None, "3 张"]
    assert told["due_at"][0] is None


def test_a_final_state_leaves_no_todo_and_no_deadline(ticket, world):
    services.advance(ticket, "fix", world.who("town"))
    services.advance(ticket, "pass", world.who("finance"))

    assert ticket.due_at is None
    assert not Todo.objects.filter(done_at__isnull=True).exists()


def test_a_step_within_a_state_moves_the_deadline_of_its_todo(ticket, world):
    until = datetime(2027, 1, 5, 15, 59, tzinfo=UTC)
    since = ticket.state_since

    services.advance(ticket, "extend", world.who("head"), reason="等待配件", due_at=until)

    assert ticket.state_since == since
    assert Todo.objects.get(done_at__isnull=True).due_at == until
    assert entries(ticket)[-1].reason == "等待配件"


def test_whoever_lacks_the_permission_is_denied(ticket, world):
    with pytest.raises(PermissionDenied):
        services.advance(ticket, "fix", world.who("safety"))


def test_a_stranger_does_not_learn_that_the_object_exists(ticket, world):
    with pytest.raises(Http404):
        services.advance(ticket, "fix", world.who("town2"))


def test_a_step_of_the_platform_is_closed_to_people_and_open_to_jobs(ticket, world):
    with pytest.raises(Refused, match="由平台自动完成"):
        services.advance(ticket, "expire", world.who("head"))
    services.advance(ticket, "expire", None)

    assert ticket.state == "closed"
    assert entries(ticket)[-1].actor_name == "系统"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_step_that_needs_a_reason_is_refused_without_one(ticket, world, reason):
    with pytest.raises(Refused, match="“延期”必须写明理由"):
        services.advance(ticket, "extend", world.who("head"), reason=reason)


def test_a_guard_says_why_not(ticket, world):
    head = world.who("head")
    services.advance(ticket, "fix", head, fields={"fixed_by": head.pk})

    with pytest.raises(Refused, match="整改人不得复查"):
        services.advance(ticket, "pass", head)
    assert "pass" not in {step.code for step in services.available(ticket, head)}
    assert "pass" in {step.code for step in services.available(ticket, world.who("finance"))}


def test_refused_steps_leave_nothing_behind(ticket, world):
    before = Ticket.objects.values().get()
    for code, who in (("fix", "safety"), ("pass", "finance"), ("extend", "head")):
        with pytest.raises((PermissionDenied, Refused)):
            services.advance(ticket, code, world.who(who))

    assert Ticket.objects.values().get() == before
    assert len(entries(ticket)) == 1
    assert Todo.objects.count() == 1


def test_who_comes_second_learns_who_was_first(ticket, world):
    seen_by_second = Ticket.objects.get()
    services.advance(ticket, "fix", world.who("town"))

    with pytest.raises(Conflict, match="赵镇街已先行处理，事项“配电箱无盖”现为“待复查”，不能再“提交整改”"):
        services.advance(seen_by_second, "fix", world.who("enforcement"))


def test_an_object_that_went_away_and_came_back_is_no_longer_the_one_that_was_seen(ticket, world):
    stale = Ticket.objects.get()
    services.advance(ticket, "fix", world.who("town"))
    services.advance(ticket, "return", world.who("finance"), reason="照片不清")

    with pytest.raises(Conflict):
        services.advance(stale, "fix", world.who("town"))


def test_a_column_that_changed_meanwhile_is_not_overwritten(ticket, world):
    stale = Ticket.objects.get()
    services.advance(ticket, "extend", world.who("head"), reason="甲", fields={"returns": 1})

    with pytest.raises(Conflict):
        services.advance(stale, "extend", world.who("head"), reason="乙", fields={"returns": 1})
    assert Ticket.objects.get().returns == 1


def test_any_state_means_any_that_is_not_final(ticket, world):
    services.advance(ticket, "void", world.who("head"), reason="重复登记")

    assert entries(ticket)[-1].verb == "sample.cancel"
    with pytest.raises(Conflict):
        services.advance(ticket, "void", world.who("head"), reason="再来")


def test_buttons_follow_state_and_permission(ticket, world):
    def codes(who):
        return {step.code for step in services.available(ticket, world.who(who))}

    assert codes("town") == {"fix"}
    assert codes("finance") == {"extend", "void"}
    assert codes("head") == {"fix", "extend", "void"}
    assert codes("safety") == set()


def test_an_unknown_limit_is_named_and_nothing_moves(ticket, world):
    Limit.objects.all().delete()

    with pytest.raises(UnknownLimit, match=r"sample\.check"):
        services.advance(ticket, "fix", world.who("town"))
    assert Ticket.objects.get().state == "reported"


def test_a_step_stands_or_falls_with_the_callers_transaction(ticket, world):
    with transaction.atomic():
        services.advance(ticket, "fix", world.who("town"))
        transaction.set_rollback(True)

    assert Ticket.objects.get().state == "reported"
    assert len(entries(ticket)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_race_for_one_object_one_wins(ticket, world):
    people = [world.who(key) for key in ("town", "enforcement", "enforcement2", "head")] * 2
    barrier = threading.Barrier(len(people))
    outcomes = []

    def race(user):
        mine = Ticket.objects.get(pk=ticket.pk)
        barrier.wait()
        try:
            services.advance(mine, "fix", user, fields={"returns": mine.returns + 1})
            outcomes.append("won")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict"] * 7 + ["won"]
    assert Ticket.objects.get(pk=ticket.pk).returns == 1
    assert [row.verb for row in entries(ticket)] == ["sample.create", "sample.fix"]
    assert Todo.objects.filter(done_at__isnull=True).count() == 1


def test_minutes_run_from_moment_to_moment_and_days_to_the_end_of_the_last():
    from bianwang.platform.workflow.queries import deadline

    since = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)

    def due(value, unit):
        return deadline(Limit(code="x", value=value, unit=unit), since)

    assert due(5, "minutes") == since + timedelta(minutes=5)
    assert due(2, "hours") == since + timedelta(hours=2)
    assert due(3, "days").astimezone(SHANGHAI).date() == date(2026, 10, 3)
    # 1–7 October 2026 is the National Day holiday; Saturday the 10th is worked.
    assert due(3, "working_days").astimezone(SHANGHAI).date() == date(2026, 10, 10)
    with pytest.raises(ValueError, match="no length of time"):
        due(3, "count")
