"""Until when the public must have been told of an event, and whether it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from bianwang.modules.emergency.grading import grade_name
from bianwang.modules.emergency.models import Event, Opinion
from bianwang.modules.emergency.pack.opinions import Clock, clocks, form_name
from bianwang.modules.emergency.queries.events import latest_loss
from bianwang.platform.clock import now
from bianwang.platform.ui.templatetags.bian import due, due_colour, moment


@dataclass(frozen=True)
class Running:
    """A clock of an event, and when it was met."""

    clock: Clock
    due_at: datetime
    met_at: datetime | None

    @property
    def name(self) -> str:
        """What must be done."""
        return form_name(self.clock.form)

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, in words and colour."""
        until = f"时限 {moment(self.due_at)}"
        if self.met_at is None:
            colour = "red" if self.due_at < now() else due_colour(self.due_at)
            return f"{until}，{due(self.due_at)}", colour
        word, colour = ("按时", "green") if self.met_at <= self.due_at else ("逾时", "red")
        return f"{moment(self.met_at)} 已办，{word}", colour

    @property
    def basis(self) -> str:
        """The rule with its certainty."""
        return f"{self.clock.source}{self.clock.article}（{self.clock.certainty}）"


def running(event: Event) -> list[Running]:
    """The clocks that the grade of an event asks for. They run from the moment it was told of."""
    rows = clocks(grade_name(event, latest_loss(event)), event.day)
    if not rows:
        return []
    answered = Opinion.objects.filter(event=event, state="answered").order_by().values("form")
    first = {row["form"]: row["first"] for row in answered.annotate(first=Min("answered_at"))}
    return [Running(row, event.received_at + timedelta(hours=row.hours), first.get(row.form)) for row in rows]


def answer_due(event: Event) -> datetime | None:
    """Until when talk that is noted now must be answered: the first clock that is not met; None without one."""
    return min((row.due_at for row in running(event) if row.met_at is None), default=None)
