"""Signatures: of exactly these words, by somebody, for good."""

from __future__ import annotations

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction

from dayward.foundation.audit.actors import Actor, person_actor, staff_actor, system_actor
from dayward.foundation.people.factories import make_person, make_staff, make_user
from dayward.foundation.people.models import User
from dayward.foundation.signing import queries, services
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.triggers import refuse_signed_change, refuse_signed_part_change
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def staff() -> Actor:
    return staff_of("Priya")


def staff_of(given: str) -> Actor:
    user = make_staff(given=given, family="Raman", user=make_user(password="a long enough phrase")).user
    assert user is not None
    return staff_actor(user)


def sign(actor: Actor, printed_name: str = "", method: str = "session") -> Signature:
    return services.sign(
        actor=actor,
        subject_kind="test.thing",
        subject="abc",
        meaning="author",
        text="The words.",
        method=method,
        printed_name=printed_name,
    )


def test_a_signature_is_of_exactly_these_words() -> None:
    made = sign(staff())
    assert made.sha256 == hashlib.sha256(b"The words.").hexdigest()
    assert queries.is_of(made, "The words.")
    assert not queries.is_of(made, "The words. ")
    assert list(queries.signatures_of("test.thing", "abc")) == [made]


def test_staff_sign_with_their_name_and_people_with_what_they_typed() -> None:
    assert sign(staff()).printed_name == "Priya Raman"
    person = make_person()
    actor = person_actor(User.objects.create(person=person))
    made = sign(actor, printed_name="  Sam   Sample ", method="link")
    assert (made.person, made.staff, made.printed_name) == (person, None, "Sam Sample")
    with pytest.raises(Refused, match="full name"):
        sign(actor, method="link")


def test_a_job_does_not_sign() -> None:
    with pytest.raises(Refused, match="Only a person"):
        sign(system_actor("job"), printed_name="Robot")


def test_staff_type_their_own_name() -> None:
    assert services.check_typed_name("  priya  RAMAN ", staff().staff or make_staff()) == "priya RAMAN"
    with pytest.raises(Refused, match="Type your own name to sign: Priya Raman"):
        services.check_typed_name("Priya", staff().staff or make_staff())


def test_a_signature_never_changes() -> None:
    made = sign(staff())
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.filter(pk=made.pk).update(printed_name="Somebody else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.filter(pk=made.pk).delete()


# -- the triggers, on tables of their own ----------------------------------------------------------------------


@pytest.fixture
def paper() -> None:
    """A signed thing and its parts, in tables that exist for this test only."""
    change = refuse_signed_change("tmp_paper", "amended_by", "note")
    part = refuse_signed_part_change("tmp_part", parent="tmp_paper", column="paper_id")
    run(
        "CREATE TEMPORARY TABLE tmp_paper (id bigint PRIMARY KEY, words text, signature_id bigint, amended_by bigint,"
        " note text DEFAULT '')",
        "CREATE TEMPORARY TABLE tmp_part (id bigint, paper_id bigint, words text)",
        str(change.sql),
        str(part.sql),
        "INSERT INTO tmp_paper (id, words) VALUES (1, 'draft'), (2, 'draft')",
        "INSERT INTO tmp_part VALUES (1, 1, 'a'), (2, 2, 'b')",
        "UPDATE tmp_paper SET words = 'final' WHERE id = 1",
        "UPDATE tmp_paper SET signature_id = 7 WHERE id = 1",
    )


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def told(question: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tmp_paper SET words = 'other' WHERE id = 1",
        "UPDATE tmp_paper SET signature_id = NULL WHERE id = 1",
        "UPDATE tmp_paper SET signature_id = 8 WHERE id = 1",
        "UPDATE tmp_paper SET words = 'other', amended_by = 9 WHERE id = 1",
        "DELETE FROM tmp_paper WHERE id = 1",
        "INSERT INTO tmp_part VALUES (3, 1, 'c')",
        "UPDATE tmp_part SET words = 'other' WHERE id = 1",
        "UPDATE tmp_part SET paper_id = 2 WHERE id = 1",
        "UPDATE tmp_part SET paper_id = 1 WHERE id = 2",
        "DELETE FROM tmp_part WHERE id = 1",
    ],
)
def test_what_is_signed_takes_no_change(statement: str) -> None:
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        run(statement)


@pytest.mark.usefixtures("paper")
def test_what_may_be_filled_in_is_filled_in_once() -> None:
    run("UPDATE tmp_paper SET amended_by = 9 WHERE id = 1", "UPDATE tmp_paper SET note = 'why' WHERE id = 1")
    for statement in ("UPDATE tmp_paper SET amended_by = 10", "UPDATE tmp_paper SET note = ''"):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            run(f"{statement} WHERE id = 1")


@pytest.mark.usefixtures("paper")
def test_what_is_not_signed_stays_free() -> None:
    run(
        "UPDATE tmp_paper SET words = 'other' WHERE id = 2",
        "INSERT INTO tmp_part VALUES (4, 2, 'd')",
        "UPDATE tmp_part SET words = 'other' WHERE id = 2",
        "DELETE FROM tmp_part WHERE id = 2",
    )
    assert told("SELECT words FROM tmp_paper WHERE id = 2") == [("other",)]
    assert told("SELECT id, words FROM tmp_part WHERE paper_id = 2") == [(4, "d")]
    run("DELETE FROM tmp_part WHERE paper_id = 2", "DELETE FROM tmp_paper WHERE id = 2")
    assert told("SELECT id FROM tmp_paper") == [(1,)]
