"""Forms of licensing: applying, and what each step asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from bianwang.modules.licensing import services
from bianwang.modules.licensing.models import Licence
from bianwang.modules.licensing.pack import ACTIONS, STOPS, kinds_on
from bianwang.modules.licensing.validity import end_of_validity
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.files.forms import FilesField
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.forms import DateInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition

_OPEN = ("valid", "expired")


class ApplyForm(forms.Form):
    """A new application."""

    owner = forms.ModelChoiceField(label="申请单位", queryset=Enterprise.objects.none(), empty_label="请选择")
    kind = forms.ChoiceField(label="许可事项", help_text="时限、有效期和所需材料见“办事指南”")
    action = forms.ChoiceField(label="申请类型")
    licence = forms.ModelChoiceField(
        label="证照",
        queryset=Licence.objects.none(),
        required=False,
        empty_label="首次申请不选",
        help_text="延期、变更、补发、注销时选择",
    )
    scope = forms.CharField(
        label="申请范围",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="品种、方式、地点等；首次申请和变更必填",
    )
    submitted_on = forms.DateField(
        label="收到材料日期", widget=DateInput(), required=False, help_text="空表示今天，受理期限从此起算"
    )
    papers = FilesField(label="申请材料", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        owners = access.visible(user, Enterprise, "licensing.apply").filter(is_active=True)
        fields["owner"].queryset = owners.order_by("pinyin")
        fields["kind"].choices = [("", "请选择"), *((row.code, row.name) for row in kinds_on(today()))]
        is_staff = access.can(user, "licensing.accept")
        fields["action"].choices = [pair for pair in ACTIONS if is_staff or pair[0] != "withdraw"]
        licences = access.visible(user, Licence, "licensing.apply").filter(state__in=_OPEN)
        fields["licence"].queryset = licences.select_related("owner").order_by("kind", "number")
        fields["licence"].label_from_instance = lambda row: f"{row}（{row.owner.name}）"
        if not is_staff:
            del self.fields["submitted_on"]
        if owners.count() == 1:
            self.initial.setdefault("owner", owners.get())

    def values(self) -> dict[str, Any]:
        """Columns of the application."""
        found = {name: self.cleaned_data[name] for name in ("kind", "action", "licence", "scope")}
        return {**found, "submitted_on": self.cleaned_data.get("submitted_on") or today()}


class CorrectionForm(StepForm):
    """Everything that is missing, at once."""

    missing = forms.MultipleChoiceField(label="缺少的材料", required=False, widget=forms.CheckboxSelectMultiple)
    field_order = ("missing", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        missing: Any = self.fields["missing"]
        missing.choices = [(name, name) for name in obj.rules.materials]
        self.fields["reason"].help_text = "一次写全需要补正的全部内容，之后不能再次告知"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.ask_correction(obj, user, self.cleaned_data["missing"], self.cleaned_data["reason"])


class ResubmitForm(PlainStepForm):
    """The missing papers."""

    papers = FilesField(label="补正材料", required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.resubmit(obj, user, self.cleaned_data["papers"] or ())


class VisitForm(PlainStepForm):
    """A look on site."""

    on = forms.DateField(label="核查日期", widget=DateInput())
    officers = forms.ModelMultipleChoiceField(
        label="核查人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, help_text="两人以上"
    )
    findings = forms.CharField(label="核查情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    passed = forms.ChoiceField(
        label="核查结论", choices=[("1", "符合条件"), ("0", "不符合条件")], widget=forms.RadioSelect
    )
    papers = FilesField(label="照片与记录", required=False)

    def prepare(self, obj: Any, user: User) -> None:
        officers: Any = self.fields["officers"]
        officers.queryset = access.users_with("licensing.review", obj.owner_id).distinct()
        self.initial.setdefault("on", today())

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.visit(
            obj,
            user,
            on=data["on"],
            officers=data["officers"],
            findings=data["findings"],
            passed=data["passed"] == "1",
            papers=data["papers"] or (),
        )


class StopForm(StepForm):
    """Why the time does not count."""

    kind = forms.ChoiceField(label="原因")
    field_order = ("kind", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        kind: Any = self.fields["kind"]
        kind.choices = [pair for pair in STOPS if pair[0] in obj.rules.stops]
        self.fields["reason"].help_text = "所需时间须书面告知申请人；今天仍计入期限，从明天起不计"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.stop(obj, user, self.cleaned_data["kind"], self.cleaned_data["reason"])


class DecideForm(StepForm):
    """Granted or refused; with the number and the validity of what is granted."""

    granted = forms.ChoiceField(
        label="决定", choices=[("1", "准予许可（备案、同意）"), ("0", "不予许可")], widget=forms.RadioSelect
    )
    number = forms.CharField(label="证书编号", max_length=60, required=False, help_text="准予首次申请时填写")
    valid_from = forms.DateField(label="有效期起", widget=DateInput(), required=False)
    valid_to = forms.DateField(label="有效期止", widget=DateInput(), required=False)
    field_order = ("granted", "number", "valid_from", "valid_to", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        rules = obj.rules
        self.fields["reason"].help_text = "不予许可须说明理由"
        if obj.action != "new":
            del self.fields["number"]
        if obj.action not in {"new", "renew"} or not rules.validity_years:
            del self.fields["valid_from"], self.fields["valid_to"]
            return
        first = today()
        if obj.action == "renew" and obj.licence.valid_to:
            first = max(first, obj.licence.valid_to + timedelta(days=1))
        self.initial.setdefault("valid_from", first)
        self.initial.setdefault("valid_to", end_of_validity(first, rules.validity_years))
        self.fields["valid_to"].help_text = f"最长 {rules.validity_years} 年"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = dict(self.cleaned_data)
        granted, reason = data.pop("granted") == "1", data.pop("reason")
        services.decide(obj, user, granted=granted, reason=reason, paper=data)


class DeliverForm(PlainStepForm):
    """How and when the decision reached the applicant."""

    on = forms.DateField(label="送达日期", widget=DateInput())
    how = forms.CharField(label="送达方式", max_length=60, help_text="直接送达、邮寄（单号）、电子送达等")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.setdefault("on", today())

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.deliver(obj, user, self.cleaned_data["on"], self.cleaned_data["how"])
