"""Valid rows for tests and for looking at pages; synthetic people only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people import services
from dayward.foundation.people.models import Credential, Person, StaffMember, User

SETUP = system_actor("setup")
STARTED = date(2024, 1, 8)
_numbers = count(1)


def make_person(*, site: Site | None = None, actor: Actor = SETUP, **demographics: Any) -> Person:
    """Somebody with a made-up name; anything may be given."""
    number = next(_numbers)
    fields = {
        "legal_given": f"Sample{number}",
        "legal_family": "Testperson",
        "birth_date": date(1990, 1, 1 + number % 28),
        **demographics,
    }
    return services.register_person(actor=actor, site=site or make_site(), **fields)


def make_user(email: str = "", password: str | None = None) -> User:
    """An account; without a password it can only be forced in."""
    return User.objects.create_user(email=email or f"staff{next(_numbers)}@clinic.example", password=password)


def make_staff(
    *, site: Site | None = None, user: User | None = None, credential: str = "", **fields: Any
) -> StaffMember:
    """A member of staff with a sign-in; roles are given by `access.factories.make_staff_with`."""
    number = next(_numbers)
    values = {"given": f"Worker{number}", "family": "Teststaff", "started_on": STARTED, **fields}
    staff = StaffMember.objects.create(user=user or make_user(), **values)
    staff.sites.add(site or make_site())
    if credential:
        Credential.objects.create(staff=staff, kind=credential, expires_on=date(2099, 12, 31))
    return staff


NOON = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)  # a Wednesday noon in Chicago
