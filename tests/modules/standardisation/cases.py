"""Self-ratings, grades and subsidies that tests start from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.standardisation import services
from bianwang.modules.standardisation.models import Grade, SelfRating, Subsidy
from bianwang.modules.standardisation.queries import today
from bianwang.platform.places.models import Enterprise
from tests.people import World


def drafted(world: World) -> SelfRating:
    """This year's self-rating of the plant, begun by its safety manager."""
    return services.open_rating(world.who("safety"), world.plant, today().year)


def rated(world: World, deducted: str = "60") -> SelfRating:
    """Handed in, with marks deducted in one element out of a thousand."""
    rating = drafted(world)
    element = rating.scores.order_by("-full")[0].element
    given = {element: {"deducted": Decimal(deducted), "reason": "机械防护缺失"}}
    services.save_scores(rating, world.who("safety"), given)
    services.submit(rating, world.who("safety"))
    return rating


def applied(world: World) -> Grade:
    """With an application for the third grade."""
    return services.apply(world.who("safety"), rated(world), "3")


def published(world: World, score: str = "82.50") -> Grade:
    """Reviewed and being published."""
    grade = applied(world)
    services.arrange(grade, world.who("enforcement"), "渝安评审公司")
    services.review(grade, world.who("enforcement"), day=today(), score=Decimal(score), opinion="基本符合")
    return grade


def notice_over(grade: Grade) -> None:
    """Let the days of publication have passed."""
    grade.notice_until = today() - timedelta(days=1)
    Grade.objects.filter(pk=grade.pk).update(notice_until=grade.notice_until)


def graded(world: World, owner: Enterprise | None = None, **values: Any) -> Grade:
    """A certificate that exists, given yesterday."""
    given = {"level": "3", "certificate": "渝AQB3-001", "graded_on": today() - timedelta(days=1), **values}
    return services.record_existing(world.who("head"), owner or world.plant, given)


def claimed(world: World, **values: Any) -> Subsidy:
    """With its subsidy applied for."""
    return services.apply_subsidy(world.who("safety"), graded(world, **values))
