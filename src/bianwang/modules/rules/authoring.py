"""Pages where a rule is written: templates, the form, its preview, activation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.rules import placing, queries, schedule, services, wording
from bianwang.modules.rules.commissioning import Baseline
from bianwang.modules.rules.forms import ReasonForm, RuleForm
from bianwang.modules.rules.models import Binding, Rule, RuleVersion
from bianwang.modules.rules.placing import Target
from bianwang.modules.rules.services import Wording
from bianwang.modules.rules.templates import Template, templates
from bianwang.modules.sensing import permit_signals
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Page

RULES = ("规则", reverse_lazy("rules:rule_list"))
_REASONS_SHOWN = 5


class TemplateList(Page):
    """The locality pack's templates by family."""

    title = "规则模板"
    permission = "rules.edit"
    template = "rules/templates.html"
    crumbs = (RULES,)

    def get(self, request: HttpRequest) -> HttpResponse:
        order = list(Rule.Family)
        found = sorted(templates().values(), key=lambda item: order.index(Rule.Family(item.family)))
        families = [
            (Rule.Family(family).label, [(item, _sentence(item, item.defaults())) for item in items])
            for family, items in groupby(found, key=lambda item: item.family)
        ]
        return self.render(families=families)


@dataclass(frozen=True)
class Chosen:
    """What a draft judges, why it cannot judge others, and how many another rule judges."""

    signals: list[Signal]
    baselines: dict[int, Baseline]
    reasons: list[str]
    elsewhere: int
    targets: list[Target] = field(default_factory=list)

    @property
    def subjects(self) -> list[str]:
        """The places or signals, for people."""
        if self.targets:
            return list(dict.fromkeys(f"{t.signal.owner} {t.place}{_planned(t)}" for t in self.targets))
        return [f"{signal.owner} {signal.title}" for signal in self.signals]


class RulePage(FormPage):
    """Write a new rule, or a new version of one. `?preview=1` gives only the sentence and the signals."""

    permission = "rules.edit"
    template = "rules/form.html"
    submit = "存为草稿"
    rule_template: Template
    before: RuleVersion | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.before = None

    def get_object(self) -> Rule | None:
        pk = self.kwargs.get("pk")
        rule = access.get(self.user, Rule, pk, self.permission) if pk else None
        if rule is not None:
            self.before = queries.active_version(rule) or rule.versions.first()
        code = self.before.template if self.before else self.kwargs.get("template", "")
        if code not in templates():
            raise Http404(f"地区包中没有“{code}”这个规则模板，不能据此起草。")
        self.rule_template = templates()[code]
        return rule

    def get_title(self) -> str:
        return f"修订“{self.object}”" if self.object else f"新建规则：{self.rule_template.name}"

    def get_crumbs(self) -> Sequence[Any]:
        if self.object:
            return (RULES, (str(self.object), self.object.get_absolute_url()))
        return (RULES, ("规则模板", reverse("rules:template_list")))

    def initial(self) -> dict[str, Any]:
        if self.before is None:
            return {"name": self.rule_template.name}
        parameters = {f"p_{name}": f"{value:g}" for name, value in queries.parameters_of(self.before).items()}
        windows = schedule.lines(schedule.read(self.before.schedule))
        given = {
            "name": self.before.rule.name,
            "schedule": windows,
            "notice": self.before.notice,
            **parameters,
        }
        if self.rule_template.is_formula:
            given["formula"] = "".join(level.formula for level in self.before.levels.all())
        return given

    def form_class(self, *args: Any, **kwargs: Any) -> RuleForm:  # type: ignore[override]
        form = RuleForm(*args, template=self.rule_template, user=self.user, keeps=self.before is not None, **kwargs)
        if self.before is not None:
            form.fields["name"].disabled = True
        return form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("preview") == "1":
            return self._preview(request)
        return super().post(request, *args, **kwargs)

    def save(self, form: Any) -> RuleVersion:
        try:
            chosen = self._chosen(form, commission=True)
        except (TelemetryError, ValueError) as error:
            raise ValidationError(f"不能标定：{error}") from error
        if chosen.reasons and not self.rule_template.is_formula:
            raise ValidationError(["有信号不能绑定，请补全登记或缩小选择范围。", *chosen.reasons[:_REASONS_SHOWN]])
        if self.rule_template.is_formula and not chosen.targets:
            raise ValidationError(["没有一处区域备齐了所需的信号，请先登记。", *chosen.reasons[:_REASONS_SHOWN]])
        text = Wording(
            self.rule_template,
            form.parameters,
            chosen.signals,
            form.cleaned_data["schedule"],
            chosen.baselines,
            chosen.targets,
            form.cleaned_data.get("formula", ""),
            form.cleaned_data["notice"],
        )
        if self.object:
            return services.revise(self.object, text, self.user)
        return services.create(form.cleaned_data["name"], text, self.user)

    def done(self, result: RuleVersion) -> str:
        what = "处（组）" if self.rule_template.is_formula else "个信号"
        return f"已存为草稿“{result}”，绑定 {result.bindings.count()} {what}，启用后开始判定。"

    def _preview(self, request: HttpRequest) -> HttpResponse:
        self.object = self.get_object()
        form = self.form_class(request.POST, initial=self.initial())
        form.is_valid()
        try:
            sentence = _sentence(self.rule_template, form.parameters, form.cleaned_data.get("formula", ""))
        except ValueError as error:
            sentence = str(error)
        chosen = self._chosen(form, commission=False)
        return self.render(
            "rules/_preview.html",
            sentence=sentence,
            chosen=chosen,
            notice=RuleVersion.Notice(form.cleaned_data.get("notice", RuleVersion.Notice.OWNER)).label,
            reasons=chosen.reasons[:_REASONS_SHOWN],
        )

    def _chosen(self, form: RuleForm, *, commission: bool) -> Chosen:
        if form.keeps_signals and self.before is not None:
            return self._kept(self.before)
        if self.rule_template.is_formula:
            return self._places(form, permit_signals.ensure if commission else permit_signals.planned)
        rows = queries.candidates(self.user, self.rule_template, form.selection)
        taken = queries.judged_elsewhere(self.rule_template, self.object).values("signal")
        signals = list(rows.exclude(pk__in=taken))
        elsewhere = rows.filter(pk__in=taken).count()
        if self.rule_template.scale != "spread":
            fit, reasons = services.split(Wording(self.rule_template, {}, signals))
            return Chosen(fit, {}, reasons, elsewhere)
        baselines = queries.recorded_baselines(signals, *form.recording) if commission else {}
        return Chosen(signals, baselines, [], elsewhere)

    def _places(self, form: RuleForm, make: placing.MakeSignal) -> Chosen:
        """Places that have a signal for every role, less those that another rule of the template judges."""
        found, reasons = placing.targets(
            self.rule_template,
            *placing.candidates(self.user, self.rule_template, form.selection.owner, form.selection.zone_kind),
            make,
        )
        rows = queries.judged_elsewhere(self.rule_template, self.object).select_related("signal", "place")
        taken = {target.key for target in placing.targets_of(rows.prefetch_related("roles"))}
        free = [target for target in found if target.key not in taken]
        return Chosen([], {}, reasons, len(found) - len(free), free)

    def _kept(self, before: RuleVersion) -> Chosen:
        rows = queries.last_bindings(before)
        baselines = {row.signal_id: Baseline(row.baseline, row.span, 0) for row in rows}
        if self.rule_template.is_formula:
            return Chosen([], {}, [], 0, placing.targets_of(rows))
        spread = self.rule_template.scale == "spread"
        return Chosen([row.signal for row in rows], baselines if spread else {}, [], 0)


