"""Template tags and filters that every page has (settings.TEMPLATES builtins)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bianwang.platform import access, personal
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.registry import permissions

register = template.Library()

LONG_CHOICE = 12
"""More choices than this get a box to find one."""
WIDE_CHOICE = 30
"""Characters of a choice that needs the whole width of the form."""
_ICONS = Path(__file__).parents[5] / "build" / "icons"


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An outline icon of the package @tabler/icons (MIT), inlined so that it takes the text's colour."""
    return format_html('<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, _drawing(name))


@lru_cache(maxsize=512)
def _drawing(name: str) -> SafeString:
    file = _ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.is_file():
        return SafeString("")
    body = file.read_text("utf-8").partition(">")[2].rpartition("</svg>")[0]
    # Our own installed package, not user input.
    return mark_safe(body)  # noqa: S308


@register.filter
def moment(value: datetime | None, form: str = "minute") -> str:
    """Local time: 2026-11-23 10:42; `second` with seconds, `short` without the year, `day` the date only."""
    if not value:  # None, or the empty string of a missing template variable
        return ""
    local = value.astimezone(SHANGHAI)
    pattern = {"second": "%Y-%m-%d %H:%M:%S", "short": "%m-%d %H:%M", "day": "%Y-%m-%d"}.get(form, "%Y-%m-%d %H:%M")
    return local.strftime(pattern)


@register.filter
def due(value: datetime | None) -> str:
    """How much time is left or passed until a deadline: 剩 3 天, 逾期 5 小时."""
    if value is None:
        return ""
    seconds = (value - now()).total_seconds()
    amount = abs(seconds)
    if amount >= 86400:
        text = f"{int(amount // 86400)} 天"
    elif amount >= 3600:
        text = f"{int(amount // 3600)} 小时"
    else:
        text = f"{max(1, int(amount // 60))} 分钟"
    return f"剩 {text}" if seconds >= 0 else f"逾期 {text}"


@register.filter
def due_colour(value: datetime | None) -> str:
    """red when overdue, orange within 24 hours, secondary otherwise."""
    if value is None:
        return "secondary"
    seconds = (value - now()).total_seconds()
    return "red" if seconds < 0 else "orange" if seconds < 86400 else "secondary"


@register.filter
def chinese_date(value: date | datetime | None) -> str:
    """2026年11月23日, as documents write it."""
    if value is None:
        return ""
    day = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def money(value: Decimal | float | None) -> str:
    """Yuan: 19,500.00; nothing is a dash. (Django would group the figures of a Chinese page by four.)"""
    return "—" if value is None else f"{Decimal(value):,.2f}"


@register.filter
def masked_phone(value: str | None) -> str:
    """138****5678."""
    return personal.masked_phone(value or "")


@register.simple_tag
def badge(text: Any, colour: str = "secondary") -> SafeString:
    """A word in its colour; colour never stands alone."""
    return format_html('<span class="badge bian-badge-{}">{}</span>', colour or "secondary", text)


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """Whether the user has a permission: `{% may "alarms.view" as sees %}`; none of a module that is off."""
    return permission in permissions() and access.can(context["request"].user, permission)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present query string with some parameters changed; None or '' removes one."""
    request: HttpRequest = context["request"]
    params = request.GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return "?" + params.urlencode()


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, wide: bool = False) -> dict[str, Any]:
    """One form field: label, control with Tabler's classes, help and errors tied to it for screen readers."""
    widget = bound.field.widget
    group = isinstance(widget, CheckboxSelectMultiple | RadioSelect)
    if group:
        css = ""  # Django puts the class on the surrounding box too
    elif isinstance(widget, CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select"
    else:
        css = "form-control"
    if bound.errors:
        css += " is-invalid"
    choices = [str(label) for _, label in widget.choices] if isinstance(widget, CheckboxSelectMultiple) else []
    attrs: dict[str, str | bool] = {"class": f"{widget.attrs.get('class', '')} {css}".strip()}
    return {
        "field": bound,
        "control": SafeString(bound.as_widget(attrs=attrs).replace(">---------<", ">请选择<")),
        "check": isinstance(widget, CheckboxInput),
        "group": group,
        "long": len(choices) > LONG_CHOICE,
        "wide": wide
        or bool(widget.attrs.get("rows"))
        or isinstance(widget, FileInput)
        or max(map(len, choices), default=0) > WIDE_CHOICE,
    }


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """The value of a dict for a key, or None."""
    return mapping.get(key)
