"""Pages of supervised matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse_lazy

from bianwang.modules.committee import forms, services, showing
from bianwang.modules.committee.models import Supervision
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Facts, ObjectPage, Related, StepForm, StepService

SUPERVISIONS = (("督办", reverse_lazy("committee:supervisions")),)


class SupervisionNew(FormPage):
    """List a matter."""

    title = "挂牌督办"
    permission = "committee.decide"
    form_class = forms.SupervisionForm
    submit = "挂牌"
    intro = "督办隐患、任务、案件或其他事项。督办对象须签收、按期报结，经办人以外的人核验后才能摘牌。"
    crumbs = SUPERVISIONS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        return {"hazard_number": self.request.GET.get("hazard", "")}

    def save(self, form: Any) -> Supervision:
        data = form.cleaned_data
        with refusals_in_form():
            return services.supervise(self.user, data["unit"], form.values(), data["until"])

    def done(self, result: Supervision) -> str:
        return f"已挂牌督办“{result}”。"


class SupervisionPage(ObjectPage):
    """One supervised matter."""

    model = Supervision
    permission = "committee.units"
    select: ClassVar[Sequence[str]] = ("unit", "hazard", "assignment__task", "made_by", "submitted_by", "verified_by")
    crumbs = SUPERVISIONS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "submit": forms.ResultForm,
        "apply": forms.UntilForm,
        "decide": forms.DecideForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "sign": services.sign_supervision,
        "return": services.send_back_supervision,
        "unlist": services.unlist,
        "revoke": services.revoke,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.supervision_facts(self.object, self.user)

    def related(self) -> Sequence[Related]:
        return showing.supervision_related(self.object, self.user)
