"""What people look at: suspicions of the models, plans of patrol, their rounds, and each look at a camera."""

from bianwang.modules.patrol.models.plans import Plan
from bianwang.modules.patrol.models.rounds import Look, Round
from bianwang.modules.patrol.models.suspicions import Suspicion

__all__ = ["Look", "Plan", "Round", "Suspicion"]
