"""What the loop does: keeps a to-do for money that rests and for projects far behind, as long as they do."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Model

from bianwang.modules.budget.models import BudgetYear, Project, Receipt
from bianwang.modules.budget.queries import alerts, funds
from bianwang.modules.budget.services.writing import EDIT
from bianwang.platform.jobs.services import hold_claim
from bianwang.platform.todo import services as todo
from bianwang.platform.todo.models import Todo


@transaction.atomic
def watch() -> None:
    """Open what is missing, close what is settled; running it again changes nothing."""
    hold_claim()
    rests = {rest.receipt.pk: (rest.receipt, f"已滞留 {rest.days} 天") for rest in funds.pressing()}
    _keep(Receipt, {pk: (row, f"上级资金{words}，请支付或转移：{row}") for pk, (row, words) in rests.items()})
    late = [row for row in alerts.behind() if row.colour == "red"]
    _keep(
        Project,
        {
            row.project.pk: (row.project, f"执行率 {row.standing.percent}，明显落后于计划：{row.project}")
            for row in late
        },
    )


def _keep(model: type[Model], wanted: Mapping[int, tuple[Receipt | Project, str]]) -> None:
    rows = Todo.objects.filter(object_type=model._meta.label_lower, done_at__isnull=True)
    known = set(rows.values_list("object_id", flat=True))
    todo.close_all(model, model._default_manager.filter(pk__in=known - set(wanted)).values("pk"))
    todo.open_all(
        [
            todo.draft(row, title=title, url=row.get_absolute_url(), owner=_year(row).owner_id, permission=EDIT)
            for pk, (row, title) in wanted.items()
            if pk not in known
        ]
    )


def _year(row: Receipt | Project) -> BudgetYear:
    return row.line.year if isinstance(row, Project) else row.year
