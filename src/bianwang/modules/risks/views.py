"""Pages of risks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from bianwang.modules.risks import forms, pack, queries, services, showing
from bianwang.modules.risks.lists import GRADE_COLOURS
from bianwang.modules.risks.models import RiskPoint, Source
from bianwang.platform import access
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Crumb, Page

_POINTS: Crumb = ("风险点", reverse_lazy("risks:list"))
_SOURCES: Crumb = ("重大危险源", reverse_lazy("risks:sources"))


class _Editable(ObjectPage):
    """A page whose object the user may be able to change."""

    @cached_property
    def may_edit(self) -> bool:
        """Whether the user may, on this object."""
        rows = access.visible(self.user, self.model, "risks.edit")
        return access.can(self.user, "risks.edit") and rows.filter(pk=self.object.pk).exists()


class PointPage(_Editable):
    """One risk point."""

    model = RiskPoint
    permission = "risks.view"
    select: ClassVar[Sequence[str]] = ("owner", "zone")
    crumbs = (_POINTS,)
    template = "risks/object.html"

    def facts(self) -> Sequence[Facts]:
        return showing.point_facts(self.object)

    def actions(self) -> Sequence[Action]:
        pk = self.object.pk
        found = [Action("风险告知卡", reverse("risks:card", args=[pk]), "id-badge-2")]
        return [*found, Action("修改", reverse("risks:edit", args=[pk]), "edit")] if self.may_edit else found


class _Save(FormPage):
    """Enter or change; `pk` names a known one."""

    permission = "risks.edit"
    model: type[RiskPoint | Source]
    form_class: type[forms.PointForm | forms.SourceForm]

    def get_object(self) -> Any:
        if "pk" not in self.kwargs:
            return None
        return access.get(self.user, self.model, self.kwargs["pk"], "risks.edit", related=("owner",))

    def get_crumbs(self) -> Sequence[Crumb]:
        known = [] if self.object is None else [(str(self.object), self.object.get_absolute_url())]
        return [*self.crumbs, *known]

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "known": self.object}

    def initial(self) -> dict[str, Any]:
        if self.object is None:
            return {}
        return {name: getattr(self.object, name) for name in self.form_class.base_fields if name != "owner"}


class SavePoint(_Save):
    """A risk point."""

    model = RiskPoint
    title = "登记风险点"
    form_class = forms.PointForm
    crumbs = (_POINTS,)
    intro = "保存时按所选方法计算风险值和颜色；高于企业风险等级的，企业随之调高。"

    def save(self, form: Any) -> RiskPoint:
        values = dict(form.cleaned_data)
        owner = self.object.owner if self.object else values.pop("owner")
        return services.save_point(self.user, owner, values, self.object)

    def done(self, result: RiskPoint) -> str:
        return f"已保存“{result}”：{result.arithmetic}，{result.get_level_display()}。"


class SaveSource(_Save):
    """A major hazard source."""

    model = Source
    title = "辨识单元"
    form_class = forms.SourceForm
    crumbs = (_SOURCES,)
    intro = "保存时按 GB 18218 计算；查不到临界量或校正系数的物质须写出危险性类别，平台不取默认值。"

    def save(self, form: Any) -> Source:
        values = dict(form.cleaned_data)
        owner = self.object.owner if self.object else values.pop("owner")
        return services.save_source(self.user, owner, values, self.object)

    def done(self, result: Source) -> str:
        return f"已保存“{result}”：{result.grade + '重大危险源' if result.grade else '不构成重大危险源'}。"


class SourcePage(_Editable):
    """One major hazard source."""

    model = Source
    permission = "risks.view"
    select: ClassVar[Sequence[str]] = ("owner", "zone")
    crumbs = (_SOURCES,)
    template = "risks/source.html"

    def facts(self) -> Sequence[Facts]:
        return showing.source_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.source_related(self.object, self.user, may_edit=self.may_edit)

    def actions(self) -> Sequence[Action]:
        url = reverse("risks:source_edit", args=[self.object.pk])
        return [Action("修改并重新计算", url, "edit")] if self.may_edit else []

    def extra(self) -> dict[str, Any]:
        colour = GRADE_COLOURS.get(self.object.grade, "")
        return {"grading": self.object.gradings.first(), "grade_colour": colour}


class _OfSource(FormPage):
    """Something more about a source."""

    permission = "risks.edit"

    def get_object(self) -> Source:
        return access.get(self.user, Source, self.kwargs["pk"], "risks.edit", related=("owner",))

    def get_crumbs(self) -> Sequence[Crumb]:
        return [_SOURCES, (str(self.object), self.object.get_absolute_url())]


class SetKeeper(_OfSource):
    """Who answers at a level."""

    title = "确定包保责任人"
    form_class = forms.KeeperForm

    def save(self, form: Any) -> str:
        services.set_keeper(self.user, self.object, form.cleaned_data)
        return str(self.object.get_absolute_url())

    def done(self, result: str) -> str:
        return "已确定包保责任人。"


class AddRecord(_OfSource):
    """What a keeper did."""

    title = "登记履职"
    form_class = forms.RecordForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"source": self.object}

    def save(self, form: Any) -> str:
        services.add_record(self.user, **form.cleaned_data)
        return str(self.object.get_absolute_url())

    def done(self, result: str) -> str:
        return "已登记履职。"


class Card(Page):
    """The notice of a risk on paper."""

    permission = "risks.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        point = access.get(request.user, RiskPoint, pk, self.permission, related=("owner", "zone"))
        held = pack.control(point.level, point.assessed_on)
        context = {"point": point, "held": held, "title": f"{point.name} 风险告知卡"}
        return render(request, "risks/card.html", context)


class Statistics(Page):
    """Risk points by colour and town; each figure leads to its rows."""

    title = "风险统计"
    permission = "risks.statistics"
    template = "risks/statistics.html"
    crumbs = (_POINTS,)

    def get(self, request: HttpRequest) -> HttpResponse:
        heads = [*(words for _, words in Enterprise.Risk.choices), "合计"]
        return self.render(lines=queries.statistics(request.user), heads=heads)
