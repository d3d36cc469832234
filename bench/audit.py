"""Auditing reports, in one process and over all cores: `python -m bench.audit`

The reports are the correct ones of the tests, over and over; `BIAN_REPORTS` (or ../shared/reference) adds the real one.
"""

from __future__ import annotations

import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.report import emit
from bianwang.audit.auditor import audit
from bianwang.audit.readers.text import document

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("BIAN_REPORTS") or ROOT.parent / "shared" / "reference") / "report-2022.txt"
BATCH = 1_000
LONG = 100_000


def seconds(text: str) -> float:
    """How long one audit takes."""
    began = time.perf_counter()
    audit(document(text))
    return time.perf_counter() - began


def main() -> None:
    """One real report, a thousand reports, one very long text."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests" / "audit" / "reports").glob("*.txt"))]
    if REAL.is_file():
        real = REAL.read_text(encoding="utf-8")
        seconds(real)
        middle = statistics.median(seconds(real) for _ in range(9))
        emit("audit", "the real report of 2022", middle, "s", figures=len(audit(document(real)).figures))
        texts.append(real)
    batch = [texts[number % len(texts)] for number in range(BATCH)]
    began = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        list(pool.map(seconds, batch, chunksize=20))
    emit("audit", f"{BATCH} reports, all cores", time.perf_counter() - began, "s", cores=os.cpu_count())
    long_text = ("\n".join(texts) * 20)[:LONG]
    emit("audit", f"a text of {LONG} characters", seconds(long_text), "s")


if __name__ == "__main__":
    main()
