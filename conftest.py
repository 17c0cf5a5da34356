"""Fixtures every package's tests may use; they live in tests/fixtures."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A property is true or not; how long one example takes on a busy machine says nothing about it.
settings.register_profile("dayward", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dayward")

pytest_plugins = ["tests.fixtures.database", "tests.fixtures.server", "tests.fixtures.browser"]
