"""Attachments belong to an object and are reached only through it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.utils.datastructures import MultiValueDict

from bianwang.platform.accounts.models import User
from bianwang.platform.config import config
from bianwang.platform.files import services
from bianwang.platform.files.forms import FilesField, PhotosField
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import path_of
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Workshop
from bianwang.platform.ratelimit import UPLOAD
from tests.people import ClientFor, World
from tests.platform.files import samples
from tests.platform.files.samples import upload


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config(), "home", tmp_path)


@pytest.fixture
def shop(world: World) -> Workshop:
    return Workshop.objects.create(owner=world.plant, name="一车间")


@pytest.fixture
def photo(shop: Workshop, owner: User) -> Attachment:
    return services.attach(shop, upload("整改前.jpg", samples.photo()), user=owner, label="before")


def url(file: Attachment, thumbnail: bool = False) -> str:
    return f"/files/{file.pk}/" + ("thumbnail/" if thumbnail else "")


def test_a_file_is_attached_with_its_facts_and_a_ledger_row(photo: Attachment, shop: Workshop, owner: User) -> None:
    assert (photo.object_type, photo.object_id) == ("places.workshop", shop.pk)
    assert (photo.name, photo.media_type, photo.added_by) == ("整改前.jpg", "image/jpeg", owner)
    assert photo.taken_at is not None
    assert photo.owner_id == shop.owner_id
    entry = Entry.objects.get(verb="files.add")
    assert (entry.object_id, entry.owner_id) == (photo.pk, shop.owner_id)
    assert photo.digest in entry.changes


def test_the_same_file_under_the_same_label_is_attached_once(photo: Attachment, shop: Workshop, owner: User) -> None:
    again = services.attach(shop, upload("又一次.jpg", samples.photo()), user=owner, label="before")
    other = services.attach(shop, upload("整改后.jpg", samples.photo()), user=owner, label="after")
    assert again.pk == photo.pk
    assert other.pk != photo.pk


@pytest.mark.parametrize("key", ["safety", "safety_mate", "town", "village", "department", "duty", "leader"])
def test_whoever_sees_the_object_sees_its_files(client_for: ClientFor, photo: Attachment, key: str) -> None:
    client = client_for(key)
    assert b"".join(client.get(url(photo)).streaming_content) == samples.photo()
    assert client.get(url(photo, thumbnail=True)).status_code == 200


@pytest.mark.parametrize(
    ("key", "status"),
    [("safety2", 404), ("town2", 404), ("committee", 404), ("system", 404), ("nobody", 404), ("disabled", 302)],
)
def test_nobody_else_does(client_for: ClientFor, photo: Attachment, key: str, status: int) -> None:
    client = client_for(key)
    assert client.get(url(photo)).status_code == status
    assert client.get(url(photo, thumbnail=True)).status_code == status


def test_a_visitor_must_log_in(photo: Attachment) -> None:
    assert Client().get(url(photo)).status_code == 302


def test_files_of_an_object_that_moved_to_another_party_follow_it(
    client_for: ClientFor, photo: Attachment, shop: Workshop, world: World
) -> None:
    shop.owner = world.other
    shop.save()
    assert client_for("safety").get(url(photo)).status_code == 404


def test_a_download_is_named_typed_and_can_run_nothing(client_for: ClientFor, shop: Workshop, owner: User) -> None:
    page = services.attach(shop, upload("整改说明.html", b"<script>alert(1)</script>"), user=owner)
    response = client_for("safety").get(url(page))
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Disposition"].endswith(".html.txt")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"


def test_photos_open_in_the_browser(client_for: ClientFor, photo: Attachment) -> None:
    assert client_for("safety").get(url(photo))["Content-Disposition"].startswith("inline")


def test_a_thumbnail_of_a_text_does_not_exist(client_for: ClientFor, shop: Workshop, owner: User) -> None:
    text = services.attach(shop, upload("a.txt", b"text"), user=owner)
    assert client_for("safety").get(url(text, thumbnail=True)).status_code == 404


def test_a_file_that_is_gone_says_so(client_for: ClientFor, photo: Attachment) -> None:
    path_of(photo.digest).unlink()
    assert client_for("safety").get(url(photo)).status_code == 404
    assert client_for("safety").get(url(photo, thumbnail=True)).status_code == 404


def test_a_refused_file_leaves_no_row(shop: Workshop, owner: User) -> None:
    with pytest.raises(ValidationError):
        services.attach(shop, upload("a.exe", b"MZ\x90\0\0\0"), user=owner)
    assert not Attachment.objects.exists()
    assert not Entry.objects.exists()


def test_one_user_may_not_upload_without_end(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UPLOAD, "count", 3)
    for number in range(3):
        services.prepare(upload("a.txt", b"text %d" % number), owner)
    with pytest.raises(ValidationError, match="过于频繁"):
        services.prepare(upload("a.txt", b"text"), owner)


class Form(forms.Form):
    photos = PhotosField(label="照片", most=3)
    papers = FilesField(label="材料", required=False)


def bind(user: User, photos: list[UploadedFile], papers: list[UploadedFile] | None = None) -> Form:
    form = Form({}, MultiValueDict({"photos": photos, "papers": papers or []}))
    with acting(user, ""):
        form.is_valid()
    return form


def test_a_form_takes_several_photos_and_stores_them_before_the_transaction(shop: Workshop, owner: User) -> None:
    form = bind(owner, [upload("a.jpg", samples.photo()), upload("b.png", samples.image("PNG"))])
    assert not form.errors
    for stored in form.cleaned_data["photos"]:
        assert path_of(stored.digest).exists()
        services.attach(shop, stored, user=owner)
    assert Attachment.objects.count() == 2
    assert form.cleaned_data["papers"] == []


@pytest.mark.parametrize(
    ("photos", "reason"),
    [
        ([], "请选择照片"),
        ([upload("a.pdf", b"%PDF-1.7")], "不是照片"),
        ([upload("a.jpg", b"MZ\0")], "无法识别"),
        ([upload(f"{n}.jpg", samples.photo()) for n in range(4)], "一次最多上传 3 个"),
    ],
)
def test_a_form_says_what_is_wrong_with_the_photos(owner: User, photos: list[UploadedFile], reason: str) -> None:
    assert reason in str(bind(owner, photos).errors["photos"])


def test_the_list_shows_thumbnails_and_facts(photo: Attachment, shop: Workshop, owner: User) -> None:
    paper = services.attach(shop, upload("整改方案.docx", samples.docx()), user=owner)
    html = render_to_string("files/_list.html", {"attachments": [photo, paper]})
    assert url(photo, thumbnail=True) in html
    assert url(paper, thumbnail=True) not in html
    assert url(paper) in html
    for text in ("整改前.jpg", "整改方案.docx", "拍摄于 2026-11-20 09:30", "106.19", "冯安全"):
        assert text in html


def test_the_photo_field_offers_camera_and_album() -> None:
    html = str(Form()["photos"])
    assert 'capture="environment"' in html
    assert "multiple" in html
    assert html.count('name="photos"') == 2
