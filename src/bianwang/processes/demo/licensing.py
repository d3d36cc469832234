"""Licences of the demo district: one decided and running, one refused, one that waits, one that runs out soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.licensing import services
from bianwang.modules.licensing.models import Application
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.processes.demo.cast import Cast


def load(cast: Cast) -> None:
    """Enter them; the enterprise applies for itself."""
    officers = [cast.user("zhifa"), cast.user("zhifa2")]
    officer, head = officers[0], cast.user("kezhang")
    enterprise = cast.user("qiye")
    with acting(officer, "本机"):
        services.import_licences(officer, _existing(cast))
    services.keep_licences()

    granted = _applied(officer, cast, "anran", "hazchem_trade", "演示：瓶装液化石油气，带储存设施经营")
    refused = _applied(officer, cast, "hongyun", "fireworks_retail", "演示：烟花爆竹零售点一处")
    with acting(officer, "本机"):
        for application, passed in ((granted, True), (refused, False)):
            services.accept(application, officer)
            findings = "演示：储存区间距、消防和防雷设施符合要求。" if passed else "演示：零售点与加油站距离不足。"
            services.visit(application, officer, on=today(), officers=officers, findings=findings, passed=passed)
    with acting(head, "本机"):
        paper = {"number": "演示渝璧危化经字〔2026〕1号"}
        services.decide(granted, head, granted=True, reason="", paper=paper)
        services.decide(refused, head, granted=False, reason="演示：零售点选址不符合安全距离要求。", paper={})
    with acting(officer, "本机"):
        services.deliver(granted, officer, today(), "直接送达")

    stopped = _applied(officer, cast, "jiahua", "project_design", "演示：溶剂库扩建项目", days=2)
    with acting(officer, "本机"):
        services.accept(stopped, officer)
        services.stop(stopped, officer, "rectification", "演示：设计专篇缺少泄压面积计算，修改后再审。")
    _applied(enterprise, cast, "jiahua", "emergency_plan", "演示：综合预案及溶剂库专项预案")


def _existing(cast: Cast) -> list[dict[str, Any]]:
    """One that runs out soon, one that has run out, and one with years to go."""
    rows = (
        ("jiahua", "hazchem_use", "演示WH安使字〔2023〕1号", "演示：二甲苯、乙酸丁酯等溶剂使用", "市应急管理局", 60, 3),
        ("hongyun", "fireworks_wholesale", "演示YHPF〔2022〕1号", "演示：烟花爆竹批发", "市应急管理局", -20, 3),
        ("jiahua", "emergency_plan", "演示预案备〔2025〕1号", "演示：综合应急预案", "区应急管理局", 700, 3),
    )
    found = []
    for key, kind, number, scope, issuer, left, years in rows:
        last = today() + timedelta(days=left)
        first = last - timedelta(days=365 * years - 1)
        found.append(
            {
                "owner": cast.owners[key],
                "kind": kind,
                "number": number,
                "scope": scope,
                "issued_by": issuer,
                "issued_on": first,
                "valid_from": first,
                "valid_to": last,
                "is_demo": True,
            }
        )
    return found


def _applied(user: User, cast: Cast, key: str, kind: str, scope: str, days: int = 0) -> Application:
    values = {
        "kind": kind,
        "action": "new",
        "scope": scope,
        "submitted_on": today() - timedelta(days=days),
        "is_demo": True,
    }
    with acting(user, "本机"):
        return services.submit(user, cast.owners[key], values)
