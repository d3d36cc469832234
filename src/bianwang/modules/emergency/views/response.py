"""Pages of tasks, information reports and losses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms import tasks as task_forms
from bianwang.modules.emergency.models import Event, Report, Task
from bianwang.modules.emergency.queries.events import latest_loss
from bianwang.modules.emergency.showing.resources import of_task
from bianwang.modules.emergency.views.editing import VersionedForm
from bianwang.modules.emergency.views.events import EVENTS, EventForm
from bianwang.platform import access
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import refusals_in_form
from bianwang.platform.ui.objects import Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page


class TaskNew(EventForm):
    """Give a task to units."""

    title = "下达任务"
    permission = "emergency.command"
    form_class = task_forms.TaskForm
    submit = "下达"
    intro = "每个单位各收到一项任务，签收时限从现在起算；本事件第一项任务是否按时签收计入响应率。"

    def save(self, form: Any) -> Event:
        data = form.cleaned_data
        with refusals_in_form():
            services.give_task(self.user, self.object, data["units"], data["content"], data["place"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Event) -> str:
        return f"已下达“{result}”的任务。"


class ReportNew(EventForm):
    """Report upwards."""

    title = "报送信息"
    permission = "emergency.report"
    form_class = task_forms.ReportForm
    submit = "登记报送"
    intro = "先初报，后续报（自动编号续报一、二……），最后终报；登记后不能改，有变化再报一次。"

    def save(self, form: Any) -> Report:
        with refusals_in_form():
            return services.send_report(self.user, self.object, form.values())

    def done(self, result: Report) -> str:
        return f"已登记“{result}”，{result.standing[0]}。"


class LossNew(VersionedForm, EventForm):
    """What is known now of casualties and losses."""

    title = "更新伤亡和损失"
    permission = "emergency.report"
    form_class = task_forms.LossForm

    def initial(self) -> dict[str, Any]:
        last, version = latest_loss(self.object), self.object.losses.count()
        names = ("deaths", "injuries", "slight", "evacuated", "area", "loss")
        return {**({name: getattr(last, name) for name in names} if last else {}), "version": version}

    def write(self, form: Any) -> Event:
        values = dict(form.cleaned_data)
        services.enter_loss(self.user, self.object, values, version=values.pop("version"))
        return self.object  # type: ignore[no-any-return]


class ReportPage(Page):
    """One report as it is printed on A4."""

    permission = "emergency.view"
    template = "emergency/report.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        related = ("event__territory", "event__owner", "sent_by")
        report = access.get(self.user, Report, pk, self.permission, related=related)
        event = report.event
        crumbs = [*EVENTS, (str(event), event.get_absolute_url())]
        loss = latest_loss(event, report.sent_at)
        return self.render(title=report.title, crumbs=crumbs, report=report, event=event, loss=loss)


class TaskPage(ObjectPage):
    """One task, also for a unit that does not read the event."""

    model = Task
    permission = "emergency.tasks"
    select: ClassVar[Sequence[str]] = ("event__territory", "owner", "sent_by", "signed_by")
    crumbs = (("处置任务", reverse_lazy("emergency:tasks")),)
    step_forms: ClassVar[dict[str, type[StepForm]]] = {
        "report": task_forms.FeedbackForm,
        "finish": task_forms.FeedbackForm,
    }
    step_services: ClassVar[dict[str, StepService]] = {
        "sign": services.sign_task,
        "phone": services.phone_task,
    }

    def facts(self) -> Sequence[Facts]:
        row: Task = self.object
        event = row.event
        sees = access.scope_of(self.user, "emergency.view").includes(event.owner_id)
        href = event.get_absolute_url() if sees else ""
        return [
            Facts(
                "任务",
                [
                    fact("事件", str(event), "link", href=href) if href else fact("事件", str(event)),
                    fact("地点", f"{event.territory.name} {event.place}"),
                    fact("承担单位", row.owner.name),
                    fact("任务内容", row.content),
                    fact("集结或到达地点", row.place),
                    fact("下达", f"{row.sent_by.name}"),
                    fact("下达时间", row.sent_at, "datetime"),
                    fact("签收时限", row.sign_by, "datetime"),
                    fact("签收人", row.signed_by.name if row.signed_by else ""),
                    fact("签收时间", row.signed_at, "datetime"),
                    fact("最近反馈", row.feedback),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        return of_task(self.object, self.user)
