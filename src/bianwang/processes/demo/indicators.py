"""Indicators of the demo district: this year's ten, in force, as the office and the leader would have made them."""

from __future__ import annotations

from bianwang.modules.indicators import services
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.processes.demo.cast import Cast


def load(cast: Cast) -> None:
    """Draw them up from the district's template and put them into force."""
    with acting(cast.user("caiwu"), "本机"):
        scheme = services.start(cast.user("caiwu"), today().year, "bishan", is_demo=True)
    with acting(cast.user("juzhang"), "本机"):
        services.adopt(scheme, cast.user("juzhang"))
