"""MANSCDP: notices and catalogs of both editions, in the encodings that devices really send."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import gb_code, manscdp
from bianwang.protocols.errors import FrameError
from bianwang.protocols.manscdp import Alarm, Catalog, Document, Item, Part
from bianwang.protocols.message import shanghai_ms

KEEPALIVE = (
    b'<?xml version="1.0" encoding="GB2312"?>\n<Notify><CmdType>Keepalive</CmdType><SN>1</SN>'
    b"<DeviceID>34020000001320000001</DeviceID><Status>OK</Status></Notify>"
)
ALARM = (
    '<?xml version="1.0" encoding="GB2312"?><Notify><CmdType>Alarm</CmdType><SN>1</SN>'
    "<DeviceID>64010000001340000001</DeviceID><AlarmPriority>4</AlarmPriority><AlarmMethod>2</AlarmMethod>"
    "<AlarmTime>2009-12-04T16:23:32</AlarmTime><AlarmDescription>东门入侵</AlarmDescription>"
    "<Longitude>171.3</Longitude><Latitude>34.2</Latitude><Info><AlarmType>2</AlarmType></Info></Notify>"
)
NVR = "50012000001180000001"
ITEMS = (
    Item("500120", "璧山区", has_children=True),
    Item("50012000002150000001", "厂区", parent="500120", has_children=True),
    Item("50012000002160000001", "一车间", parent="50012000002150000001", group="50012000002150000001"),
    Item("50012000001310000001", "大门 & 门卫", NVR, "50012000002150000001", True, manufacturer="某厂"),
    Item("50012000001320000002", "危化品库", NVR, "50012000002150000001", False),
)


def test_a_keepalive_is_read() -> None:
    found = manscdp.parse(KEEPALIVE)
    assert found == Document("Notify", "Keepalive", 1, "34020000001320000001", found.fields)
    assert found.get("Status") == "OK"


def test_an_alarm_is_read_in_shanghai_time() -> None:
    alarm = manscdp.read_alarm(manscdp.parse(ALARM.encode("gb2312")))
    assert alarm == Alarm(
        "64010000001340000001", 1, 4, 2, 2, shanghai_ms(2009, 12, 4, 16, 23, 32), "东门入侵", 171.3, 34.2
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2009-12-04T16:23:32", shanghai_ms(2009, 12, 4, 16, 23, 32)),
        ("2009-12-04 16:23:32", shanghai_ms(2009, 12, 4, 16, 23, 32)),
        ("2009-12-04T16:23:32.250", shanghai_ms(2009, 12, 4, 16, 23, 32, 250)),
        ("2009-12-04T08:23:32Z", shanghai_ms(2009, 12, 4, 16, 23, 32)),
        ("2009-12-04T16:23:32+08:00", shanghai_ms(2009, 12, 4, 16, 23, 32)),
        ("2009-02-30T00:00:00", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_times_of_devices(text: str, expected: int | None) -> None:
    assert manscdp.time_ms(text) == expected


def test_what_an_alarm_tells_wrongly_is_untold() -> None:
    text = ALARM.replace("171.3", "NaN").replace("2009-12-04T16:23:32", "?").replace(">2<", ">?<")
    alarm = manscdp.read_alarm(manscdp.parse(text.encode("gb2312")))
    assert (alarm.longitude, alarm.time_ms, alarm.method, alarm.type, alarm.priority) == (None, None, 7, None, 4)


@pytest.mark.parametrize("edition", ["2016", "2022"])
def test_an_alarm_survives_either_edition(edition: manscdp.Edition) -> None:
    alarm = Alarm("50012000001340000001", 9, 1, 5, None, shanghai_ms(2026, 11, 27, 8, 0, 0), "越界", 106.2, 29.6)
    assert manscdp.read_alarm(manscdp.parse(manscdp.alarm_notice(alarm, edition))) == alarm


@pytest.mark.parametrize("declared", ["GB2312", "gb18030", "UTF-8", ""])
@pytest.mark.parametrize("sent", ["gb2312", "gb18030", "utf-8"])
def test_texts_are_read_by_what_they_are_whatever_is_declared(declared: str, sent: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    raw = (head + ALARM[ALARM.index("<Notify>") :]).encode(sent)
    assert manscdp.parse(raw).get("AlarmDescription") == "东门入侵"


def test_the_edition_of_2022_has_characters_that_2016_lacks() -> None:
    document = Document("Notify", "Keepalive", 1, NVR, {"Info": "喆䶮"})
    assert manscdp.parse(manscdp.encode(document, "2022")).get("Info") == "喆䶮"
    assert b'encoding="GB18030"' in manscdp.encode(document, "2022")
    assert manscdp.parse(manscdp.encode(document, "2016")).get("Info") == "??"


def test_broken_bytes_and_bare_ampersands_of_names_do_not_lose_the_document() -> None:
    raw = ALARM.replace("东门入侵", "a&b &amp; c").encode("gb2312").replace(b"a&b", b"a&b\xff\x01")
    assert manscdp.parse(raw).get("AlarmDescription").startswith("a&b")


@pytest.mark.parametrize("edition", ["2016", "2022"])
def test_a_catalog_comes_together_from_its_parts_in_any_order(edition: manscdp.Edition) -> None:
    catalog = Catalog(17)
    parts = [Part(17, NVR, 5, ITEMS[:2]), Part(17, NVR, 5, ITEMS[2:4]), Part(17, NVR, 5, ITEMS[4:])]
    for part in (parts[2], parts[0], parts[0]):
        assert catalog.add(manscdp.read_catalog(manscdp.parse(manscdp.catalog_part(part, edition))))
    assert not catalog.is_complete
    assert catalog.missing == 2
    assert not catalog.add(Part(16, NVR, 5, ITEMS[2:4]))
    assert not catalog.is_complete
    assert catalog.add(parts[1])
    assert catalog.is_complete
    assert sorted(catalog.items, key=str) == sorted(ITEMS, key=str)
    assert [item.code for item in ITEMS if gb_code.is_camera(item.code)] == [ITEMS[3].code, ITEMS[4].code]
    assert [item.code for item in ITEMS if gb_code.is_directory(item.code)] == [item.code for item in ITEMS[:3]]


def test_a_channel_in_two_places_counts_twice_and_is_one() -> None:
    catalog = Catalog(1)
    catalog.add(Part(1, NVR, 2, (Item("50012000001310000001", parent="a"), Item("50012000001310000001", parent="b"))))
    assert catalog.is_complete
    assert len(catalog.items) == 1


def test_an_empty_catalog_is_complete() -> None:
    catalog = Catalog(1)
    assert not catalog.is_complete
    catalog.add(manscdp.read_catalog(manscdp.parse(manscdp.catalog_part(Part(1, NVR, 0, ())))))
    assert catalog.is_complete


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "xml"),
        (b"hello", "xml"),
        (b"<Notify>", "xml"),
        (b"<html><CmdType>Keepalive</CmdType><SN>1</SN></html>", "xml"),
        (b'<!DOCTYPE Notify [<!ENTITY a "b">]>' + KEEPALIVE[40:], "xml"),
        (b'<!DOCTYPE Notify SYSTEM "file:///etc/passwd"><Notify/>', "xml"),
        (b"<Notify>" + b"<a>" * 20 + b"</a>" * 20 + b"</Notify>", "xml"),
        (b"<Notify><SN>1</SN></Notify>", "field"),
        (b"<Notify><CmdType>Keepalive</CmdType><SN>x</SN></Notify>", "field"),
        (b"<Notify>" + b" " * manscdp.MOST_BYTES + b"</Notify>", "length"),
    ],
)
def test_what_is_no_document_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(FrameError) as refused:
        manscdp.parse(raw)
    assert refused.value.code == code


def test_a_catalog_without_its_total_is_refused() -> None:
    with pytest.raises(FrameError):
        manscdp.read_catalog(Document("Response", "Catalog", 1, NVR, {"SumNum": "many"}))


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20))
def test_any_name_survives_the_edition_of_2022(name: str) -> None:
    raw = manscdp.catalog_part(Part(1, NVR, 1, (Item(NVR, name),)), "2022")
    try:
        raw.decode()  # also a text in UTF-8: nobody can tell
    except UnicodeDecodeError:
        assert manscdp.read_catalog(manscdp.parse(raw)).items[0].name == name


@pytest.mark.parametrize("name", ["<&>\"'", "]]>", "&amp;", "a  b"])
def test_marks_in_names_survive(name: str) -> None:
    raw = manscdp.catalog_part(Part(1, NVR, 1, (Item(NVR, name),)))
    assert manscdp.read_catalog(manscdp.parse(raw)).items[0].name == name


broken = st.builds(lambda at, junk: KEEPALIVE[:at] + junk + KEEPALIVE[at:], st.integers(0, 200), st.binary(max_size=8))


@given(st.binary(max_size=400) | broken)
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        document = manscdp.parse(data)
        manscdp.read_alarm(document)
        manscdp.encode(document)
        manscdp.read_catalog(document)
    except FrameError:
        pass


def test_codes_are_taken_apart_and_named() -> None:
    code = gb_code.read("50012000442000000001")
    assert (code.area, code.trade, code.type, code.network, code.serial) == ("50012000", 44, 200, 0, 1)
    assert (code.type_name, code.trade_name) == ("中心信令控制服务器", "企事业单位")
    assert gb_code.read(NVR).type_name == "网络视频录像机"
    assert gb_code.read("50012000001990000001").type_name == "前端外围设备"
    assert str(code) == "50012000442000000001"
    for wrong in ("", "5001200044200000000", "5001200044200000000x", "５００１２０００４４２０００００００１"):
        with pytest.raises(FrameError):
            gb_code.read(wrong)
        assert not gb_code.is_camera(wrong)


@given(st.from_regex(r"[0-9]{20}", fullmatch=True))
def test_any_code_is_its_parts(text: str) -> None:
    assert str(gb_code.read(text)) == text
    assert gb_code.read(text).type_name
    assert gb_code.read(text).trade_name
