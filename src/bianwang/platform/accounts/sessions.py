"""How long a log-in lasts: idle and absolute time-outs (ASVS 5.0 V7, 等保 2.0 访问控制)."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from bianwang.platform.accounts import signin
from bianwang.platform.accounts.address import client_address
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import from_ms, now_ms, to_ms
from bianwang.platform.config import config

BACKEND = "bianwang.platform.accounts.backend.AccountBackend"
_RESOLUTION_MS = 30_000
"""The last activity is written at most this often, so that reading pages is not writing to the database."""


def begin(request: HttpRequest, username: str, password: str) -> User:
    """Log somebody in under a new session key. Raises LoginRefused or TooOften."""
    earlier = User.objects.filter(username=username.strip().lower()).values("last_login", "last_login_from").first()
    user = signin.authenticate(username, password, client_address(request))
    auth.login(request, user, backend=BACKEND)
    request.session["started"] = request.session["active"] = now_ms()
    if earlier and earlier["last_login"]:
        request.session["previous"] = [to_ms(earlier["last_login"]), earlier["last_login_from"]]
    return user


def end(request: HttpRequest, reason: str = "") -> None:
    """Log out and forget the session."""
    user = request.user
    if isinstance(user, User):
        signin.record_logout(user, reason)
    auth.logout(request)


def previous_login(session: SessionBase) -> tuple[datetime, str] | None:
    """When and from where the same account logged in the time before."""
    found = session.get("previous")
    return (from_ms(found[0]), found[1]) if found else None


def expiry(session: SessionBase) -> str:
    """Why the session is over, as one Chinese sentence; empty while it lasts."""
    moment = now_ms()
    if moment - session.get("active", moment) > config().idle_minutes * 60_000:
        return f"您已 {config().idle_minutes} 分钟没有操作，请重新登录。"
    if moment - session.get("started", moment) > config().session_hours * 3_600_000:
        return f"登录已满 {config().session_hours} 小时，请重新登录。"
    return ""


def touch(request: HttpRequest) -> None:
    """Note activity. What the page asks for by itself (live updates, polling) is none."""
    session, moment = request.session, now_ms()
    if "started" not in session:
        session["started"] = session["active"] = moment
    elif moment - session["active"] > _RESOLUTION_MS and not is_background(request):
        session["active"] = moment


def is_background(request: HttpRequest) -> bool:
    """Whether a page asked by itself: all under /live/, and htmx elements whose id starts with `poll`."""
    return request.path.startswith("/live/") or request.headers.get("HX-Trigger", "").startswith("poll")


def clear_expired() -> None:
    """Delete sessions that have run out (a daily job)."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
