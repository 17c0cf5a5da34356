"""Real values for the parts of addresses, so that the walk sees real pages.

Each function takes the person and the member of staff who acts in it and gives `part -> value`; a part that
means different things in two packages is given as `app:part`. A part nobody gives is an id that does not exist.
Add your package's here.
"""

from __future__ import annotations

from collections.abc import Callable

from dayward.foundation.access import services as access
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember

Sample = Callable[[Person, StaffMember], dict[str, str]]


def of_people(person: Person, staff: StaffMember) -> dict[str, str]:
    point = people.add_contact_point(actor=SETUP, person=person, kind="mobile", value="512 555 0147")
    mother = make_person(legal_given="Rosa", legal_family="Otherperson")
    link = people.add_relationship(actor=SETUP, person=person, relative=mother, kind="parent")
    twin = make_person(legal_given="Twin", legal_family="Otherperson", birth_date=person.birth_date)
    return {"point": point.public_id, "relationship": link.public_id, "other": twin.public_id}


def of_access(person: Person, staff: StaffMember) -> dict[str, str]:
    function = CareTeamMember.Function.NURSE
    member = access.add_to_care_team(actor=SETUP, person=person, staff=staff, function=function)
    assignment = staff.roles.first()
    return {
        "member": member.public_id,
        "staff": staff.public_id,
        "assignment": assignment.public_id if assignment else "",
    }


SAMPLES: tuple[Sample, ...] = (of_people, of_access)
