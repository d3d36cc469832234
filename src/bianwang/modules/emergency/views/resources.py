"""Pages of resources: enter, put right, look at one; the Excel list; their use by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import goods, services
from bianwang.modules.emergency.forms import resources as forms
from bianwang.modules.emergency.models import CallUp, Resource, ResourceItem
from bianwang.modules.emergency.pack.resources import kind_choices, kind_of
from bianwang.modules.emergency.queries.shelters import shelters
from bianwang.modules.emergency.services.resources import COLUMNS
from bianwang.modules.emergency.views.statistics import FIRST_YEAR
from bianwang.modules.emergency.workflow.resources import OUT
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.ui.cells import Cell, Column, fact, state_column
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm
from bianwang.platform.ui.pages import Page

RESOURCES = (("应急资源", reverse_lazy("emergency:resources")),)
_ITEMS = (
    Column("name", "物资"),
    Column("quantity", "数量", kind="number"),
    Column("unit", "单位"),
)
_CALL_UPS = (
    Column("event", "事件", "event.name", kind="link"),
    Column("quantity", "数量", kind="number"),
    state_column(),
    Column("called_at", "调用", kind="datetime"),
    Column("arrived_at", "到达", kind="datetime"),
    Column("released_at", "归建", kind="datetime"),
)
_NEWEST = 10
"""Call-ups on a resource's own page."""


def phone_fact(row: Resource, user: Any) -> Cell:
    """The phone in full for those who have to call, masked for the rest."""
    if access.scope_of(user, "emergency.resource_phones").includes(row.owner_id):
        return fact("联系电话", row.phone, href=f"tel:{row.phone}")
    return fact("联系电话", row.phone, "phone")


class ResourceNew(FormPage):
    """Enter a resource."""

    title = "登记资源"
    permission = "emergency.resource_edit"
    form_class = forms.ResourceForm
    submit = "登记"
    crumbs = RESOURCES

    def initial(self) -> dict[str, Any]:
        return {"verified_on": today()}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Resource:
        return services.add_resource(self.user, form.cleaned_data)

    def done(self, result: Resource) -> str:
        return f"已登记“{result}”。"


