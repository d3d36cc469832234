"""Forms of the accidents: registering, and what each step asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.accidents import services
from bianwang.modules.accidents.models import Accident, Casualty, Gdp, Member, Report, Sanction
from bianwang.modules.accidents.pack import kind_choices, pack
from bianwang.modules.accidents.workflow import FOUR
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.forms import FilesField
from bianwang.platform.places.models import Enterprise, Territory
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition

_CHOOSE = [("", "请选择")]


def _area(label: str, limit: int, *, required: bool = False, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


def _moment(label: str, *, required: bool = True, help_text: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=MomentInput(), required=required, help_text=help_text)


def _count(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100_000, initial=0, help_text=help_text)


def _loss() -> forms.DecimalField:
    return forms.DecimalField(label="直接经济损失（万元）", min_value=0, max_digits=12, decimal_places=2, initial=0)


class _Described(forms.Form):
    """What an accident was; the same fields when it is registered and when that is put right."""

    kind = forms.ChoiceField(label="事故类别", help_text="按 GB 6441《企业职工伤亡事故分类》")
    source = forms.ChoiceField(label="信息来源", choices=Accident.Source.choices)
    town = forms.ModelChoiceField(
        label="发生地",
        queryset=Territory.objects.none(),
        required=False,
        empty_label="同事故单位所在镇街",
    )
    place = forms.CharField(label="具体地点", max_length=100, required=False)
    description = _area("简要经过", 2000)
    is_traffic = forms.BooleanField(label="道路交通事故", required=False, help_text="补报期限为七日")
    is_work_safety = forms.BooleanField(
        label="生产安全事故", required=False, initial=True, help_text="不勾选则不计入统计，不组织事故调查"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = [*_CHOOSE, *kind_choices()]
        fields["town"].queryset = Territory.objects.filter(kind=Territory.Kind.TOWN)


class RegisterForm(_Described):
    """A new accident, as it is told on the telephone."""

    owner = forms.ModelChoiceField(label="事故单位", queryset=Enterprise.objects.none(), empty_label="请选择企业")
    occurred_at = _moment("发生时间")
    known_at = _moment("单位负责人接报时间", required=False, help_text="空表示与发生时间相同，一小时报告时限从此起算")
    received_at = _moment("区局接报时间", required=False, help_text="空表示现在，逐级上报时限从此起算")
    deaths = _count("死亡（人）")
    injuries = _count("重伤（人）", "含急性工业中毒")
    loss = _loss()
    title = forms.CharField(label="事故名称", max_length=120, required=False, help_text="空则按单位、日期、类别拟定")
    papers = FilesField(label="现场照片与材料", required=False)
    is_exercise = forms.BooleanField(label="这是演练", required=False, help_text="演练不计入任何统计")

    field_order = (
        "owner", "occurred_at", "received_at", "known_at", "source", "kind", "deaths", "injuries", "loss",
        "town", "place", "description", "title", "is_work_safety", "is_traffic", "papers", "is_exercise",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = access.visible(user, Enterprise, "accidents.register").filter(is_active=True)
        field: Any = self.fields["owner"]
        field.queryset = rows.order_by("pinyin")

    def values(self) -> dict[str, Any]:
        """Columns of the accident."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in {"owner", "papers"}}
        return {**found, "received_at": found["received_at"] or now()}


