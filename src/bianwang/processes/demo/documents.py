"""Dossiers of the demo district: an inspection whose order waits to be served, and a penalty case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.documents import services
from bianwang.modules.documents.models import Document, Dossier
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ledger.context import acting
from bianwang.processes.demo.cast import Cast


def load(cast: Cast) -> None:
    """Draw them up; a second load finds them."""
    if Dossier.objects.filter(is_demo=True).exists():
        return
    _inspection(cast)
    _case(cast)


def _inspection(cast: Cast) -> None:
    officers = _officers(cast)
    opened = _open(cast, "dongshan", "inspection", "演示：东山建材石料公司检查")
    moment = now().astimezone(SHANGHAI).replace(second=0, microsecond=0)
    problems = ["破碎机传动部位未设防护罩", "筛分平台临边护栏缺失"]
    _issued(
        cast,
        opened,
        "notice",
        {
            "reason": "粉尘涉爆专项检查",
            "content": "除尘、清扫、防静电、泄爆",
            "date": moment.date(),
            "officers": officers,
        },
    )
    _issued(
        cast,
        opened,
        "record",
        {
            "place": "破碎车间",
            "began_at": moment - timedelta(hours=2),
            "ended_at": moment,
            "host": "车间主任",
            "findings": problems,
            "officers": officers,
        },
    )
    by = moment.date() + timedelta(days=15)
    _issued(cast, opened, "order", {"problems": problems, "rectify_by": by, "officers": officers})


def _case(cast: Cast) -> None:
    opened = _open(cast, "xinmu", "case", "演示：新木家具占用安全出口案")
    values = {
        "cause": "占用安全出口",
        "origin": "12350举报",
        "facts": "夜间生产时安全出口上锁，现场核查属实。",
        "opinion": "建议立案调查。",
    }
    with acting(cast.user("zhifa"), "本机"):
        document = services.draw_up(cast.user("zhifa"), opened, "filing", values)
    with acting(cast.user("kezhang"), "本机"):
        services.issue(document, cast.user("kezhang"))


def _open(cast: Cast, key: str, kind: str, title: str) -> Dossier:
    officer: Any = cast.user("zhifa")
    present = today()
    with acting(officer, "本机"):
        return services.open_dossier(
            officer, cast.organisation("bureau"), cast.owners[key], kind, title, present, is_demo=True
        )


def _issued(cast: Cast, opened: Dossier, kind: str, values: dict[str, Any]) -> Document:
    officer = cast.user("zhifa")
    with acting(officer, "本机"):
        document = services.draw_up(officer, opened, kind, values)
        services.issue(document, officer)
    return document


def _officers(cast: Cast) -> list[str]:
    return [cast.user(name).certificate for name in ("zhifa", "zhifa2")]
