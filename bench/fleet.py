"""A whole platform with a district's worth of signals and rules, for benchmarks: `bian run` in a folder of its own.

50 devices of 50 enterprises with 400 signals each, every signal judged by three rules, so 60,000 rule instances in
all; and one device more, the probe, whose alarms are timed.
"""

from __future__ import annotations

import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.instance import Instance

DEVICES, SIGNALS = 50, 400
PROBE, PROBE_SIGNALS, PROBE_LIMIT = "probe", 20, 50.0

_SET_UP = """
import json
from datetime import date
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from bianwang.modules.rules.models import Binding, Rule, RuleLevel, RuleVersion
from bianwang.modules.sensing.credentials import digest
from bianwang.modules.sensing.models import Device, Signal
from bianwang.modules.sensing.services import bump
from bianwang.platform.accounts.models import User
from bianwang.platform.accounts.sessions import BACKEND
from bianwang.platform.clock import now, now_ms
from bianwang.processes.demo.district import enterprise

def rule(code, signals, **level):
    made = Rule.objects.create(code=code, name=code, family="state")
    version = RuleVersion.objects.create(
        rule=made, number=1, template=code, source="bench", valid_from=date(2020, 1, 1), state="active",
        made_at=now(), activated_at=now())
    RuleLevel.objects.create(version=version, index=0, **level)
    Binding.objects.bulk_create(
        [Binding(version=version, signal_id=s.pk, owner_id=s.owner_id, started_at=now()) for s in signals], 5000)

def device(key, owner, names):
    made = Device.objects.create(owner=owner, key=key, name=key, token_digest=digest(key))
    return [
        Signal(owner=owner, device=made, name=name, title=name, quantity="pressure", unit="kPa") for name in names]

with transaction.atomic():
    owners = [
        enterprise(f"企业{{n}}", f"91500120MB{{n:07d}}", sector="industry", risk="blue") for n in range({devices} + 1)]
    signals = []
    for n in range({devices}):
        signals += device(f"d{{n}}", owners[n], [f"s{{s}}" for s in range({signals})])
    probed = device("{probe}", owners[-1], [f"p{{s}}" for s in range({probe_signals})])
    Signal.objects.bulk_create([*signals, *probed], 5000)
    signals = list(Signal.objects.filter(owner__in=owners[:-1]))
    probed = list(Signal.objects.filter(owner=owners[-1]))
    rule("high", signals, severity="orange", kind=0, op=0, limit=75.0, hysteresis=1.0, hold_ms=30_000)
    rule("low", signals, severity="yellow", kind=0, op=2, limit=25.0, n=3, m=5)
    rule("silence", signals, severity="blue", kind=2, window_ms=3_600_000)
    rule("probe", probed, severity="blue", kind=0, op=0, limit={probe_limit})
    bump("sensing")
    bump("rules")
user = User.objects.get(username="zhiban")
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session["started"] = session["active"] = now_ms()
session.create()
from bianwang.modules.rules.queries import active_instances
print(json.dumps(dict(cookie=session.session_key, rules=len(active_instances()))))
"""


@dataclass
class Fleet:
    """A running platform; `cookie` is a duty officer's session, `rules` the number of rule instances."""

    instance: Instance
    cookie: str
    rules: int

    def page(self, path: str) -> bytes:
        """A page as the officer gets it."""
        request = urllib.request.Request(self.instance.url + path, headers={"Cookie": f"sessionid={self.cookie}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            body: bytes = answer.read()
        return body

    def memory_mb(self) -> float:
        """Proportional set size of the supervisor and all its processes: shared pages count once."""
        root = psutil.Process(self.instance.processes["run"].pid)
        return sum(p.memory_full_info().pss for p in [root, *root.children(recursive=True)]) / 1e6

    def processor_s(self) -> float:
        """Processor seconds that the platform has used."""
        root = psutil.Process(self.instance.processes["run"].pid)
        times = [p.cpu_times() for p in [root, *root.children(recursive=True)]]
        return sum(t.user + t.system for t in times)


@contextmanager
def fleet() -> Iterator[Fleet]:
    """Set one up, start it, and stop it in the end."""
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        instance = Instance(Path(folder))
        instance.bian("demo", "--load-only")
        made = instance.script(
            _SET_UP.format(
                devices=DEVICES,
                signals=SIGNALS,
                probe=PROBE,
                probe_signals=PROBE_SIGNALS,
                probe_limit=PROBE_LIMIT,
            )
        )
        try:
            instance.start("run")
            yield Fleet(instance, made["cookie"], made["rules"])
        finally:
            instance.stop()
