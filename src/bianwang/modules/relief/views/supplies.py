"""Pages of donations and supplies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.relief import showing
from bianwang.modules.relief.forms import money as forms
from bianwang.modules.relief.models import Donation, Issue
from bianwang.modules.relief.services import funds, supplies
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Facts, ObjectPage, Related, StepForm
from bianwang.platform.ui.pages import Page

DONATIONS = (("救灾捐赠", reverse_lazy("relief:donations")),)
STOCK = (("物资库存", reverse_lazy("relief:stock")),)
ISSUES = (("物资发放", reverse_lazy("relief:issues")),)


class DonationNew(FormPage):
    """Enter a donation."""

    title = "登记捐赠"
    permission = "relief.donate"
    form_class = forms.DonationForm
    submit = "登记"
    intro = "捐款登记后自动记为所选捐赠资金的到账；捐物登记后到“物资入库”入库。"
    crumbs = DONATIONS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Donation:
        data = dict(form.cleaned_data)
        fund = data.pop("fund")
        return funds.take_donation(self.user, data, fund)


class DonationPage(ObjectPage):
    """One donation."""

    model = Donation
    permission = "relief.overview"
    select: ClassVar[Sequence[str]] = ("entry__fund",)
    crumbs = DONATIONS

    def facts(self) -> Sequence[Facts]:
        return showing.donation_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.donation_related(self.object)


class Published(Page):
    """The published list on A4, with the donors' wish for anonymity."""

    title = "救灾捐赠公示"
    permission = "relief.overview"
    template = "relief/published.html"
    crumbs = DONATIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = access.visible(self.user, Donation, self.permission).filter(is_published=True)
        total = rows.order_by().aggregate(total=Sum("amount"))["total"] or 0
        return self.render(rows=rows.order_by("received_on", "pk"), total=total)


class _StockForm(FormPage):
    """A form of the stock keeper; afterwards the stock is shown."""

    permission = "relief.supply"
    submit = "登记"
    crumbs = STOCK

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}


class StoreNew(_StockForm):
    """A new store."""

    title = "登记仓库"
    form_class = forms.StoreForm

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def save(self, form: Any) -> str:
        supplies.add_store(self.user, form.cleaned_data)
        return reverse("relief:take_in")

    def done(self, result: str) -> str:
        return "已登记仓库，可以登记入库。"


class TakeIn(_StockForm):
    """Goods come in."""

    title = "物资入库"
    form_class = forms.TakeInForm
    submit = "入库"

    def save(self, form: Any) -> str:
        data = form.cleaned_data
        item = {name: data[name] for name in ("name", "category", "unit")}
        supplies.take_in(self.user, data["store"], item, data["quantity"], data["origin"], data["donation"])
        return reverse("relief:stock")

    def done(self, result: str) -> str:
        return "已入库。"


class IssueNew(_StockForm):
    """Goods go to a town."""

    title = "发放物资"
    form_class = forms.IssueForm
    submit = "发放"

    def save(self, form: Any) -> Issue:
        data = form.cleaned_data
        return supplies.send(self.user, data["stock"], data["quantity"], data["receiver"], data["disaster"])


class IssuePage(ObjectPage):
    """One issue."""

    model = Issue
    permission = "relief.goods"
    select: ClassVar[Sequence[str]] = ("item", "store", "receiver", "sent_by", "received_by", "disaster")
    crumbs = ISSUES
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"receive": forms.ReceiveForm}

    def facts(self) -> Sequence[Facts]:
        return showing.issue_facts(self.object)
