"""From the self-rating to the certificate, and what ends it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from bianwang.modules.standardisation import services
from bianwang.modules.standardisation.models import Grade, SelfRating
from bianwang.modules.standardisation.queries import held
from bianwang.modules.standardisation.validity import add_months, last_day
from bianwang.platform.calendar.queries import add_working_days
from bianwang.platform.clock import today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import Conflict, Refused
from bianwang.platform.workflow.services import advance
from tests.modules.standardisation import cases
from tests.people import World

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)


def level(world: World) -> str:
    """The plant's grade as the register of enterprises has it."""
    world.plant.refresh_from_db()
    return world.plant.standardisation


def waiting(obj: object, pk: int) -> list[str]:
    """Titles of open duties about an object."""
    label = type(obj)._meta.label_lower  # type: ignore[attr-defined]
    rows = Todo.objects.filter(object_type=label, object_id=pk, done_at__isnull=True)
    return list(rows.values_list("title", flat=True))


def test_a_rating_starts_full_and_its_total_is_computed(world: World) -> None:
    rating = cases.drafted(world)
    assert (rating.total, rating.scores.count()) == (Decimal("100.00"), 8)
    first, second = (row.element for row in rating.scores.order_by("position")[:2])
    full = rating.scores.get(element=first).full
    values = {
        first: {"absent": full, "deducted": Decimal(0), "reason": "不涉及"},
        second: {"deducted": Decimal("8.0"), "reason": "制度未更新"},
    }
    services.save_scores(rating, world.who("safety_mate"), values)
    fresh = SelfRating.objects.get(pk=rating.pk)
    assert fresh.total == (Decimal(1000 - full - 8) * 100 / (1000 - full)).quantize(Decimal("0.01"), "ROUND_DOWN")
    entry = Entry.objects.filter(verb="standardisation.rating_save").get()
    assert "制度未更新" in entry.changes


def test_deductions_need_a_reason_and_lie_within_the_marks(world: World) -> None:
    rating = cases.drafted(world)
    element = rating.scores.order_by("position")[0].element
    for wrong, field in (
        ({"deducted": Decimal(1)}, f"reason_{element}"),
        ({"deducted": Decimal(1000), "reason": "全扣"}, f"deducted_{element}"),
    ):
        with pytest.raises(ValidationError) as error:
            services.save_scores(rating, world.who("safety"), {element: wrong})
        assert list(error.value.message_dict) == [field]
    assert SelfRating.objects.get(pk=rating.pk).total == 100
    with pytest.raises(Http404):
        services.save_scores(rating, world.who("safety2"), {})
    with pytest.raises(PermissionDenied):
        services.save_scores(rating, world.who("head"), {})


def test_a_rating_that_was_handed_in_changes_only_after_it_was_returned(world: World) -> None:
    rating = cases.rated(world)
    with pytest.raises(Refused, match="已经提交"):
        services.save_scores(rating, world.who("safety"), {})
    with pytest.raises(ValidationError, match="已经有了"):
        cases.drafted(world)
    services.send_back(rating, world.who("enforcement"), "要素填错")
    services.save_scores(rating, world.who("safety"), {}, "已改")
    services.submit(rating, world.who("safety"))
    services.apply(world.who("safety"), rating, "3")
    with pytest.raises(Refused, match="为依据"):
        services.send_back(rating, world.who("enforcement"), "再退")


def test_from_application_to_certificate(world: World) -> None:
    grade = cases.published(world)
    assert grade.notice_until == add_working_days(today(), 5)
    assert waiting(grade, grade.pk)
    with pytest.raises(Refused, match="公示到"):
        services.conclude(grade, world.who("enforcement"), "渝AQB3-100")
    Grade.objects.filter(pk=grade.pk).update(notice_until=today())
    grade.refresh_from_db()
    with pytest.raises(Refused, match="公示到"):
        services.conclude(grade, world.who("enforcement"), "渝AQB3-100")
    assert level(world) == "0"
    cases.notice_over(grade)
    services.conclude(grade, world.who("enforcement"), "渝AQB3-100")
    assert (grade.graded_on, grade.valid_until) == (today(), last_day(today(), 3))
    assert (level(world), waiting(grade, grade.pk)) == ("3", [])
    assert Entry.objects.filter(verb="places.change", object_id=world.plant.pk).count() == 1


