"""Pages of broadcasts and receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse_lazy

from bianwang.modules.outreach.forms import broadcasts as forms
from bianwang.modules.outreach.models import Broadcast, Receipt
from bianwang.modules.outreach.services import broadcasts as services
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact, state_column
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService

_BROADCASTS = (("村村通广播", reverse_lazy("outreach:broadcasts")),)


class New(FormPage):
    """Draft a broadcast."""

    title = "拟广播稿"
    permission = "outreach.broadcast"
    form_class = forms.BroadcastForm
    submit = "提交审批"
    intro = "由科室负责人或局领导批准，拟稿人不能批准自己的稿。批准后到播出时间发到各镇街，镇街播完回执。"
    crumbs = _BROADCASTS

    def save(self, form: Any) -> Broadcast:
        return services.draft_broadcast(self.user, form.cleaned_data)


class BroadcastPage(ObjectPage):
    """One broadcast, with what became of it in each town."""

    model = Broadcast
    permission = "outreach.broadcast_view"
    select: ClassVar[Sequence[str]] = ("owner", "drafted_by", "decided_by")
    crumbs = _BROADCASTS
    step_services: ClassVar[Mapping[str, StepService]] = {
        "approve": services.approve_broadcast,
        "refuse": services.refuse_broadcast,
        "cancel": services.cancel_broadcast,
    }

    def facts(self) -> Sequence[Facts]:
        row: Broadcast = self.object
        rows = [
            fact("广播内容", row.text),
            fact("播出时间", row.play_at, "datetime"),
            fact("播出遍数", row.times, "number", unit="遍"),
            fact("播出镇街", "、".join(row.towns.order_by("code").values_list("name", flat=True))),
            fact("拟稿人", row.drafted_by.name),
            fact("审批人", row.decided_by.name if row.decided_by else ""),
            fact("审批时间", row.decided_at, "datetime"),
        ]
        return [Facts("广播", rows)]

    def related(self) -> Sequence[Related]:
        receipts = access.visible(self.user, Receipt, "outreach.receipt_view").filter(broadcast=self.object)
        rows = receipts.select_related("town", "broadcast").order_by("town__code")
        return [Related("镇街回执", _RECEIPT, rows, empty="批准后列出各镇街的回执。")]

    def actions(self) -> Sequence[Action]:
        if self.object.state == "approved" and access.can(self.user, "messages.view"):
            return [Action("查看发出的消息", list_url("messages:list", q=f"broadcast:{self.object.pk}:"), "send")]
        return []


_RECEIPT = (
    Column("town", "镇街", "town.name", kind="link"),
    state_column(),
    Column("played_at", "实际播出时间", kind="datetime"),
    Column("speakers", "喇叭", kind="number", unit="只"),
)


class ReceiptPage(ObjectPage):
    """What became of a broadcast in one town."""

    model = Receipt
    permission = "outreach.receipt_view"
    select: ClassVar[Sequence[str]] = ("broadcast", "town", "office")
    crumbs = (("广播回执", reverse_lazy("outreach:receipts")),)
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"played": forms.PlayedForm}

    def facts(self) -> Sequence[Facts]:
        row: Receipt = self.object
        rows = [
            fact("广播", row.broadcast.title),
            fact("广播内容", row.broadcast.text),
            fact("播出时间", row.broadcast.play_at, "datetime"),
            fact("播出遍数", row.broadcast.times, "number", unit="遍"),
            fact("镇街", row.town.name),
            fact("回执单位", row.office.name),
            fact("实际播出时间", row.played_at, "datetime"),
            fact("播出喇叭数", row.speakers, "number", unit="只"),
        ]
        return [Facts("回执", rows)]
