"""Pages of public bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.platform import access
from bianwang.platform.places import services
from bianwang.platform.places.forms import OrganisationForm
from bianwang.platform.places.models import Enterprise, Organisation
from bianwang.platform.places.views.enterprises import RISK
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Crumb, Page

_BODIES: Crumb = ("单位与区域", reverse_lazy("places:organisation_list"))


class OrganisationList(Page):
    """Public bodies and territories as a tree."""

    title = "单位与区域"
    permission = "places.view"
    template = "places/organisations.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        bodies = access.visible(self.user, Organisation, "places.view").select_related("territory").order_by("pk")
        numbers = dict(
            access.visible(self.user, Enterprise, "places.view")
            .filter(is_active=True)
            .values_list("territories")
            .annotate(number=Count("pk"))
            .values_list("territories", "number")
        )
        levels: dict[str, list[tuple[Organisation, int]]] = {level: [] for level in Organisation.Level.values}
        villages: dict[Any, list[Organisation]] = {}
        for body in bodies:
            if body.level == Organisation.Level.VILLAGE:
                villages.setdefault(body.parent_id, []).append(body)
            else:
                levels[body.level].append((body, numbers.get(body.territory_id or 0, 0)))
        return self.render(
            groups=[(Organisation.Level(level).label, rows) for level, rows in levels.items() if rows],
            villages=villages,
            may_organise=access.can(self.user, "places.organise"),
            may_import=access.can(self.user, "places.import"),
        )


class OrganisationPage(ObjectPage):
    """One public body."""

    model = Organisation
    permission = "places.view"
    select = ("parent", "territory")
    crumbs = (_BODIES,)

    def facts(self) -> Sequence[Facts]:
        row: Organisation = self.object
        parent = row.parent
        return (
            Facts(
                "基本情况",
                [
                    fact("代码", row.code),
                    fact("层级", row.get_level_display()),
                    fact("上级单位", parent and parent.name, href=parent.get_absolute_url() if parent else ""),
                    fact("管辖区域", row.territory and row.territory.name),
                    fact("在用", row.is_active, "flag"),
                ],
            ),
        )

    def related(self) -> Sequence[Related]:
        row = self.object
        name = Column("name", "名称", kind="link")
        visible = access.visible(self.user, Enterprise, "places.view").filter(is_active=True)
        inside = Q(supervisors=row)
        if row.territory:
            inside |= Q(territories=row.territory)
        enterprises = visible.filter(pk__in=visible.filter(inside).values("pk"))[:50]
        children = access.visible(self.user, Organisation, "places.view").filter(parent=row)
        return (
            Related("下级单位", (name, Column("level", "层级")), children, empty="没有下级单位。"),
            Related("企业（前 50 家）", (name, RISK, Column("sector", "行业")), enterprises, empty="没有企业。"),
        )

    def actions(self) -> Sequence[Action]:
        if not access.can(self.user, "places.organise"):
            return []
        return [Action("修改", reverse("places:organisation_edit", args=[self.object.pk]), "edit")]


class OrganisationCreate(FormPage):
    """Register a public body."""

    permission = "places.organise"
    title = "登记单位"
    crumbs = (_BODIES,)
    form_class = OrganisationForm

    def save(self, form: Any) -> Organisation:
        return services.create_organisation(form.cleaned_data)

    def done(self, result: Any) -> str:
        return f"已登记“{result.name}”。"


class OrganisationEdit(OrganisationCreate):
    """Change a public body."""

    title = "修改单位"

    def get_object(self) -> Organisation:
        return access.get(self.user, Organisation, self.kwargs["pk"], "places.organise")

    def get_crumbs(self) -> Sequence[Crumb]:
        return [_BODIES, (self.object.name, self.object.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.object}

    def save(self, form: Any) -> Organisation:
        return services.change_organisation(
            access.visible(self.user, Organisation).get(pk=self.object.pk), form.cleaned_data
        )