class VersionStep(FormPage):
    """Activate or retire a version, with the reason that the ledger keeps."""

    permission = "rules.activate"
    form_class = ReasonForm
    step: str = ""

    def get_object(self) -> RuleVersion:
        return access.get(self.user, RuleVersion, self.kwargs["pk"], self.permission, related=("rule",))

    def get_title(self) -> str:
        return f"{'启用' if self.step == 'activate' else '停用'}“{self.object}”"

    def get_crumbs(self) -> Sequence[Any]:
        return (RULES, (self.object.rule.name, self.object.rule.get_absolute_url()))

    @property
    def intro(self) -> str:  # type: ignore[override]
        """What will happen."""
        count = self.object.bindings.filter(ended_at__isnull=True).count()
        if self.step == "activate":
            before = queries.active_version(self.object.rule)
            then = f"现行的第{before.number}版同时停用，它未结束的告警以“规则变更”结束。" if before else ""
            return f"启用后立即按本版判定 {count} 个信号。{then}"
        return f"停用后不再判定 {count} 个信号，未结束的告警以“规则变更”结束。"

    @property
    def submit(self) -> str:  # type: ignore[override]
        """The button."""
        return "启用" if self.step == "activate" else "停用"

    def save(self, form: Any) -> RuleVersion:
        step = services.activate if self.step == "activate" else services.retire
        step(self.object, form.cleaned_data["reason"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: RuleVersion) -> str:
        return f"“{result}”已{'启用，开始判定' if self.step == 'activate' else '停用'}。"


class Unbind(FormPage):
    """Judge one signal no longer."""

    permission = "rules.edit"
    form_class = ReasonForm
    submit = "解除绑定"
    intro = "解除后不再用本规则判定这个信号，未结束的告警以“规则变更”结束。"

    def get_object(self) -> Binding:
        related = ("version__rule", "signal")
        return access.get(self.user, Binding, self.kwargs["pk"], self.permission, related=related)

    def get_title(self) -> str:
        return f"解除绑定“{self.object.signal}”"

    def get_crumbs(self) -> Sequence[Any]:
        return (RULES, (str(self.object.version), self.object.version.get_absolute_url()))

    def save(self, form: Any) -> RuleVersion:
        services.unbind(self.object, form.cleaned_data["reason"])
        version: RuleVersion = self.object.version
        return version

    def done(self, result: Any) -> str:
        return f"已解除“{self.object.signal}”与“{result}”的绑定。"


def _planned(target: Target) -> str:
    """Signals of permits that come into being with the draft."""
    count = sum(1 for each in target.roles.values() if not each.signal)
    return f"（存为草稿时登记 {count} 个作业票信号）" if count else ""


def _sentence(template: Template, parameters: dict[str, float], formula: str = "") -> str:
    levels = template.build(parameters, formula)
    return wording.sentence(levels, template.unit, template.scale, template.definition, parameters)
