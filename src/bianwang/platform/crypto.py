"""National cryptography (国密) in one place, so that a certified module can take its place.

SM3 is GB/T 32905-2016, HMAC is GB/T 15852.2; both come from OpenSSL.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

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
