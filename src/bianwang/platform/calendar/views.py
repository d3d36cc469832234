"""The year page and the forms by which the office changes days."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.platform import access
from bianwang.platform.calendar import queries, services
from bianwang.platform.calendar.forms import DayForm, RestoreForm
from bianwang.platform.calendar.models import DayChange
from bianwang.platform.calendar.queries import Day
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Crumb, Page

_CALENDAR: Crumb = ("工作日历", reverse_lazy("calendar:year"))
_EARLIEST, _LATEST = 2004, 2100


@dataclass(frozen=True)
class Month:
    """One month as weeks from Monday; None before the first and after the last day."""

    number: int
    weeks: list[list[Day | None]]
    working: int


class YearPage(Page):
    """Twelve months with holidays and days that are worked instead."""

    permission = "calendar.view"
    template = "calendar/year.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        number = _year(request.GET.get("year", ""))
        days = queries.year(number)
        return self.render(
            title=f"{number}年工作日历",
            year=number,
            years=(number - 1 if number > _EARLIEST else None, number + 1 if number < _LATEST else None),
            months=[_month(number, month, days) for month in range(1, 13)],
            working=sum(day.is_working for day in days),
            changes=[day.change for day in days if day.change],
            notice=queries.notice(number),
            may_edit=access.can(self.user, "calendar.edit"),
            today=today(),
        )


class DayPage(FormPage):
    """Change one day."""

    permission = "calendar.edit"
    title = "登记放假或调休"
    form_class = DayForm
    crumbs = (_CALENDAR,)
    intro = "登记后，新设的工作日时限按新安排计算；已经设定的时限不变。"

    def initial(self) -> dict[str, Any]:
        day = _date(self.request.GET.get("day", ""))
        change = DayChange.objects.filter(day=day).first() if day else None
        if change:
            return {"day": day, "is_working": str(int(change.is_working)), "name": change.name, "source": change.source}
        return {"day": day, "is_working": "0" if day is None or queries.is_working_day(day) else "1"}

    def save(self, form: DayForm) -> str:
        self.object = services.change_day(**form.cleaned_data)
        return f"{reverse('calendar:year')}?year={self.object.day.year}"

    def done(self, result: str) -> str:
        row = self.object
        return f"已登记：{row.day}“{row.name}”{'上班' if row.is_working else '放假'}。"


class RestorePage(FormPage):
    """Take a change back."""

    permission = "calendar.edit"
    title = "撤销登记"
    submit = "撤销登记"
    form_class = RestoreForm
    crumbs = (_CALENDAR,)

    def get_object(self) -> DayChange:
        row = DayChange.objects.filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404("这一天的登记已被撤销。")
        return row

    def get_title(self) -> str:
        return f"撤销 {self.object.day}“{self.object.name}”的登记" if self.object else self.title

    def save(self, form: RestoreForm) -> str:
        services.restore_day(self.object.day, reason=form.cleaned_data["reason"])
        return f"{reverse('calendar:year')}?year={self.object.day.year}"

    def done(self, result: str) -> str:
        return f"已撤销 {self.object.day}“{self.object.name}”的登记，这一天恢复为公布的安排。"


def _month(year: int, number: int, days: list[Day]) -> Month:
    first = date(year, 1, 1)
    weeks = [
        [days[(day - first).days] if day.month == number else None for day in week]
        for week in Calendar().monthdatescalendar(year, number)
    ]
    return Month(number, weeks, sum(1 for week in weeks for day in week if day and day.is_working))


def _year(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) == 4 else today().year
    return min(max(number, _EARLIEST), _LATEST)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
