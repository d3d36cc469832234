"""What time itself does: who is late is reminded, and the leaders are told of a late report."""

from __future__ import annotations

from django.db import transaction

from bianwang.modules.disasters.models import Report, Sheet
from bianwang.modules.disasters.workflow import WAITED_FOR
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import each
from bianwang.platform.messages import services as messages
from bianwang.platform.places.models import Party
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.services import advance

_AT_ONCE = 200


def escalate_overdue() -> None:
    """Remind towns whose sheets are late, tell the bureau of them, and tell the leaders of a late report; each once."""
    moment = now()
    sheets = Sheet.objects.filter(state__in=WAITED_FOR, due_at__lt=moment, escalation=0)
    each(list(sheets.select_related("report__disaster", "unit").order_by("due_at")[:_AT_ONCE]), _sheet_late)
    reports = Report.objects.filter(state="collecting", due_at__lt=moment, escalation=0)
    each(list(reports.select_related("disaster", "owner").order_by("due_at")[:_AT_ONCE]), _report_late)


@transaction.atomic
def _sheet_late(sheet: Sheet) -> None:
    advance(sheet, "escalate", None, fields={"escalation": 1})
    _duty(sheet, f"镇街逾期未报：{sheet}", sheet.unit_id, "disasters.file")
    _tell(sheet, sheet.unit, "disasters.fill", f"{sheet}已过时限，请立即填报，没有灾情也要零报告。")


@transaction.atomic
def _report_late(report: Report) -> None:
    advance(report, "escalate", None, fields={"escalation": 1})
    _duty(report, f"逾期未报：{report}", report.owner_id, "disasters.lead")
    _tell(report, report.owner, "disasters.lead", f"{report}已过上报时限，还没有上报。")


def _duty(row: Sheet | Report, title: str, owner: int, permission: str) -> None:
    todo.open_for(row, title=title, url=row.get_absolute_url(), owner=owner, permission=permission, due_at=row.due_at)


def _tell(row: Sheet | Report, owner: Party, permission: str, text: str) -> None:
    """A message to everybody who can act and has a phone number."""
    for user in access.users_with(permission, owner.pk).exclude(phone=""):
        key = f"{row._meta.label_lower}-{row.pk}-late-{user.pk}"
        messages.send(key, "sms", user.phone, text, owner=owner, about=str(row))
