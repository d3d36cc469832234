"""The contact list comes from Excel all or none, and leaves with its numbers only for those who need them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from bianwang.modules.duty import services
from bianwang.modules.duty.models import Contact
from bianwang.modules.duty.sheets_contacts import CONTACTS
from bianwang.platform.exchange import services as exchange
from bianwang.platform.exchange.models import Import
from tests.modules.duty.things import contact, grouped
from tests.people import ClientFor, World
from tests.platform.exchange import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def row(world: World, name: str, **more: Any) -> list[Any]:
    """A line of the sheet in the order of its columns."""
    cells = {"unit": world.town.name, "name": name, "groups": "镇街值班", "phone": "13800001111", **more}
    return [cells.get(column.name, "") for column in CONTACTS.columns]


def staged(world: World, who: str, *rows: list[Any]) -> Import:
    """The file uploaded and checked."""
    file = samples.filled(*rows, sheet=CONTACTS)
    return exchange.stage(CONTACTS, world.who(who), "通讯录.xlsx", file, len(file.getvalue()))


def test_a_wrong_row_leaves_nothing_behind(world: World) -> None:
    grouped(world)
    good = row(world, "甲")
    for wrong in (
        row(world, "乙", unit="查无此单位"),
        row(world, "乙", groups="查无此组"),
        row(world, "乙", phone="电话"),
        row(world, "乙", phone=""),
        row(world, "乙", position="0"),
        row(world, "乙", position="1.5"),
        row(world, "乙", substitute="丙"),
        row(world, "乙", substitute="乙"),
        row(world, "乙", account="nobody-at-all"),
        row(world, "乙", account="town2"),
    ):
        batch = staged(world, "duty", good, wrong)
        assert batch.errors == 1, wrong
        with pytest.raises(ValidationError):
            exchange.confirm(batch)
    assert staged(world, "town2", good).errors == 1, "not of that town"
    assert not Contact.objects.exists()


def test_the_same_file_again_changes_nothing_and_empty_cells_keep(world: World) -> None:
    grouped(world)
    first = row(world, "甲", position="2", phone2="023-41420000", account="town")
    second = row(world, "乙", substitute="甲", title="主任")
    for _ in range(2):
        exchange.confirm(staged(world, "duty", first, second))
        exchange.apply_confirmed()
    assert staged(world, "duty", row(world, "甲", substitute="乙")).errors == 1, "the tree must end"
    exchange.confirm(staged(world, "duty", row(world, "乙", phone="13900002222", groups="")))
    exchange.apply_confirmed()
    assert Contact.objects.count() == 2
    one, two = Contact.objects.get(name="甲"), Contact.objects.get(name="乙")
    assert (one.position, one.user, one.mobile) == (2, world.who("town"), "13800001111")
    assert [number.number for number in one.numbers.all()] == ["13800001111", "023-41420000"]
    assert (two.substitute, two.title, two.mobile, two.group_names) == (one, "主任", "13900002222", "镇街值班")


def test_the_export_shows_numbers_to_whom_they_are_shown(world: World, client_for: ClientFor) -> None:
    contact(world, "甲", numbers=["13812345678"])
    for who, shown in (("duty", True), ("town", True), ("enforcement", False)):
        answer = client_for(who).get(reverse("duty:contacts") + "?export=xlsx")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        sheet = openpyxl.load_workbook(BytesIO(content)).active
        text = "".join(str(cell) for line in sheet.iter_rows(values_only=True) for cell in line)
        assert ("13812345678" in text) is shown, who
        assert "甲" in text


def test_a_town_keeps_its_own_groups_and_leaves_what_is_the_bureaus(world: World, client_for: ClientFor) -> None:
    row_ = contact(world, "甲")
    own = services.create_group(world.who("town"), "村社干部")
    services.change_contact(row_, world.who("town"), {"title": "所长"}, ["13800001111"], [own])
    assert sorted(group.name for group in row_.groups.all()) == ["村社干部", "镇街值班"]
    with pytest.raises(ValidationError, match="不由您的单位维护"):
        services.change_contact(row_, world.who("town"), {}, ["13800001111"], [grouped(world)])
    with pytest.raises(ValidationError, match="至少填一个"):
        services.change_contact(row_, world.who("town"), {}, [" "], [own])
    abroad = contact(world, "钱主任", world.town2)
    services.change_contact(row_, world.who("duty"), {"substitute": abroad}, ["13800001111"], [grouped(world)])
    url, town = reverse("duty:contact_change", args=[row_.pk]), client_for("town")
    data = {"name": "甲", "numbers": "13800001111", "position": "1", "is_active": "on", "groups": [own.pk]}
    assert town.post(url, {**data, "substitute": "八塘镇人民政府/查无"}).status_code == 422
    assert town.post(url, {**data, "substitute": f"{world.town2}/钱主任"}).status_code == 302
    assert Contact.objects.get(pk=row_.pk).substitute == abroad
    services.change_group(own, world.who("town"), "村干部", 3)
    with pytest.raises(ValidationError, match="同名"):
        services.create_group(world.who("town"), "村干部")
