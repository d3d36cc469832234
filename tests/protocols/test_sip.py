"""SIP: what devices send is read, answers repeat what they must, and nothing that arrives can crash us."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, strategies as st

from bianwang.protocols import sip
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import Refusal
from bianwang.protocols.sip import Decoder, Request, Response

REGISTER = (
    b"REGISTER sip:34020000002000000001@3402000000 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.168.1.64:5060;rport;branch=z9hG4bK1371463273\r\n"
    b"From: <sip:34020000001320000001@3402000000>;tag=2043466181\r\n"
    b"To: <sip:34020000001320000001@3402000000>\r\n"
    b"Call-ID: 1011047669@192.168.1.64\r\n"
    b"CSeq: 1 REGISTER\r\n"
    b"Contact: <sip:34020000001320000001@192.168.1.64:5060>\r\n"
    b"Max-Forwards: 70\r\n"
    b"Expires: 3600\r\n"
    b"Content-Length: 0\r\n\r\n"
)


def message(body: bytes = b"<x/>") -> Request:
    headers = (
        ("Via", "SIP/2.0/UDP 10.0.0.8:5061;branch=z9hG4bK7"),
        ("From", "<sip:34020000001180000001@3402000000>;tag=7"),
        ("To", "<sip:34020000002000000001@3402000000>"),
        ("Call-ID", "call-7"),
        ("CSeq", "20 MESSAGE"),
    )
    return Request(method="MESSAGE", uri="sip:34020000002000000001@3402000000", headers=headers, body=body)


def code(data: bytes) -> str:
    with pytest.raises(FrameError) as refused:
        sip.parse(data)
    return refused.value.code


def test_a_registration_is_read() -> None:
    request = sip.parse(REGISTER)
    assert isinstance(request, Request)
    assert (request.method, request.uri) == ("REGISTER", "sip:34020000002000000001@3402000000")
    assert request.cseq == (1, "REGISTER")
    assert request.call_id == "1011047669@192.168.1.64"
    assert (request.via.transport, request.via.host, request.via.port) == ("UDP", "192.168.1.64", 5060)
    assert request.via.get("branch") == "z9hG4bK1371463273"
    assert sip.uri(request.get("From")) == sip.Uri("34020000001320000001", "3402000000")
    assert sip.uri(request.get("contact")) == sip.Uri("34020000001320000001", "192.168.1.64", 5060)
    assert sip.tag_of(request.get("From")) == "2043466181"
    assert sip.encode(request) == REGISTER


def test_compact_names_folded_lines_and_bare_line_feeds_are_read() -> None:
    short = (
        b"MESSAGE sip:1@2 SIP/2.0\nv: SIP / 2.0 / tcp 10.0.0.8 ;branch=b\nf: <sip:9@3>;tag=7\nt: <sip:1@2>\n"
        b"i: call\nCSEQ: 2   message\nc: Application/MANSCDP+xml\nSubject: one\n\t two\nl: 4\n\n<x/>and more"
    )
    request = sip.parse(short)
    assert request.get("Content-Type") == "Application/MANSCDP+xml"
    assert request.get("Subject") == "one two"
    assert request.cseq == (2, "MESSAGE")
    assert (request.via.transport, request.via.host, request.via.port) == ("TCP", "10.0.0.8", 5060)
    assert request.body == b"<x/>"


def test_a_response_is_read() -> None:
    raw = REGISTER.replace(b"REGISTER sip:34020000002000000001@3402000000 SIP/2.0", b"SIP/2.0 401 Unauthorized")
    response = sip.parse(raw)
    assert isinstance(response, Response)
    assert (response.status, response.reason) == (401, "Unauthorized")
    assert sip.encode(response) == raw


def test_an_answer_repeats_the_vias_in_order_and_tags_the_recipient() -> None:
    request = sip.parse(REGISTER.replace(b"From:", b"Via: SIP/2.0/UDP proxy:5070;branch=two\r\nFrom:"))
    assert isinstance(request, Request)
    response = sip.answer(sip.arrived(request, "203.0.113.9", 40_000), 200, [("Expires", "3600")], tag="ours")
    assert response.all("Via") == [
        "SIP/2.0/UDP 192.168.1.64:5060;branch=z9hG4bK1371463273;received=203.0.113.9;rport=40000",
        "SIP/2.0/UDP proxy:5070;branch=two",
    ]
    assert sip.tag_of(response.get("To")) == "ours"
    assert response.get("Call-ID") == request.call_id
    assert response.get("Expires") == "3600"
    assert sip.encode(response).startswith(b"SIP/2.0 200 OK\r\n")


def test_a_port_is_told_only_to_who_asked_for_it() -> None:
    noted = sip.arrived(message(), "203.0.113.9", 40_000)
    assert noted.get("Via") == "SIP/2.0/UDP 10.0.0.8:5061;branch=z9hG4bK7;received=203.0.113.9"


def test_vias_in_one_header_are_told_apart() -> None:
    request = sip.parse(REGISTER.replace(b"branch=z9hG4bK1371463273", b"branch=a, SIP/2.0/UDP far;branch=b"))
    assert isinstance(request, Request)
    assert request.via.get("branch") == "a"
    assert sip.arrived(request, "1.2.3.4", 9).get("Via").endswith("rport=9, SIP/2.0/UDP far;branch=b")


def test_bytes_that_are_not_ascii_come_back_as_they_were() -> None:
    raw = REGISTER.replace(b"From: <", "From: 门卫<".encode("gb2312"))
    request = sip.parse(raw)
    assert isinstance(request, Request)
    assert "门卫".encode("gb2312") in sip.encode(sip.answer(request, 200))


@pytest.mark.parametrize("text", ["a\r\nContact: <sip:thief@x>", "a\nb", "a\x00"])
def test_nothing_smuggles_a_header_into_what_is_sent(text: str) -> None:
    with pytest.raises(FrameError):
        sip.encode(sip.answer(message(), 200, [("Subject", text)]))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (REGISTER.replace(b"SIP/2.0\r\nVia", b"HTTP/1.1\r\nVia"), "garbage"),
        (REGISTER.replace(b"\r\n\r\n", b"\r\n"), "garbage"),
        (REGISTER.replace(b"Call-ID:", b"X-ID:"), "field"),
        (REGISTER.replace(b"1 REGISTER", b"one REGISTER"), "field"),
        (REGISTER.replace(b"1 REGISTER", b"1 MESSAGE"), "field"),
        (REGISTER.replace(b"1 REGISTER", b"4294967296 REGISTER"), "field"),
        (REGISTER.replace(b"SIP/2.0/UDP 192", b"SIP/3.0/UDP 192"), "field"),
        (REGISTER.replace(b"64:5060;rport", b"64:99999;rport"), "field"),
        (REGISTER.replace(b"Max-Forwards: 70", b"no colon here"), "field"),
        (REGISTER.replace(b"Length: 0", b"Length: 9"), "length"),
        (REGISTER.replace(b"Length: 0", b"Length: -1"), "length"),
        (REGISTER.replace(b"Length: 0", b"Length: 999999999"), "length"),
        (b"", "garbage"),
        (b"\x00" * 100, "garbage"),
    ],
)
def test_what_is_malformed_is_refused_by_its_code(wrong: bytes, expected: str) -> None:
    assert code(wrong) == expected


def test_hostile_text_costs_little() -> None:
    # Each of these would take a careless expression minutes.
    for filler in (b"," * 16_000, b" " * 16_000 + b"x", b'"' * 16_001, b";a=" * 5_000, b"\t\r\n " * 4_000):
        for name in (b"From: ", b"Via: ", b"To: ", b"CSeq: "):
            data = REGISTER.replace(name, name + filler)
            try:
                request = sip.parse(data)
                assert isinstance(request, Request)
                sip.answer(request, 200, tag="t")
                sip.uri(request.get("From"))
            except FrameError:
                pass


# Streams


def test_messages_come_out_of_a_stream_whole() -> None:
    stream = b"\r\n\r\n" + sip.encode(message()) + b"\r\n" + REGISTER
    decoder = Decoder()
    found = [item for byte in stream for item in decoder.feed(bytes([byte]))]
    assert [item.method for item in found if isinstance(item, Request)] == ["MESSAGE", "REGISTER"]


def test_a_stream_ends_with_the_first_thing_that_is_refused() -> None:
    decoder = Decoder()
    items = decoder.feed(REGISTER + b"GET / HTTP/1.1\r\n\r\n" + REGISTER)
    assert [getattr(item, "code", "ok") for item in items] == ["ok", "garbage"]
    assert isinstance(items[1], Refusal)
    assert items[1].offset == len(REGISTER)
    assert decoder.feed(REGISTER) == []


def test_a_message_without_its_length_is_refused_on_a_stream() -> None:
    [item] = Decoder().feed(REGISTER.replace(b"Content-Length: 0\r\n", b""))
    assert isinstance(item, Refusal)
    assert item.code == "field"


def test_a_head_without_end_does_not_grow_for_ever() -> None:
    decoder = Decoder()
    items = [item for _ in range(400) for item in decoder.feed(b"X-Filler: " + b"x" * 90)]
    assert [getattr(item, "code", "ok") for item in items] == ["length"]


values = st.from_regex(r"[!-~¡-ÿ]{1,40}", fullmatch=True)
requests = st.builds(
    lambda subject, body, number: Request(
        method="MESSAGE",
        uri="sip:1@2",
        headers=(*message().headers[:4], ("CSeq", f"{number} MESSAGE"), ("Subject", subject)),
        body=body,
    ),
    subject=values,
    body=st.binary(max_size=60),
    number=st.integers(0, 2**32 - 1),
)


def bare(item: object) -> object:
    """A message without the length that sending added."""
    if not isinstance(item, Request):
        return item
    kept = tuple((name, value) for name, value in item.headers if name != "Content-Length")
    return Request(method=item.method, uri=item.uri, headers=kept, body=item.body)


@given(requests)
def test_what_is_encoded_is_parsed(request: Request) -> None:
    assert bare(sip.parse(sip.encode(request))) == request


@given(st.lists(requests, min_size=1, max_size=4), st.lists(st.integers(0, 3_000), max_size=6))
def test_messages_survive_being_split_anywhere(sent: list[Request], cuts: list[int]) -> None:
    decoder = Decoder()
    stream = b"".join(map(sip.encode, sent))
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    found = [item for a, b in pairwise(edges) for item in decoder.feed(stream[a:b])]
    assert [bare(item) for item in found] == sent


broken = st.builds(lambda at, junk: REGISTER[:at] + junk + REGISTER[at:], st.integers(0, 420), st.binary(max_size=9))


@given(st.binary(max_size=400) | broken)
@example(b"\r\n\r\n")
@example(REGISTER.replace(b"<sip:34020000001320000001@3402000000>;tag", b"<>;tag"))
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        request = sip.parse(data)
        assert request.cseq
        assert request.via
        sip.encode(request)
        if isinstance(request, Request):
            sip.encode(sip.answer(sip.arrived(request, "::1", 9), 200, tag="t"))
        sip.uri(request.get("From"))
    except FrameError:
        pass
    for item in Decoder().feed(data):
        assert isinstance(item, Request | Response | Refusal)
