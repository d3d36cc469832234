"""Pages of enterprises, their workshops and zones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy

from bianwang.platform import access
from bianwang.platform.places import services
from bianwang.platform.places.forms import EnterpriseForm, WorkshopForm, ZoneForm
from bianwang.platform.places.models import Enterprise, Territory, Workshop, Zone
from bianwang.platform.ui.cells import RISK_COLOURS, Column, fact
from bianwang.platform.ui.filters import Choice, Flag, InTerritory, Search
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import Button, ListPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Crumb

_ENTERPRISES: Crumb = ("企业", reverse_lazy("places:enterprise_list"))

RISK = Column("risk", "风险等级", kind="badge", colour=lambda row: RISK_COLOURS[row.risk], sort="risk")


class EnterpriseList(ListPage):
    """All enterprises in scope."""

    model = Enterprise
    permission = "places.view"
    title = "企业"
    columns = (
        Column("name", "名称", kind="link", sort="pinyin"),
        Column("credit_code", "统一社会信用代码", sort="credit_code"),
        RISK,
        Column("sector", "行业", sort="sector"),
        Column("towns", "镇街与园区", lambda row: _towns(row)),
        Column("is_direct", "区局直管", kind="flag", sort="is_direct"),
        Column("standardisation", "标准化等级", sort="standardisation"),
        Column("scale", "规模", sort="scale", default=False),
        Column("address", "地址", default=False),
        Column("contact", "安全负责人", default=False),
        Column("contact_phone", "联系电话", kind="phone", default=False),
    )
    filters = (
        Search(title="名称、拼音首字母或信用代码", fields=("name", "pinyin", "initials", "credit_code")),
        Choice("sector", "行业"),
        Choice("risk", "风险等级"),
        InTerritory(field=""),
        Choice("standardisation", "标准化等级"),
        Flag("is_direct", "区局直管"),
        Flag("unplaced", "缺坐标", where=Q(longitude=None)),
    )
    sort = "pinyin"
    empty = "还没有企业。请先“登记企业”，或从 Excel“批量导入”。"
    buttons = (
        Button("登记企业", "places:enterprise_create", "places.edit"),
        Button("批量导入", "places:enterprise_import", "places.import", "file-upload"),
    )

    def rows(self) -> QuerySet[Any]:
        return super().rows().filter(is_active=True).prefetch_related("territories")


class EnterprisePage(ObjectPage):
    """One enterprise: facts, workshops and zones, who supervises it, what happened."""

    model = Enterprise
    permission = "places.view"
    crumbs = (_ENTERPRISES,)
    template = "places/enterprise.html"

    def facts(self) -> Sequence[Facts]:
        row: Enterprise = self.object
        place = f"{row.longitude:.5f}，{row.latitude:.5f}" if row.longitude and row.latitude else None
        return (
            Facts(
                "基本情况",
                [
                    fact("统一社会信用代码", row.credit_code),
                    fact("行业", row.get_sector_display()),
                    fact("规模", row.get_scale_display()),
                    fact("风险等级", row.get_risk_display(), "badge", colour=RISK_COLOURS[row.risk]),
                    fact("标准化等级", row.get_standardisation_display()),
                    fact("区局直管", row.is_direct, "flag"),
                    fact("所在区域", "、".join(place.name for place in row.territories.all())),
                    fact("监管单位", "、".join(body.name for body in row.supervisors.all())),
                ],
            ),
            Facts(
                "联系与位置",
                [
                    fact("安全负责人", row.contact),
                    fact("联系电话", row.contact_phone, "phone"),
                    fact("地址", row.address),
                    fact("经纬度", place, href=reverse("places:map") + f"?enterprise={row.pk}" if place else ""),
                ],
            ),
        )

    def related(self) -> Sequence[Related]:
        row, edit = self.object, self._may_edit
        zones = access.visible(self.user, Zone).filter(owner=row).select_related("workshop")
        return (
            Related(
                "车间",
                (Column("name", "名称", link=_edit_link("places:workshop_edit") if edit else None),),
                access.visible(self.user, Workshop).filter(owner=row),
                add=("登记车间", reverse("places:workshop_create", args=[row.pk])) if edit else None,
                empty="还没有登记车间。",
            ),
            Related(
                "重点区域",
                (
                    Column("name", "名称", link=_edit_link("places:zone_edit") if edit else None),
                    Column("kind", "类别"),
                    Column("workshop", "车间", "workshop.name"),
                ),
                zones,
                add=("登记区域", reverse("places:zone_create", args=[row.pk])) if edit else None,
                empty="还没有登记受限空间、喷漆房等重点区域；登记后规则才能按区域类别绑定。",
            ),
        )

    def actions(self) -> Sequence[Action]:
        if not self._may_edit:
            return []
        return [Action("修改", reverse("places:enterprise_edit", args=[self.object.pk]), "edit")]

    @cached_property
    def _may_edit(self) -> bool:
        rows = access.visible(self.user, Enterprise, "places.edit")
        return access.can(self.user, "places.edit") and rows.filter(pk=self.object.pk).exists()


class EnterpriseCreate(FormPage):
    """Register an enterprise."""

    permission = "places.edit"
    title = "登记企业"
    crumbs = (_ENTERPRISES,)
    form_class = EnterpriseForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Enterprise:
        return services.create_enterprise(form.cleaned_data)

    def done(self, result: Any) -> str:
        return f"已登记“{result.name}”，接着可以登记它的车间和重点区域。"


class EnterpriseEdit(EnterpriseCreate):
    """Change an enterprise."""

    title = "修改企业"

    def get_object(self) -> Enterprise:
        return access.get(self.user, Enterprise, self.kwargs["pk"], "places.edit")

    def get_crumbs(self) -> Sequence[Crumb]:
        return [_ENTERPRISES, (self.object.name, self.object.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "instance": self.object}

    def save(self, form: Any) -> Enterprise:
        # Fresh from the database: the form's own instance must not decide what counts as changed.
        return services.change_enterprise(
            access.visible(self.user, Enterprise).get(pk=self.object.pk), form.cleaned_data
        )

    def done(self, result: Any) -> str:
        return f"已保存“{result.name}”的修改。"


class _PlaceForm(FormPage):
    """Create or change something inside a party: `owner_pk` for a new one, `pk` for a known one."""

    permission = "places.edit"
    model: type[Workshop | Zone]

    def get_object(self) -> Any:
        if "pk" in self.kwargs:
            return access.get(self.user, self.model, self.kwargs["pk"], "places.edit", related=("owner",))
        return self.model(owner=access.get(self.user, Enterprise, self.kwargs["owner_pk"], "places.edit"))

    def get_crumbs(self) -> Sequence[Crumb]:
        owner = self.object.owner
        return [_ENTERPRISES, (owner.name, reverse("places:enterprise", args=[owner.pk]))]

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.object}

    def save(self, form: Any) -> str:
        values = {**form.cleaned_data, "owner": self.object.owner}
        fresh = self.model.objects.get(pk=self.object.pk) if self.object.pk else self.model(owner=values["owner"])
        self.write(fresh, values)
        return reverse("places:enterprise", args=[values["owner"].pk])

    def write(self, subject: Any, values: dict[str, Any]) -> None:
        """Call the service."""
        raise NotImplementedError

    def done(self, result: Any) -> str:
        return f"已保存{self.model._meta.verbose_name}。"


class WorkshopPage(_PlaceForm):
    """A workshop."""

    title = "车间"
    model = Workshop
    form_class = WorkshopForm

    def write(self, subject: Any, values: dict[str, Any]) -> None:
        services.save_workshop(subject, values)


class ZonePage(_PlaceForm):
    """A zone."""

    title = "重点区域"
    model = Zone
    form_class = ZoneForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.object, "owner": self.object.owner}

    def write(self, subject: Any, values: dict[str, Any]) -> None:
        services.save_zone(subject, values)


def _edit_link(name: str) -> Any:
    return lambda row: reverse(name, args=[row.pk])


def _towns(row: Enterprise) -> str:
    shown = {Territory.Kind.TOWN, Territory.Kind.ZONE}
    return "、".join(place.name for place in row.territories.all() if place.kind in shown)
