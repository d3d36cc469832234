"""The form of a rule: parameters of its template, hours, and which signals it judges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.modules.rules.formulas import compile_rule
from bianwang.modules.rules.models import RuleVersion
from bianwang.modules.rules.queries import Selection
from bianwang.modules.rules.schedule import Window, parse
from bianwang.modules.rules.templates import Template
from bianwang.modules.sensing.quantities import QUANTITIES
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, to_ms
from bianwang.platform.places.models import Party, Zone
from bianwang.platform.ui.forms import MomentInput

KEEP, FILTER = "keep", "filter"
_PREFIX = "p_"


class RuleForm(forms.Form):
    """Built from the template; `keeps` offers to keep the signals of the version before."""

    name = forms.CharField(label="规则名称", max_length=100)
    schedule = forms.CharField(
        label="判定时段",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不填为全天。每行一段，如“工作日 08:00-18:00”；可用：每天、工作日、休息日。时段外达到条件不报警",
    )
    notice = forms.TypedChoiceField(
        label="告警一开始就通知",
        choices=RuleVersion.Notice.choices,
        coerce=int,
        initial=RuleVersion.Notice.OWNER,
        help_text="被通知的各级在待办里看到这条告警，任何一级确认即可",
    )
    choose = forms.ChoiceField(
        label="判定哪些信号",
        choices=((KEEP, "沿用上一版的信号"), (FILTER, "按下面的条件重新选择")),
    )
    owner = forms.ModelChoiceField(Party.objects.none(), label="企业或单位", required=False, empty_label="全部")
    zone_kind = forms.ChoiceField(label="区域类别", required=False)
    quantity = forms.ChoiceField(label="监测量", required=False)
    recording_from = forms.DateTimeField(
        label="标定开始",
        widget=MomentInput(),
        help_text="取这之后的一段正常运行记录求正常值和波动",
    )
    recording_minutes = forms.IntegerField(label="标定时长（分钟）", min_value=1, max_value=1440, initial=5)
    formula = forms.CharField(
        label="公式（专家）",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "rules-formula-input", "spellcheck": "false"}),
        help_text="一般不必改。名称须与模板一致，写法见规则手册；改动只影响这一条规则",
    )

    def __init__(self, *args: Any, template: Template, user: User, keeps: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template, self.keeps = template, keeps
        for parameter in template.parameters:
            self.fields[_PREFIX + parameter.name] = forms.FloatField(
                label=f"{parameter.title}（{parameter.unit}）" if parameter.unit else parameter.title,
                min_value=parameter.min,
                max_value=parameter.max,
                initial=f"{parameter.default:g}",
                help_text="，".join(filter(None, [parameter.help, f"允许 {parameter.min:g} 至 {parameter.max:g}"])),
            )
        self._offer(user)
        if not keeps:
            del self.fields["choose"]
        if template.is_formula:
            del self.fields["quantity"]
            self.fields["formula"].initial = template.when.strip()
        else:
            del self.fields["formula"]
        if template.scale != "spread":
            del self.fields["recording_from"], self.fields["recording_minutes"]
        else:
            self.fields["recording_from"].required = not keeps
            self.fields["recording_from"].initial = now() - timedelta(minutes=10)
        head = ["name", *(_PREFIX + p.name for p in template.parameters)]
        self.order_fields([*head, "schedule", "notice", "choose", "owner", "zone_kind", "quantity", "formula"])

    def clean_schedule(self) -> list[Window]:
        """Windows."""
        try:
            return parse(self.cleaned_data["schedule"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean_formula(self) -> str:
        """The formula, unless it is the template's own."""
        text: str = self.cleaned_data["formula"].replace("\r\n", "\n").strip()
        if text in ("", self.template.when.strip()):
            return ""
        try:
            compile_rule(text, self.template.definition)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.template.scale == "spread" and not self.keeps_signals and not data.get("recording_from"):
            self.add_error("recording_from", "重新选择信号时须指明标定时段。")
        return data

    @property
    def keeps_signals(self) -> bool:
        """Whether the signals of the version before, with their normal values, are kept."""
        return self.keeps and self.cleaned_data.get("choose") == KEEP

    @property
    def parameters(self) -> dict[str, float]:
        """The template's parameters as filled in; the default where a value is missing or wrong."""
        given = {p.name: self.cleaned_data.get(_PREFIX + p.name) for p in self.template.parameters}
        return {name: self.template.defaults()[name] if value is None else value for name, value in given.items()}

    @property
    def selection(self) -> Selection:
        """Which signals are wanted."""
        owner = self.cleaned_data.get("owner")
        return Selection(
            owner.pk if owner else None, self.cleaned_data.get("zone_kind", ""), self.cleaned_data.get("quantity", "")
        )

    @property
    def recording(self) -> tuple[int, int]:
        """The commissioning recording in ms."""
        start = to_ms(self.cleaned_data["recording_from"])
        return start, start + self.cleaned_data["recording_minutes"] * 60_000

    def _offer(self, user: User) -> None:
        parties: Any = self.fields["owner"]
        parties.queryset = (
            access.visible(user, Party, "rules.edit").filter(is_active=True, signals__isnull=False).distinct()
        )
        zones: Any = self.fields["zone_kind"]
        kinds = self.template.bind.zones or self.template.bind.place or tuple(Zone.Kind.values)
        zones.choices = [("", "全部")] + [(kind, Zone.Kind(kind).label) for kind in kinds]
        if self.template.is_formula:
            return
        quantities: Any = self.fields["quantity"]
        codes = self.template.bind.quantities or tuple(QUANTITIES)
        quantities.choices = [("", "全部")] + [(code, QUANTITIES[code].name) for code in codes]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
