"""Reads of referral documents, and who the patient of one may already be."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from dayward.care.referrals.models import ReferralDocument, State
from dayward.care.referrals.packet import Identifier, Packet, whole_date
from dayward.foundation.access.powers import EVERYBODY
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import Candidate, possible_duplicates
from dayward.kernel.gathering import Reading
from dayward.kernel.prepared import Among, Prepared, Slot

# Numbers an IOP has no business keeping: they stay in the original and nowhere else.
_NOT_KEPT_SYSTEMS = ("us-ssn", "2.16.840.1.113883.4.1", "2.16.840.1.113883.4.3", "passport")
_NOT_KEPT_WORDS = ("social security", "ssn", "driver", "passport")


def listed(sites: Iterable[Site], state: str) -> QuerySet[ReferralDocument]:
    """Referrals of these sites in one state, newest first, without their packets."""
    return (
        ReferralDocument.objects.filter(site__in=list(sites), state=state)
        .select_related("document", "site", "person")
        .defer("packet")
    )


def counts(sites: Iterable[Site], within: Q = EVERYBODY) -> dict[str, int]:
    """How many referrals of these sites are in each state; `within`: of those the reader may see."""
    rows = (
        ReferralDocument.objects.filter(within, site__in=list(sites))
        .order_by()
        .values("state")
        .annotate(n=Count("id"))
    )
    found = {row["state"]: row["n"] for row in rows}
    return {state: found.get(state, 0) for state in State.values}


def accepted_of(person: Person) -> QuerySet[ReferralDocument]:
    """The referrals this person came with, newest first."""
    return _accepted(Q(person_id__in=person.all_ids))


def _accepted(persons: Q | Among) -> QuerySet[ReferralDocument]:
    return ReferralDocument.objects.filter(persons, state=State.ACCEPTED).select_related("document")


_NEWEST = Prepared(lambda: _accepted(Among("person", Slot("people"))).defer("packet")[:5])


def read_newest(person: Person) -> Reading[list[ReferralDocument]]:
    """The last five, without what was read in them."""
    return _NEWEST.reading(people=person.all_ids)


def kept_identifiers(packet: Packet) -> list[Identifier]:
    """Numbers worth keeping: record numbers and member numbers, not social security or licenses."""
    return [identifier for identifier in packet.patient.identifiers if not is_private(identifier)]


def is_private(identifier: Identifier) -> bool:
    system, kind = identifier.system.lower(), identifier.kind.lower()
    return any(mark in system for mark in _NOT_KEPT_SYSTEMS) or any(word in kind for word in _NOT_KEPT_WORDS)


def candidates(packet: Packet, sites: Iterable[Site], within: Q = EVERYBODY) -> list[Candidate]:
    """Who the patient may already be among the people of these sites, most alike first."""
    patient = packet.patient
    return possible_duplicates(
        given=" ".join(patient.name.given) if patient.name else "",
        family=patient.name.family if patient.name else "",
        birth_date=whole_date(patient.birth_date),
        identifiers=[(identifier.system, identifier.value) for identifier in kept_identifiers(packet)],
        phones=[telecom.value for telecom in patient.telecoms if telecom.kind == "phone"],
        sites=[site.pk for site in sites],
        within=within,
    )
