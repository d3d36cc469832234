"""Forms of reports and sheets. The figures' fields follow from the indicators of the day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from bianwang.modules.disasters import services
from bianwang.modules.disasters.findings import findings
from bianwang.modules.disasters.models import Report, Sheet
from bianwang.modules.disasters.queries import given_before
from bianwang.modules.disasters.units import struck, towns
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.objects import PlainStepForm, StepForm
from bianwang.platform.workflow.table import Transition


class FillForm(StepForm):
    """A town's figures, under the heads of the form."""

    page_template = "disasters/fill.html"
    note = forms.CharField(
        label="填报说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="数字看起来不合常理而确实如此的，在这里写明",
    )  # fmt: skip
    blank_is_zero = forms.BooleanField(label="未填的都是 0（全部没有即为零报告）", required=False)

    def prepare(self, obj: Sheet, user: User) -> None:
        self.rules = obj.report.rules
        for row in self.rules.indicators:
            self.fields[row.code] = forms.DecimalField(
                label=f"{row.name}（{row.unit}）",
                required=False,
                widget=forms.NumberInput(
                    attrs={"min": "0", "step": str(Decimal(1).scaleb(-row.decimals)), "inputmode": "decimal"}
                ),
            )
        known = given_before(obj)
        self.is_carried = bool(known)
        rows = self.rules.indicators
        self.initial.update({row.code: round(known[row.code], row.decimals) for row in rows if row.code in known})
        self.initial.setdefault("note", obj.note)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The figures' fields under their heads."""
        return [(name, [self[row.code] for row in rows]) for name, rows in self.rules.groups.items()]

    def rest(self) -> list[forms.BoundField]:
        """The other fields."""
        names = ("blank_is_zero", "note", "reason")
        return [self[name] for name in names if not self[name].is_hidden]

    def perform(self, obj: Sheet, user: User, step: Transition) -> None:
        data = self.cleaned_data
        services.fill(
            obj,
            user,
            {row.code: data[row.code] for row in self.rules.indicators},
            step=step.code,
            blank_is_zero=data["blank_is_zero"],
            note=data["note"],
            reason=data["reason"],
        )


class OwnFillForm(FillForm, PlainStepForm):
    """The town's own: its figures say all."""


class FileForm(PlainStepForm):
    """The report to the upper level."""

    narrative = forms.CharField(
        label="灾情综述", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="灾害经过、主要损失、已采取的措施和下一步工作",
    )  # fmt: skip
    note = forms.CharField(label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    stable = forms.BooleanField(
        label="灾情已经稳定", required=False, help_text="勾选后不再续报，转入核报；不勾选则按时限继续续报"
    )

    def prepare(self, obj: Report, user: User) -> None:
        if obj.kind == Report.Kind.FINAL:
            del self.fields["stable"]
        soft = "".join(finding.text for finding in findings(obj) if not finding.hard)
        if soft:
            self.fields["note"].help_text = f"请写明下列情况的原因：{soft}"
        last = obj.disaster.reports.filter(state="filed").order_by("-number").first()
        self.initial.setdefault("narrative", last.narrative if last else obj.disaster.description)

    def perform(self, obj: Report, user: User, step: Transition) -> None:
        data = self.cleaned_data
        stable = data.get("stable", False)
        services.file_report(obj, user, data["narrative"], note=data["note"], stable=stable)
        obj.refresh_from_db()


class TownsForm(forms.Form):
    """Further towns that are struck."""

    towns = forms.ModelMultipleChoiceField(
        label="增加的受灾镇街", queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, disaster: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["towns"]
        field.queryset = towns().exclude(pk__in=struck(disaster).values("pk"))
