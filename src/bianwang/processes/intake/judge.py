"""What the pipeline asks of whoever judges readings. The rule evaluator is plugged in behind this."""

from __future__ import annotations

from typing import Protocol

from bianwang.telemetry.columns import Columns


class Judge(Protocol):
    """Gets every batch in the same order before it is stored and after it is durable.

    Batches come at least every 100 ms; one without readings only moves the clock. `now_ms` is the wall clock when
    the batch was closed and never goes back. Because both calls see the same batches with the same clock, a
    watermark decided in `admit` is the one `push` may advance to: no reading is flagged by one and settled by the
    other.
    """

    def admit(self, batch: Columns, now_ms: int) -> None:
        """Clear `batch.judged` in place for readings that come too late to be judged as they arrive.

        Called on the storing thread before the batch is written; must be quick. Already false where a reading is
        older than its signal's newest by more than the device's lateness, or ahead of the clock by 5 min.
        """

    def publish(self, batch: Columns, now_ms: int) -> None:
        """Hand an admitted batch on before it is stored, where judging happens elsewhere.

        Called on the storing thread, and again for the same batch until it and the store have taken it. Raises
        OSError when it cannot be handed on; devices then wait.
        """

    def push(self, batch: Columns, now_ms: int) -> None:
        """Judge a durable batch and advance to `now_ms`. Called on the judging thread, in intake order.

        May block: the intake then holds its devices back and loses nothing.
        """


class NoJudge:
    """Stores without judging."""

    def admit(self, batch: Columns, now_ms: int) -> None:
        """Leave the flags as they are."""

    def publish(self, batch: Columns, now_ms: int) -> None:
        """Do nothing."""

    def push(self, batch: Columns, now_ms: int) -> None:
        """Do nothing."""
