"""Models of the disaster statistics."""

from bianwang.modules.disasters.models.disaster import Disaster, Series
from bianwang.modules.disasters.models.ledgers import Casualty, House
from bianwang.modules.disasters.models.reports import Figure, Report, Sheet, Total

__all__ = ["Casualty", "Disaster", "Figure", "House", "Report", "Series", "Sheet", "Total"]
