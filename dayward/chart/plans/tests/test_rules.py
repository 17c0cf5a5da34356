from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.chart.plans import library
from dayward.chart.plans.rules import review as review_rules
from dayward.chart.plans.rules import team
from dayward.chart.plans.rules.content import (
    TEXTS,
    Content,
    Doing,
    GoalLine,
    ObjectiveLine,
    ProblemLine,
    dose,
    gaps,
)
from dayward.chart.plans.rules.review import Dimension, Review, Step, step_down_lacks
from dayward.chart.safety.rules.qualification import Held

DAY = date(2026, 11, 20)
OBJECTIVE = ObjectiveLine("o", "Walk daily", "Five days", DAY)
GROUP = Doing("g", "Group", "group", counts=True, minutes=60, per_week=Decimal(9), weeks=8)
LESSON = Doing("e", "Workshop", "education", counts=True, minutes=60, per_week=Decimal(3), weeks=8)
VISIT = Doing("m", "Visit", "medication", counts=False, minutes=20, per_week=Decimal("0.5"), weeks=8)
WHOLE = Content(
    texts={text.key: "said" for text in TEXTS},
    problems=(ProblemLine("p", "Low mood", (GoalLine("w", "Mornings back", (OBJECTIVE,)),)),),
    doings=(GROUP, LESSON, VISIT),
    criteria=("Safe for two weeks",),
)


def changed(**parts: object) -> Content:
    fields = {name: getattr(WHOLE, name) for name in ("texts", "problems", "doings", "criteria")}
    return Content(**{**fields, **parts})


def test_a_whole_plan_has_no_gap() -> None:
    assert gaps(WHOLE) == ()


@pytest.mark.parametrize("key", [text.key for text in TEXTS])
def test_each_needed_text_is_asked_for(key: str) -> None:
    text = next(each for each in TEXTS if each.key == key)
    found = gaps(changed(texts={**WHOLE.texts, key: "  "}))
    assert bool(found) == text.needed


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"problems": ()}, "no problem"),
        ({"problems": (ProblemLine("p", " ", WHOLE.problems[0].goals),)}, "Name the problem"),
        ({"problems": (ProblemLine("p", "x", ()),)}, "no goal"),
        ({"problems": (ProblemLine("p", "x", (GoalLine("g", " ", (OBJECTIVE,)),)),)}, "person's words"),
        ({"problems": (ProblemLine("p", "x", (GoalLine("g", "y", ()),)),)}, "no objective"),
        ({"doings": (LESSON,)}, "No group, individual or family"),
        ({"doings": (GROUP,)}, "No education"),
        ({"criteria": ("",)}, "ready to leave"),
    ],
)
def test_what_is_missing_is_named(parts: dict[str, object], sentence: str) -> None:
    assert any(sentence in gap.sentence for gap in gaps(changed(**parts)))


@pytest.mark.parametrize(
    ("objective", "sentence"),
    [
        (ObjectiveLine("o", "", "t", DAY), "Write the objective"),
        (ObjectiveLine("o", "x", "", DAY), "how it will be seen"),
        (ObjectiveLine("o", "x", "t", None), "by when"),
    ],
)
def test_an_objective_is_measurable_and_has_a_day(objective: ObjectiveLine, sentence: str) -> None:
    problem = ProblemLine("p", "x", (GoalLine("g", "y", (objective,)),))
    assert [gap.sentence for gap in gaps(changed(problems=(problem,))) if sentence in gap.sentence]


def test_amount_and_duration_are_asked_for() -> None:
    bare = Doing("g", "Group", "group", counts=True, minutes=None, per_week=Decimal(1), weeks=None)
    keys = [gap.key for gap in gaps(changed(doings=(bare, LESSON)))]
    assert keys == ["intervention-g-minutes", "intervention-g-weeks"]


@pytest.mark.parametrize(
    ("prescribed", "minutes", "fits"),
    [(720, 720, True), (0, 720, True), (540, 720, False), (900, 720, False), (730, 720, True)],
)
def test_the_dose_is_what_counts(prescribed: int, minutes: int, fits: bool) -> None:
    found = dose(WHOLE.doings, prescribed)
    assert (found.minutes, found.fits) == (minutes, fits)


