"""Uploads are what their content says, bounded in size, and lie under their SM3 (S5)."""

from __future__ import annotations

import hashlib
import io
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, strategies as st
from PIL import Image

from bianwang.platform.config import config
from bianwang.platform.files import inspect, storage
from tests.platform.files import samples
from tests.platform.files.samples import upload


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config(), "home", tmp_path)


def refused(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        storage.store(upload(name, content))
    assert not list(config().home.rglob("*.*")), "something was left on disk"
    return caught.value.messages[0]


@pytest.mark.parametrize("name", list(samples.GOOD))
def test_every_accepted_type_is_told_by_its_content(name: str) -> None:
    stored = storage.store(upload("没有后缀的文件", samples.GOOD[name], declared="text/html"))
    suffix = "." + name.rpartition(".")[2]
    assert suffix in inspect.SUFFIXES[stored.media_type]
    assert stored.name == "没有后缀的文件" + inspect.SUFFIXES[stored.media_type][0]


def test_bytes_lie_under_their_sm3_unchanged_and_once() -> None:
    content = samples.photo()
    first, second = (storage.store(upload(name, content)) for name in ("a.jpg", "b.jpg"))
    path = storage.path_of(first.digest)
    assert path.read_bytes() == content
    assert path.name == hashlib.new("sm3", content).hexdigest() == second.digest
    assert path.parent.name == path.name[:2]
    assert [file for file in path.parent.iterdir() if file.is_file()] == [path]
    assert path.stat().st_mode & 0o077 == 0


def test_a_photo_tells_when_and_where_it_was_taken() -> None:
    stored = storage.store(upload("a.jpg", samples.photo()))
    assert stored.taken_at == datetime(2026, 11, 20, 1, 30, 5, tzinfo=UTC)
    assert stored.longitude == pytest.approx(106.19)
    assert stored.latitude == pytest.approx(29.57)


def test_a_photos_own_time_zone_is_believed() -> None:
    stored = storage.store(upload("a.jpg", samples.photo(offset="+09:00")))
    assert stored.taken_at == datetime(2026, 11, 20, 0, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "content",
    [
        samples.photo(taken="0000:00:00 00:00:00", position=False),
        samples.photo(taken="2199:01:01 00:00:00", position=False),
        samples.image(),
        samples.image(exif=b"Exif\0\0broken" + b"\xff" * 50),
    ],
)
def test_missing_or_senseless_metadata_is_left_out(content: bytes) -> None:
    stored = storage.store(upload("a.jpg", content))
    assert (stored.taken_at, stored.longitude, stored.latitude) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.jpg", b"\x89PNG\0not really"),
        ("run.exe", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("run.pdf", b"\x7fELF\x02\x01\x01\x00"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
        ("clip.mov", b"\0\0\0\x14ftypqt  \0\0\0\0"),
        ("clip.gif", b"GIF89a\x01\x00\x01\x00\x00\x00"),
        ("icon.ico", b"\0\0\x01\0\x01\0"),
    ],
)
def test_other_formats_are_refused_whatever_their_name(name: str, content: bytes) -> None:
    assert "无法识别" in refused(name, content)


def test_active_content_becomes_plain_text() -> None:
    for name in ("page.html", "drawing.svg"):
        stored = storage.store(upload(name, b"<svg onload=alert(1)><script>alert(1)</script>"))
        assert (stored.media_type, stored.name) == ("text/plain", name + ".txt")


@pytest.mark.parametrize("side", [60_000, 12_000, 6_000])
def test_an_image_bomb_is_refused_by_its_header(side: int) -> None:
    assert "像素" in refused("bomb.png", samples.png_bomb(side, side))


def test_a_truncated_photo_has_no_thumbnail_and_harms_nothing() -> None:
    whole = samples.image(size=(800, 600))
    stored = storage.store(upload("a.jpg", whole[: len(whole) // 2]))
    with pytest.raises(ValidationError, match="已损坏"):
        storage.thumbnail_of(stored.digest, stored.media_type)


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    bomb = samples.zip_bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "压缩炸弹" in refused("bomb.xlsx", bomb)
    # KiB: nothing like the 300 MB it would unpack to.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (samples.packed({"a.txt": b"x"}), "压缩包不能上传"),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), "宏"),
        (
            samples.docx(**{"word/styles.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>'}),
            "外部引用",
        ),
        (samples.docx(**{"word/x.xml": "<!DOCTYPE a []>".encode("utf-16")}), "外部引用"),
        (samples.packed({f"{n}": b"" for n in range(inspect.ZIP_ENTRIES + 1)}), "压缩炸弹"),
        (samples.xlsx()[:-40], "已损坏"),
        (b"PK\x03\x04" + b"\0" * 40, "已损坏"),
    ],
)
def test_hostile_office_files_are_refused_with_the_reason(content: bytes, reason: str) -> None:
    assert reason in refused("a.docx", content)


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    content = bytearray(samples.packed({"[Content_Types].xml": samples.TYPES, "xl/workbook.xml": b"x" * 5000}))
    place = content.find(b"PK\x01\x02")
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(ValidationError):
        storage.store(upload("a.xlsx", bytes(content)))


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(samples.packed({"[Content_Types].xml": samples.TYPES, "xl/workbook.xml": b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        content[place + offset] |= 1
    assert "密码" in refused("a.xlsx", bytes(content))


def test_a_file_beyond_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config(), "upload_limit_mb", 1)
    message = refused("大照片.jpg", samples.image() + b"\0" * (2 * 1024 * 1024))
    assert "2.0 MB" in message
    assert "1 MB" in message


def test_an_empty_file_is_refused() -> None:
    assert "空的" in refused("a.txt", b"")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\照片\\整改.txt", "整改.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
        ("报告\u202etxt.exe", "报告txt.exe.txt"),
        ("....", "附件.txt"),
        ("x" * 300 + ".txt", "x" * 80 + ".txt"),
        ('<script>".txt', "_script_.txt"),
    ],
)
def test_names_are_only_names(given_name: str, kept: str) -> None:
    assert storage.clean_name(given_name, "text/plain") == kept


@given(st.text(max_size=300), st.sampled_from(sorted(inspect.SUFFIXES)))
def test_a_clean_name_is_never_a_path_and_ends_as_its_type(name: str, media_type: str) -> None:
    kept = storage.clean_name(name, media_type)
    assert kept.isprintable()
    assert not set(kept) & set('/\\<>:"|?*\0')
    assert kept.lower().endswith(inspect.SUFFIXES[media_type])
    assert 0 < len(kept) <= 200
    assert not kept.startswith(".")


@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_make_the_inspection_fail_otherwise_than_by_refusing(content: bytes) -> None:
    file = upload("x", content)
    try:
        found = inspect.inspect(file.file, len(content))
    except ValidationError:
        return
    assert found.media_type in inspect.SUFFIXES


@given(st.binary(max_size=200), st.integers(0, 2000))
def test_damaged_good_files_never_raise_anything_else(noise: bytes, place: int) -> None:
    for content in samples.GOOD.values():
        damaged = content[:place] + noise + content[place + len(noise) :]
        file = upload("x", damaged)
        try:
            inspect.inspect(file.file, len(damaged))
        except ValidationError:
            continue


def test_a_thumbnail_is_small_upright_and_without_metadata() -> None:
    stored = storage.store(upload("a.jpg", samples.photo()))
    path = storage.thumbnail_of(stored.digest, stored.media_type)
    with Image.open(path) as small:
        assert small.size == (48, 64), "turned by 90° as the EXIF says"
        assert not small.getexif()
    assert b"PhoneMaker" not in path.read_bytes()
    assert storage.thumbnail_of(stored.digest, stored.media_type) == path


def test_a_transparent_png_has_a_white_ground() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    stored = storage.store(upload("a.png", out.getvalue()))
    with Image.open(storage.thumbnail_of(stored.digest, stored.media_type)) as small:
        assert small.getpixel((10, 10)) == (255, 255, 255)


def test_no_digest_leads_out_of_the_folder() -> None:
    for wrong in ("../../secrets/secret_key", "", "g" * 64, "A" * 64):
        with pytest.raises(ValueError, match="not an SM3"):
            storage.path_of(wrong)