class ResourceEdit(FormPage):
    """Put right what is known of it."""

    title = "更正资源"
    permission = "emergency.resource_edit"
    form_class = forms.ResourceForm

    def get_object(self) -> Resource:
        return access.get(self.user, Resource, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Sequence[Any]:
        return [*RESOURCES, (str(self.object), self.object.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        row: Resource = self.object
        items = [goods.Goods(item.name, item.quantity, item.unit) for item in row.items.all()]
        shown = {name: getattr(row, name) for name in COLUMNS}
        return {**shown, "owner": row.owner_id, "items": goods.written(items).replace("；", "\n")}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Resource:
        services.change_resource(self.user, self.object, form.cleaned_data)
        return self.object  # type: ignore[no-any-return]


def import_page(request: HttpRequest) -> HttpResponse:
    """The upload page of the list of resources."""
    return redirect("exchange:upload", "emergency.resource")


class ResourcePage(ObjectPage):
    """One resource with where it was called."""

    model = Resource
    permission = "emergency.resources"
    select: ClassVar[Sequence[str]] = ("owner", "territory")
    crumbs = RESOURCES
    step_forms: ClassVar[dict[str, type[StepForm]]] = {
        "verify": forms.VerifyForm,
        "occupy": forms.OccupyForm,
        "repair": forms.StandingForm,
        "disable": forms.StandingForm,
        "restore": forms.StandingForm,
    }

    def facts(self) -> Sequence[Facts]:
        row: Resource = self.object
        coordinates = "" if row.longitude is None else f"{row.longitude:.5f}, {row.latitude:.5f}"
        found = [
            fact("种类", row.kind_name),
            fact("单位", row.unit_name),
            fact("管理单位", row.owner.name),
            fact("数量", row.amount, colour="red"),
            fact("能力标签", row.capabilities),
            fact("所在镇街或村社", row.territory.name),
            fact("驻地", row.place),
            fact("坐标", coordinates),
            fact("联系人", row.contact),
            phone_fact(row, self.user),
            fact("状态说明", row.state_note),
            fact("最近核实", row.verified_on, "date"),
            fact("核实有效至", row.verify_by, "badge", colour="red" if row.is_unverified else "green"),
            fact("备注", row.remark),
        ]
        if row.kind_row.holds == "goods":
            found.insert(4, fact("对应救灾仓库", row.relief_store))
        if row.kind_row.holds == "people":
            found[3:4] = self._stay()
        return [Facts("基本情况", found)]

    def _stay(self) -> list[Cell]:
        """Who is in a shelter now; the people of lists are a link for those who read all of them."""
        row = shelters().get(pk=self.object.pk)
        whole = access.scope_of(self.user, "emergency.view").whole
        href = list_url("emergency:evacuees", site=row.pk, state="safe", counted=1) if whole else ""
        return [
            fact("可容纳", row.quantity, "number", unit="人"),
            fact(
                "现有", f"{row.present} 人，{row.room}", "badge", colour="red" if row.room.startswith("超") else "green"
            ),
            fact("转移名单上安置在此", row.listed, "number", href=href, unit="人"),
            fact("登记入住", row.occupied, "number", unit="人"),
        ]

    def related(self) -> Sequence[Related]:
        row: Resource = self.object
        found = []
        if row.kind_row.holds == "goods":
            items = access.visible(self.user, ResourceItem, self.permission).filter(resource=row)
            found.append(Related("存放物资", _ITEMS, items, empty="还没有登记物资，点“更正”填写。"))
        callups = access.visible(self.user, CallUp, self.permission).filter(resource=row)
        newest = callups.select_related("event", "resource")[:_NEWEST]
        more = list_url("emergency:callups", q=row.name)
        return [*found, Related("调用记录", _CALL_UPS, newest, more, empty="还没有被调用过。")]

    def actions(self) -> Sequence[Action]:
        if access.scope_of(self.user, "emergency.resource_edit").includes(self.object.owner_id):
            return [Action("更正", reverse("emergency:resource_edit", args=[self.object.pk]), "edit")]
        return ()


@dataclass(frozen=True)
class Use:
    """What a kind of resources was used for in a year."""

    name: str
    count: int
    quantity: int
    unit: str
    minutes: int
    out: int
    url: str
    out_url: str

    @property
    def hours(self) -> Decimal:
        """Hours of those that are back."""
        return (Decimal(self.minutes) / 60).quantize(Decimal("0.1"))


def uses(user: Any, year: int) -> list[Use]:
    """Every kind in the pack's order, without exercises."""
    begin, end = (datetime(of, 1, 1, tzinfo=SHANGHAI) for of in (year, year + 1))
    rows = access.visible(user, CallUp, "emergency.statistics").filter(
        event__is_exercise=False, called_at__gte=begin, called_at__lt=end
    )
    counted = rows.order_by().values("resource__kind").annotate(
        count=Count("pk"), amount=Sum("quantity"), spent=Sum("minutes"), out=Count("pk", filter=Q(state__in=OUT))
    )  # fmt: skip
    table = {row["resource__kind"]: row for row in counted}
    found = []
    for code, name in kind_choices():
        row = table.get(code, {"count": 0, "amount": 0, "spent": 0, "out": 0})
        query = {"counted": 1, "kind": code, "called_from": f"{year}-01-01", "called_to": f"{year}-12-31"}
        url, out_url = list_url("emergency:callups", **query), list_url("emergency:callups", **query, out=1)
        unit = kind_of(code).unit
        found.append(Use(name, row["count"], row["amount"], unit, row["spent"] or 0, row["out"], url, out_url))
    return found


class ResourceUse(Page):
    """One year."""

    title = "资源使用统计"
    permission = "emergency.statistics"
    template = "emergency/resource_use.html"
    crumbs = RESOURCES

    def get(self, request: HttpRequest) -> HttpResponse:
        this = today().year
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= this else this
        return self.render(year=year, years=range(this, FIRST_YEAR - 1, -1), uses=uses(self.user, year))
