"""Waiting times, next actions, show rate and the attempts rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.care.journey.rules.waiting import (
    NEXT_ACTIONS,
    Attempt,
    Urgency,
    contact_rule,
    is_soon,
    show_rate,
    waiting,
)

CALL = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_every_open_intake_state_has_a_next_action() -> None:
    assert set(NEXT_ACTIONS) == set(open_states(Machine.INTAKE))


@pytest.mark.parametrize(
    ("hours", "urgency"),
    [(0, Urgency.ON_TIME), (2.9, Urgency.ON_TIME), (3, Urgency.SOON), (4, Urgency.SOON), (4.1, Urgency.LATE)],
)
def test_urgency_of_a_call_back(hours: float, urgency: Urgency) -> None:
    found = waiting("inquiry", opened_at=CALL, step_at=CALL, now=CALL + hours * HOUR)
    assert found.urgency is urgency
    assert found.due == CALL + 4 * HOUR


def test_waiting_counts_from_the_first_call_not_from_the_last_step() -> None:
    found = waiting("screened", opened_at=CALL, step_at=CALL + 20 * HOUR, now=CALL + 21 * HOUR)
    assert found.waited == 21 * HOUR
    assert found.due == CALL + 44 * HOUR


def test_an_assessment_is_due_at_its_time() -> None:
    slot = CALL + 60 * HOUR
    found = waiting("assessment_scheduled", opened_at=CALL, step_at=CALL, now=CALL, appointment_at=slot)
    assert found.due == slot


def test_weekly_contact_counts_from_the_last_contact() -> None:
    contact = CALL + timedelta(days=6)
    found = waiting("waitlisted", opened_at=CALL, step_at=CALL, now=contact, last_contact_at=contact)
    assert found.due == contact + timedelta(days=7)


@pytest.mark.parametrize(("hours", "soon"), [(0, True), (48, True), (48.01, False)])
def test_the_48_hour_target(hours: float, soon: bool) -> None:
    assert is_soon(CALL + hours * HOUR, CALL) is soon


@pytest.mark.parametrize(
    ("days", "rate"),
    [(0, 0.75), (1, 0.72), (2, 0.60), (3, 0.41), (5, 0.395), (7, 0.38), (14, 0.33), (90, 0.33)],
)
def test_show_rate_at_the_published_points(days: float, rate: float) -> None:
    assert show_rate(timedelta(days=days)) == pytest.approx(rate)


@given(st.floats(0, 60), st.floats(0, 60))
def test_a_longer_delay_never_shows_better(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert show_rate(timedelta(days=low)) >= show_rate(timedelta(days=high)) >= 0.33


@pytest.mark.parametrize(
    ("modes", "enough", "attempts_missing", "modes_missing"),
    [
        ([], False, 3, 2),
        (["phone", "phone", "phone"], False, 0, 1),
        (["phone", "text"], False, 1, 0),
        (["phone", "text", "phone"], True, 0, 0),
        (["phone", "text", "letter", "phone"], True, 0, 0),
    ],
)
def test_three_attempts_by_two_modes(
    modes: list[str], enough: bool, attempts_missing: int, modes_missing: int
) -> None:
    verdict = contact_rule([Attempt(mode) for mode in modes])
    assert (verdict.enough, verdict.attempts_missing, verdict.modes_missing) == (
        enough,
        attempts_missing,
        modes_missing,
    )


def test_reaching_the_person_starts_the_count_again() -> None:
    attempts = [Attempt("phone"), Attempt("text"), Attempt("phone", reached=True), Attempt("phone")]
    assert contact_rule(attempts).attempts_missing == 2
