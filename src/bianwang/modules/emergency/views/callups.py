"""Resources by distance from an event, the form that calls one, and the page of a call-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms import resources as forms
from bianwang.modules.emergency.lists.resources import FILTERS, verified_colour
from bianwang.modules.emergency.models import CallUp, Event, Resource
from bianwang.modules.emergency.nearest import minutes
from bianwang.modules.emergency.pack.resources import needed_kinds
from bianwang.modules.emergency.queries.resources import by_distance
from bianwang.modules.emergency.queries.shelters import counted
from bianwang.modules.emergency.services.callups import is_by_phone
from bianwang.modules.emergency.showing.resources import nearest_url
from bianwang.modules.emergency.views.events import EVENTS, EventForm
from bianwang.modules.emergency.views.resources import phone_fact
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact, state_column
from bianwang.platform.ui.filters import Choice, Flag, Rows
from bianwang.platform.ui.forms import refusals_in_form
from bianwang.platform.ui.lists import ListPage
from bianwang.platform.ui.objects import Facts, ObjectPage, StepForm
from bianwang.platform.ui.pages import Crumb

_CIRCLES = (5, 10, 20, 50)
"""km that a list of the nearest can be narrowed to."""


def _estimate(row: Any) -> str:
    spent = minutes(row.distance, row.kind_row.speed)
    return "" if spent is None else f"约 {spent} 分钟"


def _call(row: Any) -> tuple[str, str]:
    """The word that calls a resource and where it leads; a shared one may be out to this event already."""
    if row.callup:
        return "已调用", reverse("emergency:callup", args=[row.callup])
    if row.may_call and row.state == "available":
        return "调用", reverse("emergency:call_up", args=[row.event_pk, row.pk])
    return "", ""


@dataclass(frozen=True)
class Within(Choice):
    """km around the event; the page's `rows` narrows, because it knows the event."""

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        return rows


@dataclass(frozen=True)
class Needed(Flag):
    """What the event's class asks for; narrowed by the page's `rows` too."""

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        return rows


class Nearest(ListPage):
    """Resources by their distance from an event."""

    model = Resource
    permission = "emergency.resources"
    template = "emergency/nearest.html"
    columns = (
        Column("name", "资源", kind="link", sort="name"),
        Column("kind", "种类", "kind_name", sort="kind"),
        Column("distance", "直线距离", lambda row: f"{row.distance:.1f}", kind="number", sort="distance", unit="公里"),
        Column("estimate", "直线估算", _estimate),
        Column("amount", "数量", sort="quantity"),
        state_column(),
        Column("call", "调用", lambda row: _call(row)[0], kind="link", link=lambda row: _call(row)[1]),
        Column("unit", "单位", "unit_name", sort="owner__pinyin"),
        Column("capabilities", "能力标签"),
        Column("place", "驻地", default=False),
        Column("contact", "联系人", default=False),
        Column("phone", "联系电话", kind="phone", default=False),
        Column("verify_by", "核实有效至", kind="badge", sort="verified_on", colour=verified_colour, default=False),
    )  # fmt: skip
    filters = (
        *FILTERS,
        Within("within", "范围", choices=tuple((str(km), f"{km} 公里以内") for km in _CIRCLES)),
        Needed("needed", "只看本类事件所需"),
    )
    related = ("owner", "territory")
    sort = "distance"
    event: Event

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._open()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._open()
        return super().post(request, *args, **kwargs)

    def get_title(self) -> str:
        return f"{self.event.name}：应急资源由近到远"

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*EVENTS, (str(self.event), self.event.get_absolute_url())]

    @property
    def is_placed(self) -> bool:
        """Whether distances can be told."""
        return self.event.longitude is not None and self.event.latitude is not None

    def rows(self) -> QuerySet[Any]:
        event = self.event
        rows: QuerySet[Any] = counted(super().rows())
        may_call = event.state in LIVE and access.can(self.user, "emergency.command")
        calls = access.visible(self.user, CallUp, "emergency.view")
        mine = calls.filter(event=event, resource=OuterRef("pk"), released_at=None)
        rows = rows.annotate(
            event_pk=Value(event.pk), may_call=Value(may_call), callup=Subquery(mine.order_by("pk").values("pk")[:1])
        )
        if event.longitude is None or event.latitude is None:
            rows = rows.none().annotate(distance=Value(0.0))
            return rows
        needed = needed_kinds(event.kind, event.day)
        if self.request.GET.get("needed") == "1" and needed:
            rows = rows.filter(kind__in=needed)
        within = self.request.GET.get("within", "")
        km = int(within) if within in map(str, _CIRCLES) else 0
        return by_distance(rows, event.longitude, event.latitude, km)

    def _open(self) -> None:
        self.event = access.get(self.user, Event, self.kwargs["pk"], "emergency.view", related=("territory",))
        if not self.is_placed:
            self.empty = "这个事件没有坐标，不能按距离排列。请回到事件页“更正”，填写经度和纬度。"
        else:
            self.empty = "没有登记坐标的应急资源。先在“应急资源”登记或导入，并填写经度和纬度。"


