"""Self-ratings, grades with their reminders, subsidies, and services of third parties."""

from bianwang.modules.standardisation.models.grades import Grade, Reminder
from bianwang.modules.standardisation.models.ratings import Score, SelfRating
from bianwang.modules.standardisation.models.subsidies import Subsidy
from bianwang.modules.standardisation.models.thirdparty import (
    Agency,
    AgencyPayment,
    Contract,
    Expert,
    ServiceFinding,
    ServiceVisit,
)

__all__ = [
    "Agency",
    "AgencyPayment",
    "Contract",
    "Expert",
    "Grade",
    "Reminder",
    "Score",
    "SelfRating",
    "ServiceFinding",
    "ServiceVisit",
    "Subsidy",
]
