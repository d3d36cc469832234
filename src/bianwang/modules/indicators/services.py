"""A year's indicators are drawn up, adopted, adjusted; people judge what no module can count and say why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.indicators import formula, scoring
from bianwang.modules.indicators.models import Indicator, Scheme
from bianwang.modules.indicators.pack import IndicatorRow, figure_rows, template
from bianwang.modules.indicators.queries import weights
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau

FIRST_YEAR = 2000
_TOLD = ("name", "weight", "direction", "target", "target_high", "target_day", "rule", "formula")


@transaction.atomic
def start(user: User, year: int, template_code: str, *, is_demo: bool = False) -> Scheme:
    """Draw up a year's indicators from a template. Raises PermissionDenied, ValidationError, UnknownLimit."""
    access.require(user, "indicators.edit")
    if not FIRST_YEAR <= year <= today().year + 1:
        raise ValidationError({"year": f"年度应在 {FIRST_YEAR} 至 {today().year + 1} 之间。"})
    if Scheme.objects.filter(year=year).exists():
        raise ValidationError({"year": f"{year}年度已有绩效指标，请直接打开。"})
    chosen = template(template_code, year)
    scheme = Scheme(
        owner=bureau(),
        year=year,
        name=chosen.name,
        template=chosen.code,
        total=chosen.total,
        made_by=user,
        made_at=now(),
        is_demo=is_demo,
    )
    scheme.full_clean()
    scheme.save(force_insert=True)
    Indicator.objects.bulk_create(_from_template(scheme, place, row) for place, row in enumerate(chosen.indicators, 1))
    record(
        "indicators.start",
        scheme,
        owner=scheme.owner_id,
        changes={"template": (None, chosen.name), "indicators": (None, [row.name for row in chosen.indicators])},
    )
    return scheme


@transaction.atomic
def save_indicator(
    scheme: Scheme, user: User, values: Mapping[str, Any], indicator: Indicator | None = None
) -> Indicator:
    """Add or change an indicator while the year's are drawn up. Raises PermissionDenied, ValidationError."""
    scheme = _draft(scheme, user)
    row = indicator or Indicator(scheme=scheme, place=_next_place(scheme))
    before = {name: getattr(row, name) for name in _TOLD} if indicator else {}
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    check(row)
    row.save()
    changes = {name: (before.get(name), getattr(row, name)) for name in _TOLD if before.get(name) != getattr(row, name)}
    record("indicators.change" if indicator else "indicators.add", row, owner=scheme.owner_id, changes=changes)
    return row


@transaction.atomic
def remove_indicator(indicator: Indicator, user: User) -> None:
    """Take an indicator out while the year's are drawn up. Raises PermissionDenied, ValidationError."""
    scheme = _draft(indicator.scheme, user)
    record("indicators.remove", indicator, owner=scheme.owner_id, changes={"name": (indicator.name, None)})
    indicator.delete()


@transaction.atomic
def adopt(scheme: Scheme, user: User) -> None:
    """Put the year's indicators into force: from then on targets are adjusted with a reason, weights stay.

    Raises PermissionDenied, ValidationError when the weights do not add up.
    """
    access.require(user, "indicators.adopt")
    row = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if not row.is_draft:
        raise ValidationError(f"{row}已经下达，不能再次下达。")
    difference = weights(row) - row.total
    if difference:
        words = f"多 {scoring.plain(difference)}" if difference > 0 else f"少 {scoring.plain(-difference)}"
        raise ValidationError(f"权重合计与总分 {scoring.plain(row.total)} 相比{words}，请先调整权重再下达。")
    row.state, row.adopted_by, row.adopted_at = Scheme.State.ADOPTED, user, now()
    row.save(update_fields=["state", "adopted_by", "adopted_at"])
    record("indicators.adopt", row, owner=row.owner_id, changes={"state": ("编制中", "已下达")})


@transaction.atomic
def adjust(indicator: Indicator, user: User, value: Decimal, reason: str) -> None:
    """Change the target of an adopted year: the first one stays beside it. Raises PermissionDenied, ValidationError."""
    row = _adopted(indicator, user)
    if row.target is None:
        raise ValidationError("这项指标的目标不是一个数，不能调整目标值。")
    if not reason.strip():
        raise ValidationError({"reason": "请写明调整理由和批准文号。"})
    before, row.adjusted, row.adjusted_reason = row.adjusted, value, reason.strip()
    row.full_clean()
    row.save(update_fields=["adjusted", "adjusted_reason"])
    record(
        "indicators.adjust",
        row,
        owner=row.scheme.owner_id,
        changes={"adjusted": (before or row.target, value)},
        reason=row.adjusted_reason,
    )


@transaction.atomic
def exclude(indicator: Indicator, user: User, reason: str) -> None:
    """Leave an indicator out of the total because it does not apply, or, without a reason, count it again."""
    row = _adopted(indicator, user)
    before, row.excluded = row.excluded, reason.strip()
    if before == row.excluded:
        return
    row.full_clean()
    row.save(update_fields=["excluded"])
    verb = "indicators.exclude" if row.excluded else "indicators.include"
    record(verb, row, owner=row.scheme.owner_id, changes={"excluded": (before, row.excluded)}, reason=row.excluded)


