"""The address of a business database as Django's settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit


def postgresql(address: str) -> dict[str, Any]:
    """Settings of `postgresql://user:password@host:port/name`. Raises ValueError for another kind of address."""
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("必须以 postgresql:// 开头")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
