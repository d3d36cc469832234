"""National cryptography (国密) in one place, so that a certified module can take its place.

SM3 is GB/T 32905-2016, HMAC is GB/T 15852.2; both come from OpenSSL. What nobody but a few may read is sealed with
Fernet (AES-128 and HMAC-SHA-256).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from bianwang.platform.config import ConfigError, config


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


def seal(data: bytes) -> bytes:
    """Encrypted with the identity key, and protected against changes."""
    return _identity_cipher().encrypt(data)


def unseal(token: bytes) -> bytes:
    """What was sealed. Raises ConfigError if it was sealed with another key, or changed."""
    try:
        return _identity_cipher().decrypt(token)
    except InvalidToken as error:
        raise ConfigError("加密信息不能解开：密钥 BIAN_IDENTITY_KEY 不是加密时的那一把，或数据被改动过。") from error


@lru_cache(maxsize=1)
def _identity_cipher() -> Fernet:
    try:
        key = bytes.fromhex(config().secret("identity_key"))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ConfigError("环境变量 BIAN_IDENTITY_KEY 必须是 64 位的十六进制数，请改正后重新启动。")
    return Fernet(base64.urlsafe_b64encode(key))
