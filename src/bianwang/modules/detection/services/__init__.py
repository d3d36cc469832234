"""The only writer of the detection module."""

from bianwang.modules.detection.services.importing import import_model
from bianwang.modules.detection.services.switching import switch_off, switch_on
from bianwang.modules.detection.services.trials import ask_trial, compute_waiting

__all__ = ["ask_trial", "compute_waiting", "import_model", "switch_off", "switch_on"]
