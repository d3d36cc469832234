"""Pages of programmes, funds, batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from bianwang.modules.relief import showing
from bianwang.modules.relief.forms import money as forms
from bianwang.modules.relief.models import Batch, Fund, FundEntry, Programme
from bianwang.modules.relief.queries.funds import standing
from bianwang.modules.relief.services import funds, payments, secrets
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.exchange.export import download, workbook
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepService
from bianwang.platform.ui.pages import Page

PROGRAMMES = (("救助项目", reverse_lazy("relief:programmes")),)
FUNDS = (("救助资金", reverse_lazy("relief:funds")),)
BATCHES = (("拨付批次", reverse_lazy("relief:batches")),)

_BANK = (
    Column("number", "付款编号", lambda row: row[0].number),
    Column("name", "户名", lambda row: row[0].claim.head),
    Column("id_number", "身份证号码", lambda row: row[1].people[0].id_number),
    Column("account", "账号", lambda row: row[1].account),
    Column("amount", "金额", lambda row: row[0].amount, kind="money"),
)


class ProgrammeNew(FormPage):
    """Set up a programme."""

    title = "设立救助项目"
    permission = "relief.programme"
    form_class = forms.ProgrammeForm
    submit = "设立"
    intro = "一次灾害（或一个年度）的一种救助设一个项目；同一人对同一损失只能享受一次。"
    crumbs = PROGRAMMES

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        return {"year": today().year, "policy_date": today()}

    def save(self, form: Any) -> Programme:
        return funds.open_programme(self.user, form.cleaned_data)


class ProgrammePage(ObjectPage):
    """One programme."""

    model = Programme
    permission = "relief.overview"
    select: ClassVar[Sequence[str]] = ("disaster", "made_by")
    crumbs = PROGRAMMES
    template = "relief/programme.html"

    def facts(self) -> Sequence[Facts]:
        return showing.programme_facts(self.object)

    def extra(self) -> dict[str, Any]:
        link = reverse("relief:self_report", args=[self.object.token])
        return {"link": self.request.build_absolute_uri(link), "link_path": link}


class ProgrammeOpen(Page):
    """Take claims, or no more."""

    permission = "relief.programme"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        programme = access.get(self.user, Programme, pk, self.permission)
        funds.set_open(programme, self.user, is_open=not programme.is_open)
        return redirect(programme.get_absolute_url())


class FundNew(FormPage):
    """A new pot."""

    title = "登记资金"
    permission = "relief.pay"
    form_class = forms.FundForm
    submit = "登记"
    crumbs = FUNDS

    def save(self, form: Any) -> Fund:
        return funds.open_fund(self.user, form.cleaned_data)


class FundPage(ObjectPage):
    """One pot: receipts, allotments, payments, balance."""

    model = Fund
    permission = "relief.overview"
    crumbs = FUNDS

    def facts(self) -> Sequence[Facts]:
        return showing.fund_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.fund_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        if access.can(self.user, "relief.pay"):
            return [Action("分配到项目", reverse("relief:allot", args=[self.object.pk]), "arrow-right")]
        return []


class _OfFund(FormPage):
    """A form about one fund."""

    permission = "relief.pay"

    def get_object(self) -> Fund:
        return access.get(self.user, Fund, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Any:
        return [*FUNDS, (str(self.object), self.object.get_absolute_url())]


class Receive(_OfFund):
    """Money came."""

    title = "登记到账"
    form_class = forms.ReceiptForm
    submit = "登记"

    def save(self, form: Any) -> FundEntry:
        data = form.cleaned_data
        return funds.receive(self.user, self.object, data["amount"], data["day"], data["note"])


class Allot(_OfFund):
    """Set money apart."""

    title = "分配到项目"
    form_class = forms.AllotForm
    submit = "分配"

    def get_object(self) -> Fund:
        fund = super().get_object()
        self.intro = f"还没有分配的资金：{standing(fund).unallotted:,.2f} 元。"
        return fund

    def save(self, form: Any) -> FundEntry:
        data = form.cleaned_data
        return funds.allot(self.user, self.object, data["programme"], data["amount"], data["day"], data["note"])


class BatchNew(FormPage):
    """Everything that waits, as one batch."""

    title = "编制拨付批次"
    permission = "relief.pay"
    form_class = forms.BatchForm
    submit = "编制"
    intro = "把项目中区局已批准、还没有付款的全部列入一批，每户一笔；一户同时只能在一个批次里。"
    crumbs = BATCHES

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Batch:
        data = form.cleaned_data
        with refusals_in_form():
            return payments.make_batch(self.user, data["programme"], data["fund"], data["request"])

    def done(self, result: Batch) -> str:
        return f"批次 {result.number}：{result.households} 户，{result.amount:,.2f} 元。请导出银行文件。"


class BatchPage(ObjectPage):
    """One batch."""

    model = Batch
    permission = "relief.overview"
    select: ClassVar[Sequence[str]] = ("programme", "fund", "made_by")
    crumbs = BATCHES
    step_services: ClassVar[Mapping[str, StepService]] = {"void": payments.void}

    def facts(self) -> Sequence[Facts]:
        return showing.batch_facts(self.object)

    def actions(self) -> Sequence[Action]:
        if self.object.state == "made" and access.can(self.user, "relief.pay"):
            return [
                Action("银行文件", reverse("relief:bank", args=[self.object.pk]), "download"),
                Action("导入银行回盘", reverse("relief:results"), "upload"),
            ]
        return []


class BankFile(Page):
    """The file for the bank, the one export with whole numbers; taking it is told to the ledger."""

    permission = "relief.pay"
    template = "ui/page.html"
    crumbs = BATCHES

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = access.get(self.user, Batch, pk, self.permission)
        try:
            rows = secrets.bank_rows(self.user, batch)
        except ValidationError as error:
            return self.render("relief/refused.html", status=422, title="银行文件", words="；".join(error.messages))
        content = workbook(batch.number, _BANK, rows, maker=str(self.user), bare=True)
        answer = download(content, f"银行文件-{batch.number}.xlsx")
        answer["Cache-Control"] = "no-store"
        return answer
