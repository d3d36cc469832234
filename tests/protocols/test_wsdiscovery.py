"""Probe and answers of WS-Discovery."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import wsdiscovery
from bianwang.protocols.wsdiscovery import Match

ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"
 xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">
<SOAP-ENV:Header><wsa:RelatesTo>uuid:1</wsa:RelatesTo></SOAP-ENV:Header>
<SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch>
<wsa:EndpointReference><wsa:Address>urn:uuid:4d454930-0000-1000-8000-bcbac2a1b2c3</wsa:Address></wsa:EndpointReference>
<d:Types>dn:NetworkVideoTransmitter</d:Types>
<d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/DS-2CD onvif://www.onvif.org/name/%E5%8C%97%E9%97%A8</d:Scopes>
<d:XAddrs>http://192.168.1.64/onvif/device_service http://[fe80::1]/onvif/device_service</d:XAddrs>
<d:MetadataVersion>10</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>"""


def test_the_probe_asks_for_video_transmitters_under_its_own_id() -> None:
    tree = ElementTree.fromstring(wsdiscovery.probe("6f1b"))
    texts = [element.text for element in tree.iter() if element.text]
    assert "uuid:6f1b" in texts
    assert "dn:NetworkVideoTransmitter" in texts
    assert "http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe" in texts


def test_an_answer_names_the_device_and_where_its_service_is() -> None:
    assert wsdiscovery.matches(ANSWER.encode()) == [
        Match(
            "urn:uuid:4d454930-0000-1000-8000-bcbac2a1b2c3",
            ("http://192.168.1.64/onvif/device_service", "http://[fe80::1]/onvif/device_service"),
            "北门",
            "DS-2CD",
        )
    ]


def test_entities_and_other_addresses_are_not_taken() -> None:
    bomb = ANSWER.replace("<SOAP-ENV:Envelope", '<!DOCTYPE x [<!ENTITY a "b">]><SOAP-ENV:Envelope', 1)
    assert wsdiscovery.matches(bomb.encode()) == []
    assert (
        wsdiscovery.matches(ANSWER.replace("http://192.168.1.64", "file:").replace("http://[", "ftp://[").encode())
        == []
    )


@given(st.binary(max_size=300) | st.integers(0, len(ANSWER) - 1).map(lambda cut: ANSWER[:cut].encode()))
def test_anything_else_is_no_device(content: bytes) -> None:
    assert wsdiscovery.matches(content) == []


@pytest.mark.parametrize("encoding", ["klingon", "big5", "hex"])
def test_an_unreadable_encoding_is_no_device(encoding: str) -> None:
    assert wsdiscovery.matches(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode()) == []
