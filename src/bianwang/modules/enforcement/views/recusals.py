"""Pages of 回避."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from bianwang.modules.enforcement import forms, services
from bianwang.modules.enforcement.lists import RECUSALS
from bianwang.modules.enforcement.models import Recusal
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage


class New(FormPage):
    """Declare a conflict."""

    title = "登记回避"
    permission = "enforcement.plan"
    form_class = forms.RecusalForm
    submit = "登记"
    intro = "登记后，双随机抽取不再派此人去这家企业；公开的抽取范围列出企业和人员，不写理由。已抽出的结果不变。"
    crumbs = RECUSALS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> str:
        data = form.cleaned_data
        services.recuse(self.user, data["officer"], data["enterprise"], data["reason"])
        return reverse("enforcement:recusals")

    def done(self, result: str) -> str:
        return "已登记回避。"


class Withdraw(FormPage):
    """The conflict is over."""

    title = "撤回回避"
    permission = "enforcement.plan"
    form_class = forms.WithdrawForm
    submit = "撤回"
    crumbs = RECUSALS

    def get_object(self) -> Any:
        related = ("officer", "enterprise")
        return access.get(self.user, Recusal, self.kwargs["pk"], self.permission, related=related)

    def get_title(self) -> str:
        return f"撤回：{self.object}"

    def save(self, form: Any) -> str:
        services.withdraw_recusal(self.object, self.user, form.cleaned_data["reason"])
        return reverse("enforcement:recusals")

    def done(self, result: str) -> str:
        return f"已撤回“{self.object}”。"
