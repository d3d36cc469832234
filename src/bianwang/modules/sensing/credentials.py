"""Secrets of devices: random, shown once, kept only as SM3.

SM3 and not a slow hash: the secrets have 256 bits, nobody guesses them, and a district of devices that
reconnects at once must not keep the processor busy for minutes.
"""

from __future__ import annotations

import secrets

from bianwang.platform import crypto


def new_secret() -> str:
    """256 random bits as 43 characters that are safe in a URL, a topic and a command line."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SM3 of the secret, 64 hexadecimal digits."""
    return crypto.sm3(secret.encode()).hex()
