"""Pages of noted calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse_lazy

from bianwang.modules.duty import forms_calling as forms, services
from bianwang.modules.duty.models import PhoneCall
from bianwang.modules.duty.showing import phone_fact, sees_phones
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Facts, ObjectPage

CALLS = (("电话记录", reverse_lazy("duty:calls")),)


class CallPage(ObjectPage):
    """One call."""

    model = PhoneCall
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("owner", "made_by")
    crumbs = CALLS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "通话",
                [
                    fact("方向", row.get_direction_display()),
                    fact("对方", row.who),
                    phone_fact("电话", row.number, full=sees_phones(self.user, row.owner_id)),
                    fact("通话时间", row.happened_at, "datetime"),
                    fact("内容", row.text),
                    fact("结果", row.result),
                    fact("关联事项", "查看" if row.source else "", href=row.source),
                    fact("记录单位", row.owner.name),
                    fact("记录人", row.made_by.name),
                    fact("记录时间", row.made_at, "datetime"),
                ],
            )
        ]


class CallNew(FormPage):
    """Note a call."""

    title = "记一次通话"
    permission = "duty.keep"
    form_class = forms.CallForm
    intro = "记下后不能改；记错了再记一条并写明更正。"
    crumbs = CALLS

    def initial(self) -> dict[str, Any]:
        return {"source": self.request.GET.get("source", "")[:200]}

    def save(self, form: Any) -> PhoneCall:
        data = form.cleaned_data
        return services.note_call(
            self.user,
            data["direction"],
            data["who"],
            data["number"],
            data["happened_at"],
            data["text"],
            data["result"],
            source=data["source"],
        )
