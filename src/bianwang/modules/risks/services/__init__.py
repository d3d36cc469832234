"""The only writers of risks: risk points, major hazard sources, their keepers and duties."""

from bianwang.modules.risks.services.points import save_point
from bianwang.modules.risks.services.sources import add_record, save_source, set_keeper

__all__ = ["add_record", "save_point", "save_source", "set_keeper"]
