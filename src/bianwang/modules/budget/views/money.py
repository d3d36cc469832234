"""The forms of superior money, payments, publications and staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse, reverse_lazy

from bianwang.modules.budget import services
from bianwang.modules.budget.forms import money as forms
from bianwang.modules.budget.forms.fields import units
from bianwang.modules.budget.models import Payment, Project, Publication, Receipt
from bianwang.modules.budget.views.objects import EDIT, PUBLICATIONS, RECEIPTS
from bianwang.modules.budget.views.years import OfLine, OfYear
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Crumb


class Receive(OfYear):
    """Money was passed down."""

    title = "登记上级资金"
    form_class = forms.ReceiptForm
    submit = "登记"

    def form_kwargs(self) -> dict[str, Any]:
        return {"projects": access.visible(self.user, Project, EDIT).filter(line__year=self.object)}

    def save(self, form: Any) -> Receipt:
        return services.receive(self.user, self.object, form.cleaned_data)

    def done(self, result: Receipt) -> str:
        return f"已登记“{result}”，请及时落实到项目并支付或转移。"


class Assign(FormPage):
    """Say what received money is for."""

    title = "落实到项目"
    permission = EDIT
    form_class = forms.AssignForm
    submit = "落实"

    def get_object(self) -> Receipt:
        return access.get(self.user, Receipt, self.kwargs["pk"], EDIT, related=("year",))

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*RECEIPTS, (str(self.object), self.object.get_absolute_url())] if self.object else RECEIPTS

    def form_kwargs(self) -> dict[str, Any]:
        fitting = access.visible(self.user, Project, EDIT).filter(source=self.object.source)
        return {"projects": fitting.filter(line__year=self.object.year)}

    def initial(self) -> dict[str, Any]:
        return {"project": self.object.project_id}

    def save(self, form: Any) -> Receipt:
        services.assign(self.user, self.object, form.cleaned_data["project"])
        found: Receipt = self.object
        return found

    def done(self, result: Receipt) -> str:
        return f"已把“{result}”落实到项目“{result.project}”。"


class Pay(OfLine):
    """Money left."""

    title = "登记支付"
    form_class = forms.PaymentForm
    submit = "登记支付"

    def form_kwargs(self) -> dict[str, Any]:
        return {"projects": self.object.projects.all()}

    def initial(self) -> dict[str, Any]:
        return {"project": self.request.GET.get("project")}

    def save(self, form: Any) -> Payment:
        return services.pay(self.user, self.object, form.cleaned_data)

    def done(self, result: Payment) -> str:
        return f"已登记支付“{result}”{result.amount:,.2f} 元。"


class PublicationNew(FormPage):
    """What is due, by hand."""

    title = "登记应公开事项"
    permission = EDIT
    form_class = forms.PublicationForm
    submit = "登记"
    intro = "登记预算批复、决算批复时会自动列出本单位的；这里登记其他的，如下属单位或平台启用以前年度的。"
    crumbs = PUBLICATIONS

    def initial(self) -> dict[str, Any]:
        return {"owner": units().first()}

    def save(self, form: Any) -> Publication:
        return services.add_publication(self.user, form.cleaned_data)

    def done(self, result: Publication) -> str:
        return f"已登记，应在 {result.due_on} 以前公开。"


class Publish(FormPage):
    """It was published."""

    title = "登记公开"
    permission = EDIT
    form_class = forms.PublishForm

    def get_object(self) -> Publication:
        return access.get(self.user, Publication, self.kwargs["pk"], EDIT, related=("owner",))

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*PUBLICATIONS, (str(self.object), self.object.get_absolute_url())] if self.object else PUBLICATIONS

    def initial(self) -> dict[str, Any]:
        row: Publication = self.object
        return {"published_on": row.published_on, "place": row.place} if row.published_on else {}

    def save(self, form: Any) -> Publication:
        services.publish(self.user, self.object, form.cleaned_data["published_on"], form.cleaned_data["place"])
        found: Publication = self.object
        return found

    def done(self, result: Publication) -> str:
        return f"已登记“{result}”于 {result.published_on} 公开。"


class StaffNew(FormPage):
    """Posts and people as of a day."""

    title = "登记编制人员"
    permission = EDIT
    form_class = forms.StaffForm
    template = "budget/staff_form.html"
    intro = "填写这一天的编制、实有和退休人数；退休人员不计入实有。同一单位同一天再次登记即为更正。"
    crumbs = (("编制人员", reverse_lazy("budget:staff")),)

    def initial(self) -> dict[str, Any]:
        return {"owner": units().first()}

    def save(self, form: Any) -> str:
        data = form.cleaned_data
        services.save_staff(
            self.user, data["owner"], data["as_of"], form.people(), document=data["document"], note=data["note"]
        )
        return reverse("budget:staff")

    def done(self, result: Any) -> str:
        return "已登记编制人员。"