def test_who_may_apply_and_for_what(world: World) -> None:
    rating = cases.rated(world, deducted="100")
    for wanted, words in (("2", "重庆市应急管理局"), ("1", "应急管理部")):
        with pytest.raises(ValidationError, match=words):
            services.apply(world.who("safety"), rating, wanted)
    with pytest.raises(Http404):
        services.apply(world.who("safety2"), rating, "3")
    SelfRating.objects.filter(pk=rating.pk).update(submitted_on=add_months(today(), -12) - timedelta(days=2))
    old = SelfRating.objects.get(pk=rating.pk)
    with pytest.raises(Refused, match="超过 12 个月"):
        services.apply(world.who("safety"), old, "3")
    SelfRating.objects.filter(pk=rating.pk).update(submitted_on=today())
    services.apply(world.who("safety"), rating, "3")
    with pytest.raises(Refused, match="在办"):
        services.apply(world.who("safety"), rating, "3")


def test_a_rating_below_the_line_is_not_enough(world: World) -> None:
    rating = cases.drafted(world)
    rows = list(rating.scores.order_by("-full")[:3])
    given = {row.element: {"deducted": row.full - Decimal(40), "reason": "缺失"} for row in rows}
    services.save_scores(rating, world.who("safety"), given)
    assert rating.total == Decimal("60.00")
    given[rows[0].element]["deducted"] += Decimal("0.1")
    services.save_scores(rating, world.who("safety"), given)
    assert rating.total == Decimal("59.99")
    with pytest.raises(Refused, match="没有提交"):
        services.apply(world.who("safety"), rating, "3")
    services.submit(rating, world.who("safety"))
    with pytest.raises(ValidationError, match="低于三级的 60 分"):
        services.apply(world.who("safety"), rating, "3")


@pytest.mark.parametrize(("score", "passes"), [("59.99", False), ("60.00", True), ("100.01", False)])
def test_the_review_passes_from_the_line_on(world: World, score: str, passes: bool) -> None:
    grade, officer = cases.applied(world), world.who("enforcement")
    services.arrange(grade, officer, "专家甲、专家乙")
    given = {"day": today(), "score": Decimal(score), "opinion": "结论"}
    if passes:
        services.review(grade, officer, **given)
        return
    with pytest.raises(ValidationError, match="评审得分"):
        services.review(grade, officer, **given)
    with pytest.raises(ValidationError, match="评审日期"):
        services.review(grade, officer, day=today() - ONE, score=Decimal(80), opinion="结论")
    services.refuse(grade, officer, "未达到分数线")
    assert (grade.state, level(world)) == ("refused", "0")


def test_withdrawn_by_the_enterprise_alone(world: World) -> None:
    grade = cases.applied(world)
    with pytest.raises(PermissionDenied):
        services.withdraw(grade, world.who("head"), "不办了")
    services.withdraw(grade, world.who("safety"), "不办了")
    services.apply(world.who("safety"), grade.rating, "3")
    with pytest.raises(Refused, match="不能直接登记"):
        advance(Grade.objects.get(state="applied"), "record", world.who("head"))


def test_a_certificate_holds_to_its_last_day(world: World) -> None:
    grade = cases.graded(world, graded_on=date(2024, 2, 29), level="2")
    assert grade.valid_until == date(2027, 2, 28)
    for day, count in ((date(2024, 2, 28), 0), (date(2024, 2, 29), 1), (date(2027, 2, 28), 1), (date(2027, 3, 1), 0)):
        assert held(day).count() == count, day
    assert level(world) == "2"


