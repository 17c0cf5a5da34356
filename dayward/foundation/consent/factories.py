"""Valid rows for tests and for looking at pages, made through the services; synthetic people only."""

from __future__ import annotations

from typing import Any

from dayward.foundation.audit.actors import Actor, person_actor
from dayward.foundation.consent import services
from dayward.foundation.consent.models import Consent
from dayward.foundation.people.factories import SETUP
from dayward.foundation.people.models import Person, User


def actor_of(person: Person) -> Actor:
    """The person in their own page."""
    user, _made = User.objects.get_or_create(person=person)
    return person_actor(user)


def make_offer(person: Person, kind: str = "treatment", *, actor: Actor = SETUP, **terms: Any) -> Consent:
    return services.offer(actor=actor, person=person, kind=kind, **terms)


def make_release(person: Person, recipient: str = "Jordan Example", **terms: Any) -> Consent:
    """A release to one person, offered."""
    values = {"information": ["attendance"], "purposes": ["support"], "recipient": recipient, **terms}
    return make_offer(person, "release", **values)


def make_signed(consent: Consent, *, by: Person | None = None, **more: Any) -> Consent:
    """Signed by the person it is about, or by `by`."""
    signer = by or consent.person
    values = {"printed_name": signer.legal_name, "method": "link", **more}
    return services.sign(actor=actor_of(signer), consent=consent, **values)


def make_packet_signed(person: Person) -> None:
    """The whole admission packet, read and signed."""
    for row in services.offer_packet(actor=SETUP, person=person):
        if isinstance(row, Consent):
            make_signed(row)
        else:
            name = person.legal_name
            services.sign_notice(actor=actor_of(person), notice=row, printed_name=name, method="link")
