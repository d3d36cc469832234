"""Certificates of the demo's enterprises, one renewal that is being published, and subsidies on their way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from bianwang.modules.standardisation import services
from bianwang.modules.standardisation.models import Grade, SelfRating
from bianwang.modules.standardisation.queries import today
from bianwang.modules.standardisation.validity import add_months
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Enterprise
from bianwang.processes.demo.cast import Cast

_LEFT = 70
"""Days that the certificate of the enterprise which renews still holds."""


def load(cast: Cast) -> None:
    """Enter what the enterprises hold, and let two of them act; once."""
    if Grade.objects.exists():
        return
    head, officer = cast.user("kezhang"), cast.user("zhifa")
    certificates = _certificates(cast, head)
    renewing = _rating(cast.user("qiye2"), cast.owners["ruifeng"], Decimal(12))
    with acting(cast.user("qiye2"), "本机"):
        grade = services.apply(cast.user("qiye2"), renewing, "3", is_demo=True)
        waiting = services.apply_subsidy(cast.user("qiye2"), certificates["ruifeng"], is_demo=True)
    with acting(officer, "本机"):
        services.arrange(grade, officer, "演示渝安评审组：专家甲、专家乙")
        services.review(grade, officer, day=today(), score=Decimal("81.50"), opinion="演示：基本符合三级要求。")
        services.check_subsidy(waiting, officer)
    _rating(cast.user("qiye"), cast.owners["jiahua"], Decimal(18))
    with acting(cast.user("qiye"), "本机"):
        subsidy = services.apply_subsidy(cast.user("qiye"), certificates["jiahua"], is_demo=True)
    with acting(officer, "本机"):
        services.check_subsidy(subsidy, officer)
    with acting(cast.user("juzhang"), "本机"):
        services.approve_subsidy(subsidy, cast.user("juzhang"))
    with acting(cast.user("caiwu"), "本机"):
        services.pay_subsidy(subsidy, cast.user("caiwu"), "演示记账凭证21号")


def _certificates(cast: Cast, head: User) -> dict[str, Grade]:
    """One for every enterprise that holds a grade, and one that has expired."""
    day, found = today(), {}
    with acting(head, "本机"):
        for number, (key, owner) in enumerate(cast.owners.items()):
            if owner.standardisation != Enterprise.Standardisation.NONE:
                graded = day - timedelta(days=40 + number * 71 % 700)
                if key == "ruifeng":
                    graded = add_months(day + timedelta(days=_LEFT), -36)
                found[key] = _existing(head, owner, owner.standardisation, graded, number)
        found["nongyuan"] = _existing(head, cast.owners["nongyuan"], "3", add_months(day, -40), len(cast.owners))
    return found


def _existing(head: User, owner: Enterprise, level: str, graded: date, number: int) -> Grade:
    values = {"level": level, "certificate": f"演示AQB{level}-{number + 1:03}", "graded_on": graded}
    return services.record_existing(head, owner, values, is_demo=True)


def _rating(user: User, owner: Enterprise, deducted: Decimal) -> SelfRating:
    """This year's, with the same deduction in every element."""
    with acting(user, "本机"):
        rating = services.open_rating(user, owner, today().year, is_demo=True)
        elements = rating.scores.values_list("element", flat=True)
        given = {element: {"deducted": deducted, "reason": "演示：部分记录不全"} for element in elements}
        services.save_scores(rating, user, given, "演示：由安全部组织各车间自评。")
        services.submit(rating, user)
    return rating
