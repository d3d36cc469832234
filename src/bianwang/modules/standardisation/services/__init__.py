"""The only writers of standardisation."""

from bianwang.modules.standardisation.services.agencies import save_agency, save_expert, sign_contract
from bianwang.modules.standardisation.services.clock import expire_due, remind_due
from bianwang.modules.standardisation.services.grades import (
    apply,
    arrange,
    conclude,
    import_rows,
    record_existing,
    refuse,
    review,
    revoke,
    withdraw,
)
from bianwang.modules.standardisation.services.ratings import open_rating, save_scores, send_back, submit
from bianwang.modules.standardisation.services.subsidies import (
    apply_subsidy,
    approve_subsidy,
    check_subsidy,
    pay_subsidy,
    refuse_subsidy,
    reject_subsidy,
)
from bianwang.modules.standardisation.services.visits import accept, add_finding, pay, record_visit, reject, transfer

__all__ = [
    "accept",
    "add_finding",
    "apply",
    "apply_subsidy",
    "approve_subsidy",
    "arrange",
    "check_subsidy",
    "conclude",
    "expire_due",
    "import_rows",
    "open_rating",
    "pay",
    "pay_subsidy",
    "record_existing",
    "record_visit",
    "refuse",
    "refuse_subsidy",
    "reject",
    "reject_subsidy",
    "remind_due",
    "review",
    "revoke",
    "save_agency",
    "save_expert",
    "save_scores",
    "send_back",
    "sign_contract",
    "submit",
    "transfer",
    "withdraw",
]
