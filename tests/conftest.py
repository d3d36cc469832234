"""Shared set-up: a test instance of the platform in its own folder, never the developer's `var`."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("BIAN_MODE", "test")
os.environ["BIAN_HOME"] = os.environ.get("BIAN_TEST_HOME") or tempfile.mkdtemp(prefix="bian-test-")
