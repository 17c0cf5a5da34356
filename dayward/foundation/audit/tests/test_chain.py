"""The trail is append-only for the application, and what its owner changes is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from dayward.foundation.audit import jobs
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry, Link
from dayward.foundation.audit.queries import ChainResult, last_walk, verify_chains
from dayward.foundation.audit.services import record
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.kernel.database import connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster

ROBOT = system_actor("test")
INSERT = (
    "INSERT INTO audit_entry (public_id, site_id, at, kind, action, actor_kind, actor, person, subject_kind, subject,"
    " reason, detail) VALUES (%s, %s, now(), 'view', 'x', 'staff', 'x', '', '', '', '', '{}')"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'somebody else'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
        "UPDATE audit_link SET position = 9",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link (chain, position, entry_id, previous, digest) VALUES (0, 9, 1, '', '')",
        "TRUNCATE audit_link",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_unchanged ON audit_entry",
        "SET session_replication_role = replica",
        "SET ROLE dayward",
    ],
)
def test_the_application_can_only_add(db: None, statement: str) -> None:
    record(actor=ROBOT, action="test.act")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.filter(action="test.act", actor="test").count() == 1


@pytest.mark.parametrize("table", ["audit_entry", "audit_link"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {} CASCADE"])
def test_triggers_refuse_the_owner_too(
    committed_db: str, owner: psycopg.Connection[Any], table: str, verb: str
) -> None:
    record(actor=ROBOT, action="test.act")
    with pytest.raises(psycopg.DatabaseError, match="append-only"):
        owner.execute(verb.format(table))


def test_an_entry_and_its_change_are_both_there_or_neither(db: None) -> None:
    class Stop(Exception):
        pass

    def register_and_stop() -> None:
        with transaction.atomic():
            people.register_person(actor=SETUP, site=None, legal_family="Rolled-Back")
            raise Stop

    with pytest.raises(Stop):
        register_and_stop()
    assert not Person.objects.filter(legal_family="Rolled-Back").exists()
    assert not Entry.objects.filter(action="people.register").exists()


# -- the chain, on committed rows ----------------------------------------------------------------------------------


@pytest.fixture
def owner(shared_cluster: Cluster, committed_db: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the tables, who could disable what protects them."""
    settings = embedded_database(shared_cluster, OWNER, committed_db)
    with connect(settings, autocommit=True) as made:
        yield made


@pytest.fixture
def chain(committed_db: str) -> int:
    """Five entries of a site, and one of another; gives the first site's chain."""
    site, other = make_site(), make_site("Riverbend South")
    for number in range(5):
        record(actor=ROBOT, action="test.act", site=site, number=number)
    record(actor=ROBOT, action="test.act", site=other)
    return site.pk


def tamper(owner: psycopg.Connection[Any], *statements: str) -> None:
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            owner.execute(statement)


def walk(site: str = "Riverbend North") -> ChainResult:
    """The chain of one site, from its first entry."""
    return next(found for found in verify_chains() if found.site == site)


def test_untouched_chains_are_whole(chain: int) -> None:
    found = {result.site: result for result in verify_chains()}
    assert all(result.ok for result in found.values()), found
    assert found["Riverbend North"].entries == 5
    assert found["Riverbend South"].entries == 1
    assert Entry.objects.count() == Link.objects.count()


def test_each_link_is_made_in_the_order_of_its_entry(chain: int) -> None:
    links = Link.objects.filter(chain=chain).order_by("position").select_related("entry")
    assert [(link.position, link.entry.detail["number"]) for link in links] == [(n + 1, n) for n in range(5)]


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_entry SET actor = 'somebody else' WHERE detail->>'number' = '2'", 3),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE detail->>'number' = '0'", 1),
        ("UPDATE audit_entry SET detail = '[]' WHERE detail->>'number' = '4'", 5),
        ("UPDATE audit_entry SET person = 'x' WHERE detail->>'number' = '3'", 4),
        ("DELETE FROM audit_entry WHERE detail->>'number' = '1'", 2),
        ("DELETE FROM audit_link WHERE position = 2 AND chain = {chain}", 3),
        ("UPDATE audit_link SET digest = sha256('forged') WHERE position = 4 AND chain = {chain}", 4),
    ],
)
def test_tampering_is_found_where_it_is(
    chain: int, owner: psycopg.Connection[Any], tampering: str, broken_at: int
) -> None:
    tamper(owner, tampering.format(chain=chain))
    found = walk()
    assert (found.ok, found.broken_at) == (False, broken_at)


def test_an_entry_slipped_in_beside_the_chain_is_found(chain: int, owner: psycopg.Connection[Any]) -> None:
    tamper(owner, INSERT % ("'slipped-in'", chain))
    found = walk()
    assert not found.ok
    assert "outside the chain" in found.sentence


def test_an_entry_moved_to_another_site_is_found(chain: int, owner: psycopg.Connection[Any]) -> None:
    tamper(owner, "UPDATE audit_entry SET site_id = NULL WHERE detail->>'number' = '2'")
    assert not walk().ok


def test_one_chain_does_not_break_another(chain: int, owner: psycopg.Connection[Any]) -> None:
    tamper(owner, "UPDATE audit_entry SET actor = 'x' WHERE detail->>'number' = '2'")
    assert walk("Riverbend South").ok and walk("(no site)").ok


def test_cutting_off_the_end_changes_the_head(chain: int, owner: psycopg.Connection[Any]) -> None:
    """What the chain alone cannot show, a head that was written down elsewhere does."""
    before = walk().head
    tamper(
        owner,
        f"DELETE FROM audit_link WHERE chain = {chain} AND position = 5",
        "DELETE FROM audit_entry WHERE detail->>'number' = '4'",
    )
    found = walk()
    assert found.ok
    assert found.head != before


def test_writers_at_the_same_time_make_one_chain(
    chain: int, shared_cluster: Cluster, committed_db: str
) -> None:
    """Two connections that overlap: the second to commit stands behind the first."""
    settings = embedded_database(shared_cluster, "dayward_app", committed_db)
    with connect(settings) as one, connect(settings) as two:
        one.execute(INSERT % ("'one'", chain))
        two.execute(INSERT % ("'two'", chain))
        two.commit()
        one.commit()
    found = walk()
    assert (found.ok, found.entries) == (True, 7)
    assert [link.entry.public_id for link in Link.objects.filter(chain=chain).order_by("position")[5:]] == [
        "two",
        "one",
    ]


def test_a_changed_person_is_named_by_public_id_only(db: None) -> None:
    person = make_person(legal_family="Marked-Name")
    entry = Entry.objects.get(action="people.register")
    assert entry.person == person.public_id
    assert "Marked" not in str(entry.__dict__)


def test_what_a_walk_found_stands_in_the_trail(chain: int) -> None:
    assert last_walk() is None
    assert jobs.walk() is True
    found = last_walk()
    assert found is not None and found.whole
    assert [each.site for each in found.chains] == [each.site for each in verify_chains()]
