"""Pages where rules are read: list, rule, version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from bianwang.modules.rules import limits, queries, schedule, wording
from bianwang.modules.rules.authoring import RULES
from bianwang.modules.rules.binding import Text, bound, instances, text_of
from bianwang.modules.rules.models import Binding, Rule, RuleVersion, Severity
from bianwang.modules.rules.plot import signals_of
from bianwang.modules.rules.templates import templates
from bianwang.modules.rules.trial_views import DAYS, PeriodForm
from bianwang.platform import access
from bianwang.platform.clock import now_ms
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.filters import Choice, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related

STATE_COLOURS = {"draft": "secondary", "active": "green", "retired": "grey"}
_BINDINGS_SHOWN = 50


def _state(code: str | None) -> str | None:
    return RuleVersion.State(code).label if code else None


class RuleList(ListPage):
    """Rules with the version that is in force, or else the newest."""

    model = Rule
    permission = "rules.view"
    title = "规则"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("family", "类别", sort="family"),
        Column(
            "state",
            "状态",
            lambda row: _state(row.state),
            "badge",
            "state",
            colour=lambda row: STATE_COLOURS.get(row.state, "grey"),
        ),
        Column("number", "版本", "number", kind="number", sort="number"),
        Column("bound", "信号数", "bound", kind="number", sort="bound"),
        Column("source", "依据", "source", sort="source"),
        Column("code", "代码", sort="code", default=False),
    )
    filters = (
        Search(title="名称或代码", fields=("name", "code")),
        Choice("family", "类别"),
        Choice("state", "状态", choices=tuple(RuleVersion.State.choices)),
        Flag("draft", "有待启用的草稿", where=Q(drafts__gt=0)),
    )
    sort = "code"
    empty = "还没有规则。点“新建规则”从地区规则模板起草。"
    buttons = (Button("新建规则", "rules:template_list", "rules.edit"),)

    def rows(self) -> QuerySet[Any]:
        return queries.with_newest(self.user, super().rows())


class RulePage(ObjectPage):
    """A rule: what is judged now, and its versions."""

    model = Rule
    permission = "rules.view"
    template = "rules/rule.html"
    crumbs = (RULES,)

    def extra(self) -> dict[str, Any]:
        version = self._version()
        return {"sentence": wording.version_sentence(version), "formulas": _formulas(version)} if version else {}

    def _version(self) -> RuleVersion | None:
        found: RuleVersion | None = queries.active_version(self.object) or self.object.versions.first()
        return found

    def facts(self) -> Sequence[Facts]:
        version = self._version()
        head = [fact("类别", self.object.get_family_display()), fact("代码", self.object.code)]
        if version is None:
            return [Facts("基本情况", head)]
        return [Facts("基本情况", head), *_version_facts(version)]

    def actions(self) -> Sequence[Action]:
        if not access.visible(self.user, Rule, "rules.edit").filter(pk=self.object.pk).exists():
            return []
        newest = self.object.versions.first()
        if newest is None or newest.template not in templates():
            return []
        return [Action("修订", reverse("rules:revise", args=[self.object.pk]), "edit")]

    def related(self) -> Sequence[Related]:
        columns = (
            Column("number", "版本", lambda row: f"第{row.number}版", kind="link"),
            _state_column(),
            Column("made_by", "编制人", "made_by.name"),
            Column("made_at", "编制时间", kind="datetime"),
            Column("activated_at", "启用时间", kind="datetime"),
            Column("retired_at", "停用时间", kind="datetime"),
        )
        versions = access.visible(self.user, RuleVersion).filter(rule=self.object).select_related("made_by", "rule")
        return [Related("版本", columns, versions)]


class VersionPage(ObjectPage):
    """One version: its wording, basis, signals with their limits, plot and back-test."""

    model = RuleVersion
    permission = "rules.view"
    template = "rules/version.html"
    select = ("rule", "made_by")

    def get_crumbs(self) -> Sequence[Any]:
        return (RULES, (self.object.rule.name, self.object.rule.get_absolute_url()))

    def facts(self) -> Sequence[Facts]:
        return _version_facts(self.object)

    def actions(self) -> Sequence[Action]:
        found = []
        if access.visible(self.user, RuleVersion, "rules.activate").filter(pk=self.object.pk).exists():
            if self.object.state == RuleVersion.State.DRAFT:
                found.append(Action("启用", reverse("rules:activate", args=[self.object.pk]), "player-play"))
            if self.object.state != RuleVersion.State.RETIRED:
                word = "放弃草稿" if self.object.state == RuleVersion.State.DRAFT else "停用"
                found.append(Action(word, reverse("rules:retire", args=[self.object.pk]), "player-pause"))
        return found

    def related(self) -> Sequence[Related]:
        text = text_of(self.object, self.object.levels.all())
        rows = self._bindings().select_related("place", "signal__device", "owner")
        rows = rows.prefetch_related("roles__signal__device")
        count = rows.count()
        columns = [
            Column(
                "subject", "判定对象", "subject", link=lambda row: "" if row.place else row.signal.get_absolute_url()
            ),
            Column("signals", "信号", lambda row: "、".join(signal.title for signal in signals_of(row))),
            Column("owner", "所属单位", "owner.name"),
            Column("limits", "限值", lambda row: _limits(row, text)),
            Column("started_at", "绑定时间", kind="datetime"),
            Column("ended_at", "解除时间", kind="datetime"),
        ]
        if self.object.state != RuleVersion.State.RETIRED and access.can(self.user, "rules.edit"):
            columns.append(Column("unbind", "操作", lambda row: None if row.ended_at else "解除", link=_unbind_url))
        title = f"判定对象（{count} 个" + (f"，显示前 {_BINDINGS_SHOWN} 个）" if count > _BINDINGS_SHOWN else "）")
        return [Related(title, columns, rows[:_BINDINGS_SHOWN], empty="没有绑定信号或区域。")]

    def _bindings(self) -> QuerySet[Binding]:
        return access.visible(self.user, Binding).filter(version=self.object)

    def extra(self) -> dict[str, Any]:
        return {
            "days": DAYS,
            "period": PeriodForm.empty(),
            "plot": self._plot(),
            "sentence": wording.version_sentence(self.object),
            "formulas": _formulas(self.object),
        }

    def _plot(self) -> dict[str, Any]:
        """What the plot may show, and what it shows first: asked for by `?binding=&from=&to=` (ms), or the last day."""
        rows = self._bindings().select_related("place", "signal", "owner")
        wanted = {name: self.request.GET.get(name, "") for name in ("binding", "from", "to")}
        chosen = {name: int(text) for name, text in wanted.items() if text.isdecimal()}
        bindings = list(rows[:_BINDINGS_SHOWN])
        if chosen.get("binding") not in {None, *(row.pk for row in bindings)}:
            bindings += rows.filter(pk=chosen["binding"])
        end = chosen.get("to", now_ms())
        return {
            "bindings": bindings,
            "chosen": chosen.get("binding"),
            "start": chosen.get("from", end - 86_400_000),
            "end": end,
        }


def _state_column() -> Column:
    return Column("state", "状态", kind="badge", colour=lambda row: STATE_COLOURS[row.state])


def _unbind_url(row: Binding) -> str:
    return "" if row.ended_at else reverse("rules:unbind", args=[row.pk])


def _subject_url(row: Binding) -> str:
    return "" if row.place_id else row.signal.get_absolute_url()


def _limits(row: Binding, text: Text) -> str:
    """Each level in the units of the signals: ≥ 25 %LEL 橙；≥ 50 %LEL 红."""
    signals = {signal.pk: signal for signal in signals_of(row)}
    return "；".join(
        f"{limits.text(instance, [signals[pk] for pk in instance.signals])} {Severity(level.severity).label[0]}"
        for instance, level in zip(instances(bound(row), text), text.levels, strict=True)
    )


def _formulas(version: RuleVersion) -> list[str]:
    """The formulas that somebody wrote."""
    return [level.formula for level in version.levels.all() if level.formula]


def _version_facts(version: RuleVersion) -> list[Facts]:
    template = queries.template_of(version)
    words: list[Cell] = [
        fact("判定时段", schedule.describe(schedule.read(version.schedule))),
        fact("告警一开始就通知", version.get_notice_display()),
        fact("状态", version.get_state_display(), "badge", colour=STATE_COLOURS[version.state]),
        fact("版本", f"第{version.number}版", href=version.get_absolute_url()),
    ]
    basis = [
        fact("依据", version.source),
        fact("条款", version.article),
        fact("生效日期", version.valid_from),
        fact("失效日期", version.valid_to),
        fact("核实情况", version.certainty),
    ]
    titles = {p.name: (p.title, p.unit) for p in template.parameters} if template else {}
    parameters = [
        fact(*titles.get(name, (name, ""))[:1], value, "number", unit=titles.get(name, ("", ""))[1])
        for name, value in queries.parameters_of(version).items()
    ]
    return [Facts("判定", words), Facts("依据", basis), Facts("参数", parameters)]