class CallUpNew(EventForm):
    """Call one resource to an event."""

    permission = "emergency.command"
    form_class = forms.CallUpForm
    submit = "调用"
    resource: Resource

    def get_object(self) -> Event:
        event = super().get_object()
        found = access.get(self.user, Resource, self.kwargs["resource"], "emergency.resources", related=("owner",))
        self.resource = found
        if is_by_phone(found):
            self.intro = (
                f"“{found.unit_name}”在平台上收不到任务：先电话通知 {found.contact} {found.phone}，再登记谁接的电话。"
            )
        else:
            whom = f"联系人 {found.contact} {found.phone}"
            self.intro = f"调用后“{found.owner.name}”收到一项处置任务，签收时限从现在起算。{whom}。"
        return event

    def get_title(self) -> str:
        return f"调用{self.resource.name}"

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*super().get_crumbs(), ("应急资源由近到远", nearest_url(self.object))]

    def initial(self) -> dict[str, Any]:
        return {} if self.resource.kind_row.holds == "people" else {"quantity": max(self.resource.quantity, 1)}

    def form_kwargs(self) -> dict[str, Any]:
        return {"resource": self.resource}

    def save(self, form: Any) -> CallUp:
        with refusals_in_form():
            return services.call_up(self.user, self.object, self.resource, **form.cleaned_data)

    def done(self, result: CallUp) -> str:
        how = "已下达处置任务" if result.task else f"电话由{result.answered_by}接听"
        return f"已调用“{result.resource}”，{how}。"


class CallUpPage(ObjectPage):
    """One call-up: the team notes here by phone that it arrived and came back."""

    model = CallUp
    permission = "emergency.resources"
    select: ClassVar[Sequence[str]] = ("event__territory", "resource__owner", "owner", "task", "called_by")
    crumbs = (("资源调用", reverse_lazy("emergency:callups")),)
    step_forms: ClassVar[dict[str, type[StepForm]]] = {
        "arrive": forms.ArrivalForm,
        "enter_arrival": forms.ArrivalForm,
        "release": forms.ReleaseForm,
        "enter_release": forms.ReleaseForm,
    }

    def facts(self) -> Sequence[Facts]:
        row: CallUp = self.object
        event, resource = row.event, row.resource
        sees = access.scope_of(self.user, "emergency.view").includes(event.owner_id)
        href = event.get_absolute_url() if sees else ""
        found = [
            fact("事件", str(event), "link", href=href) if href else fact("事件", str(event)),
            fact("地点", f"{event.territory.name} {event.place}"),
            fact("资源", resource.name, "link", href=resource.get_absolute_url()),
            fact("单位", resource.unit_name),
            fact("联系人", resource.contact),
            phone_fact(resource, self.user),
            fact("数量", row.quantity, "number", unit=resource.kind_row.unit),
            fact("任务内容", row.content),
            fact("直线距离", row.distance, "number", unit="公里"),
            fact("调用人", row.called_by.name),
            fact("调用时间", row.called_at, "datetime"),
            fact("到达时间", row.arrived_at, "datetime"),
            fact("归建时间", row.released_at, "datetime"),
            fact("用时", row.minutes, "number", unit="分钟"),
        ]
        if row.task:
            found.insert(8, fact("处置任务", row.task.state_row.name, "link", href=row.task.get_absolute_url()))
        else:
            found.insert(8, fact("电话接听人", row.answered_by))
        return [Facts("调用", found)]
