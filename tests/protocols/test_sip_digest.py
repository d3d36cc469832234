"""Digest authentication: the published vectors, both directions, and answers that are not right."""

from __future__ import annotations

import contextlib

import msgspec
import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import sip_digest
from bianwang.protocols.errors import FrameError
from bianwang.protocols.sip_digest import Challenge, Credentials

URI = "sip:34020000002000000001@3402000000"


def test_the_example_of_rfc_2617() -> None:
    found = sip_digest.response(
        "Mufasa", "testrealm@host.com", "Circle Of Life", "GET", "/dir/index.html",
        "dcd98b7102dd2f0e8b11d0f600bfb0c093", "auth", "00000001", "0a4f113b",
    )  # fmt: skip
    assert found == "6629fae49393a05397450978507c4ef1"


@pytest.mark.parametrize(
    ("algorithm", "right"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: str, right: str) -> None:
    text = (
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", '
        f'algorithm={algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
        'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, '
        f'response="{right}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    credentials = sip_digest.read_credentials(text)
    assert sip_digest.is_right(credentials, "Circle of Life", "GET")
    assert not sip_digest.is_right(credentials, "Circle of life", "GET")


def test_a_registration_without_qop() -> None:
    found = sip_digest.response("34020000001320000001", "3402000000", "12345678", "REGISTER", URI, "6fe9ba44a76be22a")
    assert found == "6a2143ae65b119e276a75f0a4a8992b7"


def test_an_authorization_as_devices_write_it() -> None:
    text = (
        'Digest username="34020000001320000001", realm="3402000000", nonce="6fe9ba44a76be22a",'
        f'uri="{URI}",response="6A2143AE65B119E276A75F0A4A8992B7",algorithm=MD5'
    )
    credentials = sip_digest.read_credentials(text)
    assert credentials.username == "34020000001320000001"
    assert sip_digest.is_right(credentials, "12345678", "REGISTER")
    assert not sip_digest.is_right(credentials, "12345679", "REGISTER")
    assert not sip_digest.is_right(credentials, "12345678", "MESSAGE")


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("qop", ["", "auth", "auth,auth-int"])
def test_a_challenge_is_answered_rightly(qop: str, algorithm: str) -> None:
    challenge = Challenge("5001200000", "n1", qop, "o", stale=True, algorithm=algorithm)
    read = sip_digest.read_challenge(sip_digest.write_challenge(challenge))
    assert read == challenge
    made = sip_digest.answer(read, "50012000001180000001", "a secret", "REGISTER", URI, "c1")
    sent = sip_digest.read_credentials(sip_digest.write_credentials(made))
    assert sent == made
    assert sent.qop == ("auth" if qop else "")
    assert sip_digest.is_right(sent, "a secret", "REGISTER")
    for name in ("username", "realm", "nonce", "uri"):
        assert not sip_digest.is_right(msgspec.structs.replace(sent, **{name: "x"}), "a secret", "REGISTER")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Basic dXNlcjpwYXNz",
        'Digest username="a"',
        'Digest username="a", realm="r", nonce="n", uri="u", response="short"',
        f'Digest username="a", realm="r", nonce="n", uri="u", response="{"0" * 32}", algorithm=SHA-256',
        f'Digest username="a", realm="r", nonce="n", uri="u", response="{"0" * 64}"',
        f'Digest username="a", realm="r", nonce="n", uri="u", response="{"0" * 32}", algorithm=MD5-sess',
        'Digest username="a, realm',
        "Digest =,=",
    ],
)
def test_what_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(FrameError):
        sip_digest.read_credentials(text)


@given(st.text(max_size=200))
def test_arbitrary_text_is_read_or_refused(text: str) -> None:
    for read in (sip_digest.read_credentials, sip_digest.read_challenge):
        with contextlib.suppress(FrameError):
            read("Digest " + text)


def test_hostile_text_costs_little() -> None:
    for text in ('a="' + "\\" * 16_000, "a" * 16_000, 'a="' + "x" * 16_000, "," * 16_000, "a=b," * 4_000 + "!"):
        with pytest.raises(FrameError):
            sip_digest.read_credentials("Digest " + text)


def test_credentials_show_no_password() -> None:
    assert "password" not in Credentials.__struct_fields__
