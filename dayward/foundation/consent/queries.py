from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from dayward.foundation.consent import texts, words
from dayward.foundation.consent.models import Consent, Disclosure, NoticeGiven
from dayward.foundation.consent.rules import allowing, minors, standing
from dayward.foundation.consent.rules.allowing import Ask, Decision
from dayward.foundation.consent.rules.kinds import Information, Kind, Purpose
from dayward.foundation.consent.rules.minors import Care, Minor, WhoSigns
from dayward.foundation.consent.rules.standing import Given, Standing
from dayward.foundation.organization.models import Setting, Site
from dayward.foundation.organization.queries import day_at
from dayward.foundation.people.models import Person, Relationship
from dayward.foundation.people.queries import today_at
from dayward.foundation.people.rules import age_on
from dayward.kernel.evidence import asked_about
from dayward.kernel.gathering import Reading, all_of, alone, both, first_of
from dayward.kernel.registry import Registry

CARE_SETTING = "consent.care"  # list of Care values; not set: unknown, so treated as inside 42 CFR Part 2

# Whose chart a case or episode is: packages above register one each, so that evidence can be asked for their rows.
subjects: Registry[Callable[[int], int]] = Registry("consent subjects")


# -- consents ------------------------------------------------------------------------------------------------------


def consents_of(person: Person) -> QuerySet[Consent]:
    """Every consent of the person and of the rows said to be the same person, in the order offered."""
    return Consent.objects.filter(person_id__in=person.all_ids).select_related(
        "signature", "second_signature", "recipient_person", "person__site__organization"
    )


def given(consent: Consent) -> Given:
    """The row as the rules see it."""
    first = consent.signature.signed_at if consent.signature else None
    second = consent.second_signature.signed_at if consent.second_signature else None
    return Given(
        id=consent.public_id,
        kind=Kind(consent.kind),
        information=frozenset(Information(each) for each in consent.information),
        recipient=consent.recipient,
        recipient_person=consent.recipient_person.public_id if consent.recipient_person else "",
        purposes=frozenset(Purpose(each) for each in consent.purposes),
        signed_at=first,
        complete_at=standing.complete_at(first, second, both=consent.signers == Consent.Signers.BOTH),
        declined_at=consent.declined_at,
        withdrawn_at=consent.withdrawn_at,
        revoked_at=consent.revoked_at,
        expires_on=consent.expires_on,
        event_on=consent.event_on,
        irrevocable_until=consent.irrevocable_until,
        irrevocable_event=bool(consent.irrevocable_event),
    )


def standing_of(consent: Consent, at: datetime | None = None) -> Standing:
    now = at or timezone.now()
    return standing.standing(given(consent), now, today_at(consent.person, now))


def active(person: Person, kind: str, on: datetime | None = None) -> Consent | None:
    """The consent of this kind in force at an instant (now), the newest if there are several."""
    return alone(read_active(person, kind, on))


def read_active(person: Person, kind: str, on: datetime | None = None) -> Reading[Consent | None]:
    """Reads the signed ones of all kinds: who asks for several asks once."""
    found = yield from _read_in_force(person, kind, on)
    return next(iter(found), None)


def read_lasting(person: Person, kind: str, on: datetime | None = None) -> Reading[Consent | None]:
    """As `read_active`, of those for which today is not the last day.

    Who is discharged in the morning and admitted again in the afternoon is asked anew.
    """
    found, today = (yield from _read_in_force(person, kind, on)), today_at(person, on)
    return next((each for each in found if not standing.ends_with(given(each), today)), None)


def _read_in_force(person: Person, kind: str, on: datetime | None) -> Reading[list[Consent]]:
    signed = yield from all_of(consents_of(person).filter(signature__isnull=False).order_by("-id"))
    return [each for each in signed if each.kind == kind and standing_of(each, on) is Standing.ACTIVE]


def in_force(person: Person, on: datetime | None = None) -> list[Consent]:
    signed = consents_of(person).filter(signature__isnull=False)
    return [each for each in signed if standing_of(each, on) is Standing.ACTIVE]


def read_holders(kind: Kind, people: Collection[int], on: datetime | None = None) -> Reading[set[int]]:
    """Of many people (keys) those of whom a consent of this kind is in force; nothing of it is read but its times."""
    now = on or timezone.now()
    rows = Consent.objects.filter(kind=kind, signature__isnull=False).values_list(*TIMES, named=True)
    (own, others), sites = yield from both(
        both(all_of(rows.filter(person__in=people)), all_of(rows.filter(person__same_as__in=people))),
        all_of(Site.objects.all()),
    )
    today = {site.pk: day_at(site, now) for site in sites} | {None: day_at(None, now)}
    stand = [
        row for row in own + others if standing.active_on(_timed(kind, row), now, today[row.person__site])
    ]
    return {key for row in stand for key in (row.person, row.person__same_as) if key}


