"""Staff with roles, and charts open to them."""

from __future__ import annotations

from typing import Any

from dayward.foundation.access import services
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.people.factories import SETUP, STARTED, make_staff
from dayward.foundation.people.models import Person, StaffMember


def make_staff_with(*roles: str, **fields: Any) -> StaffMember:
    """A member of staff who holds these roles everywhere."""
    staff = make_staff(**fields)
    for role in roles:
        services.grant_role(actor=SETUP, staff=staff, role=role, starts_on=STARTED)
    return staff


def make_treating(person: Person, *roles: str, function: str = "therapist", **fields: Any) -> StaffMember:
    """A member of staff with these roles (therapist if none) on the person's care team."""
    staff = make_staff_with(*(roles or ("therapist",)), **fields)
    services.add_to_care_team(
        actor=SETUP, person=person, staff=staff, function=CareTeamMember.Function(function)
    )
    return staff
