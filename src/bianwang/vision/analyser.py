"""One camera's pictures → persons, numbers of its regions, suspicions.

analyser = Analyser(Detector(Model.load(folder)), regions, Settings(fps=2))
for frame, seconds in …:
    observation = analyser.step(frame, seconds)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bianwang.vision.detection import Detections
from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame
from bianwang.vision.gate import Gate, GateSettings
from bianwang.vision.passages import AreaWatch, LineWatch
from bianwang.vision.persistence import Persistence
from bianwang.vision.regions import Region
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


@dataclass(frozen=True, eq=False)
class Observation:
    """What one picture tells."""

    seconds: float
    persons: Detections
    counts: Mapping[str, int]
    """Persons in each area in this picture alone."""
    signals: Mapping[tuple[str, str], float]
    """(region, quantity) → value, steadied."""
    moved: bool
    """The motion gate let the picture through; otherwise the persons are those of the last one."""


class Analyser:
    """State of one camera; a detector may serve several that take turns. ModelError where it knows no persons."""

    def __init__(self, detector: Detector, regions: Sequence[Region], settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._detector = detector
        self._person = detector.model.index(PERSON)
        self._tracker = Tracker(self._settings.fps)
        self._gate = Gate(self._settings.gate) if self._settings.gate else None
        self._watches = {region.name: self._watch(region) for region in regions}
        self._found = Detections.none()

    def step(self, frame: Frame, seconds: float) -> Observation:
        """Look at the next picture. ``seconds`` must rise from call to call."""
        moved = self._gate is None or self._gate.step(frame, seconds)
        if moved:
            found = self._detector.detect(frame)
            self._found = found.where(found.labels == self._person)
        # Where nothing moves everybody is where he was: told again, so that nobody loses his identity.
        tracked = self._tracker.step(self._found, seconds)
        persons = tracked.where(tracked.scores >= self._settings.score)
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
            moved=moved,
        )

    def _watch(self, region: Region) -> AreaWatch | LineWatch:
        return LineWatch(region) if region.kind == "line" else AreaWatch(region, self._settings.persistence)
