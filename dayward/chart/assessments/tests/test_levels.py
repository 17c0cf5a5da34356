from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.chart.assessments import library
from dayward.chart.assessments.rules import levels
from dayward.chart.assessments.rules.levels import Criteria, Decision, compared, concerns, gaps, unexplained

EXAMPLES = [(name, row) for name in library.criteria_sets() for row in library.examples(name)]
level = st.sampled_from(sorted(levels.ORDER))


def filled(criteria: Criteria, example: dict[str, Any]) -> Decision:
    return Decision(
        ratings={each.key: example["all"] for each in criteria.rated},
        grounds={each.key: example["grounds"] for each in criteria.dimensions},
        recommended=example["recommended"],
        actual=example["actual"],
        difference_kind=example.get("difference_kind", ""),
        difference_reason=example.get("difference_reason", ""),
    )


@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}: {row['says']}" for name, row in EXAMPLES]
)
def test_worked_examples(name: str, example: dict[str, Any]) -> None:
    criteria = library.criteria_sets()[name]
    decision = filled(criteria, example)
    assert len(gaps(criteria, example["population"], decision)) == example["gaps"]
    assert len(concerns(criteria, decision)) == example["concerns"]


@given(
    level, level, st.sampled_from(["", "choice", "made up"]), st.sampled_from(["", "  ", "Wants to work."])
)
def test_a_difference_is_explained_by_kind_and_words_or_not_at_all(
    recommended: str, actual: str, kind: str, reason: str
) -> None:
    decision = Decision({}, {}, recommended, actual, kind, reason)
    explained = kind == "choice" and reason == "Wants to work."
    assert unexplained(decision) is (recommended != actual and not explained)


@given(level, level)
def test_levels_compare_in_one_order(first: str, second: str) -> None:
    assert {"same": "same", "higher": "lower", "lower": "higher"}[compared(first, second)] == compared(
        second, first
    )


@pytest.mark.parametrize("criteria", library.criteria_sets().values(), ids=lambda criteria: criteria.key)
def test_ratings_are_words_so_that_nobody_adds_them_up(criteria: Criteria) -> None:
    """Requirements 2.5: symbolic anchors, never summed."""
    assert all(not rating.key.isdigit() and not hasattr(rating, "value") for rating in criteria.scale)


def test_the_person_centered_dimension_is_not_rated() -> None:
    last = library.criteria_sets()["asam-4"].dimensions[-1]
    assert (last.name, last.rated) == ("Person-centered considerations", False)
    assert library.criteria_sets()["asam-4"].populations == {"adult"}
    assert library.criteria_sets()["asam-3"].populations == {"adult", "adolescent"}


def test_a_bare_decision_names_every_gap() -> None:
    criteria = library.criteria_sets()["asam-4"]
    found = gaps(criteria, "adult", Decision({}, {}, "", ""))
    assert len(found) == 5 + 6 + 2  # five ratings, six grounds, both levels
