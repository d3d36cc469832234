"""The only writer of rules. A version that was ever active is evidence and never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import uuid4

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.engine.table import RuleError, compile_table
from bianwang.modules.rules import formulas, schedule
from bianwang.modules.rules.binding import Bound, Text, instances, mapped
from bianwang.modules.rules.commissioning import Baseline
from bianwang.modules.rules.models import Binding, BindingSignal, Rule, RuleLevel, RuleVersion
from bianwang.modules.rules.placing import Target, targets_of
from bianwang.modules.rules.queries import parameters_of, template_of
from bianwang.modules.rules.templates import Template
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.services import bump
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import Actor, acting, current
from bianwang.platform.ledger.services import record

_PIECE = 500
"""Bindings of one transaction: some 40 ms on SQLite."""


@dataclass(frozen=True)
class Wording:
    """What an officer decides: the template's parameters (all of them), the hours, what is judged, and who is told.

    `signals` for templates of one signal each, `targets` for those with a formula; `formula`: instead of the
    template's. `baselines` by signal id are needed by templates whose scale is `spread`.
    """

    template: Template
    parameters: Mapping[str, float]
    signals: Sequence[Signal] = ()
    windows: Sequence[schedule.Window] = ()
    baselines: Mapping[int, Baseline] = field(default_factory=dict)
    targets: Sequence[Target] = ()
    formula: str = ""
    notice: int = RuleVersion.Notice.OWNER


def split(wording: Wording) -> tuple[list[Signal], list[str]]:
    """The signals that the wording can judge, and a sentence (Chinese) for each that it cannot."""
    fit, reasons = [], []
    for signal in wording.signals:
        try:
            mapped(wording.template, signal, wording.baselines)
        except ValueError as error:
            reasons.append(str(error))
        else:
            fit.append(signal)
    return fit, reasons


def create(name: str, wording: Wording, by: User | None, *, is_demo: bool = False) -> RuleVersion:
    """A new rule with its first version as a draft. Raises ValidationError (Chinese)."""
    rule = Rule(code=_code(wording.template), name=name.strip(), family=wording.template.family, is_demo=is_demo)
    rule.full_clean()
    return _draft(rule, wording, by)


def revise(rule: Rule, wording: Wording, by: User | None) -> RuleVersion:
    """A further version of a rule as a draft; the active one goes on until the draft is activated."""
    return _draft(rule, wording, by)


def activate(version: RuleVersion, reason: str) -> None:
    """Judge by this version from now on; the version before it ends with its bindings.

    Raises ValidationError without a reason, without signals, or if it is no draft any more.
    """
    _need(reason)
    with transaction.atomic():
        Rule.objects.select_for_update().get(pk=version.rule_id)
        if not version.bindings.exists():
            raise ValidationError("这一版没有绑定任何信号，请先选择信号再启用。")
        moment = now()
        old = RuleVersion.objects.filter(rule=version.rule_id, state=RuleVersion.State.ACTIVE).first()
        if old is not None:
            _move(old, RuleVersion.State.RETIRED, retired_at=moment)
            changes = {"state": ("active", "retired")}
            record("rules.retire", old, owner=_owner(old), changes=changes, reason=f"由第{version.number}版取代")
        _move(version, RuleVersion.State.ACTIVE, activated_at=moment)
        changes = {"state": ("draft", "active")}
        record("rules.activate", version, owner=_owner(version), changes=changes, reason=reason.strip())
        bump("rules")
    if old is not None:
        _end_bindings(old)


def retire(version: RuleVersion, reason: str) -> None:
    """Judge by this version no longer, or give up a draft. Raises ValidationError."""
    _need(reason)
    with transaction.atomic():
        before = version.state
        _move(version, RuleVersion.State.RETIRED, retired_at=now())
        changes = {"state": (before, version.state)}
        record("rules.retire", version, owner=_owner(version), changes=changes, reason=reason.strip())
        bump("rules")
    _end_bindings(version)


def bind(
    version: RuleVersion,
    signals: Sequence[Signal] = (),
    baselines: Mapping[int, Baseline] | None = None,
    targets: Sequence[Target] = (),
) -> int:
    """Judge further signals (places of a formula) by a version in force or a draft; those bound stay as they are.

    Returns how many are new. Raises ValidationError for a signal that the version cannot judge.
    """
    template = template_of(version)
    if template is None or version.state == RuleVersion.State.RETIRED:
        raise ValidationError("这一版已停用或其模板已不存在，不能再绑定信号。")
    rows = version.bindings.select_related("signal", "place").prefetch_related("roles")
    bound = {target.key for target in targets_of(rows)}
    wording = Wording(template, parameters_of(version), signals, baselines=baselines or {}, targets=targets)
    fresh = [target for target in _targets(wording) if target.key not in bound]
    _check_units(version.levels.all(), template, fresh)
    _bind(version, fresh)
    return len(fresh)


def unbind(binding: Binding, reason: str) -> None:
    """Judge this signal by this version no longer. Raises ValidationError without a reason."""
    _need(reason)
    with transaction.atomic():
        moment = now()
        if not Binding.objects.filter(pk=binding.pk, ended_at__isnull=True).update(ended_at=moment):
            return
        binding.ended_at = moment
        changes = {"ended_at": (None, moment)}
        record("rules.unbind", binding, owner=binding.owner_id, changes=changes, reason=reason.strip())
        bump("rules")


def _draft(rule: Rule, wording: Wording, by: User | None) -> RuleVersion:
    template = wording.template
    levels = _levels(wording)
    pairs = _targets(wording)
    _check_units(levels, template, pairs)
    definition = formulas.write(template.definition)
    _check_together(Text(levels, wording.parameters, definition), pairs)
    with _operation(by), transaction.atomic():
        if rule.pk is None:
            rule.save(force_insert=True)
            record("rules.create", rule, owner=None, changes={"name": (None, rule.name)})
        version = RuleVersion.objects.create(
            rule=rule,
            number=_next_number(rule),
            template=template.id,
            parameters=msgspec.json.encode(dict(wording.parameters)).decode(),
            definition=definition,
            unit=template.unit,
            schedule=schedule.write(list(wording.windows)),
            notice=wording.notice,
            source=template.basis.standard,
            article=template.basis.clause,
            certainty=template.basis.certainty,
            valid_from=template.basis.valid_from,
            valid_to=template.basis.valid_to,
            made_by=by,
            made_at=now(),
        )
        for level in levels:
            level.version = version
        RuleLevel.objects.bulk_create(levels)
        changes = {"parameters": (None, version.parameters), "bindings": (None, len(pairs))}
        record("rules.draft", version, owner=_common_owner(pairs), changes=changes)
        _bind(version, pairs[:_PIECE], ledger=False)
    _bind(version, pairs[_PIECE:], ledger=False)
    return version


def _bind(version: RuleVersion, pairs: list[Target], *, ledger: bool = True) -> None:
    """Write bindings in bounded transactions; in a draft they are part of its one ledger row."""
    for start in range(0, len(pairs), _PIECE):
        piece = pairs[start : start + _PIECE]
        moment = now()
        rows = [
            Binding(
                version=version,
                signal=target.signal,
                place=target.place,
                owner_id=target.signal.owner_id,
                baseline=target.by.baseline,
                span=target.by.span,
                started_at=moment,
            )
            for target in piece
        ]
        with transaction.atomic():
            Binding.objects.bulk_create(rows)
            BindingSignal.objects.bulk_create(
                BindingSignal(binding=row, role=role, signal_id=each.signal, span=each.span)
                for row, target in zip(rows, piece, strict=True)
                for role, each in target.roles.items()
            )
            if ledger:
                added = [row.subject for row in rows]
                record("rules.bind", version, owner=_common_owner(piece), changes={"bindings": (None, added)})
                bump("rules")


def _end_bindings(version: RuleVersion) -> None:
    """Their version is retired, so nothing judges by them already; this only says so in each row."""
    open_ones = list(version.bindings.filter(ended_at__isnull=True).values_list("pk", flat=True))
    for start in range(0, len(open_ones), _PIECE):
        version.bindings.filter(pk__in=open_ones[start : start + _PIECE]).update(ended_at=version.retired_at)


def _levels(wording: Wording) -> list[RuleLevel]:
    try:
        return wording.template.build(wording.parameters, wording.formula)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _targets(wording: Wording) -> list[Target]:
    if wording.template.is_formula:
        return list(wording.targets)
    try:
        return [Target(signal, mapped(wording.template, signal, wording.baselines)) for signal in wording.signals]
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _check_units(levels: Iterable[RuleLevel], template: Template, pairs: Iterable[Target]) -> None:
    """Refuse signals in another unit than the formula where it has numbers that cannot follow."""
    converted = {name for target in pairs for name, each in target.roles.items() if each.span != 1}
    for level in levels:
        name = formulas.unconverted(level.formula, template.definition, converted) if converted else ""
        if name:
            unit = template.signals[name].unit
            raise ValidationError(
                f"有的信号不以“{unit}”为单位，公式中与“{name}”比较的数却不能换算，请改用单位为“{unit}”的参数。"
            )


def _check_together(text: Text, pairs: list[Target]) -> None:
    """Let the engine refuse what has no meaning, before anything is written."""
    try:
        compile_table(
            instance
            for number, target in enumerate(pairs)
            for instance in instances(
                Bound(number, target.signal.pk, target.signal.owner_id, *target.by, roles=target.roles), text
            )
        )
    except RuleError as error:
        raise ValidationError(f"参数组合不成立：{str(error).split('：', 1)[-1]}") from error


def _move(version: RuleVersion, state: RuleVersion.State, **values: object) -> None:
    """Change the state where it is still what `version` was read with."""
    allowed = {RuleVersion.State.ACTIVE: ["draft"], RuleVersion.State.RETIRED: ["draft", "active"]}[state]
    rows = RuleVersion.objects.filter(pk=version.pk, state=version.state)
    if version.state not in allowed or not rows.update(state=state, **values):
        raise ValidationError(f"“{version}”的状态已经改变，请刷新页面后再办理。")
    version.state = state
    for name, value in values.items():
        setattr(version, name, value)


def _need(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "请写明理由。"})


def _next_number(rule: Rule) -> int:
    last: int | None = rule.versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _code(template: Template) -> str:
    taken = set(Rule.objects.filter(code__startswith=template.id).values_list("code", flat=True))
    if template.id not in taken:
        return template.id
    return next(code for n in range(2, len(taken) + 3) if (code := f"{template.id}-{n}") not in taken)


def _owner(version: RuleVersion) -> int | None:
    owners = list(version.bindings.order_by().values_list("owner_id", flat=True).distinct()[:2])
    return owners[0] if len(owners) == 1 else None


def _common_owner(pairs: Iterable[Target]) -> int | None:
    owners = {target.signal.owner_id for target in pairs}
    return owners.pop() if len(owners) == 1 else None


def _operation(by: User | None) -> AbstractContextManager[Actor]:
    """The draft's rows, in however many transactions, are one operation of the ledger."""
    actor = current()
    user = by or actor.user
    name = actor.name if user is None else ""
    return acting(user, actor.origin, name=name, operation=actor.operation or str(uuid4()))
