"""The list page, through the list of enterprises."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.models import SavedFilter
from tests.people import ClientFor, World

URL = "/places/enterprises/"
ALL = ("青杠机械厂", "高新涂装有限公司", "八塘建材厂")


@pytest.fixture(autouse=True)
def _risks(world: World) -> None:
    Enterprise.objects.filter(pk=world.plant.pk).update(risk="red")
    Enterprise.objects.filter(pk=world.other.pk).update(is_direct=True)


def shown(client_for: ClientFor, query: str, who: str = "duty") -> list[str]:
    page = client_for(who).get(f"{URL}?{query}").content.decode()
    return sorted((name for name in ALL if f">{name}</a>" in page), key=lambda name: page.index(f">{name}</a>"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=青杠", ["青杠机械厂"]),
        ("q=QGJ", ["青杠机械厂"]),
        ("q=batang", ["八塘建材厂"]),
        ("q=青杠+机械", ["青杠机械厂"]),
        ("q=没有的", []),
        ("risk=red", ["青杠机械厂"]),
        ("risk=nonsense", ["八塘建材厂", "高新涂装有限公司", "青杠机械厂"]),
        ("territory=500120Z01", ["高新涂装有限公司"]),
        ("territory=500120003", ["高新涂装有限公司", "青杠机械厂"]),
        ("is_direct=1", ["八塘建材厂"]),
        ("unplaced=1", []),
        ("sort=name", ["八塘建材厂", "高新涂装有限公司", "青杠机械厂"]),
        ("sort=-name", ["青杠机械厂", "高新涂装有限公司", "八塘建材厂"]),
        ("sort=password&page=999", ["八塘建材厂", "高新涂装有限公司", "青杠机械厂"]),
    ],
)
def test_the_url_is_the_filter(client_for: ClientFor, query: str, names: list[str]) -> None:
    assert shown(client_for, query) == names


def test_an_empty_list_says_what_to_do_first(client_for: ClientFor, world: World) -> None:
    assert "没有符合条件的记录" in client_for("duty").get(f"{URL}?q=没有的").content.decode()
    Enterprise.objects.update(is_active=False)
    assert "请先“登记企业”" in client_for("enforcement").get(URL).content.decode()
    page = client_for("duty").get(URL).content.decode()
    assert "还没有企业。" in page
    assert "登记企业" not in page


def test_columns_are_chosen_in_the_url(client_for: ClientFor) -> None:
    page = client_for("duty").get(f"{URL}?col=name&col=contact_phone").content.decode()
    assert "138****0000" in page
    assert 'data-title="行业"' not in page


def test_htmx_gets_only_the_table(client_for: ClientFor) -> None:
    answer = client_for("duty").get(URL, headers={"HX-Request": "true", "HX-Target": "list"})
    assert "青杠机械厂" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client_for: ClientFor, world: World, django_assert_max_num_queries: object
) -> None:
    client = client_for("duty")
    client.get(URL)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get(URL)


def test_an_export_holds_the_filtered_rows_with_codes_as_text(client_for: ClientFor, world: World) -> None:
    answer = client_for("duty").get(f"{URL}?risk=red&export=xlsx&col=name&col=credit_code&col=is_direct")
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "企业"
    assert "制表：王值班" in rows[1][0]
    assert rows[2] == ("名称", "统一社会信用代码", "区局直管")
    assert rows[3:] == [("青杠机械厂", world.plant.credit_code, "否")]
    assert sheet["B4"].number_format == "@"


def test_an_export_turns_no_value_into_a_formula(client_for: ClientFor, world: World) -> None:
    Enterprise.objects.filter(pk=world.plant.pk).update(name="=HYPERLINK(1)")
    content = client_for("duty").get(f"{URL}?risk=red&export=xlsx").content
    cell = load_workbook(BytesIO(content)).active["A4"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_saved_filter_is_the_users_own(client_for: ClientFor, world: World) -> None:
    client_for("duty").post(f"{URL}?risk=red&page=2", {"action": "save_filter", "name": "红色"})
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.user) == ("risk=red", world.who("duty"))
    assert "?risk=red" in client_for("duty").get(URL).content.decode()
    assert ">红色</a>" not in client_for("leader").get(URL).content.decode()
    client_for("leader").post(URL, {"delete_filter": str(saved.pk)})
    assert SavedFilter.objects.exists()
    client_for("duty").post(URL, {"delete_filter": str(saved.pk)})
    assert not SavedFilter.objects.exists()


def test_a_filter_without_a_name_is_not_saved(client_for: ClientFor) -> None:
    answer = client_for("duty").post(URL, {"action": "save_filter", "name": " "}, follow=True)
    assert "请给筛选起一个" in answer.content.decode()
