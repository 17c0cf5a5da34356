from __future__ import annotations

import pytest

from dayward.chart.assessments import library
from dayward.chart.assessments.rules.sections import Lists, gaps

SAID = {section.key: "said" for section in library.sections()}
WHOLE = Lists(diagnoses=1, no_medications=True, allergies=1)


def test_nothing_is_missing_when_all_is_said() -> None:
    assert gaps(library.sections(), SAID, WHOLE) == ()


def test_t7_asks_for_supports_legal_housing_and_medical() -> None:
    """Requirements 4.2 T7: these parts are in it."""
    needed = {section.key for section in library.sections() if section.needed}
    assert {
        "supports",
        "legal",
        "housing",
        "medical",
        "substance_use",
        "mental_status",
        "formulation",
    } <= needed


@pytest.mark.parametrize("key", [section.key for section in library.sections() if section.needed])
def test_each_needed_part_is_missed(key: str) -> None:
    found = gaps(library.sections(), SAID | {key: "  "}, WHOLE)
    assert [(gap.step, gap.key) for gap in found] == [("story", key)]


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (Lists(diagnoses=0, no_medications=True, allergies=1), "diagnosis"),
        (Lists(diagnoses=1, headings=("F33",), no_medications=True, allergies=1), "heading"),
        (Lists(diagnoses=1, allergies=1), "medications"),
        (Lists(diagnoses=1, medications=1, not_asked=("Sertraline",), allergies=1), "take it"),
        (Lists(diagnoses=1, no_medications=True), "allergies"),
    ],
)
def test_each_list_is_asked_for(lists: Lists, words: str) -> None:
    found = gaps(library.sections(), SAID, lists)
    assert len(found) == 1 and words in found[0].sentence and found[0].step == "lists"
