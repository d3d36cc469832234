"""The page of a day of the watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.urls import reverse_lazy

from bianwang.modules.emergency.forms.after import CheckForm
from bianwang.modules.emergency.models import WatchDay
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.objects import Facts, ObjectPage, StepForm


class WatchDayPage(ObjectPage):
    """One day, and what was seen."""

    model = WatchDay
    permission = "emergency.view"
    select: ClassVar[Sequence[str]] = ("event__territory", "note", "checked_by")
    crumbs = (("盯守检查", reverse_lazy("emergency:watch")),)
    step_forms: ClassVar[dict[str, type[StepForm]]] = {"check": CheckForm}

    def facts(self) -> Sequence[Facts]:
        row: WatchDay = self.object
        event, (word, colour) = row.event, row.standing
        found = [
            fact("事件", str(event), "link", href=event.get_absolute_url()),
            fact("地点", f"{event.territory.name} {event.place}"),
            fact("处置结束", row.ended_at, "datetime"),
            fact("应在此前检查", row.due_at, "datetime"),
            fact("情况", word, "badge", colour=colour),
        ]
        if row.note and row.checked_by:
            found += [
                fact("检查结果", row.get_outcome_display()),
                fact("检查时间", row.note.happened_at, "datetime"),
                fact("检查情况", row.note.text, "link", href=row.note.get_absolute_url()),
                fact("登记人", row.checked_by.name),
                fact("登记时间", row.checked_at, "datetime"),
            ]
        return [Facts("盯守检查", found)]
