"""One camera's pictures → persons, numbers of its regions, suspicions.

analyser = Analyser(Detector(Model.load(folder)), regions, Settings(fps=2))
for frame, seconds in …:
    observation = analyser.step(frame, seconds)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bianwang.vision.clothing import without_vest
from bianwang.vision.detection import Detections
from bianwang.vision.detector import Detector
from bianwang.vision.finder import Finder
from bianwang.vision.flame import Fire
from bianwang.vision.frames import Frame
from bianwang.vision.gate import Gate, GateSettings
from bianwang.vision.passages import AreaWatch, LineWatch
from bianwang.vision.persistence import Persistence
from bianwang.vision.posture import Fallen
from bianwang.vision.regions import Region, inside
from bianwang.vision.suspicion import Episodes, Kind, Mark, Suspicion
from bianwang.vision.tracking import Tracker

PERSON = "person"


@dataclass(frozen=True)
class Settings:
    """How a camera is analysed."""

    fps: float = 2.0
    """Pictures a second that are expected."""
    score: float = 0.35
    """From which score a person counts; the tracker alone sees those below."""
    persistence: Persistence = field(default_factory=Persistence)
    gate: GateSettings | None = field(default_factory=GateSettings)
    """None: every picture is looked at."""
    suspect: frozenset[Kind] = frozenset()
    """What else is looked for; nothing unless asked."""
    suspect_persistence: Persistence = field(default_factory=lambda: Persistence(4, 6))


@dataclass(frozen=True, eq=False)
class Observation:
    """What one picture tells."""

    seconds: float
    persons: Detections
    counts: Mapping[str, int]
    """Persons in each area in this picture alone."""
    signals: Mapping[tuple[str, str], float]
    """(region, quantity) → value, steadied."""
    suspicions: tuple[Suspicion, ...]
    """All that last at this moment: the same again in each picture, told apart by ``since``."""
    moved: bool
    """The motion gate let the picture through; otherwise the persons are those of the last one."""


class Analyser:
    """State of one camera; a detector may serve several that take turns. ModelError where it knows no persons."""

    def __init__(
        self,
        detector: Detector,
        regions: Sequence[Region],
        settings: Settings | None = None,
        finders: Sequence[Finder] = (),
    ) -> None:
        self._settings = settings or Settings()
        self._finders = {finder.kind: finder for finder in finders if finder.kind in self._settings.suspect}
        self._detector = detector
        self._person = detector.model.index(PERSON)
        self._tracker = Tracker(self._settings.fps)
        self._gate = Gate(self._settings.gate) if self._settings.gate else None
        self._regions = tuple(region for region in regions if region.kind == "area")
        self._fallen = Fallen(detector, self._person)
        self._fire = Fire()
        self._episodes = {kind: Episodes(self._settings.suspect_persistence) for kind in sorted(self._settings.suspect)}
        self._marks: dict[Kind, list[Mark]] = {}
        self._watches = {region.name: self._watch(region) for region in regions}
        self._found = Detections.none()

    @property
    def found(self) -> Detections:
        """Persons in the last picture that was looked at, as the detector tells them, sure or not."""
        return self._found

    def step(self, frame: Frame, seconds: float) -> Observation:
        """Look at the next picture. ``seconds`` must rise from call to call."""
        moved = self._gate is None or self._gate.step(frame, seconds)
        if moved:
            found = self._detector.detect(frame)
            self._found = found.where(found.labels == self._person)
        # Where nothing moves everybody is where he was: told again, so that nobody loses his identity.
        tracked = self._tracker.step(self._found, seconds)
        persons = tracked.where(tracked.scores >= self._settings.score)
        if moved:
            self._marks = dict(self._suspects(frame, persons, seconds))
        size, feet = (frame.shape[1], frame.shape[0]), persons.feet()
        for watch in self._watches.values():
            watch.step(feet, persons.tracks, size, seconds)
        return Observation(
            seconds=seconds,
            persons=persons,
            counts={name: watch.count for name, watch in self._watches.items() if isinstance(watch, AreaWatch)},
            signals={
                (name, quantity): value
                for name, watch in self._watches.items()
                for quantity, value in watch.signals().items()
            },
            suspicions=tuple(self._lasting(size, seconds)),
            moved=moved,
        )

    def _suspects(self, frame: Frame, persons: Detections, seconds: float) -> Iterator[tuple[Kind, list[Mark]]]:
        for kind, finder in self._finders.items():
            yield kind, finder.marks(frame)
        wanted = self._settings.suspect - self._finders.keys()
        if "fallen" in wanted:
            yield "fallen", self._fallen.step(frame, persons, seconds)
        if "no_vest" in wanted:
            yield "no_vest", without_vest(frame, persons)
        if wanted & {"flame", "smoke"}:
            flames, smoke = self._fire.step(frame, persons)
            if "flame" in wanted:
                yield "flame", flames
            if "smoke" in wanted:
                yield "smoke", smoke

    def _lasting(self, size: tuple[int, int], seconds: float) -> Iterator[Suspicion]:
        for kind, episodes in self._episodes.items():
            for mark, since in episodes.step(self._marks.get(kind, []), seconds):
                yield Suspicion(kind, self._region(mark, size), mark.box, mark.score, since, mark.who)

    def _region(self, mark: Mark, size: tuple[int, int]) -> str:
        """The first area in which the bottom centre of a mark lies."""
        foot = np.array([[(mark.box[0] + mark.box[2]) / 2, mark.box[3]]])
        return next((region.name for region in self._regions if inside(region.on(*size), foot)[0]), "")

    def _watch(self, region: Region) -> AreaWatch | LineWatch:
        return LineWatch(region) if region.kind == "line" else AreaWatch(region, self._settings.persistence)
