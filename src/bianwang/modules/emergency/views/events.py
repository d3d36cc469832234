"""Pages of an event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import origins, services
from bianwang.modules.emergency.forms import after as after_forms, events as forms
from bianwang.modules.emergency.models import Event
from bianwang.modules.emergency.queries import belonging, live
from bianwang.modules.emergency.queries.events import latest_loss
from bianwang.modules.emergency.services.events import COLUMNS
from bianwang.modules.emergency.showing import after as showing_after, events as showing
from bianwang.modules.emergency.views.editing import VersionedForm
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Crumb, Page
from bianwang.platform.ui.templatetags.bian import moment

_WORK = (
    ("转移安置", "emergency:evacuation", "emergency.view", "users-group"),
    ("下达任务", "emergency:task_new", "emergency.command", "send"),
    ("报送信息", "emergency:report_new", "emergency.report", "report"),
    ("更新伤亡和损失", "emergency:loss_new", "emergency.report", "edit"),
)
"""What is done while an event lasts: name, page, permission, icon."""
EVENTS = (("突发事件", reverse_lazy("emergency:list")),)


class Register(FormPage):
    """Enter an event."""

    title = "登记事件"
    permission = "emergency.register"
    form_class = forms.RegisterForm
    submit = "登记"
    intro = "先登记已知的情况，其余随时更正；电话报告和书面初报的时限从接报时起算。"
    crumbs = EVENTS

    def initial(self) -> dict[str, Any]:
        return origins.of(self.user, self.request.GET)

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Event:
        return services.register(self.user, form.values())

    def done(self, result: Event) -> str:
        return f"已登记“{result}”，请在{moment(result.phone_due)}前电话报告、{moment(result.written_due)}前书面初报。"


class EventForm(FormPage):
    """A form about one event."""

    permission = "emergency.register"

    def get_object(self) -> Event:
        return access.get(self.user, Event, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*EVENTS, (str(self.object), self.object.get_absolute_url())]


class Correct(VersionedForm, EventForm):
    """Put right what was entered."""

    title = "更正登记"
    form_class = forms.CorrectForm

    def initial(self) -> dict[str, Any]:
        row: Event = self.object
        kind = f"{row.kind}:{row.subtype}" if row.subtype else row.kind
        return {**{name: getattr(row, name) for name in COLUMNS}, "kind": kind, "version": row.version}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def write(self, form: Any) -> Event:
        data = form.cleaned_data
        services.correct(self.object, self.user, form.values(), data["version"], data["reason"])
        return self.object  # type: ignore[no-any-return]


class EventPage(ObjectPage):
    """One event with its latest record."""

    model = Event
    permission = "emergency.view"
    select: ClassVar[Sequence[str]] = (
        "territory", "owner", "registered_by", "alarm", "warning", "duty_entry", "mother__territory", "merged_into",
    )  # fmt: skip
    crumbs = EVENTS
    template = "emergency/event.html"
    step_forms: ClassVar[dict[str, type[StepForm]]] = {
        "respond": forms.LevelForm,
        "level": forms.LevelForm,
        "merge": forms.MergeForm,
        "end": after_forms.EndForm,
        "close_early": after_forms.CloseEarlyForm,
    }
    step_services: ClassVar[dict[str, StepService]] = {
        "split": services.split,
        "resume": services.resume,
        "close": services.close,
        "revoke": services.revoke,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.facts(self.object, self.user)

    def related(self) -> Sequence[Related]:
        return showing.related(self.object, self.user)

    def extra(self) -> dict[str, Any]:
        row = self.object
        return {"belonging": belonging.of(row, self.user, latest_loss(row)), **showing.live(row, self.user)}

    def actions(self) -> Sequence[Action]:
        key, found = [self.object.pk], [Action("处置记录", reverse("emergency:record", args=[self.object.pk]), "list")]
        found.append(Action("态势图", reverse("emergency:map", args=key), "map-2"))
        if self.object.is_open and access.can(self.user, "emergency.register"):
            found.append(Action("更正", reverse("emergency:correct", args=key), "edit"))
        if self.object.state in LIVE:
            for name, url, permission, icon in _WORK:
                if access.can(self.user, permission):
                    found.append(Action(name, reverse(url, args=key), icon))
            found += showing_after.telling(self.object, self.user)
        return [*found, *showing_after.actions(self.object, self.user)]


class Live(Page):
    """What changes while an event lasts, for a page that is open."""

    permission = "emergency.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = access.get(self.user, Event, pk, self.permission)
        return live.answer(
            request, event, "live", lambda: self.render("emergency/_live.html", **showing.live(event, self.user))
        )
