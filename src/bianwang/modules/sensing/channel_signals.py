"""Alarms that a recorder reports: one signal of each channel, `channel.<camera>.video_alarm`, and one of the recorder.

They are not among the signals of the picture (`camera_signals`): a broken picture says nothing of a recorder's alarm.
"""

from __future__ import annotations

from bianwang.modules.sensing.models import Camera, Recorder, Signal
from bianwang.modules.sensing.quantities import QUANTITIES
from bianwang.modules.sensing.services.register import register

ALARM = "video_alarm"
"""1 from an alarm on until none has come for a while, then 0."""


def ensure(of: Camera | Recorder) -> Signal:
    """The signal of a channel, or of a recorder for the alarms of its inputs; registered when it is first needed."""
    kind = "channel" if isinstance(of, Camera) else "recorder"
    wanted = f"{kind}.{of.pk}.{ALARM}"
    found = Signal.objects.filter(owner=of.owner_id, device=None, name=wanted).first()
    if found is None:
        found = Signal(
            owner_id=of.owner_id,
            zone=of.zone if isinstance(of, Camera) else None,
            name=wanted,
            title=f"{of.name}{QUANTITIES[ALARM].name}"[:60],
            quantity=ALARM,
            decimals=0,
        )
        register(found)
    return found
