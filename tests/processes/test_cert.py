"""The local certificate authority: what it issues is trusted by those who trust it, and by nobody else."""

from __future__ import annotations

import json
import socket
import ssl
import stat
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from cryptography import x509

from bianwang.processes.certificates import CertificateError, issue
from bianwang.protocols import mqtt
from tests.instance import Instance, free_port


def test_the_pages_and_the_devices_are_served_with_it(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "home")
    told = instance.bian("cert", "localhost", "127.0.0.1")
    folder = instance.home / "tls"
    secure = {
        "BIAN_HTTPS": "1",
        "BIAN_TLS_CERTIFICATE": str(folder / "server.crt"),
        "BIAN_TLS_KEY": str(folder / "server.key"),
    }
    for line in (f"{name}={value}" for name, value in secure.items()):
        assert line in told
    for words in ("Windows", "安卓", "苹果"):
        assert words in told
    port = free_port()
    instance.environment |= secure | {"BIAN_MQTTS_PORT": str(port)}
    instance.load_demo()
    try:
        instance.start("intake", "web")
        trusting = ssl.create_default_context(cafile=folder / "ca.crt")
        page = f"https://127.0.0.1:{instance.web_port}/accounts/login/"
        with urllib.request.urlopen(page, context=trusting, timeout=30) as answer:
            assert answer.status == 200
            assert "Secure" in answer.headers["Set-Cookie"]
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(page, context=ssl.create_default_context(), timeout=30)
        assert connack(trusting, port, instance.home) == b"\x20\x02\x00\x00"  # CONNACK: accepted
    finally:
        instance.stop()


def connack(context: ssl.SSLContext, port: int, home: Path) -> bytes:
    """What the MQTTS port answers to the demo's first device."""
    row = json.loads((home / "demo" / "devices.json").read_bytes())[0]
    hello = mqtt.Connect(client_id=row["key"], username=row["key"], password=row["token"].encode())
    with (
        socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        secured.sendall(mqtt.encode(hello))
        return secured.recv(64)


def test_a_second_run_renews_the_server_and_keeps_the_authority_and_the_names(tmp_path: Path) -> None:
    first = issue(tmp_path, ["bian.bishan.lan", "10.10.3.20"], [])
    authority, server = first.authority.read_bytes(), first.certificate.read_bytes()

    second = issue(tmp_path, [], ["other"])

    assert first.new_authority
    assert not second.new_authority
    assert second.authority.read_bytes() == authority
    assert second.certificate.read_bytes() != server
    assert second.names == first.names == ("bian.bishan.lan", "10.10.3.20")


def test_periods_and_purposes_are_those_that_phones_accept(tmp_path: Path) -> None:
    made = issue(tmp_path, ["localhost", "::1"], [])
    server, authority = x509.load_pem_x509_certificates(made.certificate.read_bytes())

    assert (server.not_valid_after_utc - server.not_valid_before_utc).days == 825
    assert 3650 <= (authority.not_valid_after_utc - authority.not_valid_before_utc).days <= 3651
    server.verify_directly_issued_by(authority)
    assert server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value == x509.ExtendedKeyUsage(
        [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    )
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_private_keys_are_for_the_owner_only(tmp_path: Path) -> None:
    issue(tmp_path / "tls", ["localhost"], [])

    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((tmp_path / "tls" / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("gone", ["ca.key", "ca.crt"])
def test_half_an_authority_is_never_replaced(tmp_path: Path, gone: str) -> None:
    issue(tmp_path, ["localhost"], [])
    (tmp_path / gone).unlink()

    with pytest.raises(CertificateError, match=f"{gone} 不见了"):
        issue(tmp_path, ["localhost"], [])
    assert not (tmp_path / gone).exists()


@pytest.mark.parametrize("name", ["http://bian", "10.10.3", "a b", "-x", "璧山"])
def test_what_is_no_host_name_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CertificateError, match=name):
        issue(tmp_path, [name], [])
    assert not list(tmp_path.iterdir())
