"""Pages of agencies, experts, contracts, service visits and payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.standardisation import services, thirdparty_forms as forms, thirdparty_showing as showing
from bianwang.modules.standardisation.models import (
    Agency,
    AgencyPayment,
    Contract,
    Expert,
    ServiceFinding,
    ServiceVisit,
)
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepService

_SEE = "standardisation.third_party"
_AGENCIES = (("技术服务机构", reverse_lazy("standardisation:agencies")),)
_EXPERTS = (*_AGENCIES, ("专家", reverse_lazy("standardisation:experts")))
_CONTRACTS = (("技术服务合同", reverse_lazy("standardisation:contracts")),)
_VISITS = (("专家服务", reverse_lazy("standardisation:visits")),)
_PAYMENTS = (*_CONTRACTS, ("服务付款", reverse_lazy("standardisation:payments")))


class AgencyNew(FormPage):
    """Register an agency."""

    title = "登记服务机构"
    permission = "standardisation.contract"
    form_class = forms.AgencyForm
    submit = "登记"
    crumbs = _AGENCIES

    def save(self, form: Any) -> Agency:
        return services.save_agency(self.user, Agency(), form.cleaned_data)


class AgencyEdit(AgencyNew):
    """Change what is known of an agency."""

    title = "更改服务机构"
    submit = "保存"

    def get_object(self) -> Agency:
        return access.get(self.user, Agency, self.kwargs["pk"], "standardisation.contract")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.object}

    def save(self, form: Any) -> Agency:
        agency = Agency.objects.get(pk=self.object.pk)
        return services.save_agency(self.user, agency, form.cleaned_data)


class AgencyPage(ObjectPage):
    """One agency with the evaluation of its service."""

    model = Agency
    permission = _SEE
    crumbs = _AGENCIES
    template = "standardisation/object.html"

    def facts(self) -> Sequence[Facts]:
        return showing.agency_facts(self.object, self.user)

    def related(self) -> Sequence[Related]:
        return showing.agency_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        if not access.can(self.user, "standardisation.contract"):
            return []
        return [Action("更改", reverse("standardisation:agency_edit", args=[self.object.pk]), "pencil")]


class ExpertNew(FormPage):
    """Register an expert."""

    title = "登记专家"
    permission = "standardisation.contract"
    form_class = forms.ExpertForm
    submit = "登记"
    crumbs = _EXPERTS

    def save(self, form: Any) -> Expert:
        return services.save_expert(self.user, Expert(), form.cleaned_data)


class ExpertEdit(ExpertNew):
    """Change what is known of an expert."""

    title = "更改专家"
    submit = "保存"

    def get_object(self) -> Expert:
        return access.get(self.user, Expert, self.kwargs["pk"], "standardisation.contract")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.object}

    def save(self, form: Any) -> Expert:
        expert = Expert.objects.get(pk=self.object.pk)
        return services.save_expert(self.user, expert, form.cleaned_data)


class ExpertPage(ObjectPage):
    """One expert."""

    model = Expert
    permission = _SEE
    select: ClassVar[Sequence[str]] = ("agency",)
    crumbs = _EXPERTS
    template = "standardisation/object.html"

    def facts(self) -> Sequence[Facts]:
        return showing.expert_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.expert_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        if not access.can(self.user, "standardisation.contract"):
            return []
        return [Action("更改", reverse("standardisation:expert_edit", args=[self.object.pk]), "pencil")]


class ContractNew(FormPage):
    """Enter a contract."""

    title = "登记合同"
    permission = "standardisation.contract"
    form_class = forms.ContractForm
    submit = "登记"
    intro = "合同登记后不再更改；付款只对已验收的服务，合计不超过付款上限。"
    crumbs = _CONTRACTS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Contract:
        return services.sign_contract(self.user, form.cleaned_data)


class ContractPage(ObjectPage):
    """One contract."""

    model = Contract
    permission = _SEE
    select: ClassVar[Sequence[str]] = ("agency",)
    crumbs = _CONTRACTS
    template = "standardisation/object.html"

    def facts(self) -> Sequence[Facts]:
        return showing.contract_facts(self.object, self.user)

    def related(self) -> Sequence[Related]:
        return showing.contract_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        found = []
        if access.can(self.user, "standardisation.serve"):
            found.append(Action("登记服务", reverse("standardisation:visit_new", args=[self.object.pk]), "plus"))
        if access.can(self.user, "standardisation.pay"):
            found.append(Action("支付服务费", reverse("standardisation:pay", args=[self.object.pk]), "coins"))
        return found


class _OfContract(FormPage):
    """Something new that belongs to a contract."""

    def get_object(self) -> Contract:
        return access.get(self.user, Contract, self.kwargs["pk"], self.permission, related=("agency",))

    def get_crumbs(self) -> Sequence[Any]:
        return [*_CONTRACTS, (str(self.object), self.object.get_absolute_url())]


class VisitNew(_OfContract):
    """Enter a day of service."""

    title = "登记专家服务"
    permission = "standardisation.serve"
    form_class = forms.VisitForm
    submit = "登记"
    intro = "登记后逐条登记发现的问题，转入隐患；由他人验收后才能付款。"

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "contract": self.object}

    def save(self, form: Any) -> ServiceVisit:
        data = form.cleaned_data
        values = {name: data[name] for name in ("day", "fee", "summary")}
        return services.record_visit(
            self.user, self.object, data["enterprise"], list(data["experts"]), values, data["reports"]
        )


class Pay(_OfContract):
    """Pay for accepted visits."""

    title = "支付服务费"
    permission = "standardisation.pay"
    form_class = forms.PaymentForm
    submit = "登记付款"

    def form_kwargs(self) -> dict[str, Any]:
        return {"contract": self.object}

    def save(self, form: Any) -> AgencyPayment:
        data = form.cleaned_data
        return services.pay(self.user, self.object, list(data["visits"]), data["voucher"])

    def done(self, result: AgencyPayment) -> str:
        return f"已登记付款 {result.amount:.2f} 元，凭证号 {result.voucher}。"


class VisitPage(ObjectPage):
    """One day of service."""

    model = ServiceVisit
    permission = _SEE
    select: ClassVar[Sequence[str]] = ("contract__agency", "enterprise", "payment__contract", "made_by")
    crumbs = _VISITS
    template = "standardisation/object.html"
    step_services: ClassVar[Mapping[str, StepService]] = {
        "transfer": services.transfer,
        "accept": services.accept,
        "reject": services.reject,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.visit_facts(self.object)

    def related(self) -> Sequence[Related]:
        open_to_findings = self.object.state == "entered" and access.can(self.user, "standardisation.serve")
        url = reverse("standardisation:finding", args=[self.object.pk])
        return showing.visit_related(self.object, ("登记问题", url) if open_to_findings else None)


class FindingNew(FormPage):
    """Enter a finding of a visit."""

    title = "登记发现的问题"
    permission = "standardisation.serve"
    form_class = forms.FindingForm
    submit = "登记"

    def get_object(self) -> ServiceVisit:
        related = ("contract", "enterprise")
        return access.get(self.user, ServiceVisit, self.kwargs["pk"], "standardisation.serve", related=related)

    def get_crumbs(self) -> Sequence[Any]:
        return [*_VISITS, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> str:
        with refusals_in_form():
            finding: ServiceFinding = services.add_finding(self.object, self.user, form.cleaned_data)
        return finding.visit.get_absolute_url()

    def done(self, result: Any) -> str:
        return "已登记，登记完后请“问题转入隐患”。"


class PaymentPage(ObjectPage):
    """One payment with the visits that it was for."""

    model = AgencyPayment
    permission = _SEE
    select: ClassVar[Sequence[str]] = ("contract__agency", "paid_by")
    crumbs = _PAYMENTS
    template = "standardisation/object.html"

    def facts(self) -> Sequence[Facts]:
        return showing.payment_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.payment_related(self.object, self.user)
