from __future__ import annotations

import pytest
from django.db import connection

from dayward.foundation.terms import queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("F331", "F33.1"),
        ("recurrent moderate depressive", "F33.1"),
        ("moderate recurrent major", "F33.1"),
        ("GAD", "F41.1"),
        ("ptsd", "F43.10"),
        ("alcohol use disorder severe", "F10.20"),  # an inclusion term, not the title
        ("bipolr", "F31.9"),
        ("schizofrenia", "F20.9"),
        ("alchol dependance", "F10.20"),
        ("suicidal ideation", "R45.851"),
        ("S72.001A", "S72.001A"),
    ],
)
def test_what_was_meant_is_among_the_first_five(typed: str, expected: str) -> None:
    assert expected in [row.code for row in queries.search(typed)[:5]]


def test_mental_and_substance_codes_come_before_the_rest() -> None:
    ranks = [row.rank for row in queries.search("anxiety")]
    assert ranks == sorted(ranks) and ranks[0] == 0


def test_nonsense_finds_nothing() -> None:
    assert queries.search("qqqqzzzz") == queries.search("") == queries.search("'; --") == []


def test_a_code_that_was_dropped_is_not_offered_but_stays() -> None:
    with connection.cursor() as cursor:  # the table itself is the owner's to change: one beside it
        cursor.execute("CREATE TEMPORARY TABLE terms_icdcode (LIKE public.terms_icdcode INCLUDING ALL)")
        cursor.execute(
            "INSERT INTO terms_icdcode (code, title, also, billable, release, current, rank) SELECT code, title,"
            " also, billable, release, code <> 'F33.1', rank FROM public.terms_icdcode WHERE code LIKE 'F33%'"
        )
    assert "F33.2" in [row.code for row in queries.search("F33")]
    assert "F33.1" not in [row.code for row in queries.search("F33")]
    assert queries.codes(["f331"])["f331"].title.startswith("Major depressive")


def test_codes_are_found_in_any_usual_spelling() -> None:
    found = queries.codes(["F331", "f10.20", "nothing"])
    assert {given: row.code for given, row in found.items()} == {"F331": "F33.1", "f10.20": "F10.20"}
