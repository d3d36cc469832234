"""What the search box finds: projects, superior money, payments."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bianwang.modules.budget.models import Payment, Project, Receipt
from bianwang.platform import access
from bianwang.platform.ui.search import LIMIT, Hit


def search(user: Any, text: str) -> list[Hit]:
    """Projects by name or code, superior money by document or purpose, payments by voucher; the newest first."""
    projects = access.visible(user, Project, "budget.view").select_related("line__year")
    found = [
        Hit(row.name, f"{row.line.year.year}年预算项目 · {row.code}", row.get_absolute_url())
        for row in projects.filter(Q(name__icontains=text) | Q(code__iexact=text)).order_by("-pk")[:LIMIT]
    ]
    receipts = access.visible(user, Receipt, "budget.view")
    found += [
        Hit(str(row), f"上级资金 · {row.get_source_display()}", row.get_absolute_url())
        for row in receipts.filter(Q(document__icontains=text) | Q(purpose__icontains=text)).order_by("-pk")[:LIMIT]
    ]
    payments = access.visible(user, Payment, "budget.view").filter(voucher__iexact=text).order_by("-pk")
    found += [Hit(str(row), f"支付 · {row.day}", row.get_absolute_url()) for row in payments[:LIMIT]]
    return found[:LIMIT]
