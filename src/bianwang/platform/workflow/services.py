"""The one way by which an object in a workflow is created and moves on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from bianwang.platform import access, packs
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.context import acting, current
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import Changes, record
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow import queries
from bianwang.platform.workflow.errors import Conflict, Refused
from bianwang.platform.workflow.models import Limit, WorkflowMixin
from bianwang.platform.workflow.table import Deadline, State, Transition


def start(
    obj: WorkflowMixin,
    *,
    by: User | None = None,
    verb: str = "",
    reason: str = "",
    changes: Changes | None = None,
    deadline: Deadline | timedelta | None = None,
) -> None:
    """Save a new object in the first state of its table, with its to-do and its ledger row.

    The caller has checked the permission (nothing exists yet that could be in scope). `verb` is
    `<app>.create` by default. `obj.due_at` set by the caller stands unless a `deadline` is given.
    """
    moment = now()
    state = obj.workflow.states[0]
    obj.state, obj.state_since = state.code, moment
    if deadline is not None:
        obj.due_at = _due(deadline, moment)
    with _by(by), transaction.atomic():
        obj.save(force_insert=True)
        _open_todo(obj, state)
        record(
            verb or f"{obj._meta.app_label}.create",
            obj,
            owner=owner_of(obj),
            changes={"state": (None, state.name), **(changes or {})},
            reason=reason,
        )


def advance(
    obj: WorkflowMixin,
    code: str,
    user: User | None,
    *,
    reason: str = "",
    changes: Changes | None = None,
    due_at: datetime | None = None,
    fields: Mapping[str, Any] | None = None,
) -> None:
    """Take one step of the object's table.

    `user` None is the platform itself. `fields` are columns set in the same update, their before/after
    go to the ledger by themselves; `changes` adds what is not a column. `due_at` overrides the table's
    deadline.

    Raises PermissionDenied or Http404 (access door), Refused (reason missing, guard), Conflict when the
    object no longer has the state or the values that `obj` was read with. Nothing is written then.
    """
    step = obj.workflow.transition(code)
    if user is not None:
        _admit(obj, step, user)
    before = obj.state_row
    if not _leads_from(step, before):
        raise _conflict(obj, step)
    reason = reason.strip()
    if step.reason and not reason:
        raise Refused(f"“{step.name}”必须写明理由。")
    if step.guard and (refusal := step.guard(obj, user)):
        raise Refused(refusal)

    moment = now()
    after = before if step.target == "*" else obj.workflow.state(step.target)
    values = dict(fields or {})
    values["due_at"] = due_at or _next_due(obj, step, moment)
    if after is not before:
        values["state"], values["state_since"] = after.code, moment
    with _by(user), transaction.atomic():
        _update(obj, step, values)
        told = _differences(obj, values) | dict(changes or {})
        if after is not before:
            told["state"] = (before.name, after.name)
        for name, value in values.items():
            setattr(obj, name, value)
        if after is not before:
            todo.close_for(obj)
            _open_todo(obj, after)
        elif "due_at" in told:
            todo.reschedule(obj, obj.due_at)
        record(
            step.verb or f"{obj._meta.app_label}.{step.code}",
            obj,
            owner=owner_of(obj),
            changes=told,
            reason=reason,
        )


def available(obj: WorkflowMixin, user: User) -> list[Transition]:
    """The steps that a user may take now, in the table's order, for buttons."""
    present, owner = obj.state_row, owner_of(obj)
    return [
        step
        for step in obj.workflow.transitions
        if step.permission
        and _leads_from(step, present)
        and access.scope_of(user, step.permission).includes(owner)
        and not (step.guard and step.guard(obj, user))
    ]


def owner_of(obj: Any) -> int:
    """Id of the party in whose scope a workflow object lies (`access_path`)."""
    *path, last = obj.access_path.split("__")
    for name in path:
        obj = getattr(obj, name)
    found: int = getattr(obj, f"{last}_id")
    return found


