"""docs/configuration.md and platform/config.py say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bianwang.platform.config import Config, ConfigError, config

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_lists_every_option_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `BIAN_(\w+)` \| (.+?) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    documented = {name.lower(): (default.strip("`"), text) for name, default, text in rows}
    assert documented == {
        name: (_default(field.default), field.description) for name, field in Config.model_fields.items()
    }


def test_an_address_that_cannot_be_used_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIAN_TELEMETRY", "clickhous://bian:sec/ret@host/db")
    config.cache_clear()
    try:
        with pytest.raises(ConfigError, match="BIAN_TELEMETRY") as told:
            config()
    finally:
        config.cache_clear()
    assert "sec" not in str(told.value)
    assert "ret" not in str(told.value)


def _default(value: object) -> str:
    if value in ("", None):
        return "（空）"
    return str(value).lower() if isinstance(value, bool) else str(value)
