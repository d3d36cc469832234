"""Subsidies: the policy of the day of grading, once, through four hands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from bianwang.modules.standardisation import pack, services
from bianwang.modules.standardisation.models import Subsidy
from bianwang.modules.standardisation.queries import eligible, policy_uses, subsidy_years
from bianwang.platform.accounts.models import Post
from bianwang.platform.clock import today
from bianwang.platform.roles import FINANCE, LEADER
from bianwang.platform.workflow.errors import Refused
from tests.modules.standardisation import cases
from tests.people import World

pytestmark = pytest.mark.django_db


def paid(world: World, subsidy: Subsidy) -> Subsidy:
    """Through all hands."""
    services.check_subsidy(subsidy, world.who("enforcement"))
    services.approve_subsidy(subsidy, world.who("leader"))
    services.pay_subsidy(subsidy, world.who("finance"), "记-12")
    return subsidy


@pytest.mark.parametrize(
    ("graded", "level", "amount", "policy"),
    [
        (date(2023, 12, 31), "3", "5000.00", "2020"),
        (date(2024, 1, 1), "3", "10000.00", "2024"),
        (date(2024, 1, 1), "2", "30000.00", "2024"),
        (date(2020, 1, 1), "1", "50000.00", "2020"),
    ],
)
def test_the_amount_is_that_of_the_day_of_grading(
    world: World, graded: date, level: str, amount: str, policy: str
) -> None:
    made = cases.claimed(world, graded_on=graded, level=level)
    assert (made.amount, made.policy, made.budget_line) == (Decimal(amount), policy, "standardisation")


def test_no_policy_no_subsidy(world: World) -> None:
    with pytest.raises(Refused, match="没有这个等级的奖补政策"):
        cases.claimed(world, graded_on=date(2019, 12, 31))


def test_never_twice_for_one_grade(world: World) -> None:
    first = cases.claimed(world, graded_on=date(2023, 5, 1), certificate="旧")
    again = cases.graded(world, certificate="新")
    with pytest.raises(Refused, match="只奖补一次"):
        services.apply_subsidy(world.who("safety"), again)
    paid(world, first)
    with pytest.raises(Refused, match="只奖补一次"):
        services.apply_subsidy(world.who("safety_mate"), again)
    copy = Subsidy.objects.get(pk=first.pk)
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_another_application_after_a_refusal(world: World) -> None:
    first = cases.claimed(world)
    services.refuse_subsidy(first, world.who("head"), "材料不全")
    second = services.apply_subsidy(world.who("safety"), first.grade)
    services.check_subsidy(second, world.who("head"))
    services.reject_subsidy(second, world.who("leader"), "预算已用完")
    services.apply_subsidy(world.who("safety"), first.grade)


def test_four_hands(world: World) -> None:
    made = cases.claimed(world)
    with pytest.raises(PermissionDenied):
        services.check_subsidy(made, world.who("safety"))
    both = world.who("enforcement")
    Post.objects.create(user=both, role=LEADER, party=world.bureau)
    Post.objects.create(user=both, role=FINANCE, party=world.bureau)
    services.check_subsidy(made, both)
    with pytest.raises(Refused, match="审核人不能审批"):
        services.approve_subsidy(made, both)
    services.approve_subsidy(made, world.who("leader"))
    with pytest.raises(Refused, match="不能发放"):
        services.pay_subsidy(made, both, "记-1")
    with pytest.raises(ValidationError, match="凭证"):
        services.pay_subsidy(made, world.who("finance"), " ")
    services.pay_subsidy(made, world.who("finance"), "记-1")
    assert (made.state, made.paid_on, made.voucher) == ("paid", today(), "记-1")
    with pytest.raises(Http404):
        services.apply_subsidy(world.who("safety2"), made.grade)


def test_a_revoked_grade_is_not_paid_for(world: World) -> None:
    made = cases.claimed(world)
    services.check_subsidy(made, world.who("head"))
    services.approve_subsidy(made, world.who("leader"))
    services.revoke(made.grade, world.who("leader"), "fraud", "材料虚假")
    made = Subsidy.objects.get(pk=made.pk)
    with pytest.raises(Refused, match="已被撤销"):
        services.pay_subsidy(made, world.who("finance"), "记-1")
    services.reject_subsidy(made, world.who("leader"), "等级被撤销")
    with pytest.raises(Refused, match="已被撤销"):
        services.apply_subsidy(world.who("safety"), made.grade)


def test_uptake_is_paid_of_eligible(world: World) -> None:
    first = cases.claimed(world, graded_on=date(2023, 5, 1), certificate="甲")
    cases.graded(world, world.joint, graded_on=date(2023, 6, 1), certificate="乙")
    cases.graded(world, world.other, graded_on=date(2019, 6, 1), certificate="丙")
    paid(world, first)
    # Paid under the old policy, so the renewal of the same grade is not for the new one.
    cases.graded(world, graded_on=date(2025, 5, 1), certificate="丁")
    uses = {use.policy.code: use for use in policy_uses(world.who("finance"))}
    assert (uses["2020"].eligible.value, uses["2020"].paid.value, uses["2020"].rate) == (2, 1, "50.0%")
    assert (uses["2024"].eligible.value, uses["2024"].rate) == (0, "—")
    assert uses["2020"].amount == Decimal("5000.00")
    years = subsidy_years(world.who("finance"))
    assert [(row.year, row.paid.value, row.amount) for row in years] == [(today().year, 1, Decimal("5000.00"))]
    policy = next(row for row in pack.pack().policies if row.code == "2020")
    assert set(eligible(policy).values_list("certificate", flat=True)) == {"甲", "乙"}
    assert [use.eligible.value for use in policy_uses(world.who("town2"))] == [0, 0]
