"""Forms of the hazards: registering, and what each step asks for."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import Q

from bianwang.modules.hazards import services
from bianwang.modules.hazards.models import Criterion, Hazard
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.files.forms import PhotosField
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


def _area(label: str, limit: int, *, required: bool = False, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


class RegisterForm(forms.Form):
    """A finding, as a person on site enters it on a phone: what, where, how bad, photos."""

    owner = forms.ModelChoiceField(label="责任单位", queryset=Enterprise.objects.none(), empty_label="请选择企业")
    source = forms.ChoiceField(label="来源")
    title = forms.CharField(label="隐患", max_length=120, help_text="一句话写清哪里有什么问题")
    category = forms.ChoiceField(label="类别", choices=Hazard.Category.choices, initial="2")
    grade = forms.ChoiceField(
        label="初判级别",
        choices=(("general", "一般隐患"), ("major", "可能构成重大隐患，上报定级")),
        help_text="企业自查的一般隐患登记后直接进入整改",
    )
    photos = PhotosField(label="隐患照片", required=False)
    place = forms.CharField(label="具体位置", max_length=100, required=False)
    description = _area("详细描述", 1000)
    temporary = forms.CharField(label="临时防范措施", max_length=300, required=False)
    clause = forms.CharField(label="违反条款", max_length=200, required=False)
    suggestion = _area("整改建议", 500)
    found_at = forms.DateTimeField(label="发现时间", widget=MomentInput(), required=False)

    def __init__(self, *args: Any, user: User, fixed: Enterprise | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enterprises = access.visible(user, Enterprise, "hazards.register").filter(is_active=True)
        scope = access.scope_of(user, "hazards.register")
        own = not scope.whole and not scope.territories and enterprises.count() == 1
        field: Any = self.fields["owner"]
        field.queryset = enterprises.filter(pk=fixed.pk) if fixed else enterprises.order_by("pinyin")
        if fixed or own:
            field.initial, field.empty_label = field.queryset.first(), None
        if not own:
            del self.fields["grade"]
        self.fields["source"].choices = _sources(user, own=own)  # type: ignore[attr-defined]
        self.fields["found_at"].initial = now

    def clean_found_at(self) -> datetime:
        """Now, if left empty; never later."""
        found: datetime = self.cleaned_data["found_at"] or now()
        if found > now():
            raise forms.ValidationError("发现时间不能晚于现在。")
        return found

    def values(self) -> dict[str, Any]:
        """Columns of the hazard."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"owner", "photos"}}


class FromAlarmForm(RegisterForm):
    """The same, for a genuine alarm: the source and the enterprise are given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "source"):
            del self.fields[name]


class GradeForm(StepForm):
    """Level, criterion, time limit and 五落实."""

    grade = forms.ChoiceField(label="级别", choices=Hazard.Grade.choices, widget=forms.RadioSelect, initial="general")
    criterion = forms.ModelChoiceField(
        label="重大隐患判定依据", queryset=Criterion.objects.none(), required=False, empty_label="不是重大隐患"
    )
    rectify_on = forms.DateField(label="整改期限", widget=DateInput(), required=False, help_text="空表示法定最长期限")
    responsible = forms.CharField(label="整改责任人", max_length=30, required=False)
    measures = _area("整改措施", 500)
    funds = forms.DecimalField(label="整改资金（元）", max_digits=14, decimal_places=2, min_value=0, required=False)
    plan = forms.CharField(label="应急预案", max_length=300, required=False)
    temporary = forms.CharField(label="临时防范措施", max_length=300, required=False)
    clause = forms.CharField(label="违反条款", max_length=200, required=False)
    suggestion = _area("整改要求", 500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = today()
        valid = Criterion.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=present), valid_from__lte=present)
        self.fields["criterion"].queryset = valid  # type: ignore[attr-defined]

    def prepare(self, obj: Any, user: User) -> None:
        names = set(self.fields) - {"reason", "rectify_on"}
        now_set = {name: getattr(obj, name) for name in names}
        self.initial.update({**now_set, "grade": obj.grade or "general", "rectify_on": obj.rectify_day})

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        found = {name: value for name, value in self.cleaned_data.items() if name not in {"reason", "rectify_on"}}
        day = self.cleaned_data["rectify_on"]
        services.grade(obj, user, {**found, "rectify_by": _end_of_day(day) if day else None})


class RectifyForm(StepForm):
    """What was done, with photos."""

    result = _area("整改结果", 500, required=True, help_text="写明采取了什么措施、何时完成")
    photos = PhotosField(label="整改后照片", required=False, help_text="从发现隐患时的同一位置拍摄")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial["result"] = obj.result

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        rectify = services.self_close if step.code == "self_close" else services.submit
        rectify(obj, user, self.cleaned_data["result"], self.cleaned_data["photos"])


class PassForm(PlainStepForm):
    """The recheck was good."""

    opinion = _area("复查意见", 500, required=True)
    second = forms.ModelChoiceField(
        label="第二复查人",
        queryset=User.objects.none(),
        required=False,
        empty_label="不需要",
        help_text="执法检查发现的隐患须两名持证执法人员复查",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = User.objects.filter(is_active=True).exclude(certificate="").order_by("pinyin")
        self.fields["second"].queryset = officers  # type: ignore[attr-defined]

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.recheck(obj, user, passed=True, opinion=data["opinion"], second=data["second"])


class FailForm(StepForm):
    """The recheck was bad: why, and until when again."""

    again_on = forms.DateField(label="新的整改期限", widget=DateInput(), required=False)
    second = forms.ModelChoiceField(
        label="第二复查人", queryset=User.objects.none(), required=False, empty_label="不需要"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = User.objects.filter(is_active=True).exclude(certificate="").order_by("pinyin")
        self.fields["second"].queryset = officers  # type: ignore[attr-defined]

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        again = _end_of_day(data["again_on"]) if data["again_on"] else None
        services.recheck(obj, user, passed=False, opinion=data["reason"], second=data["second"], again=again)


class ApplyForm(StepForm):
    """A later time limit."""

    wanted_on = forms.DateField(label="申请延至", widget=DateInput())

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        wanted = _end_of_day(self.cleaned_data["wanted_on"])
        services.apply_extension(obj, user, wanted, self.cleaned_data["reason"])


class DecideForm(StepForm):
    """Yes or no."""

    approve = forms.ChoiceField(
        label="审批意见", choices=(("1", "同意延期"), ("0", "不同意延期")), widget=forms.RadioSelect
    )

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        approve, opinion = self.cleaned_data["approve"] == "1", self.cleaned_data["reason"]
        services.decide_extension(obj, user, approve=approve, opinion=opinion)


def _end_of_day(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def _sources(user: User, *, own: bool) -> list[tuple[str, str]]:
    source = Hazard.Source
    if own:
        return [(source.SELF.value, source.SELF.label)]
    rows = [choice for choice in source.choices if choice[0] not in {source.SELF, source.SENSOR, source.VISION}]
    return [choice for choice in rows if choice[0] != source.ENFORCEMENT or user.certificate]
