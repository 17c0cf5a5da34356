"""Fit questions, red flags and the suggestion."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.journey.rules.questions import FIT_QUESTIONS, QUESTIONS, RISK_QUESTIONS
from dayward.care.journey.rules.screening import (
    AgeGroup,
    Answer,
    Outcome,
    OwnHours,
    Route,
    Situation,
    age_on,
    hours_problem,
    immediate_danger,
    red_flags,
    required_open,
    suggest,
)

CALM = {question.key: Answer.NO for question in RISK_QUESTIONS}
FITS = CALM | {question.key: Answer(question.fits) for question in FIT_QUESTIONS if question.fits}
ADULT = AgeGroup(18, None)


def test_every_fit_requirement_has_a_question() -> None:
    assert [question.source_id for question in FIT_QUESTIONS] == [f"F{number:02}" for number in range(1, 17)]


def test_only_the_risk_questions_are_required() -> None:
    assert {question.key for question in required_open({})} == {question.key for question in RISK_QUESTIONS}
    assert not required_open(CALM)


@pytest.mark.parametrize(
    ("question", "route"),
    [
        ("risk_self", Route.EMERGENCY),
        ("risk_others", Route.EMERGENCY),
        ("withdrawal", Route.WITHDRAWAL),
        ("medical", Route.MEDICAL),
        ("needs_24h", Route.HIGHER_LEVEL),
    ],
)
@pytest.mark.parametrize("answer", [Answer.YES, Answer.UNSURE])
def test_a_red_flag_is_routed_and_refers_out(question: str, route: Route, answer: Answer) -> None:
    suggestion = suggest(FITS | {question: answer}, Situation())
    assert [flag.route for flag in suggestion.red_flags] == [route]
    assert suggestion.outcome is Outcome.REFER_OUT
    assert suggestion.red_flags[0].next_step


def test_an_emergency_names_911_and_988() -> None:
    (flag,) = red_flags(CALM | {"risk_self": Answer.YES})
    assert "911" in flag.next_step
    assert "988" in flag.next_step


@pytest.mark.parametrize(
    ("answers", "danger"),
    [
        ({}, False),
        ({"risk_self": Answer.UNSURE}, False),
        ({"risk_self": Answer.YES}, True),
        ({"risk_others": Answer.YES}, True),
    ],
)
def test_immediate_danger(answers: dict[str, Answer], danger: bool) -> None:
    assert immediate_danger(CALM | answers) is danger


@pytest.mark.parametrize(
    ("answers", "situation", "outcome"),
    [
        ({}, Situation(), Outcome.ASSESS),
        ({"F03": Answer.YES}, Situation(), Outcome.REFER_OUT),
        ({"F16": Answer.NO}, Situation(), Outcome.REFER_OUT),
        ({"F01": Answer.NO}, Situation(), Outcome.REFER_OUT),
        ({"F02": Answer.NO}, Situation(), Outcome.WAIT),
        ({"F12": Answer.NO}, Situation(), Outcome.WAIT),
        ({}, Situation(seats_free=False), Outcome.WAIT),
        ({}, Situation(age=9, age_group=ADULT), Outcome.REFER_OUT),
        ({}, Situation(age=18, age_group=ADULT), Outcome.ASSESS),
        ({}, Situation(age=18, age_group=AgeGroup(13, 17)), Outcome.REFER_OUT),
        ({}, Situation(travel_minutes=90, telehealth_possible=False), Outcome.REFER_OUT),
        ({}, Situation(travel_minutes=90, telehealth_possible=True), Outcome.ASSESS),
        ({}, Situation(travel_minutes=90), Outcome.ASSESS),
        ({"F04": Answer.NO}, Situation(telehealth_possible=False), Outcome.REFER_OUT),
        ({"F04": Answer.NO, "F02": Answer.NO}, Situation(telehealth_possible=False), Outcome.REFER_OUT),
    ],
)
def test_suggestions(answers: dict[str, Answer], situation: Situation, outcome: Outcome) -> None:
    suggestion = suggest(FITS | answers, situation)
    assert suggestion.outcome is outcome
    assert suggestion.reasons


@given(answers=st.dictionaries(st.sampled_from([q.key for q in QUESTIONS]), st.sampled_from(list(Answer))))
def test_a_suggestion_always_has_a_reason_and_asks_what_is_open(answers: dict[str, Answer]) -> None:
    suggestion = suggest(answers, Situation())
    assert suggestion.reasons
    assert len(suggestion.to_ask) == sum(answers.get(q.key) in (None, Answer.UNSURE) for q in QUESTIONS)
    assert (suggestion.outcome is Outcome.REFER_OUT) or not suggestion.red_flags
    if required_open(answers):
        assert suggestion.outcome in (None, Outcome.REFER_OUT)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 5, 17), date(2026, 5, 16), 17),
        (date(2008, 5, 17), date(2026, 5, 17), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


JOB = OwnHours("job", (1, 2, 3), time(9), time(17))


@pytest.mark.parametrize(
    ("hours", "fine"),
    [
        (JOB, True),
        (OwnHours("job", (7,), time(22), time(6)), True),
        (OwnHours("job", (), time(9), time(17)), False),
        (OwnHours("job", (0, 1), time(9), time(17)), False),
        (OwnHours("job", (1,), time(9), time(9)), False),
    ],
)
def test_own_hours_are_checked(hours: OwnHours, fine: bool) -> None:
    assert (hours_problem(hours) == "") is fine
