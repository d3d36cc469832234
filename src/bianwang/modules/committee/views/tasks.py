"""Pages of meetings, tasks and assignments, and the matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.committee import forms, queries, services, showing
from bianwang.modules.committee.models import Assignment, Meeting, Task
from bianwang.platform import access
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page

MEETINGS = (("安委会会议", reverse_lazy("committee:meetings")),)
TASKS = (("安委会任务", reverse_lazy("committee:tasks")),)
ASSIGNMENTS = (("任务落实", reverse_lazy("committee:list")),)


class MeetingNew(FormPage):
    """Enter a meeting."""

    title = "登记会议"
    permission = "committee.assign"
    form_class = forms.MeetingForm
    submit = "登记"
    crumbs = MEETINGS

    def save(self, form: Any) -> Meeting:
        data = dict(form.cleaned_data)
        units, files = data.pop("units"), data.pop("papers")
        return services.hold(self.user, data, units, files)

    def done(self, result: Meeting) -> str:
        return f"已登记“{result}”。"


class MeetingPage(ObjectPage):
    """One meeting."""

    model = Meeting
    permission = "committee.overview"
    crumbs = MEETINGS

    def facts(self) -> Sequence[Facts]:
        return showing.meeting_facts(self.object)

    def related(self) -> Sequence[Related]:
        add = ("交办任务", f"{reverse('committee:task_new')}?meeting={self.object.pk}")
        return showing.meeting_related(
            self.object, self.user, add if access.can(self.user, "committee.assign") else None
        )

    def actions(self) -> Sequence[Action]:
        if access.can(self.user, "committee.assign"):
            return [Action("记录到会和议定事项", reverse("committee:attendance", args=[self.object.pk]), "pencil")]
        return []


class AttendancePage(FormPage):
    """Who came, and what was decided."""

    title = "记录到会和议定事项"
    permission = "committee.assign"
    form_class = forms.AttendanceForm
    template = "committee/attendance.html"

    def get_object(self) -> Meeting:
        return access.get(self.user, Meeting, self.kwargs["pk"], "committee.assign")

    def get_crumbs(self) -> Any:
        return [*MEETINGS, (str(self.object), self.object.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"rows": list(self.object.attendance.select_related("unit"))}

    def initial(self) -> dict[str, Any]:
        return {"decisions": self.object.decisions}

    def save(self, form: Any) -> Meeting:
        data = form.cleaned_data
        services.record_attendance(self.object, self.user, form.presence(), data["decisions"], data["papers"])
        return self.object  # type: ignore[no-any-return]


class TaskNew(FormPage):
    """Give a task."""

    title = "交办任务"
    permission = "committee.assign"
    form_class = forms.TaskForm
    submit = "交办"
    intro = "交办后，牵头单位和配合单位各得到一份，分别签收、办理和报结，由安委会办公室逐份审核、销号。"
    crumbs = TASKS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        for name, source in (("meeting", Task.Source.MEETING), ("check_in", Task.Source.CHECK_IN)):
            if self.request.GET.get(name, "").isdecimal():
                return {name: self.request.GET[name], "source": source}
        return {}

    def save(self, form: Any) -> Task:
        data = dict(form.cleaned_data)
        apart = [data.pop(name) for name in ("until", "lead", "others", "papers")]
        with refusals_in_form():
            return services.give(self.user, data, *apart)

    def done(self, result: Task) -> str:
        return f"已交办“{result}”。"


class TaskPage(ObjectPage):
    """One task and the units that have it."""

    model = Task
    permission = "committee.overview"
    select: ClassVar[Sequence[str]] = ("made_by", "meeting", "check_in")
    crumbs = TASKS

    def facts(self) -> Sequence[Facts]:
        found = showing.task_facts(self.object)
        for name, origin in (("来源会议", self.object.meeting), ("来源调度", self.object.check_in)):
            if origin is not None:
                found[0].rows.append(fact(name, str(origin), href=origin.get_absolute_url()))
        return found

    def related(self) -> Sequence[Related]:
        return showing.task_related(self.object, self.user)


class AssignmentPage(ObjectPage):
    """A task as one unit has it."""

    model = Assignment
    permission = "committee.units"
    select: ClassVar[Sequence[str]] = ("task__made_by", "unit")
    crumbs = ASSIGNMENTS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "report": forms.ProgressForm,
        "submit": forms.ResultForm,
        "postpone": forms.UntilForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "sign": services.sign,
        "pass": services.review,
        "return": services.return_,
        "close": services.close,
        "cancel": services.cancel,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.assignment_facts(self.object, self.user)

    def related(self) -> Sequence[Related]:
        return showing.assignment_related(self.object, self.user)


class Matrix(Page):
    """Units × tasks: who stands where."""

    title = "任务总表"
    permission = "committee.overview"
    template = "committee/matrix.html"
    crumbs = TASKS

    def get(self, request: HttpRequest) -> HttpResponse:
        everything = request.GET.get("all") == "1"
        found = queries.matrix(self.user, open_only=not everything)
        return self.render(matrix=found, everything=everything, most=queries.MATRIX_TASKS)
