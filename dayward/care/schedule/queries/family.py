"""Who of a person's family may be there in a session: those whom an active consent names (requirements 3.2 (7))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.consent import words
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.queries import given, guardian_sees
from dayward.foundation.consent.rules.allowing import Ask, allows
from dayward.foundation.consent.rules.kinds import Information, Kind, Purpose
from dayward.foundation.people.models import Person, Relationship
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, all_of, alone, both

# Whoever sits in a session hears how the person is doing.
IN_A_SESSION = frozenset({Information.PROGRESS})


@dataclass(frozen=True)
class Relative:
    """Somebody of the person's, with whether they may be there; `sentence` says by what, or why not."""

    key: str
    name: str
    kind: str  # mother, partner …; empty for somebody only a consent names
    relationship: Relationship | None
    consent: Consent | None  # that allows it; a guardian may be there by the state's rule alone
    allowed: bool
    sentence: str


def family_of(people: Collection[Person]) -> dict[int, list[Relative]]:
    """For each person everybody of theirs, with whether they may be there today; one query for any number."""
    return alone(read_family(people))


def read_family(people: Collection[Person]) -> Reading[dict[int, list[Relative]]]:
    keys = [person.pk for person in people]
    ties = Relationship.objects.filter(person__in=keys, ended_on__isnull=True).order_by("kind", "pk")
    signed = Consent.objects.filter(person__in=keys, signature__isnull=False)
    tied, given_out = yield from both(
        all_of(ties.select_related("relative")),
        all_of(signed.select_related("signature", "second_signature", "recipient_person", "person__site")),
    )
    relations: dict[int, list[Relationship]] = defaultdict(list)
    for row in tied:
        relations[row.person_id].append(row)
    consents: dict[int, list[Consent]] = defaultdict(list)
    for consent in given_out:
        consents[consent.person_id].append(consent)
    return {person.pk: _relatives(person, relations[person.pk], consents[person.pk]) for person in people}


def _relatives(person: Person, rows: list[Relationship], consents: list[Consent]) -> list[Relative]:
    known = [_relative(person, row, consents) for row in rows]
    named = {row.relative.legal_name.casefold() for row in rows}
    for consent in consents:
        free = consent.kind == Kind.RELEASE and consent.recipient_person_id is None
        if free and Purpose.SUPPORT in consent.purposes and consent.recipient.casefold() not in named:
            known.append(_named(person, consent, consents))
    return known


def _relative(person: Person, row: Relationship, consents: list[Consent]) -> Relative:
    ask = Ask(IN_A_SESSION, Purpose.SUPPORT, row.relative.legal_name, row.relative.public_id)
    consent, sentence = _decide(person, ask, consents)
    kind, allowed = str(row.get_kind_display()), consent is not None
    if not allowed and row.is_guardian and guardian_sees(person, row.relative, Information.PROGRESS):
        allowed, sentence = True, str(_("Guardian: the rules of the state allow it."))
    return Relative(row.public_id, row.relative.called, kind, row, consent, allowed, sentence)


def _named(person: Person, named: Consent, consents: list[Consent]) -> Relative:
    ask = Ask(IN_A_SESSION, Purpose.SUPPORT, named.recipient)
    consent, sentence = _decide(person, ask, consents)
    return Relative(named.public_id, named.recipient, "", None, consent, consent is not None, sentence)


def _decide(person: Person, ask: Ask, consents: list[Consent]) -> tuple[Consent | None, str]:
    by_id = {each.public_id: each for each in consents}
    found = allows([given(each) for each in consents], ask, timezone.now(), today_at(person))
    nearest = by_id.get(found.consent)
    sentence = words.REASONS[found.reason] % {"consent": nearest.get_kind_display() if nearest else ""}
    return (nearest if found.allowed else None), str(sentence)