@given(st.lists(st.tuples(st.integers(1, 240), st.integers(1, 14), st.booleans()), max_size=8))
def test_the_dose_is_the_sum_of_what_counts(rows: list[tuple[int, int, bool]]) -> None:
    doings = [
        Doing(str(n), "x", "group", counts=counts, minutes=minutes, per_week=Decimal(times), weeks=8)
        for n, (minutes, times, counts) in enumerate(rows)
    ]
    expected = sum(minutes * times for minutes, times, counts in rows if counts)
    assert dose(doings, 0).minutes == expected
    assert dose(reversed(doings), 0).minutes == expected


# -- who signs ----------------------------------------------------------------------------------------------------

SEATS = library.seats()
LATER = DAY + timedelta(days=300)


@pytest.mark.parametrize(
    ("held", "seat", "reason"),
    [
        (Held("psychologist", "", LATER), "therapist", ""),
        (Held("psychologist", "", LATER), "prescriber", team.NO_CREDENTIAL),
        (Held("pmhnp", "", LATER), "prescriber", ""),
        (Held("psychiatrist", "", DAY), "prescriber", ""),
        (Held("psychiatrist", "", DAY - timedelta(days=1)), "prescriber", team.EXPIRED),
        (Held("social_worker", "", None), "social_worker", team.NO_END),
        (Held("peer", "", LATER), "social_worker", team.NO_CREDENTIAL),
    ],
)
def test_a_credential_takes_a_seat_while_its_license_holds(held: Held, seat: str, reason: str) -> None:
    verdict = team.may_take(SEATS[seat], [held], DAY)
    assert (verdict.held is None, verdict.reason) == (bool(reason), reason)


@pytest.mark.parametrize(
    ("signers", "accepted", "given", "missing"),
    [
        ("patient", False, set(), ("patient",)),
        ("patient", False, {"patient"}, ()),
        ("guardian", False, {"patient"}, ("guardian",)),
        ("guardian", False, {"guardian"}, ()),
        ("both", False, {"guardian"}, ("patient",)),
        ("both", False, {"patient", "guardian"}, ()),
        ("patient", True, {"guardian"}, ()),
    ],
)
def test_the_persons_side(signers: str, accepted: bool, given: set[str], missing: tuple[str, ...]) -> None:
    assert team.person_waits_for(signers, accepted, given) == missing
    assert team.complete(SEATS, list(SEATS), signers, accepted, given) == (not missing)


@given(st.sets(st.sampled_from(sorted(SEATS))))
def test_a_plan_is_complete_only_with_every_seat(taken: set[str]) -> None:
    assert team.complete(SEATS, taken, "patient", False, {"patient"}) == (taken == set(SEATS))


# -- reviews ------------------------------------------------------------------------------------------------------

STEP = Step("o", "Walk daily", "progressing", "Four days last week")
REVIEW = Review(
    steps=(STEP,),
    dimensions=(Dimension("d1", "Risk", rated=True, rating="low", why="calm"),),
    summary="Getting better",
    person_words="It helps",
    person_agrees="yes",
    level="iop",
    next_review_on=DAY + timedelta(days=14),
    step_down=True,
    stable_since=DAY - timedelta(days=14),
)


def other(**fields: object) -> Review:
    return Review(**{**{name: getattr(REVIEW, name) for name in REVIEW.__slots__}, **fields})


def test_a_whole_review_has_no_gap() -> None:
    assert review_rules.gaps(REVIEW, DAY) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"steps": (Step("o", "x", "", ""),)},
        {"steps": (Step("o", "x", "met", " "),)},
        {"dimensions": (Dimension("d1", "Risk", rated=True, rating="", why=""),)},
        {"summary": ""},
        {"person_words": " "},
        {"level": ""},
        {"next_review_on": None},
        {"next_review_on": DAY},
    ],
)
def test_each_part_of_a_review_is_asked_for(fields: dict[str, object]) -> None:
    assert len(review_rules.gaps(other(**fields, step_down=False), DAY)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"stable_since": None},
        {"stable_since": DAY - timedelta(days=13)},
        {"person_agrees": "no"},
        {"person_agrees": ""},
        {"steps": (Step("o", "x", "same", "y"),)},
        {"steps": (STEP, Step("p", "x", "worse", "y"))},
    ],
)
def test_a_step_down_waits_for_each_criterion(fields: dict[str, object]) -> None:
    assert step_down_lacks(REVIEW, DAY) == ()
    assert len(step_down_lacks(other(**fields), DAY)) == 1
    assert review_rules.gaps(other(**fields), DAY)
    assert review_rules.gaps(other(**fields, step_down=False), DAY) == ()
