"""Self-ratings, grades with their reminders, and subsidies."""

from bianwang.modules.standardisation.models.grades import Grade, Reminder
from bianwang.modules.standardisation.models.ratings import Score, SelfRating
from bianwang.modules.standardisation.models.subsidies import Subsidy

__all__ = ["Grade", "Reminder", "Score", "SelfRating", "Subsidy"]
