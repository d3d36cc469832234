"""The only code that writes patrols and the review queue."""

from bianwang.modules.patrol.services.suspicions import STEPS, judge, reopen, suspect

__all__ = ["STEPS", "judge", "reopen", "suspect"]
