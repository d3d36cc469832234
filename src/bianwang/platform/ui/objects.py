"""The one object page: head, facts, timeline, related objects; the workflow's steps as buttons.

    class HazardPage(ObjectPage):
        model = Hazard
        permission = "hazards.view"
        select = ("owner",)
        crumbs = (("隐患", reverse_lazy("hazards:list")),)
        step_forms = {"rectify": RectifyForm}      # a step that asks for more than the reason
        step_services = {"close": services.close}  # (obj, user, reason): a step that asks for the reason only

        def facts(self):
            return [Facts("基本情况", [fact("企业", self.object.owner.name), ...])]

    urlpatterns = [*HazardPage.urls("hazard")]     # <pk>/ and <pk>/step/<code>/

A step without either is `workflow.services.advance(obj, code, user, reason=..., changes=...)` with the form's other
fields as columns. A form carries its step out in `perform` and fills its choices in `prepare`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ui.cells import Cell, Column, table
from bianwang.platform.ui.forms import add_errors
from bianwang.platform.ui.pages import Page
from bianwang.platform.ui.timeline import attachments, timeline
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Conflict, Refused
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import Transition


@dataclass(frozen=True)
class Facts:
    """A group of labels and values."""

    title: str
    rows: list[Cell]


@dataclass(frozen=True)
class Related:
    """A table of related objects; `more` leads to the full list, `add` (name, URL) creates one."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    more: str = ""
    add: tuple[str, str] | None = None
    empty: str = "没有记录。"
    cells: list[list[Cell]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", table(self.columns, self.rows))


@dataclass(frozen=True)
class Action:
    """A link in the head beside the workflow's steps."""

    name: str
    url: str
    icon: str = ""


StepService = Callable[[Any, User, str], object]
"""What carries out a step that asks for the reason only: (object, user, reason)."""


class StepForm(forms.Form):
    """The reason of a step; forms with more fields inherit it."""

    reason = forms.CharField(label="理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self, obj: Any, user: User) -> None:
        """Choices and first values (`self.initial`) that depend on the object and on who asks."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        """Carry the step out. ValidationError and Refused are shown in the form."""
        data = dict(self.cleaned_data)
        workflow.advance(obj, step.code, user, reason=data.pop("reason", ""), changes=data)


class PlainStepForm(StepForm):
    """A step whose own fields say all: no reason is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget = forms.HiddenInput()

    def values(self) -> dict[str, Any]:
        """What its own fields say."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def _standing_out(steps: Sequence[Transition]) -> Transition | None:
    """The step that is drawn as the blue button: the marked one, else the first that leads on without a reason.

    Taking back, revoking and putting right want a reason or lead nowhere: they never stand out by themselves.
    """
    marked = next((item for item in steps if item.primary), None)
    return marked or next((item for item in steps if item.target != "*" and not item.reason), None)


class ObjectPage(Page):
    """See the module's docstring."""

    model: type[Model]
    select: ClassVar[Sequence[str]] = ()
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {}
    step_services: ClassVar[Mapping[str, StepService]] = {}
    template = "ui/object.html"
    object: Any

    @classmethod
    def urls(cls, name: str, prefix: str = "") -> list[URLPattern]:
        """The page `name` at `<prefix><pk>/`; with a workflow its steps, `name_step` at `<prefix><pk>/step/<code>/`."""
        view = cls.as_view()
        page = path(f"{prefix}<int:pk>/", view, name=name)
        if not issubclass(cls.model, WorkflowMixin):
            return [page]
        return [page, path(f"{prefix}<int:pk>/step/<str:step>/", view, name=f"{name}_step")]

    def facts(self) -> Sequence[Facts]:
        """Groups of labels and values."""
        return ()

    def related(self) -> Sequence[Related]:
        """Related objects; read them through `access.visible`."""
        return ()

    def actions(self) -> Sequence[Action]:
        """Further links in the head (edit, print), for those who may."""
        return ()

    def perform(self, step: Transition, form: StepForm) -> None:
        """Carry out a step."""
        service = self.step_services.get(step.code)
        if service is None:
            form.perform(self.object, self.user, step)
        else:
            service(self.object, self.user, form.cleaned_data["reason"])

    def step_initial(self, step: Transition) -> dict[str, Any]:
        """First values of a step's form."""
        return {}

    def extra(self) -> dict[str, Any]:
        """More variables for a template that extends `ui/object.html`."""
        return {}

    def get_title(self) -> str:
        return str(self.object)

    def get(self, request: HttpRequest, pk: int, step: str = "") -> HttpResponse:
        self.object = self._object(pk)
        if step:
            return self._show_step(self._step(step), None)
        steps = self._steps()
        primary = _standing_out(steps)
        return self.render(
            object=self.object,
            has_state=isinstance(self.object, WorkflowMixin),
            primary=primary,
            others=[item for item in steps if item is not primary],
            actions=self.actions(),
            facts=self.facts(),
            related=self.related(),
            attachments=attachments(self.object),
            events=timeline(self.object),
            **self.extra(),
        )

    def post(self, request: HttpRequest, pk: int, step: str = "") -> HttpResponse:
        self.object = self._object(pk)
        if not step:
            return self.http_method_not_allowed(request)
        chosen = self._step(step)
        form = self._step_form(chosen, request.POST, request.FILES)
        if not form.is_valid():
            return self._show_step(chosen, form)
        try:
            self.perform(chosen, form)
        except Conflict:
            raise
        except (ValidationError, Refused) as error:
            add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
            return self._show_step(chosen, form)
        messages.success(request, self.step_done(chosen))
        return redirect(self.object.get_absolute_url())

    def step_done(self, step: Transition) -> str:
        """The sentence after a step."""
        state = self.object.state_row.name
        return f"已{step.name}：“{self.object}”现为“{state}”。"

    def _object(self, pk: int) -> Any:
        return access.get(self.request.user, self.model, pk, *filter(None, [self.permission]), related=self.select)

    def _steps(self) -> list[Transition]:
        if not isinstance(self.object, WorkflowMixin):
            return []
        return list(workflow.available(self.object, self.user))

    def _step(self, code: str) -> Transition:
        found = next((item for item in self._steps() if item.code == code), None)
        if found is None:
            # Somebody was first, or a link was kept too long: the state no longer allows it.
            raise Conflict(f"“{self.object}”现为“{self.object.state_row.name}”，这一步不能办理，可能已有人办过。")
        return found

    def _step_form(self, step: Transition, data: Any = None, files: Any = None) -> StepForm:
        form = self.step_forms.get(step.code, StepForm)(data, files, initial=self.step_initial(step))
        form.prepare(self.object, self.user)
        form.fields["reason"].required = step.reason
        if not step.reason:
            form.fields["reason"].label = "说明"
        return form

    def _show_step(self, step: Transition, form: StepForm | None) -> HttpResponse:
        return self.render(
            "ui/step.html",
            status=200 if form is None else 422,
            title=step.name,
            form=form or self._step_form(step),
            step=step,
            object=self.object,
            crumbs=[*self.get_crumbs(), (str(self.object), self.object.get_absolute_url())],
            back=self.object.get_absolute_url(),
            submit=step.name,
        )
