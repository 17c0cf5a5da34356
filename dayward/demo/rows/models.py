"""Rows of the demo as unsaved model objects, for the packages' own renderers."""

from __future__ import annotations

from functools import cache

from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.rules.library import read_kind
from dayward.care.catalog.services import LIBRARY
from dayward.demo import clinic
from dayward.demo.facts import Case
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.people.models import Person, StaffMember


@cache
def site_of(key: str) -> Site:
    plan = clinic.site(key)
    organization = Organization(name=clinic.ORGANIZATION, neutral_name=clinic.NEUTRAL_NAME)
    return Site(
        organization=organization, name=plan.name, time_zone=plan.zone, state=plan.state, phone=plan.phone
    )


def person_of(case: Case) -> Person:
    one = case.person
    return Person(
        legal_given=one.given, legal_family=one.family, chosen_name=one.chosen, birth_date=one.birth_date,
        language=one.language, site=site_of(one.site),
    )  # fmt: skip


@cache
def service_of(key: str) -> ServiceKind:
    """A kind of service from the library, as the clinic has it."""
    kind = read_kind((LIBRARY / f"{key}.toml").read_text(encoding="utf-8"), stem=key)
    return ServiceKind(
        key=kind.key, name=kind.name, form=kind.form, counting=kind.counting, usual_minutes=kind.usual_minutes
    )


@cache
def staff_of(key: str) -> StaffMember:
    """A member of staff; the public id here is their key, for the rows that point to them."""
    plan = clinic.staff(key)
    return StaffMember(public_id=key, given=plan.given, family=plan.family, title=plan.title)
