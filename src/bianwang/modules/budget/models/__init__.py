"""What the budget module keeps."""

from bianwang.modules.budget.models.lines import Adjustment, Line, Project, Source
from bianwang.modules.budget.models.money import Payment, Receipt
from bianwang.modules.budget.models.publications import Publication
from bianwang.modules.budget.models.staff import Establishment
from bianwang.modules.budget.models.years import BudgetYear, Statement

__all__ = [
    "Adjustment",
    "BudgetYear",
    "Establishment",
    "Line",
    "Payment",
    "Project",
    "Publication",
    "Receipt",
    "Source",
    "Statement",
]
