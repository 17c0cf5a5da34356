from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from dayward.care.attendance import services as attendance
from dayward.care.journey.models import Episode
from dayward.chart.notes.models import Note
from dayward.chart.plans.models import Plan
from dayward.demo import seed
from dayward.demo.large import Growth, multiply
from dayward.demo.large_proof import prove
from dayward.doors.cli.check import CHECKS
from dayward.foundation.audit.queries import verify_chains
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, User
from dayward.foundation.signing.rules import digest
from dayward.kernel.database import connect, embedded_database
from dayward.kernel.errors import Refused
from dayward.kernel.postgres import OWNER, Cluster

NOON = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
GROWTH = Growth((2, 1), 8)  # two clinics; one stretch before the first of them is another's too


@pytest.fixture(scope="module")
def owner(
    module_db: str, shared_cluster: Cluster, django_db_blocker: DjangoDbBlocker
) -> Iterator[psycopg.Connection[Any]]:
    """The tiny clinic, multiplied, and its database as the owner sees it."""
    with django_db_blocker.unblock():
        seed.build(size="tiny", as_of=NOON, seed=7, tell=lambda _text: None)
        with connect(embedded_database(shared_cluster, OWNER, module_db), autocommit=True) as owner:
            multiply(owner, GROWTH, NOON.date(), lambda _text: None)
            yield owner


@pytest.mark.django_db
@pytest.mark.usefixtures("owner")
def test_there_are_more_clinics_with_people_in_treatment() -> None:
    assert Site.objects.count() == 4
    here = Episode.objects.filter(ended_at=None)
    assert here.filter(id__lt=1_000_000).count() * 2 == here.count() > 0


@pytest.mark.django_db
@pytest.mark.usefixtures("owner")
def test_histories_go_back_and_are_over() -> None:
    first = Episode.objects.filter(id__lt=1_000_000).earliest("admitted_at").admitted_at
    before = Episode.objects.filter(admitted_at__lt=first)
    assert before.exists()
    assert not before.filter(ended_at=None, id__gt=100_000_000).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("owner")
def test_a_copy_is_somebody_else() -> None:
    names = list(Person.objects.values_list("legal_given", "legal_family", "birth_date"))
    doubles = len(names) - len(set(names))
    assert doubles * 20 < len(names), "a few patients bear a family name of the staff"
    mails = list(User.objects.exclude(email=None).values_list("email", flat=True))
    assert len({mail.lower() for mail in mails if mail}) == len(mails)


@pytest.mark.django_db
@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("model", [Note, Plan])
def test_signed_texts_name_the_copy_and_are_what_was_signed(model: type[Note] | type[Plan]) -> None:
    rows = (
        model.objects.filter(id__gt=1_000_000).exclude(signature=None).select_related("person", "signature")
    )
    assert rows
    for row in rows:
        assert row.signature is not None
        assert row.signature.sha256 == digest(row.signed_text)
        assert row.person.legal_family in row.signed_text


@pytest.mark.django_db
@pytest.mark.usefixtures("owner")
def test_stored_weeks_are_what_the_rules_make_of_the_copied_rows() -> None:
    found = attendance.refresh_all(unlocked=True)
    assert found.changed == 0, dict(found.fields)


@pytest.mark.django_db
@pytest.mark.usefixtures("owner")
def test_check_finds_nothing() -> None:
    assert all(chain.ok for chain in verify_chains())
    CHECKS["rights"]()
    CHECKS["code and libraries"]()


def test_the_proof_finds_a_reference_to_nothing(owner: psycopg.Connection[Any]) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("SET LOCAL session_replication_role = replica")
        owner.execute(
            "UPDATE journey_episode SET program_id = 77 WHERE id = (SELECT min(id) FROM journey_episode)"
        )
        with pytest.raises(Refused, match="does not hold together"):
            prove(owner)


def test_the_proof_finds_a_signature_of_another_text(owner: psycopg.Connection[Any]) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("SET LOCAL session_replication_role = replica")
        owner.execute("UPDATE plans_plan SET signed_text = signed_text || '.' WHERE signature_id IS NOT NULL")
        with pytest.raises(Refused, match="signatures of plans_plan"):
            prove(owner)


@pytest.mark.django_db
@pytest.mark.usefixtures("owner")
def test_the_next_row_gets_a_number_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_person', 'id'))")
        assert cursor.fetchone()[0] > Person.objects.latest("id").id
