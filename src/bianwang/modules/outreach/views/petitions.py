"""Pages of petitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from bianwang.modules.outreach import services as calls
from bianwang.modules.outreach.forms import petitions as forms
from bianwang.modules.outreach.models import Petition
from bianwang.modules.outreach.services import petitions as services
from bianwang.modules.outreach.views.calls import IdentityPage
from bianwang.platform import access
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, StepForm, StepService

_PETITIONS = (("信访", reverse_lazy("outreach:petitions")),)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Register(FormPage):
    """A letter or visit has come."""

    title = "登记信访"
    permission = "outreach.petition"
    form_class = forms.PetitionForm
    submit = "登记"
    intro = "登记后即起算书面告知是否受理的时限，受理后起算书面答复的时限，逾期在待办里标红。"
    crumbs = _PETITIONS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Petition:
        return services.register_petition(self.user, form.values(), form.person())


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PetitionPage(ObjectPage):
    """One petition."""

    model = Petition
    permission = "outreach.petition_view"
    select: ClassVar[Sequence[str]] = ("handler", "town", "call", "hazard", "registered_by")
    crumbs = _PETITIONS
    template = "outreach/call.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {
        "transfer": forms.TransferForm,
        "answer": forms.OpinionForm,
        "reviewed": forms.OpinionForm,
        "rechecked": forms.OpinionForm,
        "identity": forms.PetitionerForm,
    }
    step_services: ClassVar[Mapping[str, StepService]] = {
        "accept": services.accept_petition,
        "recall": services.recall_petition,
        "extend": services.extend_petition,
        "close": services.close_petition,
        "settle": services.settle_petition,
    }

    def facts(self) -> Sequence[Facts]:
        row: Petition = self.object
        basics = [
            fact("形式", row.get_form_display()),
            fact("类别", row.category_name),
            fact("收到时间", row.received_at, "datetime"),
            fact("人数", row.people, "number", unit="人"),
            fact("信访事项", row.summary),
            fact("属地", row.town.name if row.town else ""),
            fact("承办单位", row.handler.name),
            fact("信访人", "实名（加密保存）" if calls.is_named(row) else "匿名"),
            fact("登记人", row.registered_by.name),
        ]
        # A link only where the reader will be let in.
        if row.call is not None:
            basics.append(fact("相关来电来件", row.call.number, href=self._link(row.call, "outreach.view")))
        if row.hazard is not None:
            basics.append(fact("相关隐患", row.hazard.number, href=self._link(row.hazard, "hazards.view")))
        handled = [
            fact("受理时间", row.accepted_at, "datetime"),
            fact("办理时限", row.answer_by, "datetime"),
            fact("延长办理", "已批准延长" if row.extended else ""),
            fact("书面答复时间", row.answered_at, "datetime"),
            fact("处理意见", row.opinion),
            fact("复查意见", row.review_opinion),
            fact("复核意见", row.recheck_opinion),
            fact("办结时间", row.closed_at, "datetime"),
        ]
        return [Facts("信访事项", basics), Facts("办理", handled)]

    def actions(self) -> Sequence[Action]:
        if access.can(self.user, "outreach.identity") and calls.is_named(self.object):
            return [Action("查看信访人身份", reverse("outreach:petitioner", args=[self.object.pk]), "lock")]
        return []

    def _link(self, other: Any, permission: str) -> str:
        allowed = access.visible(self.user, type(other), permission).filter(pk=other.pk).exists()
        return str(other.get_absolute_url()) if access.can(self.user, permission) and allowed else ""


class PetitionerPage(IdentityPage):
    """Who wrote or came, like who reported."""

    title = "查看信访人身份"
    model = Petition
    way = _PETITIONS
