"""Pages of models and trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.detection import forms, services, showing
from bianwang.modules.detection.models import DetectionModel, Trial
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Facts, ObjectPage, Related, StepForm, StepService
from bianwang.platform.ui.pages import Page

MODELS = (("检测模型", reverse_lazy("detection:list")),)


class New(FormPage):
    """Bring a model."""

    title = "导入检测模型"
    permission = "detection.import"
    form_class = forms.ModelForm
    submit = "导入"
    crumbs = MODELS
    intro = "导入后是停用的：先用本单位的标注样本试用，再启用。请确认许可证允许本单位使用。"

    def save(self, form: Any) -> DetectionModel:
        return services.import_model(self.user, form.cleaned_data, form.cleaned_data["graph"], form.licence_text())

    def done(self, result: DetectionModel) -> str:
        return f"已导入“{result}”，请上传标注样本试用。"


class ModelPage(ObjectPage):
    """One model with its trials."""

    model = DetectionModel
    permission = "detection.view"
    select: ClassVar[Sequence[str]] = ("owner", "imported_by")
    crumbs = MODELS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"switch_on": forms.SwitchOnForm}
    step_services: ClassVar[Mapping[str, StepService]] = {"switch_off": services.switch_off}

    def facts(self) -> Sequence[Facts]:
        row: DetectionModel = self.object
        return [
            Facts(
                "模型",
                [
                    fact("发现什么", row.get_purpose_display()),
                    fact("类别", "、".join(row.label_names)),
                    fact("算作发现的类别", "、".join(row.finding_names)),
                    fact("分数阈值", row.threshold, "number"),
                    fact("输入边长", row.size, "number", unit="像素"),
                    fact("许可证", row.licence),
                    fact("SHA-256", row.sha256),
                    fact("导入", f"{row.imported_by.name}"),
                    fact("导入时间", row.imported_at, "datetime"),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        trials = access.visible(self.user, Trial, self.permission).filter(model=self.object).select_related("asked_by")
        may = access.can(self.user, "detection.import")
        add = ("用标注样本试用", reverse("detection:trial_new", args=[self.object.pk])) if may else None
        columns = (
            Column("samples", "样本", kind="link"),
            Column("pictures", "张数", kind="number"),
            Column("state", "状态", kind="badge", colour=showing.trial_colour),
            Column("precision", "查准率", lambda row: showing.rate(row, "precision")),
            Column("recall", "查全率", lambda row: showing.rate(row, "recall")),
            Column("asked_by", "试用人", "asked_by.name"),
            Column("asked_at", "提交时间", kind="datetime"),
        )
        return [Related("试用", columns, trials, add=add, empty="还没有试用。上传标注样本，看查准率和查全率。")]


class TrialNew(FormPage):
    """Run a model on labelled samples."""

    title = "用标注样本试用"
    permission = "detection.import"
    form_class = forms.TrialForm
    submit = "上传并试用"

    def get_object(self) -> DetectionModel:
        return access.get(self.user, DetectionModel, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Sequence[Any]:
        return (*MODELS, (str(self.object), self.object.get_absolute_url()))

    def save(self, form: Any) -> Trial:
        return services.ask_trial(self.user, self.object, form.cleaned_data["samples"])

    def done(self, result: Trial) -> str:
        return f"已提交 {result.pictures} 张样本，正在后台运行。"


class TrialPage(Page):
    """How a model did: precision and recall of each class, at the model's threshold and at the others."""

    permission = "detection.view"
    template = "detection/trial.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        trial = access.get(request.user, Trial, pk, self.permission, related=("model", "asked_by"))
        is_part = request.htmx and request.htmx.target == "trial"  # type: ignore[attr-defined]
        return self.render(
            "detection/_trial.html" if is_part else "",
            trial=trial,
            shown=showing.Shown(trial) if trial.state == Trial.State.DONE else None,
            title=f"试用：{trial.samples}",
            crumbs=(*MODELS, (str(trial.model), trial.model.get_absolute_url())),
        )