@transaction.atomic
def load_limits(file: Path) -> int:
    """Bring the policy table in line with a district's `limits.yaml`; returns how many rows changed.

    A row is known by code and `valid_from`, so loading twice changes nothing; rows that the file does
    not name stay. Raises Refused that names the row which cannot be read.
    """
    changed = 0
    for number, row in enumerate(packs.parse(file.read_text("utf-8")) or [], 1):
        try:
            # YAML gives 0.8 as a float, whose binary value has more than three decimals.
            wanted = Limit(**{**row, "value": Decimal(str(row["value"]))})
            wanted.full_clean(validate_unique=False, validate_constraints=False)
        except Exception as error:
            where = f"{file.name} 第 {number} 条时限“{_code_of(row)}”有误"
            raise Refused(f"{where}：{_first_message(error)}，请改正后重新载入。") from error
        changed += _save_limit(wanted)
    return changed


def _admit(obj: WorkflowMixin, step: Transition, user: User) -> None:
    if not step.permission:
        raise Refused(f"“{step.name}”由平台自动完成，不能人工操作。")
    access.check(user, type(obj), obj.pk, step.permission)


def _leads_from(step: Transition, state: State) -> bool:
    return state.code in step.sources or ("*" in step.sources and not state.final)


def _due(deadline: Deadline | timedelta, moment: datetime) -> datetime:
    if isinstance(deadline, timedelta):
        return moment + deadline
    day = moment.astimezone(SHANGHAI).date()
    return queries.deadline(queries.limit(deadline.rule, day), moment)


def _next_due(obj: WorkflowMixin, step: Transition, moment: datetime) -> datetime | None:
    if step.deadline is not None:
        return _due(step.deadline, moment)
    return None if step.clears_deadline else obj.due_at


def _update(obj: WorkflowMixin, step: Transition, values: Mapping[str, Any]) -> None:
    """Write only where state and every changed column are still what `obj` was read with."""
    seen = {name: getattr(obj, name) for name in ("state", "state_since", *values)}
    if type(obj)._default_manager.filter(pk=obj.pk, **seen).update(**values) != 1:
        raise _conflict(obj, step)


def _differences(obj: WorkflowMixin, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    skip = {"state", "state_since"}
    return {
        name: (_plain(getattr(obj, name)), _plain(value))
        for name, value in values.items()
        if name not in skip and getattr(obj, name) != value
    }


def _plain(value: Any) -> Any:
    """What the ledger keeps of a value: related objects by their name."""
    return value if isinstance(value, str | int | float | bool | datetime | None) else str(value)


def _open_todo(obj: WorkflowMixin, state: State) -> None:
    duty = obj.duty_in(state)
    if not duty:
        return
    todo.open_for(
        obj,
        title=f"{state.name}：{obj}",
        url=obj.get_absolute_url(),
        owner=owner_of(obj),
        permission=duty,
        due_at=obj.due_at,
    )


def _conflict(obj: WorkflowMixin, step: Transition) -> Conflict:
    """Says who was first and what the object is now."""
    kind = obj._meta.verbose_name
    fresh = type(obj)._default_manager.filter(pk=obj.pk).values_list("state", flat=True).first()
    if fresh is None:
        return Conflict(f"{kind}“{obj}”已不存在，不能再“{step.name}”。")
    last = Entry.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk).order_by("-id").first()
    who = f"{last.actor_name}已先行处理，" if last else ""
    return Conflict(f"{who}{kind}“{obj}”现为“{obj.workflow.state(fresh).name}”，不能再“{step.name}”，请刷新后查看。")


@contextmanager
def _by(user: User | None) -> Iterator[None]:
    """Acts as `user` where the surroundings have not said so (scripts, tests)."""
    actor = current()
    if user is None or actor.user == user:
        yield
    else:
        with acting(user, actor.origin, operation=actor.operation):
            yield


def _save_limit(wanted: Limit) -> bool:
    names = [field.name for field in Limit._meta.fields if field.name != "id"]
    row = Limit.objects.filter(code=wanted.code, valid_from=wanted.valid_from).first()
    old = {name: getattr(row, name) for name in names} if row else {}
    different = {
        name: (old.get(name), getattr(wanted, name)) for name in names if old.get(name) != getattr(wanted, name)
    }
    if not different:
        return False
    wanted.pk = row.pk if row else None
    wanted.save()
    record("workflow.limit", wanted, owner=None, changes=different)
    return True


def _code_of(row: Any) -> str:
    return str(row.get("code", "未写代码")) if isinstance(row, dict) else str(row)


def _first_message(error: Exception) -> str:
    messages = getattr(error, "message_dict", None)
    if messages:
        field, texts = next(iter(messages.items()))
        return f"{field} {texts[0].rstrip('。')}"
    return str(error)
