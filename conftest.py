"""Fixtures every package's tests may use; they live in tests/fixtures."""

from __future__ import annotations

import os
import sys

from hypothesis import HealthCheck, settings

# Each of the dozens of programs that the suite starts would else compile the whole product anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A property is true or not; how long one example takes on a busy machine says nothing about it.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The suite tries the same examples each time; `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("suite", settings.get_profile("any machine"), max_examples=50, derandomize=True)
settings.register_profile("search", settings.get_profile("any machine"), max_examples=1000)
settings.load_profile("suite")

pytest_plugins = [
    "tests.fixtures.tiers",
    "tests.fixtures.server",
    "tests.fixtures.database",
    "tests.fixtures.browser",
]
