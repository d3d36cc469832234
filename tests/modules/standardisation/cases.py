"""Self-ratings, grades and subsidies that tests start from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.standardisation import services
from bianwang.modules.standardisation.models import (
    Agency,
    AgencyPayment,
    Contract,
    Expert,
    Grade,
    SelfRating,
    ServiceVisit,
    Subsidy,
)
from bianwang.platform.clock import today
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


def agency(world: World, **values: Any) -> Agency:
    """A qualified agency, entered by the head."""
    given = {
        "name": "渝安技术服务公司",
        "qualification": "APJ-渝-001",
        "qualified_until": today() + timedelta(days=400),
        **values,
    }
    return services.save_agency(world.who("head"), Agency(), given)


def expert(world: World, name: str, of: Agency | None = None) -> Expert:
    """An expert of an agency, or on his own."""
    return services.save_expert(world.who("head"), Expert(), {"name": name, "field": "机械", "agency": of})


def contract(world: World, of: Agency | None = None, **values: Any) -> Contract:
    """A contract of 10,000 yuan at 4,000 a visit, from last month on."""
    given = {
        "agency": of or agency(world),
        "number": "技服〔2026〕1号",
        "title": "专家查隐患",
        "scope": "工贸企业隐患排查",
        "amount": Decimal("10000.00"),
        "price": Decimal("4000.00"),
        "first_day": today() - timedelta(days=30),
        "last_day": today() + timedelta(days=300),
        "budget_line": "services",
        **values,
    }
    return services.sign_contract(world.who("head"), given)


def visited(world: World, of: Contract | None = None, days: int = 1, **values: Any) -> ServiceVisit:
    """Two experts at the plant some days ago, entered by the officer."""
    of = of or contract(world)
    experts = list(Expert.objects.filter(agency=of.agency)[:2])
    while len(experts) < 2:
        experts.append(expert(world, f"专家{len(experts)}", of.agency))
    given = {"day": today() - timedelta(days=days), "summary": "查看冲压车间", **values}
    return services.record_visit(world.who("enforcement"), of, world.plant, experts, given)


def found(world: World, of: Contract | None = None, findings: int = 1, **values: Any) -> ServiceVisit:
    """With findings that are not in the register yet."""
    visit = visited(world, of, **values)
    for number in range(findings):
        services.add_finding(visit, world.who("enforcement"), {"title": f"防护罩缺失{number}", "category": "2"})
    return visit


def accepted(world: World, of: Contract | None = None, **values: Any) -> ServiceVisit:
    """With its findings in the register, accepted by the head."""
    visit = found(world, of, **values)
    if visit.findings.exists():
        services.transfer(visit, world.who("enforcement"))
    services.accept(visit, world.who("head"))
    return visit


def paid(world: World) -> AgencyPayment:
    """One visit, paid."""
    visit = accepted(world)
    return services.pay(world.who("finance"), visit.contract, [visit], "记-7")
