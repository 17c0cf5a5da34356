"""Rows of the demo as unsaved model objects, for the packages' own renderers."""

from __future__ import annotations

from functools import cache

from dayward.demo import clinic
from dayward.demo.facts import Case
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.people.models import Person


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
