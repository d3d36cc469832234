"""A village list of households by Excel: `python -m bench.relief [households]`.

Loads the demo district, fills the template with households of two, uploads it (read and checked) and writes what was
confirmed, piece by piece, as the loop does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from io import BytesIO

from bench.report import emit

HOUSEHOLDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000


def main() -> None:
    """Import into an instance in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        os.environ.update({"BIAN_MODE": "demo", "BIAN_HOME": folder})
        command = [sys.executable, "-m", "bianwang.processes.cli", "demo", "--load-only"]
        subprocess.run(command, check=True, stdout=sys.stderr)
        from bianwang.processes.bootstrap import ready

        ready()
        _measure()


def _measure() -> None:
    from bianwang.modules.relief.models import Claim
    from bianwang.modules.relief.sheets import CLAIMS
    from bianwang.platform.accounts.models import User
    from bianwang.platform.exchange.models import Import
    from bianwang.platform.exchange.services import apply_confirmed, confirm, stage

    user, file = User.objects.get(username="cunshe"), BytesIO(_workbook())
    before = Claim.objects.count()
    started, used = time.perf_counter(), time.process_time()
    batch = stage(CLAIMS, user, "名单.xlsx", file, len(file.getvalue()))
    checked = time.perf_counter() - started
    assert not batch.errors, list(batch.staged.exclude(errors="{}").values_list("errors", flat=True)[:3])
    confirm(batch)
    while not Import.objects.filter(pk=batch.pk, state=Import.State.DONE).exists():
        apply_confirmed()
    whole, processor = time.perf_counter() - started, time.process_time() - used
    assert Claim.objects.count() == before + HOUSEHOLDS
    emit("relief", "households read and checked", checked, "s", households=HOUSEHOLDS)
    emit("relief", "households checked and written", whole, "s", households=HOUSEHOLDS)
    emit("relief", "households checked and written, processor time", processor, "s", households=HOUSEHOLDS)


def _workbook() -> bytes:
    from openpyxl import load_workbook

    from bianwang.modules.relief.models import Programme
    from bianwang.modules.relief.sheets import CLAIMS
    from bianwang.platform.exchange.template import DATA, template
    from bianwang.platform.personal import check_character
    from bianwang.platform.places.models import Organisation

    programme = Programme.objects.get(kind="winter").name
    village = Organisation.objects.get(code="500120003006").name
    book = load_workbook(BytesIO(template(CLAIMS)))
    for row in range(HOUSEHOLDS):
        # Month and day of birth carry what the three digits of order cannot.
        born = f"19{60 + row // 27_000:02d}{row // 900 % 12 + 1:02d}{row // 900 // 12 % 28 + 1:02d}"
        head, other = (f"500101{born}{row % 900 + 1:03d}", f"500102{born}{row % 900 + 1:03d}")
        values = (
            programme,
            village,
            f"测{row}",
            head + check_character(head),
            "13900000000",
            "6217000000000000000",
            f"员{row} {other}{check_character(other)}",
            None,
            None,
            "口粮不足",
        )
        for column, value in enumerate(values, 1):
            book[DATA].cell(row + 3, column, value)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


if __name__ == "__main__":
    main()
