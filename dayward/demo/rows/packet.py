"""The admission packet: consents and the notice, read and signed on the clinic's tablet; what was gone through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dayward.care.journey.models import AdmissionItem
from dayward.demo import clinic, sentences
from dayward.demo.dice import Dice
from dayward.demo.facts import Case, Course
from dayward.demo.ledger import Ledger
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.models import person_of
from dayward.demo.rows.signing import keep_form, own_user, person_signs
from dayward.foundation.consent import texts
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.consent.rules import minors
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.consent.services.offering import defaults
from dayward.foundation.consent.wording import program_name, text_of
from dayward.foundation.people.models import Person
from dayward.foundation.people.rules import age_on

OFFERED, READ = timedelta(minutes=65), timedelta(minutes=55)  # before the admission
EACH = timedelta(minutes=3)
PAPERS = ("rights", "fees", "handbook", "group_confidentiality", "first_goals")
SHARED = {"information": ["attendance", "progress"], "purposes": ["support"]}


@dataclass(frozen=True)
class Form:
    """A form of the packet, with the terms that differ from its defaults."""

    kind: Kind
    terms: dict[str, Any]
    revoked_after: int = 0  # days; 0: it stands
    offered: datetime | None = None  # later than the packet
    name: str = ""  # of a form of which there is another of its kind


def add_packet(ledger: Ledger, dice: Dice, course: Course, now: datetime, ended: date | None) -> None:
    """Everything that was signed and gone through for an admission."""
    case, zone = course.case, ZoneInfo(clinic.site(course.case.person.site).zone)
    person, day = person_of(case), course.admitted_at.astimezone(zone).date()
    at = course.admitted_at - READ
    _notice(ledger, case, person, course, day, at)
    for form in _forms(ledger, dice, case):
        at += EACH
        _consent(ledger, case, person, course, form, day, at, now, ended)
    for number, kind in enumerate(PAPERS):
        note = dice.pick(sentences.GOALS) if kind == "first_goals" else ""
        ledger.add(AdmissionItem, f"{case.key}-{kind}", case=case.key, kind=kind, note=note,
                   done_at=at + EACH + timedelta(minutes=number), done_by=user_id(course.admitted_by))  # fmt: skip


def _forms(ledger: Ledger, dice: Dice, case: Case) -> Iterator[Form]:
    yield Form(Kind.TREATMENT, {})
    yield Form(Kind.TPO, {})
    if case.telehealth:
        yield Form(Kind.TELEHEALTH, {})
    if dice.chance(0.5):
        relative = ledger.rows(Person)[f"{case.key}-relative"]
        name = f"{relative['legal_given']} {relative['legal_family']}"
        named = SHARED | {"recipient": name, "recipient_person": f"{case.key}-relative"}
        yield Form(Kind.RELEASE, named, revoked_after=dice.whole(6, 20) if dice.chance(0.08) else 0)


def signers(case: Case, kind: Kind, day: date) -> tuple[str, ...]:
    """Who has to sign, in the order of signing: the state's rules for minors decide."""
    state, born = clinic.site(case.person.site).state, case.person.birth_date
    wanted = minors.who_signs(minors.Minor(age_on(born, day), state), kind, texts.minor_rules(), day).signers
    return ("patient", "guardian") if wanted == "both" else (str(wanted),)


def _consent(
    ledger: Ledger, case: Case, person: Person, course: Course, form: Form, day: date, at: datetime,
    now: datetime, ended: date | None,
) -> str:  # fmt: skip
    key, who = "-".join(filter(None, (case.key, form.kind, form.name))), signers(case, form.kind, day)
    terms = defaults(form.kind, day) | form.terms
    plain = {name: value for name, value in terms.items() if name != "recipient_person"}
    version, language = texts.current(form.kind, day, own=()).version, _language(case)
    row = Consent(
        person=person, kind=form.kind, discloser=program_name(person), text_version=version, **plain
    )
    text = text_of(row, language)
    signed = [_sign(ledger, Consent, key, case, text, role, at) for role in who]
    first = _signer(case, who[0])
    return ledger.add(
        Consent, key, person=case.key, kind=str(form.kind), discloser=row.discloser, **terms,
        signers="both" if len(who) > 1 else who[0], language=language, text_version=version,
        offered_at=form.offered or course.admitted_at - OFFERED, offered_by=user_id(course.admitted_by),
        document=keep_form(ledger, key, case, "consent", text, f"{form.kind}-{version}.txt", first, at,
                           str(form.terms.get("recipient", ""))),
        signature=signed[0], second_signature=signed[1] if len(signed) > 1 else None,
        event_on=ended if terms.get("expiry_event") == "end_of_treatment" else None,
        **_revocation(ledger, case, form, at, now),
    )  # fmt: skip


def add_consent(ledger: Ledger, course: Course, form: Form, at: datetime, now: datetime) -> str:
    """A consent that is signed later than the packet; returns its key."""
    zone = ZoneInfo(clinic.site(course.case.person.site).zone)
    day = at.astimezone(zone).date()
    return _consent(ledger, course.case, person_of(course.case), course, form, day, at, now, None)


def _revocation(ledger: Ledger, case: Case, form: Form, at: datetime, now: datetime) -> dict[str, Any]:
    revoked = at + timedelta(days=form.revoked_after)
    if not form.revoked_after or revoked > now:
        return {}
    return {"revoked_at": revoked, "revoked_by": own_user(ledger, case.key, revoked)}


def _notice(
    ledger: Ledger, case: Case, person: Person, course: Course, day: date, at: datetime
) -> None:  # fmt: skip
    key, kind = f"{case.key}-notice", NoticeGiven.PATIENT_NOTICE
    version, language = texts.current(kind, day, own=()).version, _language(case)
    text = text_of(NoticeGiven(person=person, kind=kind, text_version=version), language)
    ledger.add(
        NoticeGiven, key, person=case.key, kind=kind, text_version=version, language=language,
        given_at=course.admitted_at - OFFERED, given_by=user_id(course.admitted_by),
        document=keep_form(ledger, key, case, "notice", text, f"{kind}-{version}.txt", case.key, at),
        signature=_sign(ledger, NoticeGiven, key, case, text, "patient", at),
    )  # fmt: skip


def _sign(
    ledger: Ledger,
    model: type[Consent | NoticeGiven],
    key: str,
    case: Case,
    text: str,
    role: str,
    at: datetime,
) -> str:
    who = _signer(case, role)
    row = ledger.rows(Person)[who]
    name = f"{row['legal_given']} {row['legal_family']}"
    return person_signs(ledger, model, key, text, who, name, role, at)


def _signer(case: Case, role: str) -> str:
    return case.key if role == "patient" else f"{case.key}-relative"


def _language(case: Case) -> str:
    return case.person.language if case.person.language in texts.LANGUAGES else "en"
