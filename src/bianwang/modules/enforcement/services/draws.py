"""双随机: draw into a draft, and make a published draw again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.enforcement import drawing
from bianwang.modules.enforcement.drawing import Candidate, ImpossibleDraw, Inputs, Officer
from bianwang.modules.enforcement.models import Draw, Plan, PlanItem, Recusal
from bianwang.modules.enforcement.services.plans import add_items, over_frequent
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise


def make_draw(
    plan: Plan,
    user: User,
    pool: Sequence[Enterprise],
    quotas: Mapping[str, int],
    seed: str,
    values: Mapping[str, Any],
) -> Draw:
    """Draw from enterprises that may still be inspected `values["times"]` times, put them into the draft, publish.

    `quotas` are numbers by risk colour, or one under "". Raises ValidationError when it cannot be drawn.
    """
    access.check(user, Plan, plan.pk, "enforcement.plan")
    with transaction.atomic():
        # Locks the plan first: what is drawn must not be in it meanwhile.
        Plan.objects.select_for_update().get(pk=plan.pk)
        open_pool = _drawable(plan, pool, values["times"])
        inputs = _inputs(plan, open_pool, quotas)
        try:
            result = drawing.draw(seed, inputs)
        except ImpossibleDraw as error:
            raise ValidationError(str(error)) from error
        made = Draw(
            plan=plan,
            method=inputs.method,
            seed=seed,
            inputs=inputs.canonical(),
            inputs_hash=inputs.hash(),
            result=result,
            made_by=user,
            made_at=now(),
        )
        made.save(force_insert=True)
        by_code = {row.credit_code: row for row in open_pool}
        drawn = drawing.parse_result(result)
        pairs = {by_code[code].pk: pair_words(inputs, pair) for code, pair in drawn}
        given = {**values, "kind": PlanItem.Kind.GENERAL}
        add_items(plan, user, [by_code[code] for code, _ in drawn], given, draw=made, pairs=pairs)
        told = {"种子": (None, seed), "抽取范围": (None, made.inputs_hash), "抽中": (None, len(drawn))}
        record("enforcement.draw", made, owner=plan.owner_id, changes=told)
    return made


def verify(draw: Draw) -> bool:
    """Whether the published inputs and seed give the published hash and result again, byte for byte."""
    inputs = drawing.parse_inputs(draw.inputs)
    if draw.method != inputs.method or inputs.hash() != draw.inputs_hash:
        return False
    try:
        return drawing.draw(draw.seed, inputs) == draw.result
    except ImpossibleDraw:
        return False


def pair_words(inputs: Inputs, pair: Sequence[str]) -> str:
    """Two officers as people read them."""
    names = {row.code: row.name for row in inputs.officers}
    return "、".join(f"{names[code]}" for code in pair)


def _drawable(plan: Plan, pool: Sequence[Enterprise], times: int) -> list[Enterprise]:
    """Without those that the plan has, and those whose ceiling another inspection would break."""
    present = set(plan.items.values_list("enterprise", flat=True))
    rows = [row for row in pool if row.pk not in present]
    refused = over_frequent(plan, [(row, times) for row in rows])
    return [row for row in rows if row.pk not in refused]


def _inputs(plan: Plan, pool: Sequence[Enterprise], quotas: Mapping[str, int]) -> Inputs:
    is_stratified = drawing.EVERYTHING not in quotas
    candidates = tuple(Candidate(row.credit_code, row.name, row.risk if is_stratified else "") for row in pool)
    people = plan.officers.select_related("user").order_by("certificate")
    officers = tuple(Officer(row.certificate, row.user.name) for row in people)
    wanted = {stratum: number for stratum, number in quotas.items() if number}
    return Inputs(candidates, officers, wanted, _exclusions(plan, pool))


def _exclusions(plan: Plan, pool: Sequence[Enterprise]) -> frozenset[tuple[str, str]]:
    """Officers of the plan who have recused themselves from enterprises of the pool."""
    certificates = dict(plan.officers.values_list("user", "certificate"))
    codes = {row.pk: row.credit_code for row in pool}
    rows = Recusal.objects.filter(owner=plan.owner_id, officer__in=certificates, withdrawn_at__isnull=True)
    found = rows.values_list("enterprise", "officer")
    return frozenset((codes[pk], certificates[officer]) for pk, officer in found if pk in codes)
