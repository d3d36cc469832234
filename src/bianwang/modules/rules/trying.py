"""Back-tests of versions: who asked for what, how far it is, and what came out."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec
import numpy as np
from django.core.exceptions import ValidationError

from bianwang.engine.table import Instance
from bianwang.modules.rules import queries, schedule
from bianwang.modules.rules.backtest_process import Folder, Progress
from bianwang.modules.rules.comparing import Compared, by_day, compare, places, within
from bianwang.modules.rules.episodes import LEVELS, Episodes
from bianwang.modules.rules.hours import rest_days
from bianwang.modules.rules.models import Binding, RuleVersion
from bianwang.modules.rules.past import Plan
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.config import config

LONGEST_DAYS: Final = 400
_KEPT_S: Final = 7 * 86_400


class About(msgspec.Struct, frozen=True):
    """What a back-test was asked for. `live`: the version that it is compared with, None if it is that itself."""

    start_ms: int
    end_ms: int
    live: int | None
    places: dict[int, int]
    """By binding of either version."""
    own: list[int]
    """Bindings of the version itself."""


@dataclass(frozen=True)
class Trial:
    """The newest back-test of a version that a user asked for; `found` once it is done."""

    progress: Progress
    about: About
    live: RuleVersion | None
    found: Compared | None

    @property
    def days(self) -> list[tuple[date, int, int]]:
        """Day, alarms of the version, alarms of the live one."""
        assert self.found is not None  # noqa: S101 - asked only of a trial that is done
        period = (self.about.start_ms, self.about.end_ms)
        here, live = by_day(self.found.here, *period), by_day(self.found.live, *period)
        return [(day, count, live[day]) for day, count in here.items()]

    @property
    def per_binding(self) -> tuple[Counter[int], Counter[int]]:
        """Alarms by binding of the version, and of the live one."""
        assert self.found is not None  # noqa: S101 - asked only of a trial that is done
        return Counter(self.found.here.binding.tolist()), Counter(self.found.live.binding.tolist())


def start(user: User, version: RuleVersion, start_ms: int, end_ms: int) -> None:
    """Judge the stored readings of [start_ms, end_ms) by a version, and by the live one to compare, as far as the
    user may see them. What this user tried of the version before is forgotten. Raises ValidationError (Chinese)."""
    if not 0 < end_ms - start_ms <= LONGEST_DAYS * 86_400_000:
        raise ValidationError(f"结束时间须晚于开始时间，最长 {LONGEST_DAYS} 天。")
    live = queries.active_version(version.rule)
    if live is not None and live.pk == version.pk:
        live = None
    own = _instances(user, version)
    if not own:
        raise ValidationError("这一版没有绑定您有权查看的信号，不能回测。")
    instances = own + (_instances(user, live) if live else [])
    plan = Plan.of(str(config().telemetry_socket()), (start_ms, end_ms), instances, rest_days(start_ms, end_ms))
    about = About(
        start_ms,
        end_ms,
        live.pk if live else None,
        places((instance.key // LEVELS, instance.signals) for instance in instances),
        sorted({instance.key // LEVELS for instance in own}),
    )
    _forget_old()
    _folder(user, version).start(msgspec.msgpack.encode(plan), msgspec.msgpack.encode(about))


def latest(user: User, version: RuleVersion) -> Trial | None:
    """The newest back-test of the version by this user."""
    folder = _folder(user, version)
    progress = folder.progress()
    if progress is None:
        return None
    about = msgspec.msgpack.decode(folder.about(), type=About)
    live = RuleVersion.objects.filter(pk=about.live).first() if about.live else None
    found = _compared(folder.result(), about, version, live) if progress.state == "done" else None
    return Trial(progress, about, live, found)


def _compared(episodes: Episodes, about: About, version: RuleVersion, live: RuleVersion | None) -> Compared:
    is_own = np.isin(episodes.binding, about.own)
    is_working = lru_cache(is_working_day)
    here = within(episodes.take(is_own), schedule.read(version.schedule), is_working)
    there = episodes.take(~is_own)
    if live is not None:
        there = within(there, schedule.read(live.schedule), is_working)
    return compare(here, there, about.places)


def _instances(user: User, version: RuleVersion) -> list[Instance]:
    seen = set(access.visible(user, Binding).filter(version=version).order_by().values_list("pk", flat=True))
    return [instance for instance in queries.version_instances(version) if instance.key // LEVELS in seen]


def _folder(user: User, version: RuleVersion) -> Folder:
    return Folder(config().path("back_tests", f"{version.pk}-{user.pk}"))


def _forget_old() -> None:
    """Results that nobody will look at again."""
    for path in config().path("back_tests", "x").parent.iterdir():
        if path.is_dir() and path.stat().st_mtime < time.time() - _KEPT_S and not Folder(path).is_alive():
            shutil.rmtree(path, ignore_errors=True)
