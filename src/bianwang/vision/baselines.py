"""How far each suspicion can be trusted: measured figures, to be shown wherever it is switched on or judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bianwang.vision.suspicion import Kind


@dataclass(frozen=True)
class Baseline:
    """What was measured of one kind; texts are Chinese, for pages."""

    method: str
    cases: str
    found: int
    of: int
    """``found`` of so many cases were recognised."""
    wrong: int
    seconds: int
    """Wrong suspicions in so many seconds of recordings in which there was nothing."""
    limits: str

    def __str__(self) -> str:
        """One sentence a person can judge by."""
        wrong = f"真实录像 {self.seconds} 秒中误报 {self.wrong} 次"
        return f"{self.cases}，认出 {self.found}/{self.of}；{wrong}。{self.limits}。"


@cache
def baselines() -> Mapping[Kind, Baseline]:
    """Every kind's, in the order of the file."""
    text = (Path(__file__).parent / "baselines.yaml").read_text("utf-8")
    return {kind: Baseline(**measured) for kind, measured in yaml.safe_load(text).items()}
