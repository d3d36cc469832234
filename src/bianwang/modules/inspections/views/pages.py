"""The office's pages of inspections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from bianwang.modules.documents.models import Dossier
from bianwang.modules.enforcement.queries import day_of
from bianwang.modules.inspections import pack, queries, services, showing
from bianwang.modules.inspections.content import differences
from bianwang.modules.inspections.forms import ArrangeForm, OrderForm
from bianwang.modules.inspections.lists import INSPECTIONS
from bianwang.modules.inspections.models import Inspection, Version
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepService
from bianwang.platform.ui.pages import Crumb, Page


class Arrange(FormPage):
    """Arrange an inspection, which the officers then find on their phones."""

    title = "安排检查"
    permission = "inspections.inspect"
    form_class = ArrangeForm
    submit = "安排"
    intro = "安排后，检查人员的手机联网时会下载这次检查；到现场没有网络也能查。"
    crumbs = INSPECTIONS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        wanted = {name: self.request.GET.get(name, "") for name in ("enterprise", "visit", "kind")}
        return {name: value for name, value in wanted.items() if value}

    def save(self, form: Any) -> Inspection:
        with refusals_in_form():
            return services.arrange(self.user, form.content())

    def done(self, result: Inspection) -> str:
        if result.dossier is None:
            return f"已安排 {result}。"
        return f"已安排 {result}，并立卷、拟好行政检查通知书，请在案卷里签发。"


class InspectionPage(ObjectPage):
    """One inspection."""

    model = Inspection
    permission = "inspections.view"
    select: ClassVar[Sequence[str]] = ("enterprise", "unit", "visit__enterprise", "dossier", "made_by")
    crumbs = INSPECTIONS
    template = "inspections/inspection.html"
    step_services: ClassVar[Mapping[str, StepService]] = {
        "complete": services.complete,
        "discard": services.void,
        "void": services.void,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.facts(self.object, self.object.content)

    def related(self) -> Sequence[Related]:
        content = self.object.content
        return showing.related(self.object, content, pack.kept(content.lists, content.day), self.user)

    def extra(self) -> dict[str, Any]:
        inspection = self.object
        waiting = list(inspection.versions.filter(fate=Version.Fate.WAITING)) if inspection.has_conflict else []
        missing = len(inspection.missing()) if inspection.state == "submitted" else 0
        obstacle = inspection.obstacle(self.user) if inspection.state == "signed" else ""
        return {"waiting": waiting, "missing": missing, "obstacle": obstacle}

    def actions(self) -> Sequence[Action]:
        inspection, found = self.object, []
        may = access.can(self.user, "inspections.inspect") and queries.takes_part(self.user, inspection)
        if inspection.state == "draft" and may:
            found.append(Action("在手机上检查", reverse("inspections:field"), "device-mobile"))
        if inspection.dossier and access.can(self.user, "documents.view"):
            found.append(self._papers(inspection.dossier))
        return found

    def _papers(self, dossier: Dossier) -> Action:
        """The dossier; after faults were found, the order to put them right."""
        wanted = self.object.state == "done" and self.object.failed > 0
        if wanted and access.can(self.user, "documents.draw_up"):
            return Action("责令整改", reverse("inspections:order", args=[self.object.pk]), "file-text")
        return Action("案卷", dossier.get_absolute_url(), "folder")


class Order(FormPage):
    """Draw up the order to put the faults right, from what was found."""

    title = "责令整改"
    permission = "documents.draw_up"
    form_class = OrderForm
    submit = "拟稿"
    intro = "拟成责令限期整改指令书草稿，核对后签发。现场检查记录签发以后才能拟稿。"

    def get_object(self) -> Inspection:
        return access.get(
            self.user, Inspection, self.kwargs["pk"], "inspections.inspect", related=("enterprise", "dossier")
        )

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*INSPECTIONS, (str(self.object), self.object.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        content = self.object.content
        deadlines = [row.deadline for row in content.findings if row.deadline]
        lines = services.problems(content, pack.kept(content.lists, content.day))
        return {"problems": "\n".join(lines), "rectify_by": max(deadlines, default=None)}

    def save(self, form: Any) -> Any:
        with refusals_in_form():
            return services.draw_up_order(self.object, self.user, form.cleaned_data)

    def done(self, result: Any) -> str:
        return f"已拟好{result}草稿，核对后请签发。"


class ChoiceForm(forms.Form):
    """Which of two versions counts."""

    choice = forms.ChoiceField(choices=(("take", "另一版"), ("leave", "现有的一版")))


class Compare(Page):
    """A version beside the present one; one that waits can be chosen."""

    permission = "inspections.view"
    template = "inspections/compare.html"

    def get(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        return self.show(*self.found(pk, version))

    def found(self, pk: int, version: int) -> tuple[Inspection, Version]:
        """The inspection and the version. Raises Http404."""
        inspection = access.get(self.user, Inspection, pk, self.permission, related=("enterprise", "unit"))
        kept = inspection.versions.select_related("sent_by").filter(pk=version).first()
        if kept is None:
            raise Http404("这次检查没有这一版。")
        return inspection, kept

    def show(self, inspection: Inspection, kept: Version, trouble: str = "") -> HttpResponse:
        """The page, with what was wrong with the choice."""
        present = inspection.versions.select_related("sent_by").get(number=inspection.revision)
        lists = pack.kept([*kept.content.lists, *present.content.lists], inspection.day)
        waits = kept.fate == Version.Fate.WAITING
        may = access.can(self.user, "inspections.inspect") and queries.takes_part(self.user, inspection)
        return self.render(
            status=422 if trouble else 200,
            title="选用一版" if waits else f"比较{kept}",
            crumbs=[*INSPECTIONS, (str(inspection), inspection.get_absolute_url())],
            inspection=inspection,
            kept=kept,
            mine=showing.version_title(kept),
            theirs=showing.version_title(present),
            differences=differences(kept.content, present.content, lists),
            may_choose=waits and may,
            waits=waits,
            trouble=trouble,
        )


class Choose(Compare):
    """The choice between two versions."""

    permission = "inspections.inspect"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        inspection, kept = self.found(pk, version)
        form = ChoiceForm(request.POST)
        if not form.is_valid():
            return self.show(inspection, kept, "请选择用哪一版。")
        try:
            services.choose(inspection, self.user, kept, take=form.cleaned_data["choice"] == "take")
        except ValidationError as error:
            return self.show(inspection, kept, "；".join(error.messages))
        words = "另一版" if form.cleaned_data["choice"] == "take" else "现有的一版"
        messages.success(request, f"已选用{words}，没有选用的仍保存在“内容版本”里。")
        return redirect(inspection.get_absolute_url())


class CheckLists(Page):
    """Which lists apply on a day to which sector, each item with its source."""

    title = "检查表"
    permission = "inspections.view"
    template = "inspections/checklists.html"
    crumbs = INSPECTIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_of(request.GET.get("day", "")) or today()
        sector = request.GET.get("sector", "")
        sectors = Enterprise.Sector.choices
        rows = [row for row in pack.lists_on(day) if not sector or row.fits(sector)]
        words = dict(sectors)
        found = [(row, "、".join(words.get(code, code) for code in row.sectors) or "所有行业") for row in rows]
        return self.render(day=day, sector=sector, sectors=sectors, found=found)
