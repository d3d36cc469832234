"""Players ask for parts of a recording, to jump in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client

from bianwang.platform.config import config
from bianwang.platform.files import services
from bianwang.platform.files.storage import path_of
from bianwang.platform.places.models import Workshop
from tests.people import ClientFor, World
from tests.platform.files import samples
from tests.platform.files.samples import upload


class Player:
    """One browser that asks for one file."""

    def __init__(self, client: Client, address: str, content: bytes) -> None:
        self._client, self._address, self.content = client, address, content

    def ask(self, asked: str, **headers: str) -> HttpResponseBase:
        return self._client.get(self._address, headers={"Range": asked, **headers})


@pytest.fixture
def player(world: World, client_for: ClientFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    monkeypatch.setattr(config(), "home", tmp_path)
    shop = Workshop.objects.create(owner=world.plant, name="一车间")
    file = services.attach(shop, upload("现场.jpg", samples.photo()), user=world.who("safety"), label="")
    return Player(client_for("safety"), f"/files/{file.pk}/", path_of(file.digest).read_bytes())


def body(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    found = response.getvalue()
    assert response.headers["Content-Length"] == str(len(found))
    return found


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("bytes=0-", 0, None), ("bytes=100-199", 100, 200), ("bytes=100-", 100, None), ("bytes=50-99999999", 50, None)],
)
def test_a_part_is_answered_with_its_place(player: Player, asked: str, begin: int, end: int | None) -> None:
    response = player.ask(asked)
    size = len(player.content)
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {begin}-{(end or size) - 1}/{size}"
    assert body(response) == player.content[begin:end]


def test_the_last_bytes_can_be_asked_for(player: Player) -> None:
    assert body(player.ask("bytes=-10")) == player.content[-10:]
    assert body(player.ask("bytes=-99999999")) == player.content


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused_with_the_size(player: Player, asked: str) -> None:
    response = player.ask(asked)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(player.content)}"
    assert body(response) == b""


@pytest.mark.parametrize("asked", ["", "bytes=", "bytes=-", "bytes=9-3", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b"])
def test_what_makes_no_sense_gets_the_whole(player: Player, asked: str) -> None:
    response = player.ask(asked)
    assert response.status_code == 200
    assert response.headers["Accept-Ranges"] == "bytes"
    assert body(response) == player.content


def test_a_part_of_an_earlier_state_gets_the_whole(player: Player) -> None:
    response = player.ask("bytes=100-199", **{"If-Range": '"old"'})
    assert response.status_code == 200
    assert body(response) == player.content