TIMES = (
    "person", "person__same_as", "person__site", "signers", "signature__signed_at",
    "second_signature__signed_at", "revoked_at", "expires_on", "event_on",
)  # fmt: skip


def _timed(kind: Kind, row: Any) -> Given:
    both_sign = row.signers == Consent.Signers.BOTH
    return Given(
        id="",
        kind=kind,
        complete_at=standing.complete_at(
            row.signature__signed_at, row.second_signature__signed_at, both=both_sign
        ),
        revoked_at=row.revoked_at,
        expires_on=row.expires_on,
        event_on=row.event_on,
    )


@dataclass(frozen=True)
class Answer:
    """A decision with its sentence and, if there is one, the consent it rests on."""

    allowed: bool
    sentence: str
    reason: allowing.Reason
    consent: Consent | None


def may_share(person: Person, ask: Ask, at: datetime | None = None) -> Answer:
    """Whether the person's consents allow it. Asked anew each time: what is taken back stops at once."""
    return _answer(person, list(consents_of(person)), ask, at or timezone.now())


def _answer(person: Person, consents: Iterable[Consent], ask: Ask, now: datetime) -> Answer:
    rows = {each.public_id: each for each in consents}
    decision: Decision = allowing.allows(
        [given(each) for each in rows.values()], ask, now, today_at(person, now)
    )
    consent = rows.get(decision.consent)
    sentence = words.REASONS[decision.reason] % {"consent": consent.get_kind_display() if consent else ""}
    return Answer(decision.allowed, str(sentence), decision.reason, consent)


# -- people under age ----------------------------------------------------------------------------------------------


def read_cares(person: Person, day: date) -> Reading[frozenset[Care]]:
    """What kind of care the person's site gives: a setting with effective dates, else unknown."""
    settings = Setting.objects.standing().filter(
        Q(site=person.site) | Q(site__isnull=True), Q(effective_to__isnull=True) | Q(effective_to__gt=day),
        key=CARE_SETTING, effective_from__lte=day,
    )  # fmt: skip
    rows = yield from all_of(settings)
    chosen = max(rows, key=lambda row: (row.site_id is not None, row.effective_from), default=None)
    known = frozenset(Care(each) for each in chosen.value) if chosen else frozenset[Care]()
    return known or minors.UNKNOWN_CARE


def read_minor_facts(person: Person, day: date) -> Reading[Minor]:
    age = age_on(person.birth_date, day) if person.birth_date else None
    if age is not None and age >= minors.ADULT:
        return Minor(age, "")
    cares = yield from read_cares(person, day)
    return Minor(age, person.site.state if person.site else "", cares)


def is_adult(person: Person) -> bool:
    """Whether the person is known to be of age today."""
    if person.birth_date is None:
        return False
    return age_on(person.birth_date, today_at(person)) >= minors.ADULT


def who_signs(person: Person, kind: str, day: date | None = None) -> WhoSigns:
    return alone(read_who_signs(person, kind, day))


def read_who_signs(person: Person, kind: str, day: date | None = None) -> Reading[WhoSigns]:
    on = day or today_at(person)
    facts = yield from read_minor_facts(person, on)
    return minors.who_signs(facts, Kind(kind), texts.minor_rules(), on)


def guardians_of(person: Person) -> list[Person]:
    rows = _guardian_rows().filter(person_id__in=person.all_ids).select_related("relative__user")
    return [row.relative for row in rows]


def wards_of(guardian: Person) -> list[Person]:
    """The people whose guardian this is, whether or not they are of age by now."""
    return alone(read_wards(guardian))


def read_wards(guardian: Person) -> Reading[list[Person]]:
    named = _guardian_rows().filter(relative_id__in=guardian.all_ids).select_related("person__site")
    rows = yield from all_of(named.annotate(read_for_others=Person.objects.others_read_as("person")))
    return [Person.objects.read_as(row.person, for_others=row.read_for_others) for row in rows]


def _guardian_rows() -> QuerySet[Relationship]:
    return Relationship.objects.filter(is_guardian=True, ended_on__isnull=True).order_by("id")


def guardian_sees(person: Person, guardian: Person, information: Information) -> bool:
    """Whether this guardian may see this of the person's: by the person's own consent, or by state settings.

    A consent counts that points to the guardian's row; somebody else may bear the name that it says.
    """
    return alone(read_guardian_sees(person, guardian, information))


def read_guardian_sees(person: Person, guardian: Person, information: Information) -> Reading[bool]:
    ties = _guardian_rows().filter(person_id__in=person.all_ids, relative_id__in=guardian.all_ids)
    ids = Person.objects.filter(pk__in=guardian.all_ids).values_list("public_id", flat=True)
    now, day = timezone.now(), today_at(person)
    (tie, known_as), (consents, facts) = yield from both(
        both(first_of(ties), all_of(ids)), both(all_of(consents_of(person)), read_minor_facts(person, day))
    )
    if tie is None:
        return False
    asks = (Ask(frozenset({information}), Purpose.SUPPORT, recipient_person=each) for each in known_as)
    named = any(_answer(person, consents, ask, now).allowed for ask in asks)
    return minors.guardian_sees(facts, texts.minor_rules(), day, named_by_person=named)


