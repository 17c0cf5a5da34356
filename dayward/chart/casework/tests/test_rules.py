"""What a letter says, what its reader learns and what it needs, by tables (requirements 2.8, 3.5)."""

from __future__ import annotations

import itertools

import pytest

from dayward.chart.casework.rules import letters as rules
from dayward.chart.casework.rules.letters import Content, Kind, Route
from dayward.foundation.consent.rules.kinds import Information, Purpose

EVERY = list(itertools.product(Kind, Route, (True, False)))


@pytest.mark.parametrize(("kind", "route", "two"), EVERY)
def test_the_notice_goes_with_a_disclosure_under_part_two_and_with_nothing_else(
    kind: Kind, route: Route, two: bool
) -> None:
    sent = route is Route.OTHER
    assert rules.is_disclosure(route) is sent
    assert rules.carries_notice(route, under_part_two=two) is (sent and two)
    assert rules.letterhead_is_neutral(route) is not sent
    learned = " ".join(rules.reader_learns(Content(kind, route)))
    assert ("is or was in treatment" in learned) is sent
    assert "Nothing about a diagnosis" in learned


@pytest.mark.parametrize(
    ("hours", "ahead", "shared", "said"),
    [
        (True, False, {"presence", "attendance"}, "for how many hours"),
        (False, False, {"presence", "attendance"}, "no hours"),
        (True, True, {"presence", "attendance", "session_times"}, "weekly times"),
    ],
)
def test_what_is_in_it_is_what_is_asked_of_the_consent(
    hours: bool, ahead: bool, shared: set[str], said: str
) -> None:
    content = Content(Kind.WORK, Route.OTHER, hours, ahead)
    assert content.information == shared
    assert content.information <= {each.value for each in Information}
    assert said in " ".join(rules.reader_learns(content))


@pytest.mark.parametrize(
    ("kind", "purposes"),
    [
        (Kind.WORK, ("work_school",)),
        (Kind.SCHOOL, ("work_school",)),
        (Kind.COURT, ("monitoring", "proceedings")),
    ],
)
def test_a_court_is_written_to_on_its_own_consents_alone(kind: Kind, purposes: tuple[str, ...]) -> None:
    assert rules.PURPOSES[kind] == purposes
    assert set(purposes) <= {each.value for each in Purpose}


@pytest.mark.parametrize(
    ("title", "sentence", "found"),
    [
        ("Alcohol dependence, uncomplicated", "Here because of ALCOHOL.", ("alcohol",)),
        ("Major depressive disorder, single episode", "For a depressive time", ("depressive",)),
        ("Panic disorder", "Nobody need panic: panicked he is not", ("panic",)),
        ("Other specified disorders", "Other disorders of the traffic", ()),
        ("Generalized anxiety disorder", "Was here on Monday", ()),
    ],
)
def test_words_of_a_diagnosis_are_found_in_a_sentence(
    title: str, sentence: str, found: tuple[str, ...]
) -> None:
    assert rules.named_in(sentence, rules.telling_words(title)) == found
