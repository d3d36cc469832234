"""National cryptography (国密) in one place, so that a certified module can take its place.

SM3 is GB/T 32905-2016, HMAC is GB/T 15852.2; both come from OpenSSL. What nobody but a few may read is sealed with
SM4-GCM (GB/T 32907, RFC 8998), also from OpenSSL, under keys derived from the identity secret.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from bianwang.platform.config import ConfigError, config

_FORM = b"\x01"
_HEAD, _NONCE, _TAG = 5, 12, 16
"""Bytes of the form with the key id, of the nonce and of the tag."""


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest."""
    return hashlib.new("sm3", data).digest()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """The 32-byte HMAC with SM3."""
    return hmac.digest(key, data, "sm3")


@lru_cache(maxsize=1)
def ledger_key() -> bytes:
    """The key that seals the ledger; it never lies in the database. Raises ConfigError for a bad one."""
    try:
        key = bytes.fromhex(config().secret("ledger_key"))
    except ValueError:
        key = b""
    if len(key) < 16:
        raise ConfigError("环境变量 BIAN_LEDGER_KEY 必须是至少 32 位的十六进制数，请改正后重新启动。")
    return key


def blind_index(*parts: str) -> str:
    """A keyed digest: equal for equal values, and nobody without the key can try values out.

    It hangs on the ledger's key, which is never changed, so that what was sealed can get another key.
    """
    return hmac_sm3(ledger_key(), "\x1f".join(parts).encode()).hex()


def sm4_gcm(key: bytes, nonce: bytes, data: bytes, bound: bytes = b"") -> bytes:
    """SM4-GCM (RFC 8998): the ciphertext and its 16-byte tag; `bound` is authenticated, not encrypted."""
    encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(data) + encryptor.finalize() + encryptor.tag


def sm4_gcm_open(key: bytes, nonce: bytes, sealed: bytes, bound: bytes = b"") -> bytes:
    """What `sm4_gcm` encrypted. Raises InvalidTag for another key or a changed byte."""
    decryptor = Cipher(SM4(key), GCM(nonce, sealed[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()


def seal(data: bytes) -> bytes:
    """Encrypted with the newest identity key and protected against changes: form, key id, nonce, ciphertext, tag."""
    name, key = next(iter(_identity_keys().items()))
    head, nonce = _FORM + name, os.urandom(_NONCE)
    return head + nonce + sm4_gcm(key, nonce, data, head)


def unseal(token: bytes) -> bytes:
    """What was sealed. Raises ConfigError if its key is not among ours, or it was changed."""
    head, nonce, rest = token[:_HEAD], token[_HEAD : _HEAD + _NONCE], token[_HEAD + _NONCE :]
    if head[1:] not in _identity_keys():
        forget_keys()  # another process may have made a new key since ours were read
    key = _identity_keys().get(head[1:])
    try:
        if key is None or head[:1] != _FORM or len(rest) < _TAG:
            raise InvalidTag
        return sm4_gcm_open(key, nonce, rest, head)
    except InvalidTag as error:
        raise ConfigError("加密信息不能解开：密钥 BIAN_IDENTITY_KEY 中没有加密时的那一把，或数据被改动过。") from error


def is_current(token: bytes) -> bool:
    """Whether it is sealed with the newest key."""
    return token[:_HEAD] == _FORM + next(iter(_identity_keys()))


def forget_keys() -> None:
    """The keys are read anew when they are needed next."""
    _identity_keys.cache_clear()


@lru_cache(maxsize=1)
def _identity_keys() -> Mapping[bytes, bytes]:
    """SM4 keys by their ids, the newest first; both are derived, so that neither tells of the secret."""
    found: dict[bytes, bytes] = {}
    for text in config().secret("identity_key").replace(",", " ").split():
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            secret = b""
        if len(secret) != 32:
            raise ConfigError(
                "环境变量 BIAN_IDENTITY_KEY 必须是 64 位的十六进制数（多把用逗号分开，新的在前），请改正后重新启动。"
            )
        found[hmac_sm3(secret, b"bianwang key id")[:4]] = hmac_sm3(secret, b"bianwang sm4-gcm")[:16]
    if not found:
        raise ConfigError("环境变量 BIAN_IDENTITY_KEY 没有一把密钥，请改正后重新启动。")
    return found
