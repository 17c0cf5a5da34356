"""Preparing forms: nothing is allowed by an offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent import queries, texts, words
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.consent.rules.elements import Terms, missing
from dayward.foundation.consent.rules.kinds import TPO_PURPOSES, ExpiryEvent, Information, Kind, Purpose
from dayward.foundation.consent.wording import TPO_RECIPIENTS, program_name
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone

PACKET = (Kind.TREATMENT, Kind.TPO, Kind.TELEHEALTH)
SINGLE = frozenset({Kind.TREATMENT, Kind.TELEHEALTH, Kind.TPO, Kind.ALUMNI})
ALUMNI_LASTS = timedelta(days=2 * 365)
RELEASE_LASTS = timedelta(days=365)
EDITABLE = (
    "information",
    "recipient",
    "recipient_person",
    "purposes",
    "expires_on",
    "expiry_event",
    "irrevocable_until",
    "irrevocable_event",
)


@transaction.atomic
def offer(*, actor: Actor, person: Person, kind: str, at: datetime | None = None, **terms: Any) -> Consent:
    """Prepare a form for signing; of treatment, telehealth, TPO and alumni one at a time."""
    now = at or timezone.now()
    waiting = _waiting(person, kind)
    if waiting is not None and kind in SINGLE:
        return waiting
    if kind in SINGLE and not _is_wanting(person, kind, now):
        raise Refused(_("This consent is in force already."))
    consent = _prepared(actor, person, Kind(kind), now, terms)
    _refuse_incomplete(consent)
    try:
        with transaction.atomic():
            consent.save()
    except IntegrityError:  # somebody else offered it a moment ago
        return Consent.objects.get(
            person=person, kind=kind, signature=None, declined_at=None, withdrawn_at=None
        )
    record(actor=actor, action="consent.offer", person=person, subject=consent, consent_kind=consent.kind)
    return consent


def _is_wanting(person: Person, kind: str, now: datetime) -> bool:
    """Whether it is not in force, or newer words are to be signed beside those it was signed with."""
    lasting = alone(queries.read_lasting(person, kind, now))
    return lasting is None or texts.is_asked_anew(kind, lasting.text_version, today_at(person, now))


def _waiting(person: Person, kind: str) -> Consent | None:
    rows = queries.consents_of(person).filter(kind=kind, signature=None, declined_at=None, withdrawn_at=None)
    return rows.first()


def _prepared(actor: Actor, person: Person, kind: Kind, now: datetime, terms: dict[str, Any]) -> Consent:
    unknown = set(terms) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not terms of a consent: {sorted(unknown)}")
    day = today_at(person, now)
    chosen = defaults(kind, day) | {
        name: value for name, value in terms.items() if value not in (None, "", [])
    }
    if terms.get("expires_on"):
        chosen["expiry_event"] = ""
    elif terms.get("expiry_event"):
        chosen["expires_on"] = None
    return Consent(
        person=person,
        kind=kind,
        discloser=program_name(person),
        signers=queries.who_signs(person, kind, day).signers,
        text_version=texts.current(kind, day).version,
        offered_at=now,
        offered_by=actor.id,
        **chosen,
    )


def defaults(kind: Kind, day: date) -> dict[str, Any]:
    """What the form says unless somebody chooses otherwise."""
    treatment = {"expiry_event": str(ExpiryEvent.END_OF_TREATMENT)}
    named = {"expires_on": day + RELEASE_LASTS}
    every: dict[Kind, dict[str, Any]] = {
        Kind.TREATMENT: treatment,
        Kind.TELEHEALTH: treatment,
        Kind.TPO: {
            "information": [str(Information.RECORD)],
            "recipient": TPO_RECIPIENTS,
            "purposes": sorted(str(each) for each in TPO_PURPOSES),
            "expiry_event": str(ExpiryEvent.NONE),
        },
        Kind.RELEASE: named,
        Kind.PROCEEDINGS: named | {"purposes": [str(Purpose.PROCEEDINGS)]},
        Kind.CRIMINAL_JUSTICE: {
            "purposes": [str(Purpose.MONITORING)],
            "expiry_event": str(ExpiryEvent.FINAL_DISPOSITION),
        },
        Kind.COUNSELING_NOTES: named | {"information": [str(Information.COUNSELING_NOTES)]},
        Kind.ALUMNI: {
            "information": [str(Information.CONTACT)],
            "purposes": [str(Purpose.AFTERCARE)],
            "expires_on": day + ALUMNI_LASTS,
        },
    }
    return every[kind]


def terms_of(consent: Consent) -> Terms:
    return Terms(
        kind=Kind(consent.kind),
        patient=consent.person.legal_name,
        discloser=consent.discloser,
        information=frozenset(Information(each) for each in consent.information),
        recipient=consent.recipient,
        purposes=frozenset(Purpose(each) for each in consent.purposes),
        expires_on=consent.expires_on,
        expiry_event=ExpiryEvent(consent.expiry_event) if consent.expiry_event else None,
        irrevocable_until=consent.irrevocable_until,
        irrevocable_event=ExpiryEvent(consent.irrevocable_event) if consent.irrevocable_event else None,
        statements=texts.version(consent.kind, consent.text_version).statements,
    )


def _refuse_incomplete(consent: Consent) -> None:
    """2.31: a form that lacks an element is not handed out."""
    lacking = missing(terms_of(consent))
    if lacking:
        names = [str(words.ELEMENTS[element]) for element in lacking]
        raise Refused(_("The form still needs: %(list)s.") % {"list": "; ".join(names)}, reasons=names)


@transaction.atomic
def change_offer(*, actor: Actor, consent: Consent, **terms: Any) -> Consent:
    """Change the terms of a form that nobody has signed yet."""
    locked = Consent.objects.select_for_update(of=("self",)).select_related("person__site").get(pk=consent.pk)
    if locked.signature_id or locked.declined_at or locked.withdrawn_at:
        raise Refused(_("This form is not waiting any more; prepare a new one."))
    changed = [name for name in EDITABLE if name in terms and getattr(locked, name) != terms[name]]
    for name in changed:
        setattr(locked, name, terms[name])
    _refuse_incomplete(locked)
    locked.save()
    record(actor=actor, action="consent.change_offer", person=locked.person, subject=locked, fields=changed)
    return locked


@transaction.atomic
def give_notice(
    *, actor: Actor, person: Person, kind: str = NoticeGiven.PATIENT_NOTICE, at: datetime | None = None
) -> NoticeGiven:
    """Hand the notice of 42 CFR 2.22 to the person; it waits for the signature of receipt. Twice is once."""
    now = at or timezone.now()
    waiting = queries.notices_of(person).filter(kind=kind, signature=None).first()
    if waiting is not None:
        return waiting
    notice = NoticeGiven.objects.create(
        person=person,
        kind=kind,
        text_version=texts.current(kind, today_at(person, now)).version,
        given_at=now,
        given_by=actor.id,
    )
    record(
        actor=actor, action="consent.give_notice", person=person, subject=notice, version=notice.text_version
    )
    return notice


def is_notice_wanting(person: Person, now: datetime) -> bool:
    """Whether no receipt was signed, or the notice says something new that all are to be given."""
    signed = queries.notices_of(person).filter(signature__isnull=False).order_by("-id").first()
    if signed is None:
        return True
    return texts.is_asked_anew(signed.kind, signed.text_version, today_at(person, now))


@transaction.atomic
def offer_packet(
    *, actor: Actor, person: Person, kinds: Iterable[str] = PACKET, at: datetime | None = None
) -> list[Consent | NoticeGiven]:
    """The admission packet: the notice, and those of `kinds` that are not in force yet."""
    now = at or timezone.now()
    items: list[Consent | NoticeGiven] = []
    if is_notice_wanting(person, now):
        items.append(give_notice(actor=actor, person=person, at=now))
    wanting = [kind for kind in kinds if _is_wanting(person, kind, now)]
    items += [offer(actor=actor, person=person, kind=kind, at=now) for kind in wanting]
    record(actor=actor, action="consent.offer_packet", person=person, forms=len(items))
    return items
