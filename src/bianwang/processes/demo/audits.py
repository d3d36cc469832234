"""A report of the demo district that contradicts itself, as an accountant finds it half checked."""

from __future__ import annotations

from pathlib import Path

import bianwang
from bianwang.audit.model import Verdict
from bianwang.modules.audits import reading, services, sources
from bianwang.modules.audits.models import Decision
from bianwang.platform.ledger.context import acting
from bianwang.processes.demo.cast import Cast


def load(cast: Cast) -> None:
    """Enter the report of a district pack, if it has one, and accept the first contradiction."""
    file = Path(bianwang.__file__).parent / "districts" / cast.district / "demo_report.txt"
    if not file.exists():
        return
    owner, accountant = cast.organisation("office-general"), cast.user("caiwu")
    source = sources.from_text(file.read_text("utf-8"))
    title = source.document.text.partition("\n")[0]
    with acting(accountant, "本机"):
        made = services.create(accountant, owner, source, title=title, year=2023, is_demo=True)
        findings = reading.read_document(source.document).audit.findings
        wrong = next((finding for finding in findings if finding.verdict == Verdict.CONTRADICTION), None)
        if wrong is not None:
            reason = "已请科室按台账核对，下一版改正。"
            services.decide(made, accountant, wrong.key, Decision.State.ACCEPTED, reason)
