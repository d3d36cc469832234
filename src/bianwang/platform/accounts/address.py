"""Where a request comes from."""

from __future__ import annotations

from ipaddress import ip_address

from django.http import HttpRequest

from bianwang.platform.config import config


def client_address(request: HttpRequest) -> str:
    """The visitor's address: the peer, or what trusted proxies (`BIAN_PROXIES`) say about theirs.

    X-Forwarded-For is read from the right, because a visitor can write anything to its left.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    trusted = {proxy.strip() for proxy in config().proxies.split(",") if proxy.strip()}
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while address in trusted and hops:
        address = hops.pop()
    return address if _is_address(address) else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
