"""Web server and database are killed at random while people write; what they were told is there afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.killed import Clinic, Trial, one_seat
from tests.fixtures.server import Clinics, free_port

pytestmark = [pytest.mark.program, pytest.mark.slow]
KILLS = 4
SEEKERS = 24


@pytest.fixture(scope="module")
def made(clinics: Clinics) -> Iterator[Clinic]:
    found = Clinic(clinics.copy("seeded"), free_port())
    yield found
    found.stop()


@pytest.fixture
def clinic(made: Clinic) -> Clinic:
    """Served, also when the test before it left nothing running."""
    if not made.is_running:
        made.start()
    return made


def test_everything_acknowledged_is_there_after_a_kill(clinic: Clinic) -> None:
    trial = Trial(clinic, seed=4)
    for _kill in range(KILLS):
        trial.kill_once()  # says what was lost, or is half there
    assert len(trial.kills) > 1
    assert all(trial.said.counts)
    assert "NOT OK" not in clinic.run("check")


def test_what_is_lost_would_be_seen(clinic: Clinic) -> None:
    trial = Trial(clinic, seed=1)
    person = trial.people[0][0]
    trial.said.signed.append((person, "never written"))
    trial.said.booked.append((person, trial.first_day))
    trial.said.drafts[person] = ["typed"]
    trial.said.typed["window"] = ["typed into a form"]
    assert len(trial.lost()) == 4


def test_one_seat_asked_for_at_once_goes_to_one_person(clinic: Clinic) -> None:
    told, more = one_seat(clinic, SEEKERS)
    assert told["seat"] == more == 1
    assert told["no seat"] > 1  # the others have a chart the director may not open
    assert sum(told.values()) == SEEKERS
