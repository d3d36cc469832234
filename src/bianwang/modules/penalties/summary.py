"""当场处罚: when a penalty may be imposed on the spot. Plain rules over ceilings of the district pack."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

ON_THE_SPOT = frozenset({"warning", "fine"})


def why_not_on_the_spot(kinds: Collection[str], amount: Decimal, ceiling: Decimal) -> str | None:
    """Why this penalty cannot be imposed on the spot, or None. `ceiling` is that of the respondent on that day.

    >>> why_not_on_the_spot({"fine"}, Decimal(3000), Decimal(3000))
    >>> why_not_on_the_spot({"fine"}, Decimal("3000.01"), Decimal(3000))
    '当场处罚的罚款不得超过 3,000 元，拟罚 3,000.01 元，请按普通程序立案。'
    """
    if not kinds:
        return "请选择警告或者罚款。"
    if not set(kinds) <= ON_THE_SPOT:
        return "当场处罚只能是警告或者罚款，请按普通程序立案。"
    if ("fine" in kinds) != (amount > 0):
        return "选择了罚款须填写金额，没有罚款的金额填 0。"
    if amount > ceiling:
        return f"当场处罚的罚款不得超过 {ceiling:,} 元，拟罚 {amount:,} 元，请按普通程序立案。"
    return None
