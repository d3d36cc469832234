"""SUBSCRIBE: recorders are asked to notify alarms (GB/T 28181-2016, 9.11), also those that do not report unasked."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable

from bianwang.processes.gb28181.outgoing import Dialog, Outgoing
from bianwang.processes.gb28181.parts import Registration, Times
from bianwang.processes.gb28181.transactions import Transactions, Unanswered
from bianwang.protocols import manscdp, sip
from bianwang.protocols.manscdp import CONTENT_TYPE, EDITIONS, Document
from bianwang.protocols.sip import Response

log = logging.getLogger(__name__)

_ALL = {"StartAlarmPriority": "0", "EndAlarmPriority": "0", "AlarmMethod": "0"}
"""0 means every one."""
_NO_DIALOG = 481


class Subscriptions:
    """One subscription a recorder, renewed while it is registered. A recorder that refuses is left alone until it
    registers again: it may still report by itself."""

    def __init__(
        self, outgoing: Outgoing, transactions: Transactions, times: Times, is_here: Callable[[Registration], bool]
    ) -> None:
        self._outgoing, self._transactions, self._times = outgoing, transactions, times
        self._is_here = is_here
        self._numbers = itertools.count(1)
        self._dialogs: dict[str, Dialog] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def begin(self, registration: Registration) -> None:
        """Subscribe, or renew at once: a recorder that registers again may have forgotten us."""
        code = registration.recorder.code
        if code in self._tasks:
            self._tasks[code].cancel()
        self._tasks[code] = asyncio.create_task(self._keep(registration))

    async def stop(self) -> None:
        """Renew no more; what there is runs out."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _keep(self, registration: Registration) -> None:
        code = registration.recorder.code
        try:
            while self._is_here(registration):
                response = await self._ask(registration)
                if response.status == _NO_DIALOG and self._dialogs.pop(code).cseq > 1:
                    continue  # it was started anew and knows nothing of before
                if response.status >= 300:
                    log.info("录像机 %s 不接受报警订阅（%d），按它主动上报接收", code, response.status)
                    return
                granted = response.get("Expires")
                life = int(granted) if granted.isdecimal() and len(granted) < 10 else self._times.subscription
                await asyncio.sleep(max(self._times.renewal, life - self._times.renewal))
        except Unanswered:
            log.info("录像机 %s 没有应答报警订阅，按它主动上报接收", code)
        self._dialogs.pop(code, None)

    async def _ask(self, registration: Registration) -> Response:
        recorder, peer = registration.recorder, registration.peer
        dialog = self._dialogs.get(recorder.code)
        if dialog is None:
            dialog = self._dialogs[recorder.code] = self._outgoing.dialog(recorder.code, peer)
        else:
            dialog.cseq += 1
        query = Document("Query", "Alarm", next(self._numbers), recorder.code, _ALL)
        request = self._outgoing.request(
            "SUBSCRIBE",
            dialog,
            peer,
            body=manscdp.encode(query, EDITIONS[recorder.edition]),
            headers=(
                ("Event", "presence"),
                ("Expires", f"{self._times.subscription:.0f}"),
                ("Content-Type", CONTENT_TYPE),
            ),
        )
        response = await self._transactions.ask(request, peer, self._times.answer)
        dialog.remote_tag = dialog.remote_tag or sip.tag_of(response.get("To"))
        return response
