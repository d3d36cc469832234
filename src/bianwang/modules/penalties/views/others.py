"""Pages of evidence, devices, measures and publications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse_lazy

from bianwang.modules.penalties import services, showing
from bianwang.modules.penalties.forms import cases as forms
from bianwang.modules.penalties.models import Evidence, Measure, Publication, Source
from bianwang.modules.penalties.views.cases import CASES
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Facts, ObjectPage, StepForm, StepService
from bianwang.platform.ui.pages import Crumb

SOURCES = (*CASES, ("取证设备", reverse_lazy("penalties:sources")))


class _OfCase(ObjectPage):
    """Something of a case: its crumbs lead through it."""

    permission = "penalties.view"

    def get_crumbs(self) -> Sequence[Crumb]:
        case = self.object.case
        return [*CASES, (case.number, case.get_absolute_url())]


class EvidencePage(_OfCase):
    """One piece of evidence."""

    model = Evidence
    select: ClassVar[Sequence[str]] = (
        "case__unit", "source__owner", "source__legal_by", "source__technical_by", "source__published_by", "alarm",
        "collected_by", "examined_by", "shown_by",
    )  # fmt: skip
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"show": forms.ShowForm}
    step_services: ClassVar[Mapping[str, StepService]] = {
        "examine": services.examine,
        "admit": services.admit,
        "exclude": services.exclude,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.evidence_facts(self.object)


class MeasurePage(_OfCase):
    """One measure."""

    model = Measure
    select: ClassVar[Sequence[str]] = ("case__unit", "asked_by", "approved_by")
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"decide": forms.OutcomeForm}
    step_services: ClassVar[Mapping[str, StepService]] = {
        "approve": services.approve_measure,
        "refuse": services.refuse_measure,
        "extend": services.extend_measure,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.measure_facts(self.object)


class PublicationPage(_OfCase):
    """One publication."""

    model = Publication
    select: ClassVar[Sequence[str]] = ("case__unit", "published_by")
    step_services: ClassVar[Mapping[str, StepService]] = {
        "unpublish": services.unpublish,
        "repair": services.repair,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.publication_facts(self.object)


class SourceNew(FormPage):
    """Register a device."""

    title = "登记取证设备"
    permission = "penalties.technical"
    form_class = forms.SourceForm
    submit = "登记"
    intro = "登记后经法制审核、技术审核，再向社会公布设置地点；公布以后的记录才能作为证据（行政处罚法第四十一条）。"
    crumbs = SOURCES

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Source:
        return services.register_source(self.user, form.values())


class SourcePage(ObjectPage):
    """One device."""

    model = Source
    permission = "penalties.view"
    select: ClassVar[Sequence[str]] = ("owner", "device", "camera", "legal_by", "technical_by", "published_by")
    crumbs = SOURCES
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"publish": forms.PlaceForm}
    step_services: ClassVar[Mapping[str, StepService]] = {
        "legal": services.legal_source,
        "technical": services.technical_source,
        "retire": services.retire_source,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.source_facts(self.object, self.user)
