"""Compile the engine once, before hypothesis looks at its clock."""

import pytest
from hypothesis import settings

from bianwang.engine.evaluator import warm_up

# The machine may be busy; how long one example takes says nothing.
settings.register_profile("engine", deadline=None)
settings.load_profile("engine")


@pytest.fixture(autouse=True, scope="session")
def compiled_engine() -> None:
    warm_up()
