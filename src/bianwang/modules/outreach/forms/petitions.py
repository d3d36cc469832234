"""Forms of petitions: registering, and what each step asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.outreach.forms.calls import NO_NAMES, DispatchForm, Reporter, area
from bianwang.modules.outreach.models import Call, Petition
from bianwang.modules.outreach.pack import choices
from bianwang.modules.outreach.services import petitions as services
from bianwang.modules.outreach.services.identity import save_identity
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.places.models import Territory
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import PlainStepForm
from bianwang.platform.workflow.table import Transition

_RECENT = 200


class PetitionForm(Reporter):
    """A letter or visit, as it comes."""

    form = forms.ChoiceField(label="形式", choices=Petition.Form.choices)
    category = forms.ChoiceField(label="类别")
    received_at = forms.DateTimeField(
        label="收到时间", widget=MomentInput(), required=False, help_text="空表示现在，告知时限从此起算"
    )
    people = forms.IntegerField(label="人数", min_value=1, max_value=10_000, initial=1)
    summary = area("信访事项", help_text=NO_NAMES)
    town = forms.ModelChoiceField(
        label="属地", queryset=Territory.objects.none(), required=False, empty_label="不清楚或不在本区"
    )
    call = forms.ModelChoiceField(
        label="相关来电来件", queryset=Call.objects.none(), required=False, empty_label="没有"
    )
    hazard = forms.ModelChoiceField(
        label="相关隐患", queryset=Hazard.objects.none(), required=False, empty_label="没有"
    )

    field_order = (
        "form", "category", "received_at", "people", "summary", "town", "call", "hazard",
        "name", "phone", "id_number", "account",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields.pop("account")  # nobody is paid for a petition
        fields["name"].label = "信访人姓名"
        fields["name"].help_text = "匿名的不填；以下三项加密保存，不进入列表、搜索、导出和打印"
        fields["category"].choices = choices("petition_categories")
        fields["town"].queryset = Territory.objects.filter(kind=Territory.Kind.TOWN)
        fields["call"].queryset = _recent(access.visible(user, Call, "outreach.view"))
        fields["hazard"].queryset = _recent(access.visible(user, Hazard, "hazards.view"))

    def values(self) -> dict[str, Any]:
        """Columns of the petition."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in Reporter.base_fields}
        return {**found, "received_at": found["received_at"] or now()}


def _recent(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The newest, which alone are worth choosing from; a cut query set could not be checked against."""
    newest = list(rows.order_by("-pk").values_list("pk", flat=True)[:_RECENT])
    return rows.filter(pk__in=newest).order_by("-pk")


class TransferForm(DispatchForm):
    """To whom."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.transfer_petition(obj, user, self.cleaned_data["handler"], self.cleaned_data["reason"])


class OpinionForm(PlainStepForm):
    """What is answered: the unit's, the review's or the recheck's opinion."""

    opinion = area("意见", help_text=NO_NAMES)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        carry_out = {
            "answer": services.answer_petition,
            "reviewed": services.review_answered,
            "rechecked": services.recheck_answered,
        }
        carry_out[step.code](obj, user, self.cleaned_data["opinion"])


class PetitionerForm(PlainStepForm, Reporter):
    """Who wrote or came, entered later or anew: what was there is replaced and not shown."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        save_identity(obj, user, self.person())
