"""Fixtures every package's tests may use; they live in tests/fixtures."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures.database", "tests.fixtures.server", "tests.fixtures.browser"]
