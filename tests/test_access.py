"""Every address with every role: what the program answers is what `access_table.md` says.

A new address without a row fails. `DAYWARD_WRITE_ACCESS_TABLE=1 .venv/bin/pytest tests/test_access.py` writes
missing rows as the views declare them (and drops those of pages that are gone); review them in the diff.
"""

from __future__ import annotations

import os

import pytest
from django.test import Client

from dayward.foundation.access import guard
from dayward.foundation.access import services as access
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.roles import ROLES
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel import permissions as kernel
from tests import access_walk as walk
from tests.access_samples import SAMPLES
from tests.access_walk import ALL, COLUMNS, OPEN, OWN, PATIENT, SIGNED_OUT, Walker

WRITE = os.environ.get("DAYWARD_WRITE_ACCESS_TABLE") == "1"


@pytest.fixture
def walker(db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Walker:
    """A client for each column; everybody who works here is on the care team of one person and not of the other."""
    inside, outside = make_person(legal_family="Insideperson"), make_person(legal_family="Outsideperson")
    clients = {SIGNED_OUT: Client(), PATIENT: Client()}
    clients[PATIENT].force_login(User.objects.create(person=make_person(legal_family="Portalperson")))
    for role in ROLES:
        staff = make_staff_with(role)
        access.add_to_care_team(
            actor=SETUP, person=inside, staff=staff, function=CareTeamMember.Function.THERAPIST
        )
        assert staff.user
        clients[role] = Client()
        clients[role].force_login(staff.user)
    for client in clients.values():
        client.raise_request_exception = False
    found = Walker(clients, _values(inside), _values(outside))
    monkeypatch.setattr(kernel, "_guard", [found.verdicts])
    found.meet()
    monkeypatch.setattr(guard, "render", found.refuse)
    caplog.set_level("CRITICAL", logger="django.request")  # what is wrong is told once, at the end
    return found


def _values(person: Person) -> dict[str, str]:
    other_staff: StaffMember = make_staff_with("therapist")
    values = {"person": person.public_id, "family name": person.legal_family}
    for sample in SAMPLES:
        values |= sample(person, other_staff)
    return values


def test_every_view_declares_its_access() -> None:
    undeclared = [address.name for address in walk.addresses() if address.access is None]
    assert not undeclared, f"no access decorator (kernel/permissions.py): {undeclared}"


def test_the_table_has_a_row_for_every_address() -> None:
    rows, found = walk.read_table(), {address.name: address for address in walk.addresses()}
    missing, gone = sorted(set(found) - set(rows)), sorted(set(rows) - set(found))
    if WRITE and (missing or gone):
        kept = {name: row for name, row in rows.items() if name in found}
        new = {name: {"what": found[name].sentence, **walk.expected(found[name])} for name in missing}
        walk.write_table(kept | new)
        return
    assert not missing, f"no row in access_table.md (see the top of this file): {missing}"
    assert not gone, f"rows of pages that do not exist: {gone}"


def test_every_row_says_what_the_page_is_for() -> None:
    assert not [name for name, row in walk.read_table().items() if not row["what"]]


def test_every_address_answers_as_the_table_says(walker: Walker) -> None:
    """Every pair; and the page behind it, as one of those to whom it is open."""
    rows, wrong = walk.read_table(), []
    for address in walk.addresses():
        row = rows.get(address.name, {})
        said = {column: walker.cell(address, column) for column in COLUMNS}
        wrong += [
            f"{address.name} as {column}: the table says {row[column]!r}, the program {said[column]!r}"
            for column in COLUMNS
            if row and said[column] != row[column]
        ]
        walker.show(address, [column for column in COLUMNS if said[column] in (OPEN, OWN, ALL)])
    assert not wrong + walker.broken, "\n".join(wrong + walker.broken)


def test_pages_made_for_their_reader_are_pages() -> None:
    assert set(walk.MADE_FOR_ITS_READER) <= {address.name for address in walk.addresses()}