def test_the_clock_ends_a_certificate_after_its_last_day(world: World) -> None:
    grade = cases.graded(world)
    Grade.objects.filter(pk=grade.pk).update(valid_until=today())
    services.expire_due()
    assert level(world) == "3"
    Grade.objects.filter(pk=grade.pk).update(valid_until=today() - ONE, graded_on=today() - 2 * ONE)
    services.expire_due()
    services.expire_due()
    assert (Grade.objects.get(pk=grade.pk).state, level(world)) == ("expired", "0")
    assert Entry.objects.filter(verb="standardisation.expire").count() == 1


def test_reminded_once_at_six_and_once_at_three_months(world: World) -> None:
    until = next(day for day in (today() + n * ONE for n in range(170, 200)) if add_months(day, -6) > today())
    grade = cases.graded(world, valid_until=until)

    def run(last: date) -> int:
        Grade.objects.filter(pk=grade.pk).update(valid_until=last)
        services.remind_due()
        services.remind_due()
        return grade.reminders.count()

    assert run(until) == 0
    assert run(until - ONE) == 1
    assert len(waiting(grade, grade.pk)) == 1
    near = next(day for day in (today() + n * ONE for n in range(80, 100)) if add_months(day, -3) > today())
    assert run(near) == 1
    assert run(near - ONE) == 2
    assert sorted(grade.reminders.values_list("months", flat=True)) == [3, 6]
    assert len(waiting(grade, grade.pk)) == 1
    assert Entry.objects.filter(verb="standardisation.remind").count() == 2
    grade.refresh_from_db()
    services.revoke(grade, world.who("head"), "fraud", "材料虚假")
    assert waiting(grade, grade.pk) == []


def test_revocation_takes_the_grade_from_the_enterprise(world: World) -> None:
    grade = cases.graded(world)
    assert level(world) == "3"
    with pytest.raises(PermissionDenied):
        services.revoke(grade, world.who("enforcement"), "death", "死亡事故")
    with pytest.raises(ValidationError, match="撤销情形"):
        services.revoke(grade, world.who("leader"), "whim", "不喜欢")
    with pytest.raises(Refused, match="理由"):
        services.revoke(grade, world.who("leader"), "death", "")
    services.revoke(grade, world.who("leader"), "death", "8·20死亡事故")
    assert (grade.state, grade.ended_on, level(world)) == ("revoked", today(), "0")
    assert (held(today() - ONE).count(), held(today()).count()) == (1, 0)
    with pytest.raises(Conflict):
        services.revoke(grade, world.who("head"), "death", "再撤")
    rating = cases.rated(world)
    with pytest.raises(Refused, match="被撤销"):
        services.apply(world.who("safety"), rating, "3")
    Grade.objects.filter(pk=grade.pk).update(ended_on=add_months(today(), -12))
    services.apply(world.who("safety"), rating, "3")


def test_the_latest_grading_decides(world: World) -> None:
    old = cases.graded(world, graded_on=date(today().year - 2, 3, 1), level="2", certificate="旧证")
    new = cases.graded(world, certificate="新证")
    old.refresh_from_db()
    assert (old.state, new.state, level(world)) == ("replaced", "valid", "3")
    older = cases.graded(world, graded_on=date(today().year - 6, 3, 1), certificate="更旧", level="1")
    assert (older.state, level(world)) == ("expired", "3")
    services.revoke(new, world.who("head"), "stopped", "停产")
    assert level(world) == "0"


def test_what_no_certificate_can_be(world: World) -> None:
    cases.graded(world)
    for values, field in (
        ({"certificate": "明天", "graded_on": today() + ONE}, "graded_on"),
        ({"certificate": "古代", "graded_on": date(2001, 1, 1)}, "graded_on"),
        ({"certificate": "太长", "graded_on": date(2025, 3, 1), "valid_until": date(2028, 3, 2)}, "valid_until"),
        ({"certificate": "同日"}, "graded_on"),
    ):
        with pytest.raises(ValidationError) as error:
            cases.graded(world, **values)
        assert list(error.value.message_dict) == [field], values
    with pytest.raises(ValidationError, match="青杠机械厂"):
        cases.graded(world, world.other)
    assert Grade.objects.count() == 1


def test_the_database_allows_one_open_application(world: World) -> None:
    grade = cases.applied(world)
    grade.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        grade.save(force_insert=True)