# -- the packet ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A form of the packet: a consent, or the notice whose receipt is signed."""

    row: Consent | NoticeGiven
    kind: str
    signed: bool
    declined: bool

    @property
    def is_consent(self) -> bool:
        return isinstance(self.row, Consent)

    @property
    def is_done(self) -> bool:
        return self.signed or self.declined


def packet_for(person: Person, reader: Person) -> list[Item]:
    """The forms that `reader` (the person, or a guardian of theirs) has been given, done ones included."""
    return alone(read_packet(person, reader))


def read_packet(person: Person, reader: Person) -> Reading[list[Item]]:
    own, of_age = reader.pk in person.all_ids, is_adult(person)
    if not own and of_age:
        return []  # a guardian keeps nothing of somebody who has come of age
    given_out = notices_of(person) if own else NoticeGiven.objects.none()
    standing = consents_of(person).filter(withdrawn_at__isnull=True, revoked_at__isnull=True)
    notices, rows = yield from both(all_of(given_out), all_of(standing))
    consents = [_consent_item(row, own=own) for row in rows if _is_for(row, own=own, of_age=of_age)]
    return [_notice_item(row) for row in notices] + consents


def notices_of(person: Person) -> QuerySet[NoticeGiven]:
    return NoticeGiven.objects.filter(person_id__in=person.all_ids).select_related(
        "signature", "person__site__organization"
    )


def _notice_item(row: NoticeGiven) -> Item:
    return Item(row, row.kind, signed=row.signature_id is not None, declined=False)


def _is_for(row: Consent, *, own: bool, of_age: bool) -> bool:
    """A guardian is given what a guardian has to sign, and nothing else.

    What a guardian signed for somebody who is of age by now is theirs to read and to take back.
    """
    if own and of_age and row.signature_id:
        return True
    return row.signers != Consent.Signers.GUARDIAN if own else row.signers != Consent.Signers.PATIENT


def _consent_item(row: Consent, *, own: bool) -> Item:
    mine = {"patient"} if own else {"guardian"}
    if own and row.signers == Consent.Signers.GUARDIAN:
        mine = {"guardian"}  # only shown once they are of age, and signed
    signed = any(each is not None and each.meaning in mine for each in (row.signature, row.second_signature))
    return Item(row, row.kind, signed=signed, declined=row.declined_at is not None)


# -- disclosures ---------------------------------------------------------------------------------------------------


def accounting(person: Person, since: datetime, until: datetime) -> QuerySet[Disclosure]:
    """What was disclosed in that time, newest first (42 CFR 2.25: three years on request)."""
    rows = Disclosure.objects.filter(person_id__in=person.all_ids, made_at__gte=since, made_at__lte=until)
    return rows.select_related("consent__document")


def subject_person(kind: str, key: int) -> Person | None:
    """The person whom a case, an episode … is about."""
    if kind == "person":
        return Person.objects.filter(pk=key).first()
    asked = asked_about(kind, key)
    if asked is not None and hasattr(asked, "person"):
        person: Person = asked.person
        return person
    look_up = subjects.get(kind)
    return Person.objects.select_related("site").filter(pk=look_up(key)).first() if look_up else None


# -- words ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignedOlder:
    """Somebody whose consent, or receipt of the notice, holds and was signed with older words than those of today."""

    person: Person
    version: str


def signed_older(kind: str, version: str, today: date) -> list[SignedOlder]:
    """Of those who signed this form and are still bound by it: whose last signature was under another version."""
    rows = _under_older(kind, version, today).select_related("person")
    older = [SignedOlder(row.person, row.text_version) for row in rows]
    return sorted(older, key=lambda each: each.person.called.casefold())


def count_signed_older(kind: str, version: str, today: date) -> int:
    """How many these are."""
    return _under_older(kind, version, today).count()


def _under_older(kind: str, version: str, today: date) -> QuerySet[NoticeGiven] | QuerySet[Consent]:
    if kind == NoticeGiven.PATIENT_NOTICE:
        given = NoticeGiven.objects.filter(kind=kind, signature__isnull=False)
        last = given.order_by("person", "-id").distinct("person")
        return NoticeGiven.objects.filter(pk__in=last.values("pk")).exclude(text_version=version)
    holding = Consent.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=today),
        kind=kind, signature__isnull=False, revoked_at=None, event_on=None,
    )  # fmt: skip
    newest = holding.order_by("person", "-id").distinct("person")
    return Consent.objects.filter(pk__in=newest.values("pk")).exclude(text_version=version)
