"""Lists of what the public is asked and told: a longer list asks the database no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.outreach.services import broadcasts, surveys
from tests.modules.outreach.people import RIGHT, broadcast, handled, opened
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_lists_ask_little(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    for number in range(4):
        made = opened(world, title=f"问卷{number}")
        surveys.answer(made, "t", RIGHT)
        handled(world)
        broadcasts.approve_broadcast(broadcast(world, title=f"广播{number}"), world.who("head"))
    client = client_for("head")
    for name, rows in (("surveys", 4), ("answers", 4), ("petitions", 4), ("broadcasts", 4), ("receipts", 8)):
        with django_assert_max_num_queries(24):
            page = client.get(reverse(f"outreach:{name}"))
        assert page.context["sheet"].paginator.count == rows, name
