"""Saved filters: a user's own convenience, so not business state and not in the ledger."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from bianwang.platform.ui.models import SavedFilter

MAX_SAVED = 30


def saved_filters(user: Any, page: str) -> QuerySet[SavedFilter]:
    """The user's filters of one list."""
    return SavedFilter.objects.filter(user=user, page=page)


def save_filter(user: Any, page: str, name: str, query: str) -> SavedFilter:
    """Keep a query string under a name; the same name again replaces it. Raises ValidationError."""
    name = name.strip()
    if not name or len(name) > 40:
        raise ValidationError("请给筛选起一个 40 字以内的名称。")
    params = QueryDict(query, mutable=True)
    for transient in ("page", "export"):
        params.pop(transient, None)
    kept = params.urlencode()
    if len(kept) > 1000:
        raise ValidationError("筛选条件过长，无法保存，请减少条件。")
    if saved_filters(user, page).exclude(name=name).count() >= MAX_SAVED:
        raise ValidationError(f"每个列表最多保存 {MAX_SAVED} 个筛选，请先删除不用的。")
    saved, _ = SavedFilter.objects.update_or_create(user=user, page=page, name=name, defaults={"query": kept})
    return saved


def delete_filter(user: Any, page: str, pk: str) -> None:
    """Forget one of the user's own filters; no error if it is gone already."""
    if pk.isdecimal():
        saved_filters(user, page).filter(pk=int(pk)).delete()
