"""Forms of the hotline: registering, and what each step asks for."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.outreach import services
from bianwang.modules.outreach.models import Call
from bianwang.modules.outreach.pack import GRADES, band_choices
from bianwang.modules.outreach.services import Person
from bianwang.modules.outreach.services.calls import HANDLERS
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition

NO_NAMES = "不要写举报人的姓名、电话等信息"
_OFF = {"autocomplete": "off"}


def area(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=2000, required=required, widget=widget, help_text=help_text)


def _secret(label: str, limit: int, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={**_OFF, **attrs})
    return forms.CharField(label=label, max_length=limit, required=False, widget=widget)


class Reporter(forms.Form):
    """Who reported."""

    name = _secret("举报人姓名", 30)
    phone = _secret("联系电话", 20, inputmode="tel")
    id_number = _secret("身份证号码", 18)
    account = _secret("银行账号", 30, inputmode="numeric")

    def person(self) -> Person:
        """What was filled in."""
        return Person(**{name: self.cleaned_data[name].strip() for name in Reporter.base_fields if name in self.fields})


class _Described(forms.Form):
    """What a call was about; the same fields when it is registered and when that is put right."""

    category = forms.ChoiceField(label="类别", choices=Call.Category.choices)
    channel = forms.ChoiceField(label="受理渠道", choices=Call.Channel.choices)
    summary = area("反映内容", help_text=NO_NAMES)
    unit = forms.ModelChoiceField(
        label="被举报单位", queryset=Party.objects.none(), required=False, empty_label="没有或不在名录中"
    )
    town = forms.ModelChoiceField(
        label="属地", queryset=Territory.objects.none(), required=False, empty_label="同被举报单位所在镇街"
    )
    place = forms.CharField(label="具体地点", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = Party.objects.filter(
            pk__in=Enterprise.objects.filter(is_active=True).values("pk")
        ).order_by("pinyin")
        fields["town"].queryset = Territory.objects.filter(kind=Territory.Kind.TOWN)


class RegisterForm(_Described, Reporter):
    """A new call, as it is taken."""

    received_at = forms.DateTimeField(
        label="受理时间", widget=MomentInput(), required=False, help_text="空表示现在，核查时限从此起算"
    )
    reply = area("当场答复", required=False, help_text="咨询、投诉等当场答复的，填写后直接办结；举报须核查后答复")
    is_exercise = forms.BooleanField(label="这是演练", required=False, help_text="演练不计入任何统计")

    field_order = (
        "category", "channel", "received_at", "summary", "unit", "town", "place", "reply",
        "name", "phone", "id_number", "account", "is_exercise",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "匿名的不填；以下四项加密保存，不进入列表、搜索、导出和打印"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("reply") and data.get("category") == Call.Category.REPORT:
            self.add_error("reply", "举报须交办核查后答复，登记时不填。")
        return data

    def values(self) -> dict[str, Any]:
        """Columns of the call."""
        apart = {*Reporter.base_fields, "reply"}
        found = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return {**found, "received_at": found["received_at"] or now()}


class CorrectForm(StepForm, _Described):
    """Putting right what was entered."""

    field_order = ("category", "channel", "summary", "unit", "town", "place", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.update({name: getattr(obj, name) for name in self.fields if name != "reason"})

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = dict(self.cleaned_data)
        services.correct(obj, user, data, data.pop("reason"))


class IdentityForm(PlainStepForm, Reporter):
    """Who reported, entered later or anew: what was there is replaced and not shown."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.save_identity(obj, user, self.person())


class DispatchForm(StepForm):
    """To whom."""

    handler = forms.ModelChoiceField(label="承办单位", queryset=Organisation.objects.none(), empty_label="请选择")
    field_order = ("handler", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handler: Any = self.fields["handler"]
        handler.queryset = Organisation.objects.filter(level__in=HANDLERS, is_active=True).order_by("level", "pinyin")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.dispatch(obj, user, self.cleaned_data["handler"], self.cleaned_data["reason"])


class VerifyForm(PlainStepForm):
    """What was found."""

    outcome = forms.ChoiceField(label="核查结论", choices=Call.Outcome.choices, widget=forms.RadioSelect)
    result = area("核查情况", help_text=NO_NAMES)
    is_filed = forms.BooleanField(label="已立案", required=False)
    case_number = forms.CharField(label="立案文号", max_length=60, required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        names = ("outcome", "result", "is_filed", "case_number")
        services.verify(obj, user, **{name: self.cleaned_data[name] for name in names})


class CaseForm(PlainStepForm):
    """A case that was filed later."""

    case_number = forms.CharField(label="立案文号", max_length=60)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.file_case(obj, user, self.cleaned_data["case_number"])


class ReplyForm(PlainStepForm):
    """The answer."""

    reply = area("答复内容", help_text=f"{NO_NAMES}；匿名举报无法答复的，写明原因")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        answer = services.finish if step.code == "finish" else services.reply
        answer(obj, user, self.cleaned_data["reply"])


class DuplicateForm(PlainStepForm):
    """Which report came first."""

    first = forms.ModelChoiceField(label="最先的举报", queryset=Call.objects.none(), empty_label="请选择")

    def prepare(self, obj: Any, user: User) -> None:
        first: Any = self.fields["first"]
        first.queryset = reports_before(user, obj)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.mark_duplicate(obj, user, self.cleaned_data["first"])


class RewardForm(PlainStepForm):
    """What the amount follows from."""

    band = forms.ChoiceField(label="奖励类别")
    fine = forms.DecimalField(
        label="行政处罚金额（元）", min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text="重大隐患或违法行为填写；没有罚款的填 0",
    )  # fmt: skip
    grade = forms.ChoiceField(
        label="事故等级", choices=[("", "请选择"), *GRADES], required=False, help_text="瞒报谎报事故填写，按最终认定"
    )
    people = forms.IntegerField(
        label="瞒报谎报人数", min_value=0, max_value=1000, required=False, help_text="瞒报谎报事故填写，按查实人数"
    )
    proposed = forms.DecimalField(
        label="核定金额（元）", min_value=0, max_digits=10, decimal_places=2, required=False,
        help_text="一般事故隐患填写，在标准幅度内",
    )  # fmt: skip
    joint = forms.IntegerField(
        label="联名举报人数", min_value=1, max_value=100, initial=1, help_text="联名举报算一份，由第一署名人领取"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        band: Any = self.fields["band"]
        band.choices = band_choices()

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.apply_reward(obj, user, {name: value for name, value in self.cleaned_data.items() if name != "reason"})


class PayForm(PlainStepForm):
    """Paid."""

    receipt = forms.CharField(label="领取凭证号", max_length=60, help_text="不要写领取人的姓名")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.pay_reward(obj, user, self.cleaned_data["receipt"])


class ReadForm(forms.Form):
    """Why somebody wants to know who reported."""

    reason = forms.CharField(
        label="查看理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="理由和查看人记入台账"
    )


def reports_before(user: User, call: Call) -> Any:
    """Reports that may be the first of the same matter."""
    rows = access.visible(user, Call, "outreach.view").filter(category="report", received_at__lte=call.received_at)
    return rows.filter(duplicate_of__isnull=True).exclude(pk=call.pk).exclude(state="revoked").order_by("-received_at")
