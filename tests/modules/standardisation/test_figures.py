"""Counts as of a day against counting by hand, pages, the import, and what a list costs."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings, strategies as st

from bianwang.modules.standardisation import queries
from bianwang.modules.standardisation.models import Grade
from bianwang.platform.clock import now, today
from bianwang.platform.exchange.models import Import
from bianwang.platform.exchange.services import apply_confirmed
from tests.modules.standardisation import cases
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
START = date(2020, 1, 1)
DAY = st.integers(0, 120).map(lambda number: START + timedelta(days=number))
HISTORY = st.lists(
    st.tuples(st.integers(0, 2), DAY, st.integers(0, 60), st.none() | st.integers(0, 40), st.sampled_from("123")),
    max_size=9,
    unique_by=lambda row: (row[0], row[1]),
)


def by_hand(rows: list[Any], day: date) -> tuple[dict[int, str], dict[int, str]]:
    """Who was ever, and who is validly graded on a day, one enterprise after another."""
    ever: dict[int, str] = {}
    valid: dict[int, str] = {}
    for enterprise in {row[0] for row in rows}:
        before = sorted(row[1:] for row in rows if row[0] == enterprise and row[1] <= day)
        if not before:
            continue
        graded, days, ended, level = before[-1]
        ever[enterprise] = level
        if day <= graded + timedelta(days=days) and (ended is None or day < graded + timedelta(days=ended)):
            valid[enterprise] = level
    return ever, valid


@given(HISTORY, DAY)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_those_counted_by_hand(world: World, rows: list[Any], day: date) -> None:
    enterprises = [world.plant, world.joint, world.other]
    with transaction.atomic():
        Grade.objects.bulk_create(
            Grade(
                owner=enterprises[number],
                level=level,
                state="valid",
                state_since=now(),
                graded_on=graded,
                valid_until=graded + timedelta(days=days),
                ended_on=graded + timedelta(days=ended) if ended is not None else None,
            )
            for number, graded, days, ended, level in rows
        )
        for kind, expected in zip(("ever", "held"), by_hand(rows, day), strict=True):
            found = dict(queries.counted(kind, day).values_list("owner", "level"))
            assert found == {enterprises[number].pk: level for number, level in expected.items()}, kind
        transaction.set_rollback(True)


def certificates(world: World) -> None:
    """Three enterprises: valid, expired, and one that was graded twice."""
    year = today().year
    cases.graded(world, graded_on=date(year - 5, 5, 1), certificate="甲1", level="2")
    cases.graded(world, graded_on=date(year - 1, 5, 1), certificate="甲2")
    cases.graded(world, world.joint, graded_on=date(year - 2, 5, 1), certificate="乙", level="1")
    cases.graded(world, world.other, graded_on=date(year - 5, 5, 1), certificate="丙")


def test_every_figure_leads_to_exactly_its_rows(world: World, client_for: ClientFor) -> None:
    certificates(world)
    client = client_for("head")
    for day in (today(), date(today().year - 4, 1, 1)):
        found = client.get(reverse("standardisation:statistics"), {"on": day}).context["found"]
        lines = [found.total, *found.trend, *(line for _, group in found.groups for line in group)]
        for line in lines:
            for figure in (line.ever, line.held):
                page = client.get(f"{reverse('standardisation:list')}?{figure.query}").context["sheet"]
                assert page.paginator.count == figure.value, (line.name, figure)
        for name, group in found.groups:
            assert sum(line.ever.value for line in group) == found.total.ever.value, name
            assert sum(line.held.value for line in group) == found.total.held.value, name
    assert (found.total.ever.value, found.total.held.value) == (2, 2)
    assert client.get(reverse("standardisation:statistics"), {"on": "x"}).context["found"].day == today()


def test_each_sees_the_figures_of_his_own(world: World, client_for: ClientFor) -> None:
    certificates(world)
    page = reverse("standardisation:statistics")
    counts = {
        who: client_for(who).get(page).context["found"].total
        for who in ("leader", "town", "town2", "safety", "safety2")
    }
    assert {who: (line.ever.value, line.held.value) for who, line in counts.items()} == {
        "leader": (3, 2), "town": (2, 2), "town2": (1, 0), "safety": (1, 1), "safety2": (1, 0),
    }  # fmt: skip


def test_from_rating_to_subsidy_through_the_pages(world: World, client_for: ClientFor) -> None:
    safety, officer, leader, finance = (client_for(who) for who in ("safety", "enforcement", "leader", "finance"))

    def post(client: Any, url: str, expected: int = 302, **data: Any) -> Any:
        answer = client.post(url, data)
        assert answer.status_code == expected, answer.content.decode()[-2500:]
        return answer

    answer = post(safety, reverse("standardisation:rating_open"), owner=world.plant.pk, year=today().year)
    scores = answer["Location"]
    page = safety.get(scores)
    form = page.context["form"]
    data = {name: field.initial for name, field in form.fields.items() if name != "note"}
    first = form.scores[0].element
    wrong = post(safety, scores, 422, **{**data, f"deducted_{first}": "5"}).content.decode()
    assert "请写明原因" in wrong
    post(safety, scores, **{**data, f"deducted_{first}": "5", f"reason_{first}": "责任制未更新"})
    rating = scores.removesuffix("scores/")
    assert "99.5" in safety.get(rating).content.decode()
    post(safety, f"{rating}step/submit/")
    assert "已经提交" in post(safety, scores, 422, **data).content.decode()
    post(safety, f"{rating}apply/", 422, level="2")
    post(safety, f"{rating}apply/", level="3")
    grade = Grade.objects.get()
    url = grade.get_absolute_url()
    post(officer, f"{url}step/arrange/", reviewers="专家甲、专家乙")
    review = {"review_on": today(), "review_opinion": "合格"}
    post(officer, f"{url}step/review/", 422, review_score="59.99", **review)
    post(officer, f"{url}step/review/", review_score="80", **review)
    assert officer.get(f"{url}step/conclude/").status_code == 409
    cases.notice_over(grade)
    post(officer, f"{url}step/conclude/", certificate="渝AQB3-1")
    assert "申请奖补" in safety.get(url).content.decode()
    post(safety, f"{url}claim/")
    assert f"{url}claim/" not in safety.get(url).content.decode()
    subsidy = grade.subsidies.get().get_absolute_url()
    post(officer, f"{subsidy}step/check/")
    post(leader, f"{subsidy}step/approve/")
    post(finance, f"{subsidy}step/pay/", voucher="记-1")
    assert "10,000.00" in finance.get(subsidy).content.decode()
    assert "10,000.00" in finance.get(reverse("standardisation:statistics")).content.decode()
    post(leader, f"{url}step/revoke/", 422, ground="death")
    post(leader, f"{url}step/revoke/", ground="death", reason="死亡事故")
    world.plant.refresh_from_db()
    assert world.plant.standardisation == "0"


def test_lists_ask_little(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    certificates(world)
    cases.rated(world)
    client = client_for("head")
    for name, rows in (("list", 4), ("ratings", 1), ("subsidies", 0)):
        with django_assert_max_num_queries(20):
            page = client.get(reverse(f"standardisation:{name}"))
        assert len(page.context["sheet"].object_list) == rows
    with django_assert_max_num_queries(50):
        client.get(reverse("standardisation:statistics"))
    assert client.get(reverse("standardisation:list"), {"ending": "1"}).context["sheet"].paginator.count == 0


def uploaded(client: Any, rows: list[tuple[Any, ...]]) -> Import:
    """A filled template, uploaded and checked."""
    url = reverse("exchange:upload", args=["standardisation.grade"])
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{url}template/").content))
    for row in rows:
        book["数据"].append(row)
    data = io.BytesIO()
    book.save(data)
    data.seek(0)
    data.name = "证书.xlsx"
    assert client.post(url, {"file": data}).status_code == 302
    return Import.objects.latest("pk")


def confirm(client: Any, batch: Import) -> None:
    """Go on with it."""
    answer = client.post(reverse("exchange:import", args=[batch.pk]), {"action": "confirm"})
    assert answer.status_code == 302


def test_a_right_list_is_imported_once(world: World, client_for: ClientFor) -> None:
    client = client_for("head")
    rows = [
        (world.plant.credit_code, "甲", "三级", "2024-02-29"),
        (world.other.credit_code, "丙", "二级", "2019-05-01", "2021-05-01", "原市安监局"),
    ]
    for _ in range(2):
        batch = uploaded(client, rows)
        assert batch.errors == 0
        confirm(client, batch)
        apply_confirmed()
    grades = Grade.objects.order_by("graded_on").values_list("state", "level", "valid_until", "authority")
    assert list(grades) == [
        ("expired", "2", date(2021, 5, 1), "原市安监局"),
        ("valid", "3", date(2027, 2, 28), "璧山区应急管理局"),
    ]
    world.plant.refresh_from_db()
    assert world.plant.standardisation == "3"


def test_a_wrong_list_leaves_nothing(world: World, client_for: ClientFor) -> None:
    cases.graded(world, certificate="已有", graded_on=date(2025, 1, 1))
    client = client_for("head")
    batch = uploaded(
        client,
        [
            (world.plant.credit_code, "新", "三级", "2024-02-29"),
            (world.other.credit_code, "已有", "三级", "2024-02-29"),
            ("91500120NOBODY0000", "无", "三级", "2024-02-29"),
            (world.joint.credit_code, "长", "三级", "2024-02-29", "2027-03-01"),
            (world.joint.credit_code, "明", "三级", str(today() + timedelta(days=1))),
            (world.plant.credit_code, "改", "三级", "2025-01-01"),
            (world.other.credit_code, "双1", "三级", "2024-03-01"),
            (world.other.credit_code, "双2", "二级", "2024-03-01"),
        ],
    )
    assert batch.errors == 6
    confirm(client, batch)
    apply_confirmed()
    assert list(Grade.objects.values_list("certificate", flat=True)) == ["已有"]
