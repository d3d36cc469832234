"""Entering a case, and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse_lazy

from bianwang.modules.penalties import services, showing, timing, weighing
from bianwang.modules.penalties.forms import cases as forms, procedure as steps
from bianwang.modules.penalties.models import Case
from bianwang.modules.penalties.workflow import BEFORE_DECISION
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.workflow import services as workflow

CASES = (("处罚案件", reverse_lazy("penalties:list")),)


class New(FormPage):
    """Enter a clue."""

    title = "登记线索"
    permission = "penalties.handle"
    form_class = forms.EnterForm
    submit = "登记"
    intro = "登记人为主办。登记后核对裁量档次和追责时效，再提交立案审批；符合当场处罚条件的可以当场处罚。"
    crumbs = CASES

    def form_kwargs(self) -> dict[str, Any]:
        wanted = self.request.GET.get("enterprise", "")
        return {"user": self.user, "enterprise": int(wanted) if wanted.isdecimal() else None}

    def initial(self) -> dict[str, Any]:
        names = ("enterprise", "hazard", "visit", "origin")
        return {name: self.request.GET[name] for name in names if self.request.GET.get(name)}

    def save(self, form: Any) -> Case:
        return services.enter(self.user, form.values(), form.cleaned_data["colleagues"])

    def done(self, result: Case) -> str:
        due = timing.next_due(result)
        return f"已登记“{result}”。" + (f"立案时限到 {due.due} 届满。" if due else "")


class CasePage(ObjectPage):
    """One case."""

    model = Case
    permission = "penalties.view"
    select: ClassVar[Sequence[str]] = showing.CASE_SELECT
    crumbs = CASES
    template = "penalties/case.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "file": steps.FileForm,
        "finish": steps.FinishForm,
        "review": steps.OpinionForm,
        "recheck": steps.OpinionForm,
        "hear": steps.DayForm,
        "urge": steps.DayForm,
        "plead": steps.PleadForm,
        "answer": steps.AnswerForm,
        "notify": steps.NotifyForm,
        "hold": steps.RecordForm,
        "discuss": steps.DiscussForm,
        "decide": steps.DecideForm,
        "summary": steps.SummaryForm,
        "pay": steps.PayForm,
        "bank": steps.BankForm,
        "instal": steps.InstalForm,
        "publish": steps.PublishForm,
        "change": forms.ChangeForm,
        "officer": forms.OfficerForm,
        "recuse": forms.RecuseForm,
        "evidence": forms.EvidenceForm,
        "measure": forms.MeasureForm,
        "suspend": forms.SuspendForm,
        "resume": forms.ResumeForm,
        "transfer": forms.TransferForm,
        "receipt": forms.ReceiptForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "apply": services.apply,
        "refuse": services.refuse,
        "return": services.send_back,
        "tell": services.tell,
        "serve": services.serve,
        "conclude": services.conclude,
        "waive": services.waive,
        "unhear": services.unhear,
        "extend": services.extend,
        "retell": services.retell,
        "register": services.register_summary,
        "enforce": services.enforce,
        "close": services.close,
        "withdraw": services.withdraw,
    }

    def facts(self) -> Sequence[Facts]:
        return showing.case_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.case_related(self.object)

    def actions(self) -> Sequence[Action]:
        dossier = self.object.dossier
        if dossier is None or not access.can(self.user, "documents.view"):
            return []
        return [Action("案卷文书", dossier.get_absolute_url(), "folder")]

    def extra(self) -> dict[str, Any]:
        case = self.object
        weighs = case.state in ("clue", "filing", *BEFORE_DECISION)
        return {
            "clocks": timing.clocks(case),
            "options": weighing.options(case, today()) if weighs else [],
            "waiting": self._waiting(),
        }

    def _waiting(self) -> list[tuple[str, str]]:
        """The next main steps that this person could take, and what they still lack."""
        case = self.object
        found = []
        for step in case.workflow.transitions:
            mine = step.primary and case.state in step.sources and step.guard is not None
            if mine and access.scope_of(self.user, step.permission).includes(workflow.owner_of(case)):
                why = step.guard(case, self.user)
                if why:
                    found.append((step.name, why))
        return found

    def step_done(self, step: Any) -> str:
        due = timing.next_due(self.object)
        told = f"，下一个时限“{due.name}”到 {due.due} 届满" if due else ""
        return f"已办理“{step.name}”：“{self.object}”现为“{self.object.state_row.name}”{told}。"