@transaction.atomic
def judge(
    indicator: Indicator,
    user: User,
    *,
    judged: Decimal | None = None,
    done_on: date | None = None,
    finding: str,
    files: Iterable[Any] = (),
) -> None:
    """Say what was reached where no module counts it: a share of the weight (qualitative), or the day of completion.

    Raises PermissionDenied, ValidationError.
    """
    row = _adopted(indicator, user)
    if not row.is_judged:
        raise ValidationError(f"“{row.name}”由系统按记录计算，不能手工评定。")
    if row.direction == scoring.QUALITATIVE and (judged is None or not 0 <= judged <= 100):
        raise ValidationError({"judged": "请填 0 至 100 之间的评分：达成 80–100，部分达成 60–80，未达成 60 以下。"})
    if row.direction == scoring.BY_DAY and (done_on is None or done_on > today()):
        raise ValidationError({"done_on": "请填完成日期，不能晚于今天。"})
    if not finding.strip():
        raise ValidationError({"finding": "请写明完成情况。"})
    before = row.reached
    row.judged, row.done_on, row.finding = judged, done_on, finding.strip()
    row.full_clean()
    row.save(update_fields=["judged", "done_on", "finding"])
    for file in files:
        attach(row, file, user=user, label="佐证")
    record(
        "indicators.judge",
        row,
        owner=row.scheme.owner_id,
        changes={"reached": (before, row.reached)},
        reason=row.finding,
    )


@transaction.atomic
def explain(
    indicator: Indicator, user: User, *, finding: str, reason: str, measures: str, files: Iterable[Any] = ()
) -> None:
    """Write what was done, why the target was missed and what will be done about it, and add evidence."""
    row = _adopted(indicator, user)
    new = {"finding": finding.strip(), "reason": reason.strip(), "measures": measures.strip()}
    changes = {name: (getattr(row, name), text) for name, text in new.items() if getattr(row, name) != text}
    for name, text in new.items():
        setattr(row, name, text)
    row.full_clean()
    row.save(update_fields=list(new))
    for file in files:
        attach(row, file, user=user, label="佐证")
    if changes:
        record("indicators.explain", row, owner=row.scheme.owner_id, changes=changes)


def check(row: Indicator) -> None:
    """Whether an indicator has a meaning: its target fits the direction, the rule fits both, its figures exist.

    Raises ValidationError that names the field.
    """
    if row.rule not in scoring.FITTING[row.direction]:
        fitting = "、".join(scoring.RULES[kind] for kind in scoring.FITTING[row.direction])
        raise ValidationError({"rule": f"“{row.get_direction_display()}”型指标可用的计分方式：{fitting}。"})
    if row.direction == scoring.BY_DAY:
        _demand(row.target_day is not None, "target_day", "请填完成时限。")
    elif row.direction != scoring.QUALITATIVE:
        _demand(row.target is not None, "target", "请填目标值。")
        _check_formula(row)
    if row.direction == scoring.BETWEEN:
        in_order = row.target is not None and row.target_high is not None and row.target <= row.target_high
        _demand(in_order, "target_high", "区间上限不能小于目标值（下限）。")
    if row.rule == "zero":
        _demand(row.target == 0, "target", "“未发生得满分”用于目标为 0 的指标。")
    if row.rule == "step":
        _demand(row.each > 0 and row.step > 0, "each", "请填每档扣几分和每档大小，都须大于 0。")
    if row.rule == "rate":
        _demand(row.unit == "%", "unit", "“完成率 × 权重”用于单位为 % 的指标。")
    plans = (row.plan_q1, row.plan_q2, row.plan_q3)
    if any(share is not None for share in plans):
        told = [share for share in plans if share is not None]
        in_order = len(told) == len(plans) and told == sorted(told) and told[-1] <= 100
        _demand(in_order, "plan_q1", "计划进度三个季度都要填，逐季不减，不超过 100。")


def _check_formula(row: Indicator) -> None:
    _demand(bool(row.formula), "formula", "请选择数字或写算式：能由系统统计的不手填。")
    try:
        unknown = formula.names(row.formula) - {figure.id for figure in figure_rows()}
    except formula.FormulaError as error:
        raise ValidationError({"formula": str(error)}) from error
    _demand(not unknown, "formula", f"没有代码为“{min(unknown, default='')}”的数字，请从数字清单中选。")


def _demand(held: bool, field: str, words: str) -> None:
    if not held:
        raise ValidationError({field: words})


def _draft(scheme: Scheme, user: User) -> Scheme:
    access.check(user, Scheme, scheme.pk, "indicators.edit")
    row = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if not row.is_draft:
        raise ValidationError(f"{row}已经下达，不能再增删改指标；目标变化请办理“调整目标”。")
    return row


def _adopted(indicator: Indicator, user: User) -> Indicator:
    access.check(user, Indicator, indicator.pk, "indicators.edit")
    row = Indicator.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=indicator.pk)
    if row.scheme.is_draft:
        raise ValidationError(f"{row.scheme}还在编制，请先下达。")
    return row


def _next_place(scheme: Scheme) -> int:
    return (scheme.indicators.aggregate(last=Max("place"))["last"] or 0) + 1


def _from_template(scheme: Scheme, place: int, row: IndicatorRow) -> Indicator:
    plan = row.plan or (None, None, None)
    return Indicator(
        scheme=scheme,
        place=place,
        code=row.code,
        name=row.name,
        level1=row.level1,
        level2=row.level2,
        unit=row.unit,
        weight=row.weight,
        direction=row.direction,
        target=row.target,
        target_high=row.target_high,
        target_day=date.fromisoformat(f"{scheme.year}-{row.target_day}") if row.target_day else None,
        rule=row.rule,
        places=row.places,
        each=row.each,
        step=row.step,
        formula=row.formula,
        plan_q1=plan[0],
        plan_q2=plan[1],
        plan_q3=plan[2],
        office=row.office,
        evidence=row.evidence,
        needs_file=row.needs_file,
        is_core=row.is_core,
        is_execution=row.is_execution,
    )
