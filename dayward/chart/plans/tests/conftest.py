"""Somebody in treatment, and who treats them."""

from __future__ import annotations

from copy import deepcopy

import pytest

from dayward.care.journey.factories import make_episode
from dayward.care.journey.models import Episode
from dayward.chart.plans.factories import (
    Team,
    make_team,
)


@pytest.fixture(scope="module")
def treated(module_rows: None) -> tuple[Episode, Team]:
    """Somebody in treatment and who treats them: the same for all tests of this file."""
    episode = make_episode(started=True)
    return episode, make_team(episode.person)


@pytest.fixture
def episode(treated: tuple[Episode, Team]) -> Episode:
    return deepcopy(treated[0])


@pytest.fixture
def team(treated: tuple[Episode, Team]) -> Team:
    return deepcopy(treated[1])
