"""Analysing one recording or stream from beginning to end, for `bian vision analyze`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, BinaryIO

import numpy as np
import orjson

from bianwang.processes.videos import Video
from bianwang.vision.analyser import Analyser, Observation, Settings
from bianwang.vision.detection import UNTRACKED, Detections
from bianwang.vision.detector import Detector
from bianwang.vision.gate import GateSettings
from bianwang.vision.model import Model
from bianwang.vision.regions import Region
from bianwang.vision.zones_file import read


@dataclass
class _Tally:
    """One region over the whole recording."""

    region: Region
    persons: int = 0
    most: int = 0
    busy: int = 0
    """Pictures with somebody in it."""
    entered: int = 0
    left: int = 0

    def add(self, seen: Observation) -> None:
        count = seen.counts.get(self.region.name, 0)
        self.persons += count
        self.most = max(self.most, count)
        self.busy += count > 0
        self.entered = int(seen.signals[self.region.name, "entered_count"])
        self.left = int(seen.signals[self.region.name, "left_count"])


@dataclass
class Summary:
    """What came of a recording."""

    source: str
    model: str
    regions: Sequence[_Tally] = ()
    frames: int = 0
    detected: int = 0
    """Pictures that were looked at: all of them without the motion gate."""
    seconds: float = 0.0
    persons: int = 0
    most: int = 0
    identities: set[int] = field(default_factory=set)

    def add(self, seen: Observation) -> None:
        """One more picture."""
        self.frames += 1
        self.detected += seen.moved
        self.seconds = seen.seconds
        self.persons += len(seen.persons)
        self.most = max(self.most, len(seen.persons))
        self.identities.update(seen.persons.tracks.tolist())
        for tally in self.regions:
            tally.add(seen)

    def as_json(self) -> dict[str, Any]:
        """For programs; ``occupied`` is the share of the pictures with somebody in the zone."""
        return {
            "video": self.source,
            "model": self.model,
            "frames": self.frames,
            "detected": self.detected,
            "seconds": round(self.seconds, 3),
            "persons": {"mean": self._mean(self.persons), "max": self.most},
            "tracks": len(self.identities - {UNTRACKED}),
            "zones": {
                tally.region.name: {
                    "mean": self._mean(tally.persons),
                    "max": tally.most,
                    "occupied": self._mean(tally.busy),
                    "entered": tally.entered,
                    "left": tally.left,
                }
                for tally in self.regions
                if tally.region.kind == "area"
            },
            "lines": {
                tally.region.name: {"entered": tally.entered, "left": tally.left}
                for tally in self.regions
                if tally.region.kind == "line"
            },
        }

    def as_text(self) -> str:
        """For people."""
        told = self.as_json()
        lines = [
            f"{self.source}：取 {self.frames} 帧，共 {self.seconds:.1f} 秒；平均 {told['persons']['mean']:.2f} 人，"
            f"最多 {self.most} 人，{told['tracks']} 个编号。"
        ]
        lines += [
            f"  {name}：平均 {zone['mean']:.2f} 人，最多 {zone['max']} 人，有人的画面占 {zone['occupied']:.0%}，"
            f"进入 {zone['entered']} 人次，离开 {zone['left']} 人次。"
            for name, zone in told["zones"].items()
        ]
        lines += [
            f"  {name}：进入 {line['entered']} 人次，离开 {line['left']} 人次。" for name, line in told["lines"].items()
        ]
        return "\n".join(lines)

    def _mean(self, total: int) -> float:
        return round(total / max(1, self.frames), 4)


def analyse(
    source: str, zones: str | None, fps: float, out: BinaryIO, limit: float | None, gate: bool, threads: int
) -> Summary:
    """Write one line a picture to ``out``; ``zones`` is the text of a zones file, ``limit`` in seconds.

    Raises VideoError and VisionError. Ctrl-C ends the analysis as the end of the recording does.
    """
    with Video(source) as video:
        detector = Detector(Model.default(), threads)
        pictures = video.sampled(fps)
        first = next(pictures)
        size = (first[1].shape[1], first[1].shape[0])
        regions = [] if zones is None else read(zones, size)
        settings = Settings(fps=fps, gate=GateSettings() if gate else None)
        analyser = Analyser(detector, regions, settings)
        summary = Summary(video.name, detector.model.name, [_Tally(region) for region in regions])
        with suppress(KeyboardInterrupt):
            for seconds, frame in chain([first], pictures):
                if limit is not None and seconds > limit:
                    break
                seen = analyser.step(frame, seconds)
                summary.add(seen)
                out.write(_line(seen))
    return summary


def _line(seen: Observation) -> bytes:
    content = {
        "t": round(seen.seconds, 3),
        "persons": len(seen.persons),
        "boxes": list(_boxes(seen.persons)),
        "zones": dict(seen.counts),
    }
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)


def _boxes(persons: Detections) -> Iterator[list[float]]:
    """x1, y1, x2, y2, score, identity; by identity, those without one last."""
    late = np.where(persons.tracks == UNTRACKED, np.iinfo(np.int64).max, persons.tracks)
    for index in np.lexsort((persons.boxes[:, 0], late)):
        box = [round(value, 1) for value in persons.boxes[index].tolist()]
        yield [*box, round(float(persons.scores[index]), 3), int(persons.tracks[index])]