class CorrectForm(StepForm, _Described):
    """Putting right what was entered."""

    title = forms.CharField(label="事故名称", max_length=120)
    field_order = ("title", "kind", "source", "town", "place", "description", "is_work_safety", "is_traffic", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.update({name: getattr(obj, name) for name in self.fields if name != "reason"})

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = dict(self.cleaned_data)
        services.correct(obj, user, data, data.pop("reason"))


class ChangeForm(StepForm):
    """Other figures than told before."""

    deaths = _count("死亡（人）")
    injuries = _count("重伤（人）", "含急性工业中毒")
    loss = _loss()
    changed_at = _moment("变化时间", help_text="三十日内（火灾、道路交通七日内）的伤亡变化计入本起事故")
    field_order = ("deaths", "injuries", "loss", "changed_at", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.update({name: getattr(obj, name) for name in ("deaths", "injuries", "loss")})

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = dict(self.cleaned_data)
        changed_at, reason = data.pop("changed_at"), data.pop("reason")
        services.change_figures(obj, user, data, changed_at=changed_at, reason=reason)


class CasualtyForm(PlainStepForm):
    """One person."""

    name = forms.CharField(label="姓名", max_length=30, help_text="列表、导出和经过中只显示姓")
    outcome = forms.ChoiceField(label="伤亡情况", choices=Casualty.Outcome.choices)
    post = forms.CharField(label="岗位或身份", max_length=60, required=False)
    note = forms.CharField(label="备注", max_length=200, required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.add_casualty(obj, user, self.values())


class ReportForm(PlainStepForm):
    """A report that was made."""

    owed = forms.ModelChoiceField(
        label="哪一份报告", queryset=Report.objects.none(), required=False, empty_label="另行报送的续报、终报"
    )
    kind = forms.ChoiceField(label="报告类别", choices=Report.Kind.choices, initial="following")
    sender = forms.CharField(label="报告单位", max_length=60, required=False)
    receiver = forms.CharField(label="接收单位", max_length=60, required=False)
    at = _moment("报告时间")
    text = _area("报告内容", 4000, required=True)

    def prepare(self, obj: Any, user: User) -> None:
        owed: Any = self.fields["owed"]
        owed.queryset = access.visible(user, Report).filter(accident=obj, at__isnull=True)
        first = owed.queryset.order_by("due_at").first()
        self.initial = {"owed": first, "sender": pack().bureau, "at": now(), **self.initial}
        for name in ("kind", "sender", "receiver"):
            self.fields[name].help_text = "另行报送时填写"

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        free = {} if data["owed"] else {name: data[name] for name in ("kind", "sender", "receiver")}
        services.send(obj, user, at=data["at"], text=data["text"], owed=data["owed"], **free)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("owed"):
            for name in ("sender", "receiver"):
                if not data.get(name):
                    self.add_error(name, "另行报送时须写明报告单位和接收单位。")
        return data


class InvestigateForm(PlainStepForm):
    """The team."""

    leader = forms.CharField(label="组长", max_length=30)
    leader_unit = forms.CharField(label="组长单位", max_length=60)
    members = _area("成员", 2000, required=True, help_text="一行一人：姓名 单位，中间空一格；专家在行末加“专家”")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        leader = {"role": "leader", "name": data["leader"], "unit": data["leader_unit"]}
        services.investigate(obj, user, [leader, *data["members"]])

    def clean_members(self) -> list[dict[str, str]]:
        """One line is one person."""
        rows = []
        for number, line in enumerate(self.cleaned_data["members"].splitlines(), 1):
            words = line.split()
            if not words:
                continue
            if len(words) not in {2, 3} or (len(words) == 3 and words[2] != "专家"):
                raise ValidationError(f"第 {number} 行“{line[:20]}”请写成“姓名 单位”或“姓名 单位 专家”。")
            rows.append({"role": "expert" if len(words) == 3 else "member", "name": words[0], "unit": words[1]})
        return rows


class MemberForm(PlainStepForm):
    """One more in the team."""

    role = forms.ChoiceField(label="职务", choices=Member.Role.choices[1:])
    name = forms.CharField(label="姓名", max_length=30)
    unit = forms.CharField(label="单位", max_length=60)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.add_member(obj, user, self.values())


class ApplyForm(StepForm):
    """More days."""

    days = forms.IntegerField(label="延长天数", min_value=1, max_value=365)
    field_order = ("days", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.apply_extension(obj, user, self.cleaned_data["days"], self.cleaned_data["reason"])


class DecideForm(StepForm):
    """Yes or no."""

    approve = forms.ChoiceField(
        label="审批意见", choices=(("1", "同意延长"), ("0", "不同意延长")), widget=forms.RadioSelect
    )
    field_order = ("approve", "reason")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        approve, opinion = self.cleaned_data["approve"] == "1", self.cleaned_data["reason"]
        services.decide_extension(obj, user, approve=approve, opinion=opinion)


class SubmitForm(PlainStepForm):
    """The report of the inquiry."""

    direct_cause = _area("直接原因", 1000, required=True)
    indirect_cause = _area("间接原因", 1000)
    papers = FilesField(label="事故调查报告", required=False, help_text="首次提交必须上传，只有区局人员可以下载")

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.values()
        services.submit(obj, user, data, data.pop("papers"))


class ApproveForm(PlainStepForm):
    """The approval."""

    approval = forms.CharField(label="批复文号", max_length=60)
    authority = forms.CharField(label="批复机关", max_length=60, initial="区人民政府")
    on = forms.DateField(label="批复日期", widget=DateInput())

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.approve(obj, user, **self.values())


class CheckForm(PlainStepForm):
    """One of 四不放过."""

    item = forms.ChoiceField(label="事项", choices=list(FOUR.items()))
    evidence = _area("依据", 1000, help_text="写明怎样查清、处理、落实或教育，或上传佐证文件")
    papers = FilesField(label="佐证文件", required=False)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.check(obj, user, data["item"], data["evidence"], data["papers"])


class SanctionForm(PlainStepForm):
    """What somebody has to answer for."""

    who = forms.CharField(label="责任人或单位", max_length=100)
    what = _area("处理意见", 500, required=True)
    due_on = forms.DateField(label="办理期限", widget=DateInput())

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.sanction(obj, user, self.values())


class SettleForm(PlainStepForm):
    """It has been done."""

    row = forms.ModelChoiceField(label="责任追究", queryset=Sanction.objects.none(), empty_label=None)
    done_on = forms.DateField(label="办结日期", widget=DateInput(), initial=today)
    result = _area("处理结果", 500, required=True)

    def prepare(self, obj: Any, user: User) -> None:
        row: Any = self.fields["row"]
        sanctions = access.visible(user, Sanction).filter(investigation__accident=obj)
        row.queryset = sanctions.filter(done_on__isnull=True)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.settle(obj, user, **self.values())


class GdpForm(forms.Form):
    """A year's GDP."""

    year = forms.IntegerField(label="年度", help_text="已录入的年度再次保存即为更正")
    value = forms.DecimalField(label="地区生产总值（亿元）", max_digits=12, decimal_places=2)
    basis = forms.ChoiceField(label="口径", choices=Gdp.Basis.choices, help_text="比较降幅的两年须为同一口径")
    source = forms.CharField(label="数据来源", max_length=120, help_text="如：2025年统计公报")

    def clean_year(self) -> int:
        """A year of this century, not in the future."""
        year: int = self.cleaned_data["year"]
        if not 2000 <= year <= today().year:
            raise ValidationError(f"年度须在 2000 至 {today().year} 之间。")
        return year

    def clean_value(self) -> Any:
        """More than nothing: it is divided by."""
        if self.cleaned_data["value"] <= 0:
            raise ValidationError("地区生产总值须大于零。")
        return self.cleaned_data["value"]
