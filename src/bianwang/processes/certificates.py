"""A local certificate authority and the server's certificate (X.509, RFC 5280), with EC P-256 keys.

825 days is the longest that Apple's systems accept for a server (support.apple.com/HT210176); the names go into the
subject alternative names, the only place where browsers look (RFC 9525).
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bianwang.platform.clock import now

AUTHORITY_DAYS: Final = 3650
SERVER_DAYS: Final = 825
_BEHIND: Final = timedelta(hours=1)
"""A phone whose clock is this much behind accepts a new certificate as well."""
_HOST: Final = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

Key = ec.EllipticCurvePrivateKey


class CertificateError(Exception):
    """A certificate cannot be made; the message is one Chinese sentence."""


@dataclass(frozen=True)
class Issued:
    """Where the certificates lie and how long they are good."""

    authority: Path
    certificate: Path
    key: Path
    names: tuple[str, ...]
    until: datetime
    authority_until: datetime
    fingerprint: str
    """SHA-256 of the authority's certificate, as systems show it."""
    new_authority: bool


def issue(folder: Path, names: Sequence[str], default: Sequence[str]) -> Issued:
    """Give the server a new certificate for `names`: by the authority in `folder`, which is made if there is none.

    Without `names`: those of the present certificate, else `default` and this machine's name. Raises CertificateError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate = folder / "server.crt"
    wanted = [*names] or _present(certificate) or [socket.gethostname(), *default]
    alternatives = [_alternative(name) for name in dict.fromkeys(name.strip().lower() for name in wanted)]
    authority, key, is_new = _authority(folder)
    server_key, server = _server(authority, key, alternatives)
    _write(folder / "server.key", _pem(server_key))
    _write(certificate, _public(server) + _public(authority))
    return Issued(
        authority=folder / "ca.crt",
        certificate=certificate,
        key=folder / "server.key",
        names=tuple(str(name.value) for name in alternatives),
        until=server.not_valid_after_utc,
        authority_until=authority.not_valid_after_utc,
        fingerprint=authority.fingerprint(hashes.SHA256()).hex(":").upper(),
        new_authority=is_new,
    )


def _present(certificate: Path) -> list[str]:
    """Names of the certificate that is to be renewed."""
    if not certificate.exists():
        return []
    try:
        present = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound) as error:
        raise CertificateError(f"{certificate} 不能识别，请写明主机名重新签发，如 bian cert 10.10.3.20。") from error
    return [str(name.value) for name in names]


def _alternative(name: str) -> x509.DNSName | x509.IPAddress:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    if re.fullmatch(r"[0-9.]+", name) or not _HOST.fullmatch(name):
        raise CertificateError(f"“{name}”不是主机名或地址，请写浏览器中访问的那个，如 bian.bishan.lan 或 10.10.3.20。")
    return x509.DNSName(name)


def _authority(folder: Path) -> tuple[x509.Certificate, Key, bool]:
    """The authority, made on first use and never again: everybody trusts this one."""
    certificate, key = folder / "ca.crt", folder / "ca.key"
    if certificate.exists() != key.exists():
        missing, left = (key, certificate) if certificate.exists() else (certificate, key)
        raise CertificateError(
            f"{missing} 不见了，请从备份中找回；确认要重新建立根证书时，先移走 {left}，并在所有电脑和手机上重新安装。"
        )
    if not certificate.exists():
        made_key, made = _make_authority()
        _write(key, _pem(made_key))
        _write(certificate, _public(made))
        return made, made_key, True
    try:
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
        known_key = serialization.load_pem_private_key(key.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise CertificateError(f"{folder} 中的根证书或其私钥不能识别，请从备份中找回：{error}") from error
    if not isinstance(known_key, ec.EllipticCurvePrivateKey) or known_key.public_key() != known.public_key():
        raise CertificateError(f"{certificate} 与 {key} 不是一对，请从备份中找回。")
    if known.not_valid_after_utc <= now() + timedelta(days=1):
        raise CertificateError(
            f"根证书 {certificate} 已到期，请移走 ca.crt 和 ca.key 后重新运行，并在所有电脑和手机上重新安装。"
        )
    return known, known_key, False


def _make_authority() -> tuple[Key, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    moment = now().replace(microsecond=0)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "必安网"),
            # Dated, so that an old and a new one can be told apart in a list.
            x509.NameAttribute(NameOID.COMMON_NAME, f"必安网本地根证书 {moment:%Y-%m-%d}"),
        ]
    )
    builder = _builder(name, name, key.public_key(), moment, moment + timedelta(days=AUTHORITY_DAYS))
    return key, (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _server(
    authority: x509.Certificate, authority_key: Key, names: Sequence[x509.GeneralName]
) -> tuple[Key, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    moment = now().replace(microsecond=0)
    until = min(moment - _BEHIND + timedelta(days=SERVER_DAYS), authority.not_valid_after_utc)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(names[0].value)[:64])])
    builder = _builder(name, authority.subject, key.public_key(), moment, until)
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return key, (
        builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(signer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - _BEHIND)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(file: Path, content: bytes) -> None:
    """Put a file in place whole; mkstemp gives mode 0600."""
    handle, draft = tempfile.mkstemp(dir=file.parent)
    with open(handle, "wb") as stream:
        stream.write(content)
    os.replace(draft, file)
