"""Two who write at once lose nothing; merged events are read as one; what is watched stays cheap."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Loss, Note, Report, Review
from bianwang.platform.clock import now
from tests.modules.emergency.things import described, ended, fire, reported, said, tasked, texts
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LOGGED_IN = 3
"""Queries that tell who asks: session, user, posts."""
LOSS = {"deaths": 0, "injuries": 0, "slight": 0, "area": "1", "loss": "0", "source": "现场核查"}


def _case(kind: str, world: World) -> tuple[str, dict[str, Any], str, Any]:
    """The URL of a form, what is filled in, the field in which the two differ, and how to read what stands."""
    event = ended(world) if kind == "review" else fire(world)
    at = f"{now() + timedelta(hours=8):%Y-%m-%dT%H:%M}"
    if kind == "correct":
        told = described(world)
        form = {name: told[name] for name in ("name", "source", "longitude", "latitude")}
        form |= {"kind": "forest_fire:forest", "territory": world.town_area.pk, "reason": "核实", "happened_at": at}
        Event.objects.filter(pk=event.pk).update(received_at=now(), happened_at=now())
        return reverse("emergency:correct", args=[event.pk]), form, "place", lambda: Event.objects.get().place
    if kind == "loss":
        Event.objects.update(happened_at=now() - timedelta(hours=1))
        url = reverse("emergency:loss_new", args=[event.pk])
        return url, {**LOSS, "as_of": at}, "evacuated", lambda: str(Loss.objects.first().evacuated)  # type: ignore[union-attr]
    if kind == "note":
        note = services.add_note(world.who("duty"), event, "situation", "火线向东")
        url = f"{reverse('emergency:note_new', args=[event.pk])}?corrects={note.pk}&kind=situation"
        form = {"kind": "situation", "corrects": note.pk}
        return url, form, "text", lambda: Note.objects.filter(corrects=note).order_by("-pk")[0].text
    if kind == "opinion":
        opinion = said(world, event)
        form = {"platform": "weibo", "heat": "low", "trend": "level", "truth": "false"}
        return reverse("emergency:opinion_edit", args=[opinion.pk]), form, "summary", lambda: _fresh(opinion).summary
    review = event.review
    return reverse("emergency:review_edit", args=[review.pk]), texts(), "course", lambda: Review.objects.get().course


def _fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize("kind", ["correct", "loss", "note", "opinion", "review"])
def test_the_second_learns_of_the_first_and_keeps_what_he_typed(world: World, client_for: ClientFor, kind: str) -> None:
    url, form, field, stands = _case(kind, world)
    first, second = ("31", "32") if kind == "loss" else ("甲写的内容", "乙写的内容")
    one, other = client_for("duty"), client_for("head")
    seen = {who: client.get(url).context["form"]["version"].value() for who, client in (("one", one), ("other", other))}
    assert one.post(url, {**form, field: first, "version": seen["one"]}).status_code == 302
    answer = other.post(url, {**form, field: second, "version": seen["other"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert stands() == first
    assert f"现为“{first}”，您填的是“{second}”" in page
    assert "王值班" in page
    assert answer.context["form"][field].value() == second
    again = {**form, field: second, "version": answer.context["form"]["version"].value()}
    assert other.post(url, again).status_code == 302
    assert stands() == second


@pytest.mark.django_db(transaction=True)
def test_reports_sent_at_once_get_numbers_of_their_own(world: World) -> None:
    event = fire(world)
    reported(world, event)
    sent = _race(lambda: reported(world, event, "further"))
    assert sent == ["done", "done"]
    numbers = Report.objects.filter(kind="further").values_list("number", flat=True)
    assert sorted(numbers) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_a_review_at_once_one_is_told(world: World) -> None:
    review, number = ended(world).review, iter(range(2))
    sent = _race(lambda: services.write_review(review, world.who("duty"), texts(course=f"{next(number)}"), 1))
    assert sorted(sent) == ["done", "refused"]
    assert Review.objects.get().version == 2


def _race(work: Any) -> list[str]:
    """The same work in two threads that begin together."""
    barrier, outcomes = threading.Barrier(2), []

    def run() -> None:
        barrier.wait()
        try:
            work()
            outcomes.append("done")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_the_record_of_an_event_tells_what_came_from_merged_ones(world: World, client_for: ClientFor) -> None:
    main, other, duty = fire(world), fire(world, name="同一起火"), world.who("duty")
    services.add_note(duty, other, "situation", "报告人称看见烟")
    tasked(world, other)
    reported(world, other)
    services.merge(_fresh(other), duty, main, "同一起火")
    record = client_for("town").get(reverse("emergency:record", args=[main.pk])).content.decode()
    assert "报告人称看见烟" in record
    assert f"来自 {other.number}" in record
    tables = {item.title: item for item in client_for("duty").get(main.get_absolute_url()).context["tables"]}
    for title in ("处置记录（最近）", "处置任务", "信息报送"):
        assert tables[title].cells[0][-1].text == other.number
    own = client_for("duty").get(reverse("emergency:record", args=[other.pk])).content.decode()
    assert "来自" not in own


@pytest.mark.parametrize(("page", "most"), [("detail", 60), ("record", 22)])
def test_an_event_with_many_rows_costs_no_more_than_one_with_few(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any, page: str, most: int
) -> None:
    event, duty = ended(world, days=15), world.who("duty")
    for number in range(12):
        note = services.add_note(duty, event, "situation", f"记录 {number}")
        services.add_note(duty, event, "situation", "更正", corrects=note)
        tasked(world, event)
        said(world, event)
    client, url = client_for("duty"), reverse(f"emergency:{page}", args=[event.pk])
    client.get(url)
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", ["watch", "opinions", "reviews", "measures"])
def test_lists_are_cheap(world: World, client_for: ClientFor, django_assert_max_num_queries: Any, name: str) -> None:
    event = ended(world, days=15)
    for _ in range(5):
        said(world, event)
    client, url = client_for("duty"), reverse(f"emergency:{name}")
    client.get(url)
    with django_assert_max_num_queries(20):
        assert client.get(url).status_code == 200


def test_who_has_the_newest_is_told_so_with_two_queries(world: World, client_for: ClientFor) -> None:
    event, duty = fire(world), client_for("duty")
    url = reverse("emergency:live", args=[event.pk])
    asked, tag = _until_304(duty, url)
    assert asked <= LOGGED_IN + 2
    services.add_note(world.who("town"), event, "situation", "火线越过山脊")
    changed = duty.get(url, headers={"If-None-Match": tag})
    assert "火线越过山脊" in changed.content.decode()


def _until_304(client: Any, url: str) -> tuple[int, str]:
    """Queries of an answer that nothing changed, and its tag; the second try is for a minute that just began."""
    for _ in range(2):
        tag = client.get(url)["ETag"]
        with CaptureQueriesContext(connection) as queries:
            if client.get(url, headers={"If-None-Match": tag}).status_code == 304:
                return len(queries), tag
    raise AssertionError("never 304")


def test_what_is_kept_for_one_is_not_shown_to_another_who_sees_less(world: World, client_for: ClientFor) -> None:
    main, other = fire(world), services.register(world.who("duty"), described(world, territory=world.town2_area))
    services.add_note(world.who("duty"), other, "situation", "邻镇的记录")
    services.merge(other, world.who("duty"), main, "同一起火")
    url = reverse("emergency:live", args=[main.pk])
    assert "邻镇的记录" in client_for("duty").get(url).content.decode()
    assert "邻镇的记录" not in client_for("town").get(url).content.decode()
