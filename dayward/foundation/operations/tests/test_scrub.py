"""Made-up values, and the plan that says which are made up."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.operations.scrub import values
from dayward.foundation.operations.scrub.plan import Planner, Table, way_to_person
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Misconfigured

SALT, OTHER = b"s" * 32, b"o" * 32
ID = "23456789bcdfghjk"


@given(text=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=80))
def test_what_is_no_word_of_ours_is_made_up_and_as_long(text: str) -> None:
    made = values.word(SALT, text)
    if values.WORD.match(text) or values.PUBLIC_ID.match(text):
        return
    assert made != text or values.FILLER.startswith(text)
    assert len(made) <= len(text)
    assert made


@pytest.mark.parametrize("text", ["phq-9", "plan.signed", "en", "90834", "note:individual"])
def test_words_of_ours_stay(text: str) -> None:
    assert values.word(SALT, text) == text


@pytest.mark.parametrize(
    "text", ["Willa Testly", "Two drinks a day", "Maria", "alcohol, daily", "she said no"]
)
def test_what_people_say_does_not_stay(text: str) -> None:
    assert values.word(SALT, text) != text


def test_an_id_is_another_everywhere_the_same() -> None:
    assert values.word(SALT, ID) == values.public_id(SALT, ID) != ID
    assert values.word(SALT, f"payer:{ID}") == f"payer:{values.public_id(SALT, ID)}"
    assert values.PUBLIC_ID.match(values.public_id(SALT, ID))
    assert values.public_id(OTHER, ID) != values.public_id(SALT, ID)


def test_what_json_holds() -> None:
    held = {
        "q1": {"answer": "yes", "note": "drinks", "on": "2026-03-02T10:00:00+00:00"},
        "people": [ID, "Willa Testly"],
        "hours": 9.5,
        "none": None,
    }
    made = values.inside(SALT, held, 7)
    assert made["q1"]["answer"] == "yes"
    assert made["q1"]["note"] != "drinks"
    assert made["q1"]["on"] == "2026-02-23T10:00:00+00:00"
    assert made["people"][0] == values.public_id(SALT, ID)
    assert "Willa" not in str(made)
    assert (made["hours"], made["none"]) == (9.5, None)


def test_a_file_is_still_named_by_its_digest() -> None:
    name = values.file_name(SALT, "f" * 64)
    assert len(name) == 64
    assert name != values.file_name(OTHER, "f" * 64)


@pytest.mark.parametrize("length", [1, 5, 200, 5000])
def test_filler_is_as_long_as_what_it_replaces(length: int) -> None:
    assert 0 < len(values.filler(length)) <= length


# -- the plan ----------------------------------------------------------------------------------------------------------


def planned() -> dict[str, Table]:
    planner = Planner(SALT)
    return {table.name: table for table in planner.tables({name for name, _table in planner._ours()})}


def test_a_table_that_nobody_declared_stops_it() -> None:
    with pytest.raises(Misconfigured, match="a_new_table declares no privacy"):
        list(Planner(SALT).tables({"people_person", "a_new_table"}))


def test_the_trail_sign_ins_and_waiting_work_are_not_copied() -> None:
    given = {
        "audit_entry",
        "django_session",
        "procrastinate_jobs",
        "mfa_authenticator",
        ContentType._meta.db_table,
    }
    assert [table.name for table in Planner(SALT).tables(given)] == ["django_content_type"]


def test_the_day_of_birth_moves_with_the_person() -> None:
    person = planned()["people_person"]
    born = next(column for column in person.columns if column.name == "birth_date")
    assert (born.moves, born.is_own, person.person) == ("date", True, "t0.id")


def test_sessions_move_with_the_clinic() -> None:
    session = planned()["schedule_session"]
    during = next(column for column in session.columns if column.name == "during")
    assert (during.moves, during.is_own) == ("range", False)


def test_the_way_to_a_person_is_not_through_who_wrote_it() -> None:
    joins, column = way_to_person(apps.get_model("measures", "Answer"))
    assert "people_user" not in joins
    assert column.endswith('."person_id"')
    assert way_to_person(Person) == ("", "t0.id")


def test_every_text_that_is_not_public_is_made() -> None:
    """Only PUBLIC fields, keys, numbers and yes-or-no are copied as they are."""
    tables = planned()
    text = {
        (table.name, column.name)
        for table in tables.values()
        for column in table.columns
        if column.make is None and not column.moves
    }
    assert not {("people_person", name) for name in ("legal_given", "legal_family", "contact_note")} & text
