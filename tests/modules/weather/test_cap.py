"""CAP files: what is read and what is refused, in words."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from bianwang.modules.weather import cap, pack
from bianwang.platform.config import ConfigError
from tests.modules.weather import things

DOCTYPE = '<!DOCTYPE alert [<!ENTITY a "b">]>'


def test_the_chinese_block_is_read() -> None:
    alert = cap.read(things.cap().getvalue())
    assert (alert.sender, alert.identifier, alert.event, alert.severity) == ("璧山区气象台", "A1", "暴雨", "Orange")
    assert alert.headline == "璧山区气象台发布暴雨橙色预警"
    assert alert.areas == ("青杠街道", "八塘镇")
    assert alert.expires is not None
    assert alert.expires > alert.effective == alert.sent


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "Exercise"}, "演练"),
        ({"kind": "Ack"}, "msgType"),
        ({"kind": "Update"}, "references"),
        ({"kind": "Update", "references": "<references>A1</references>"}, "sender,identifier,sent"),
        ({"sent": "2026-07-01T08:00:00"}, "带时区"),
        ({"sent": "昨天"}, "带时区"),
        ({"expires": ""}, "expires"),
        ({"identifier": ""}, "identifier"),
    ],
)
def test_what_is_no_actual_complete_warning_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(cap.CapError, match=words):
        cap.read(things.cap(**change).getvalue())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "XML"),
        (b"<alert>", "XML"),
        (b"<alert/>", "CAP 1.2"),
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"/>', "CAP 1.2"),
        (f"<?xml version='1.0'?>{DOCTYPE}<alert>&a;</alert>".encode(), "DOCTYPE"),
        (b"<a>" * 1000, "层次"),
        (b'<?xml version="1.0" encoding="klingon"?><alert/>', "编码"),
        (b'<?xml version="1.0" encoding="big5"?><alert/>', "编码"),
        (b'<?xml version="1.0" encoding="GBK"?><alert>\xff</alert>', "编码"),
        (b" " * (cap.MOST_BYTES + 1), "字节"),
    ],
)
def test_hostile_and_other_files_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(cap.CapError, match=words):
        cap.read(data)


@pytest.mark.parametrize("encoding", ["GB2312", "gbk", "GB18030"])
def test_a_file_in_a_chinese_encoding_says_the_same(encoding: str) -> None:
    whole = things.cap().getvalue()
    assert b'encoding="UTF-8"' in whole
    other = whole.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
    assert cap.read(other) == cap.read(whole)


@given(st.binary(max_size=300), st.integers(0, 900))
def test_a_damaged_file_never_breaks(junk: bytes, at: int) -> None:
    whole = things.cap().getvalue()
    with suppress(cap.CapError):
        cap.read(whole[:at] + junk + whole[at:])


RAW = {
    "issuers": [],
    "kinds": [],
    "levels": [{"level": n, "name": "红", "colour": "red", "severities": []} for n in (1, 2, 3, 4)],
    "calls": [],
    "thresholds": [],
}
DATED = {"source": "办法", "article": "", "certainty": "待核实", "valid_from": "2020-01-01"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"levels": RAW["levels"][:3]}, "levels"),
        ({"calls": [{"level": 5, "minutes": 5, "phone": False, "urgency": "routine", **DATED}]}, "级别 5"),
        ({"calls": [{"level": 1, "minutes": 0, "phone": False, "urgency": "routine", **DATED}]}, "minutes"),
        ({"thresholds": [{"level": 1, "hours": 2, "mm": 50, **DATED}]}, "hours"),
        ({"thresholds": [{"level": 1, "hours": 3, "mm": 0, **DATED}]}, "mm"),
        ({"other": []}, "other"),
    ],
)
def test_a_wrong_pack_is_refused_with_one_sentence(change: dict[str, object], words: str) -> None:
    assert pack.read(RAW)
    with pytest.raises(ConfigError, match=words):
        pack.read({**RAW, **change})
