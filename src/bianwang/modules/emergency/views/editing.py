"""The form of something that two people may write at once."""

from __future__ import annotations

from typing import Any

from bianwang.modules.emergency.editing import Stale
from bianwang.platform.ui.forms import FormPage, refusals_in_form


class VersionedForm(FormPage):
    """A form with a hidden `version`. After a collision it keeps what was typed and may be sent again."""

    def write(self, form: Any) -> Any:
        """Call the service. Returns as `save`."""
        raise NotImplementedError

    def save(self, form: Any) -> Any:
        try:
            with refusals_in_form():
                return self.write(form)
        except Stale as stale:
            form.data = form.data.copy()
            form.data["version"] = stale.version
            raise
