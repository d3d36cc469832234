"""The links in texts by which somebody without an account says that a message arrived. Signed, and good for one use."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from bianwang.platform.config import config

_SALT = "duty.receipt"


def link(message: int, number: int) -> str:
    """The address for recipient `number` of a message; empty where the platform has none that phones can open."""
    base = config().public_url.rstrip("/")
    return base + reverse("duty:receipt", args=[token(message, number)]) if base else ""


def token(message: int, number: int) -> str:
    """What only we can make."""
    return signing.Signer(salt=_SALT).sign(f"{message}-{number}")


def read(text: str) -> tuple[int, int] | None:
    """(message, number) of a token; None for one that is not ours."""
    try:
        message, number = signing.Signer(salt=_SALT).unsign(text).split("-")
        return int(message), int(number)
    except (signing.BadSignature, ValueError):
        return None
