"""The yearly assessment: scores that people give, with reason and evidence, and versions that are frozen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.committee import assessing
from bianwang.modules.committee.models import Assessment, ManualScore, Score
from bianwang.modules.committee.pack import scheme_of
from bianwang.modules.committee.services.writing import create, members_only
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.places.queries import bureau


@transaction.atomic
def give_score(
    user: User, year: int, unit: Party, code: str, score: Decimal, reason: str, files: Iterable[Any] = ()
) -> ManualScore:
    """Give a unit a score for an item that people judge; reason and evidence are needed, an earlier score is replaced.

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, "committee.assess")
    [member] = members_only([unit], "unit")
    level = Organisation.objects.values_list("level", flat=True).get(pk=member.pk)
    item = next((row for row in scheme_of(year).checked() if row.code == code and row.way == "manual"), None)
    if item is None or level not in item.levels:
        raise ValidationError("这一项不由人工评分，或不适用于这个单位。")
    if not 0 <= score <= item.full:
        raise ValidationError({"score": f"得分应在 0 到 {item.full} 之间。"})
    if not reason.strip():
        raise ValidationError({"reason": "请写明评分理由。"})
    row = ManualScore.objects.select_for_update().filter(year=year, unit=member, code=code).first()
    before = None if row is None else str(row.score)
    row = row or ManualScore(year=year, unit=member, code=code)
    row.score, row.reason, row.given_by, row.given_at = score, reason.strip(), user, now()
    row.save()
    for file in files:
        attach(row, file, user=user, label="评分证据")
    if not Attachment.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).exists():
        raise ValidationError({"papers": "请附上评分证据。"})
    record(
        "committee.score",
        row,
        owner=member.pk,
        changes={"score": (before, str(score)), "code": (None, item.name)},
        reason=row.reason,
    )
    return row


@transaction.atomic
def freeze(user: User, year: int, reason: str = "", *, is_demo: bool = False) -> Assessment:
    """Keep the year's sheet as it is now as a version of its own. Raises PermissionDenied, ValidationError."""
    access.require(user, "committee.decide")
    if not assessing.FIRST_YEAR <= year <= today().year:
        raise ValidationError(f"{year}年还没有考核数据，不能冻结。")
    # Two who freeze at the same moment get one version after the other.
    owner = Party.objects.select_for_update().get(pk=bureau().pk)
    sheet = assessing.sheet(user, year)
    last = Assessment.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    version = Assessment(
        owner=owner,
        year=year,
        number=last + 1,
        scheme=sheet.scheme,
        as_of=sheet.as_of,
        reason=reason.strip(),
        frozen_by=user,
        frozen_at=now(),
        is_demo=is_demo,
    )
    create(version, "committee.freeze", as_of=sheet.as_of, scheme=sheet.scheme)
    rows = [
        Score(
            assessment=version,
            unit_id=standing.unit.pk,
            code=line.item.code,
            name=line.item.name,
            way=line.item.way,
            full=line.item.full,
            score=line.mark,
            working=line.working,
        )
        for _, standings in sheet.groups
        for standing in standings
        for line in standing.lines
    ]
    Score.objects.bulk_create(rows, batch_size=500)
    return version
