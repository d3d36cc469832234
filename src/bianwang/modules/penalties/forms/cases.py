"""Forms of entering a case, of its people, its evidence and its measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.penalties import services
from bianwang.modules.penalties.forms.fields import area, certified, choices, day_field, newest
from bianwang.modules.penalties.models import Case, CaseOfficer, Evidence, Measure, Source, Suspension, Transfer
from bianwang.modules.penalties.pack import circumstance_choices, conduct_choices, pack
from bianwang.modules.sensing.models import Camera, Device
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import FilesField
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


class _ConductFields(forms.Form):
    """What was done, and what makes it lighter or heavier."""

    conduct = forms.ChoiceField(label="案由")
    conduct_from = forms.DateField(label="违法行为开始日期", widget=DateInput())
    conduct_to = forms.DateField(
        label="违法行为终了日期",
        widget=DateInput(),
        required=False,
        help_text="仍在继续的不填；追责时效和适用的法律以此为准",
    )
    facts = area("案情", most=4000, rows=5)
    degree = forms.DecimalField(
        label="违法程度", min_value=0, max_digits=9, decimal_places=2, initial=0,
    )  # fmt: skip
    overdue = forms.BooleanField(label="责令改正后逾期未改正", required=False)
    life_harm = forms.BooleanField(
        label="涉及公民生命健康安全且有危害后果", required=False, help_text="追责时效为五年（2021年7月15日以后的行为）"
    )
    circumstances = forms.MultipleChoiceField(
        label="裁量情节", widget=forms.CheckboxSelectMultiple, required=False, help_text="没有的不选"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["conduct"].choices = [("", "请选择"), *conduct_choices()]
        fields["degree"].help_text = "；".join(f"{row.name}：{row.measure.name}" for row in pack().conducts)
        fields["circumstances"].choices = circumstance_choices()

    def clean_circumstances(self) -> str:
        """As the case keeps them."""
        return ",".join(self.cleaned_data["circumstances"])


class EnterForm(_ConductFields):
    """A new clue."""

    enterprise = forms.ModelChoiceField(label="涉案单位", queryset=Party.objects.none(), empty_label="请选择")
    respondent_kind = forms.ChoiceField(
        label="当事人", choices=Case.Respondent.choices, widget=forms.RadioSelect, initial=Case.Respondent.UNIT
    )
    respondent = forms.CharField(label="当事人姓名", max_length=40, required=False, help_text="处罚个人时填写")
    origin = forms.ChoiceField(label="案件来源", choices=Case.Origin.choices)
    found_on = day_field("发现日期", help_text="立案时限从此起算")
    hazard = forms.ModelChoiceField(
        label="来源隐患", queryset=Hazard.objects.none(), required=False, empty_label="没有"
    )
    visit = forms.ModelChoiceField(label="来源检查", queryset=Visit.objects.none(), required=False, empty_label="没有")
    colleagues = forms.ModelMultipleChoiceField(
        label="其他办案人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="登记人为主办；执法人员不得少于两人",
    )  # fmt: skip

    field_order = (
        "enterprise", "respondent_kind", "respondent", "origin", "found_on", "conduct", "conduct_from", "conduct_to",
        "facts", "degree", "overdue", "life_harm", "circumstances", "hazard", "visit", "colleagues",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, enterprise: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = access.visible(user, Enterprise, "penalties.handle").filter(is_active=True)
        choices(self, "enterprise", Party.objects.filter(pk__in=known.values("pk")).order_by("pinyin"))
        choices(self, "colleagues", certified().exclude(pk=user.pk))
        hazards = access.visible(user, Hazard, "hazards.view")
        visits = access.visible(user, Visit, "enforcement.view").select_related("enterprise", "unit")
        about = str(self.data.get("enterprise", "") if self.is_bound else enterprise or "")
        if about.isdecimal():
            hazards, visits = hazards.filter(owner=int(about)), visits.filter(enterprise=int(about))
        choices(self, "hazard", newest(hazards.order_by("-pk")))
        choices(self, "visit", newest(visits.order_by("-date", "-pk")))

    def values(self) -> dict[str, Any]:
        """Columns of the case."""
        return {name: value for name, value in self.cleaned_data.items() if name != "colleagues"}


class ChangeForm(PlainStepForm, _ConductFields):
    """Putting the conduct right."""

    def prepare(self, obj: Any, user: User) -> None:
        names = set(_ConductFields.base_fields)
        self.initial.update({name: getattr(obj, name) for name in names})
        self.initial["circumstances"] = list(filter(None, obj.circumstances.split(",")))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.change(obj, user, {name: self.cleaned_data[name] for name in _ConductFields.base_fields})


class OfficerForm(PlainStepForm):
    """One more officer."""

    person = forms.ModelChoiceField(label="办案人员", queryset=User.objects.none(), empty_label="请选择")

    def prepare(self, obj: Any, user: User) -> None:
        choices(self, "person", certified().exclude(pk__in=obj.officers.values("user")))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.add_officer(obj, user, self.cleaned_data["person"])


class RecuseForm(StepForm):
    """Who steps aside."""

    officer = forms.ModelChoiceField(label="回避的办案人员", queryset=CaseOfficer.objects.none(), empty_label="请选择")
    field_order = ("officer", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        choices(self, "officer", obj.officers.filter(recused_on__isnull=True).select_related("user"))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.recuse(obj, user, self.cleaned_data["officer"], self.cleaned_data["reason"])


class EvidenceForm(PlainStepForm):
    """A piece of evidence."""

    title = forms.CharField(label="证据名称", max_length=120)
    kind = forms.ChoiceField(label="种类", choices=Evidence.Kind.choices)
    origin = forms.ChoiceField(label="来源", choices=Evidence.Origin.choices)
    proves = area("证明内容", most=500)
    taken_at = forms.DateTimeField(label="取得或记录时间", widget=MomentInput())
    source = forms.ModelChoiceField(
        label="取证设备", queryset=Source.objects.none(), required=False, empty_label="不是设备记录",
        help_text="只有通过法制审核、技术审核并公布设置地点的设备，其记录才能作为证据（行政处罚法第四十一条）",
    )  # fmt: skip
    alarm = forms.ModelChoiceField(label="关联告警", queryset=Alarm.objects.none(), required=False, empty_label="没有")
    digest = forms.RegexField(
        r"^[0-9a-fA-F]{64}$", label="原始文件SM3校验值", required=False,
        help_text="执法记录仪文件不在平台保存时填写，64位",
        error_messages={"invalid": "SM3校验值应为64位十六进制数。"},
    )  # fmt: skip
    uploads = FilesField(label="文件", required=False)

    def prepare(self, obj: Any, user: User) -> None:
        sources = access.visible(user, Source, "penalties.view").filter(owner=obj.enterprise_id)
        alarms = access.visible(user, Alarm, "alarms.view").filter(owner=obj.enterprise_id)
        choices(self, "source", sources.select_related("owner"))
        choices(self, "alarm", newest(alarms.order_by("-started_ms")))

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"reason", "uploads"}}
        services.add_evidence(obj, user, data, self.cleaned_data["uploads"])


class ShowForm(PlainStepForm):
    """To whom it was shown."""

    shown_to = area("向谁出示、对方的意见", most=300)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.show(obj, user, self.cleaned_data["shown_to"])


class MeasureForm(PlainStepForm):
    """What is to be sealed, seized or preserved."""

    kind = forms.ChoiceField(label="措施", choices=Measure.Kind.choices)
    items = area("场所、设施或者财物", help_text="名称、规格、数量")
    place = forms.CharField(label="地点", max_length=120)
    emergency = forms.BooleanField(
        label="情况紧急，已经先行实施", required=False, help_text="须在二十四小时内补办批准手续"
    )
    started_on = day_field("实施日期", required=False, help_text="已经先行实施的填写")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        names = ("kind", "items", "place", "emergency", "started_on")
        services.ask_measure(obj, user, {name: self.cleaned_data[name] for name in names})


class OutcomeForm(StepForm):
    """What becomes of the things."""

    outcome = forms.ChoiceField(label="处理决定", choices=Measure.Outcome.choices, widget=forms.RadioSelect)
    field_order = ("outcome", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.decide_measure(obj, user, self.cleaned_data["outcome"], self.cleaned_data["reason"])


class SuspendForm(PlainStepForm):
    """Days that do not count."""

    kind = forms.ChoiceField(label="事项", choices=Suspension.Kind.choices)
    first = day_field("开始日期")
    last = forms.DateField(label="结束日期", widget=DateInput(), required=False, help_text="还没有结束的不填")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.suspend(obj, user, *(self.cleaned_data[name] for name in ("kind", "first", "last")))


class ResumeForm(PlainStepForm):
    """The last such day."""

    day = day_field("结束日期")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.resume(obj, user, self.cleaned_data["day"])


class TransferForm(StepForm):
    """To whom the case goes."""

    to_kind = forms.ChoiceField(label="移送类别", choices=Transfer.To.choices)
    to = forms.CharField(label="接收机关", max_length=80)
    field_order = ("to_kind", "to", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.transfer(obj, user, to_kind=data["to_kind"], to=data["to"], reason=data["reason"])


class ReceiptForm(PlainStepForm):
    """What they answered."""

    day = day_field("回执日期")
    receipt = forms.CharField(label="回执文号或者受理结果", max_length=120)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.enter_receipt(obj, user, self.cleaned_data["day"], self.cleaned_data["receipt"])


class SourceForm(forms.Form):
    """A device whose records may become evidence."""

    device = forms.ModelChoiceField(
        label="监测设备", queryset=Device.objects.none(), required=False, empty_label="不是监测设备"
    )
    camera = forms.ModelChoiceField(
        label="摄像机", queryset=Camera.objects.none(), required=False, empty_label="不是摄像机"
    )
    place = forms.CharField(label="设置地点", max_length=120, help_text="向社会公布的地点，写到车间或者点位")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        devices = access.visible(user, Device, "penalties.technical").filter(is_enabled=True)
        cameras = access.visible(user, Camera, "penalties.technical").filter(is_enabled=True)
        choices(self, "device", devices.order_by("name", "pk"))
        choices(self, "camera", cameras.order_by("name", "pk"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("device")) == bool(data.get("camera")):
            raise ValidationError("请选择一台监测设备或者一台摄像机。")
        return data

    def values(self) -> dict[str, Any]:
        """Columns of the source."""
        unit = self.cleaned_data["device"] or self.cleaned_data["camera"]
        return {**self.cleaned_data, "owner": unit.owner, "name": unit.name}


class PlaceForm(PlainStepForm):
    """Where it was made known."""

    published_at = forms.CharField(label="公布处", max_length=200, help_text="例如门户网站栏目或者网址")
    day = day_field("公布日期")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.publish_source(obj, user, self.cleaned_data["published_at"], self.cleaned_data["day"])
