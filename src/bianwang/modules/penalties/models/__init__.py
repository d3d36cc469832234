"""Cases of administrative penalty and what belongs to them."""

from bianwang.modules.penalties.models.case import Case, CaseOfficer, Reminder, Series
from bianwang.modules.penalties.models.evidence import Evidence, Measure, Source
from bianwang.modules.penalties.models.money import Instalment, Payment, Publication
from bianwang.modules.penalties.models.procedure import (
    Discussion,
    Hearing,
    LegalReview,
    Opinion,
    Plea,
    Suspension,
    Transfer,
)

__all__ = [
    "Case",
    "CaseOfficer",
    "Discussion",
    "Evidence",
    "Hearing",
    "Instalment",
    "LegalReview",
    "Measure",
    "Opinion",
    "Payment",
    "Plea",
    "Publication",
    "Reminder",
    "Series",
    "Source",
    "Suspension",
    "Transfer",
]
