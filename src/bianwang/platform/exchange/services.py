"""The three steps of an import: upload and check, confirm, apply in bounded pieces."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any, BinaryIO

import orjson
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import F

from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.crypto import seal, unseal
from bianwang.platform.exchange.models import Import, StagedRow
from bianwang.platform.exchange.reading import RawRow, read
from bianwang.platform.exchange.sheets import FIRST_PIECE, LARGEST_PIECE, Row, Sheet, SheetColumn, sheets
from bianwang.platform.jobs.services import Overtaken, hold_claim
from bianwang.platform.ledger.context import acting, current
from bianwang.platform.ledger.services import record
from bianwang.platform.ratelimit import IMPORT

log = logging.getLogger(__name__)

STAGE_PIECE = 500
KEPT_UNCONFIRMED = timedelta(days=7)
PIECE_SECONDS = 0.1
"""How long one write transaction should take: alarms are written into the same database."""
RUN_SECONDS = 1.0
"""How long one run of the job goes on before other jobs get their turn."""


def note_export(user: User, title: str, rows: int) -> None:
    """Leave in the ledger who took which list out of the platform, and how many rows (GB/T 22239-2019)."""
    with transaction.atomic():
        record("exchange.export", user, owner=None, changes={"list": (None, title), "rows": (None, rows)})


def stage(sheet: Sheet, user: User, name: str, file: BinaryIO, size: int) -> Import:
    """Check an upload and keep its rows with their errors; nothing else is written.

    Raises ValidationError when the file as a whole is refused.
    """
    IMPORT.hit(user.pk)
    raw = read(sheet, file, size)
    rows, errors = _checked(sheet, user, raw)
    batch = Import.objects.create(
        kind=sheet.kind,
        name=name[:200],
        state=Import.State.CHECKED,
        user=user,
        origin=current().origin,
        operation=str(uuid.uuid4()),
        created_at=now(),
        rows=len(rows),
        errors=sum(1 for found in errors if found),
    )
    staged = [
        StagedRow(batch=batch, number=line.number, values=_dump(_sealed(sheet, row)), errors=_dump(found))
        for line, row, found in zip(raw, rows, errors, strict=True)
    ]
    for piece in _pieces(staged, STAGE_PIECE):
        StagedRow.objects.bulk_create(piece)
    return batch


def confirm(batch: Import) -> None:
    """Hand a faultless import to the background loop. Raises ValidationError if it cannot start."""
    if batch.errors:
        raise ValidationError(f"还有 {batch.errors} 行有错误，请改正后重新上传，一行都不会写入。")
    _move(batch, Import.State.CHECKED, Import.State.APPLYING)


def cancel(batch: Import) -> None:
    """Give up an import that was not confirmed. Raises ValidationError if it was."""
    _move(batch, Import.State.CHECKED, Import.State.CANCELLED)
    batch.staged.all().delete()


def apply_confirmed() -> None:
    """Write what is confirmed, a few pieces a run; the loop calls this, so a kill costs at most one piece.

    What nobody confirmed within a week is forgotten.
    """
    old = Import.objects.filter(state=Import.State.CHECKED, created_at__lt=now() - KEPT_UNCONFIRMED)
    for batch in old:
        cancel(batch)
    for batch in Import.objects.filter(state=Import.State.APPLYING).select_related("user").order_by("id"):
        size, until = FIRST_PIECE, monotonic() + RUN_SECONDS
        while monotonic() < until:
            started = monotonic()
            if not apply_piece(batch, size):
                break
            # Rows of one sheet cost more than those of another: the next piece is as long as time allows.
            pace = PIECE_SECONDS / max(monotonic() - started, 0.001)
            size = round(min(max(size * pace, 1), size * 2, LARGEST_PIECE))


def apply_piece(batch: Import, size: int = FIRST_PIECE) -> bool:
    """Write the next `size` rows of a confirmed import; False when nothing is left.

    A piece that fails as a whole is tried row by row; a row that fails keeps its error and the rest goes on.
    """
    sheet = sheets()[batch.kind]
    piece = list(batch.staged.filter(applied=False, errors="{}")[:size])
    if not piece:
        Import.objects.filter(pk=batch.pk, state=Import.State.APPLYING).update(state=Import.State.DONE)
        batch.staged.filter(applied=True).delete()
        return False
    with acting(batch.user, batch.origin, operation=batch.operation):
        try:
            _write(sheet, batch, piece)
        except (OperationalError, Overtaken):
            raise  # the database is busy or away, or another process goes on: the next run tries again
        except Exception:
            log.exception("import %s: piece at row %s refused, trying its rows one by one", batch.pk, piece[0].number)
            for row in piece:
                _write_one(sheet, batch, row)
    return True


def _checked(sheet: Sheet, user: User, raw: Sequence[RawRow]) -> tuple[list[Row], list[dict[str, str]]]:
    rows: list[Row] = []
    errors: list[dict[str, str]] = []
    first_seen: dict[tuple[Any, ...], int] = {}
    for line in raw:
        row, found = _read_row(sheet, line)
        key = sheet.key_of(row)
        if not found and (earlier := first_seen.setdefault(key, line.number)) != line.number:
            found[sheet.key[0]] = f"与第 {earlier} 行重复，请删去一行。"
        rows.append(row)
        errors.append(found)
    if sheet.check:
        for index, faults in sheet.check(user, rows).items():
            errors[index] = {**faults, **errors[index]}
    return rows, errors


def _read_row(sheet: Sheet, line: RawRow) -> tuple[Row, dict[str, str]]:
    row: Row = {}
    found: dict[str, str] = {}
    for column in sheet.columns:
        try:
            row[column.name] = column.read(line.values.get(column.name))
        except ValidationError as error:
            row[column.name] = None
            found[column.name] = "；".join(error.messages)
    return row, found


def _write(sheet: Sheet, batch: Import, piece: list[StagedRow]) -> None:
    with transaction.atomic():
        hold_claim()
        sheet.apply(batch.user, [load(sheet, row) for row in piece])
        StagedRow.objects.filter(pk__in=[row.pk for row in piece]).update(applied=True)
        Import.objects.filter(pk=batch.pk).update(applied=F("applied") + len(piece))


def _write_one(sheet: Sheet, batch: Import, row: StagedRow) -> None:
    try:
        _write(sheet, batch, [row])
    except (OperationalError, Overtaken):
        raise
    except Exception as error:
        log.exception("import %s: row %s refused", batch.pk, row.number)
        text = "；".join(error.messages) if isinstance(error, ValidationError) else "写入时出错，请联系系统管理员。"
        with transaction.atomic():
            row.errors = _dump({sheet.key[0]: text})
            row.save(update_fields=["errors"])
            Import.objects.filter(pk=batch.pk).update(errors=F("errors") + 1)


def load(sheet: Sheet, row: StagedRow) -> Row:
    """A staged row in the sheet's types."""
    values = orjson.loads(row.values)
    return {column.name: _restored(column, values.get(column.name)) for column in sheet.columns}


def _sealed(sheet: Sheet, row: Row) -> Row:
    """The row as it waits: what is secret is not read out of the database."""
    secret = [column.name for column in sheet.columns if column.mask and row[column.name] is not None]
    return {**row, **{name: seal(str(row[name]).encode()).hex() for name in secret}}


def _restored(column: SheetColumn, value: Any) -> Any:
    if value is None:
        return None
    if column.mask:
        value = unseal(bytes.fromhex(value)).decode()
    if column.kind == "number":
        return Decimal(value)
    return date.fromisoformat(value) if column.kind == "date" else value


def _dump(values: dict[str, Any]) -> str:
    return orjson.dumps(values, default=str).decode()


def _move(batch: Import, source: str, target: str) -> None:
    """Somebody else may be a click ahead: only one move from `source` counts."""
    if Import.objects.filter(pk=batch.pk, state=source).update(state=target) != 1:
        batch.refresh_from_db()
        raise ValidationError(f"这次导入{batch.get_state_display()}，不能再改动。")
    batch.state = target


def _pieces(rows: list[StagedRow], size: int) -> Iterator[list[StagedRow]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
