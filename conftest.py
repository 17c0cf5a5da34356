"""Fixtures every package's tests may use; they live in tests/fixtures."""

from __future__ import annotations

import os
import sys

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

# Each of the dozens of programs that the suite starts would else compile the whole product anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A property is true or not; how long one example takes on a busy machine says nothing about it.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The suite tries the same examples each time; `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("suite", settings.get_profile("any machine"), max_examples=50, derandomize=True)
settings.register_profile("search", settings.get_profile("any machine"), max_examples=1000)
settings.load_profile("suite")

# Hypothesis also tries the numbers and words that stand in whatever is loaded, and has no setting against it. The same
# examples each time are the same whichever tests ran before, and no process reads the whole source for them; a search
# goes on using them.
_read_what_is_loaded = providers._get_local_constants


def _constants() -> Constants:
    searching = settings.get_current_profile_name() == "search"
    return _read_what_is_loaded() if searching else Constants()


providers._get_local_constants = _constants

pytest_plugins = [
    "tests.fixtures.tiers",
    "tests.fixtures.server",
    "tests.fixtures.database",
    "tests.fixtures.browser",
]
