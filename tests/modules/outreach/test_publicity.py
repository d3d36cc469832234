"""Campaigns, events, channels and pilots: what is refused, who may, and figures that lead to their rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.outreach.models import ChannelCount, Event, Pilot
from bianwang.modules.outreach.pack import pack, read
from bianwang.modules.outreach.queries import publicity as queries
from bianwang.modules.outreach.services import publicity as services
from bianwang.platform.config import ConfigError
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from tests.modules.outreach.publicity import campaign, channel, event, pilot, today
from tests.people import ClientFor, World
from tests.platform.files import samples

pytestmark = pytest.mark.django_db

TOMORROW, YESTERDAY = timedelta(days=1), timedelta(days=-1)


@pytest.mark.parametrize(
    ("make", "wrong", "field"),
    [
        (event, {"kind": "talk"}, "speaker"),
        (event, {"day": TOMORROW}, "day"),
        (event, {"kind": "unknown"}, "kind"),
        (event, {"setting": "unknown"}, "setting"),
        (channel, {"channel": "unknown"}, "channel"),
        (channel, {"month": date(2021, 12, 31)}, "channel"),
        (campaign, {"theme": "unknown"}, "theme"),
        (event, {"audience": -1}, "audience"),
        (channel, {"month": timedelta(days=40)}, "month"),
        (pilot, {"started_on": TOMORROW}, "started_on"),
        (pilot, {"stage": "ended"}, "ended_on"),
        (pilot, {"ended_on": timedelta()}, "ended_on"),
        (pilot, {"stage": "ended", "ended_on": YESTERDAY}, "ended_on"),
    ],
)
def test_what_is_wrong_is_named(world: World, make: Any, wrong: dict[str, Any], field: str) -> None:
    values = {name: today() + value if isinstance(value, timedelta) else value for name, value in wrong.items()}
    with pytest.raises(ValidationError) as caught:
        make(world, **values)
    assert list(caught.value.message_dict) == [field]


def test_an_event_lies_within_its_campaign(world: World) -> None:
    about = campaign(world, first_day=today() - timedelta(days=3), last_day=today() - timedelta(days=1))
    for days, fits in ((4, False), (3, True), (1, True), (0, False)):
        day = today() - timedelta(days=days)
        if fits:
            event(world, campaign=about, day=day)
        else:
            with pytest.raises(ValidationError, match="核对日期"):
                event(world, campaign=about, day=day)
    with pytest.raises(ValidationError, match="不能早于"):
        campaign(world, name="另一", first_day=today(), last_day=today() - timedelta(days=1))


def test_a_channel_of_a_month_is_entered_once_and_put_right_in_place(world: World) -> None:
    row = channel(world)
    assert row.month.day == 1
    with pytest.raises(ValidationError, match="已经登记过"):
        channel(world, month=row.month)
    channel(world, channel="news")
    services.save_channel(row, world.who("town"), {"month": row.month, "count": 2500})
    assert ChannelCount.objects.get(pk=row.pk).count == 2500
    assert (
        Entry.objects.filter(verb="outreach.channel", object_id=row.pk).latest("pk").changes
        == '{"count":["2000","2500"]}'
    )


def test_a_unit_enters_and_changes_its_own_only(world: World) -> None:
    mine = event(world)
    with pytest.raises(ValidationError, match="不能代这个单位"):
        event(world, unit=world.town2)
    with pytest.raises(Http404):
        services.save_event(mine, world.who("town2"), {"audience": 1})
    for who in ("leader", "finance", "village", "safety"):
        with pytest.raises(PermissionDenied):
            event(world, who=who)
    event(world, who="duty", unit=world.town2)
    services.save_event(mine, world.who("head"), {"audience": 130})
    assert Event.objects.get(pk=mine.pk).audience == 130
    with pytest.raises(PermissionDenied):
        services.save_campaign(campaign(world), world.who("town"), {"name": "改名"})


def test_an_event_is_entered_with_its_photo_through_the_page(world: World, client_for: ClientFor) -> None:
    client, url = client_for("town"), reverse("outreach:event_new")
    given = {
        "unit": world.town.pk, "day": today(), "kind": "talk", "setting": "school", "place": "中学",
        "topic": "用电安全", "speaker": "赵老师", "audience": 300, "campaign": campaign(world).pk,
        "photos": samples.upload("现场.jpg", samples.photo()),
    }  # fmt: skip
    assert client.post(url, given).status_code == 302
    row = Event.objects.get()
    photo = Attachment.objects.get(object_id=row.pk, label="活动照片")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "宣讲（百人百讲）" in page
    assert client.get(reverse("files:download", args=[photo.pk])).status_code == 200
    assert client_for("town2").get(reverse("files:download", args=[photo.pk])).status_code == 404
    change = client.get(reverse("outreach:event_change", args=[row.pk])).content.decode()
    assert "赵老师" in change
    assert (
        client.post(
            reverse("outreach:event_change", args=[row.pk]), {**given, "photos": "", "audience": 310}
        ).status_code
        == 302
    )
    assert Event.objects.get().audience == 310
    assert "用电安全" in client_for("head").get(row.campaign.get_absolute_url()).content.decode()


def test_a_pilot_counts_from_its_first_day_to_the_day_it_ends(world: World) -> None:
    start, end = today() - timedelta(days=30), today() - timedelta(days=10)
    pilot(world, started_on=start, stage="ended", ended_on=end)
    counted = [
        Pilot.objects.filter(queries.as_of(day)).count()
        for day in (start - timedelta(days=1), start, end - timedelta(days=1), end)
    ]
    assert counted == [0, 1, 1, 0]


def test_every_figure_leads_to_its_rows(world: World, client_for: ClientFor) -> None:
    year = today().year
    first = date(year, 1, 1)
    about = campaign(world)
    event(world, campaign=about, day=first)
    event(world, kind="talk", speaker="赵老师", setting="")
    event(world, kind="talk", speaker="赵老师", setting="family", audience=1000)
    event(world, day=first - timedelta(days=1))
    for code, count in (("sms", 2_200_000), ("news", 700), ("screen", 1000)):
        channel(world, month=first, channel=code, count=count)
    channel(world, month=first - timedelta(days=1), channel="sms", count=5)
    pilot(world)
    head = world.who("head")
    figures = queries.figures(head, year)
    shown = {figure.name: (figure.value, figure.unit, figure.note) for figure in figures}
    assert shown["宣传活动"] == ("3", "场", "")
    assert shown["受众"] == ("1,240", "人次", "")
    assert shown["宣讲"] == ("2", "场", "主讲 1 人")
    assert shown["安全宣传“五进”"] == ("2", "场", "")
    assert shown["手机短信"] == ("2,200,000", "条", "")
    assert shown["技术应用试点"][0] == "1"
    client = client_for("head")
    for figure in [*figures, *(figure for _, rows in queries.groups(head, year) for figure in rows)]:
        context = client.get(figure.url).context
        totals = {cell.text for cell in context["totals"]} | {str(context["sheet"].paginator.count)}
        assert figure.value in totals, figure
    page = client.get(reverse("outreach:publicity")).content.decode()
    assert ">2,200,000</a>" in page
    assert queries.figures(world.who("town2"), year)[0].value == "0"


@pytest.mark.parametrize("name", ["events", "channels", "pilots", "campaigns"])
def test_lists_ask_little(world: World, client_for: ClientFor, name: str, django_assert_max_num_queries: Any) -> None:
    about = campaign(world)
    for number in range(4):
        event(world, campaign=about)
        channel(world, month=date(2025, number + 1, 1))
        pilot(world, name=f"试点{number}")
    client = client_for("head")
    with django_assert_max_num_queries(22):
        assert client.get(reverse(f"outreach:{name}")).status_code == 200


@pytest.mark.parametrize("raw", [{"rewards": 1}, [], {}])
def test_a_pack_that_cannot_be_read_is_one_sentence(raw: Any) -> None:
    with pytest.raises(ConfigError, match=r"outreach\.yaml"):
        read(raw)


def test_the_pack_names_sources(world: World) -> None:
    for rows in (pack().themes, pack().event_kinds, pack().settings, pack().channels):
        assert rows
        assert all(row.source and row.certainty for row in rows)
