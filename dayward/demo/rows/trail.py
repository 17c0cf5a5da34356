"""The audit trail of the last days: what the services would have written down, sign-ins, and who looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dayward.care.attendance.models import Absence, RollCall
from dayward.care.journey.models import (
    AdmissionItem,
    AftercareCall,
    AftercareCase,
    ContactAttempt,
    Episode,
    Handoff,
    IntakeCase,
    Screening,
    Transition,
    WeekOneItem,
)
from dayward.care.referrals.models import ReferralDocument
from dayward.care.schedule.models import Booking, Enrollment, Session
from dayward.chart.measures.models import Administration
from dayward.chart.plans.models import Plan
from dayward.chart.safety.models import Alert
from dayward.demo import clinic
from dayward.demo.dice import Dice
from dayward.demo.facts import Course, History
from dayward.demo.ledger import AnyModel, Ledger, Values, public_id
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.returning import same_person
from dayward.demo.times import moment
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent.models import Consent, Disclosure, NoticeGiven
from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person
from dayward.foundation.signing.models import Signature
from dayward.revenue.coverage.models import Coverage

CHART = "staff:chart"
#: (model, action, when, by whom): rows that a service writes with one entry.
WRITTEN: tuple[tuple[AnyModel, str, str, str], ...] = (
    (IntakeCase, "people.register", "opened_at", "opened_by"),
    (Screening, "journey.save_screening", "saved_at", "saved_by"),
    (ContactAttempt, "journey.log_contact", "made_at", "made_by"),
    (Handoff, "journey.log_handoff", "made_at", "made_by"),
    (AdmissionItem, "journey.tick_paper", "done_at", "done_by"),
    (Coverage, "coverage.add", "recorded_at", "recorded_by"),
    (Document, "documents.keep", "received_at", "received_by"),
    (ReferralDocument, "referrals.accept", "decided_at", "decided_by"),
    (Consent, "consent.offer", "offered_at", "offered_by"),
    (Consent, "consent.revoke", "revoked_at", "revoked_by"),
    (NoticeGiven, "consent.give_notice", "given_at", "given_by"),
    (Disclosure, "consent.disclose", "made_at", "made_by"),
    (Signature, "signing.sign", "signed_at", "user"),
    (RollCall, "attendance.mark_all_present", "opened_at", "opened_by"),
    (RollCall, "attendance.close_roll", "closed_at", "closed_by"),
    (Absence, "attendance.mark_absent", "recorded_at", "recorded_by"),
    (WeekOneItem, "journey.tick_item", "done_at", "done_by"),
    (AftercareCall, "journey.log_call", "made_at", "made_by"),
    (Plan, "plans.start", "written_at", "written_by"),
    (Administration, "measures.finish", "finished_at", "finished_by"),
    (Alert, "safety.raise_alert", "raised_at", "raised_by"),
    (Alert, "safety.acknowledge_alert", "acknowledged_at", "acknowledged_by"),
    (Alert, "safety.contact", "contacted_at", "contacted_by"),
)
#: What is signed -> the action of the service that signs it.
SIGNED = {
    "assessments.assessment": "assessments.sign",
    "assessments.levelofcare": "assessments.sign_level",
    "safety.riskstatement": "safety.sign_statement",
    "safety.safetyplan": "safety.sign_plan",
    "safety.alertclosing": "safety.sign_closing",
    "plans.plan": "plans.sign",
    "plans.planreview": "plans.sign_review",
    "notes.note": "notes.sign",
    "casework.summary": "casework.sign_summary",
    "casework.letter": "casework.sign_letter",
    "medications.medicationchange": "medications.change",
    "consent.consent": "consent.sign",
    "consent.noticegiven": "consent.sign_notice",
}


@dataclass(frozen=True)
class Act:
    """Something done or read."""

    at: datetime
    key: str
    action: str
    by: str  # an actor's id
    site: str | None = None
    person: str = ""  # key
    subject_kind: str = ""
    subject: str = ""  # public id
    kind: str = "change"
    through: str = ""


def add_trail(ledger: Ledger, dice: Dice, history: History, since: datetime, now: datetime) -> None:
    """Entries from `since` on, in the order in which things happened."""
    acts = [*_written(ledger), *_steps(ledger), *_signed(ledger), *_seated(ledger)]
    acts += [*_sign_ins(dice.of("sign-ins"), since, now), *_looks(dice.of("looks"), history)]
    recent = (act for act in acts if since <= act.at <= now)
    for act in sorted(recent, key=lambda act: (act.at, act.key)):
        ledger.add(
            Entry, act.key, at=act.at, kind=act.kind, action=act.action, actor_kind=_actor_kind(act.by),
            actor=act.by, site=act.site, person=public_id(Person, act.person) if act.person else "",
            subject_kind=act.subject_kind, subject=act.subject,
            detail={"through": act.through} if act.through else {},
        )  # fmt: skip


def _act(
    ledger: Ledger, model: AnyModel, key: str, values: Values, action: str, at: datetime, by: str
) -> Act:
    person = _person(ledger, model, values)
    site = ledger.rows(Person)[person]["site"] if person else _site(ledger, values)
    return Act(at, f"{action}-{model._meta.label_lower}-{key}", action, _actor(by), site, person,
               model._meta.label_lower, public_id(model, key))  # fmt: skip


def _person(ledger: Ledger, model: AnyModel, values: Values) -> str:
    """Whose chart it is: a person, their case and their episode have the same key."""
    if model is Document and values["kind"] == "referral":
        return ""  # whose it is was not known when it came
    if model is Absence:
        return str(ledger.rows(Booking)[values["booking"]]["person"])
    key = str(
        values.get("person") or values.get("case") or values.get("episode") or values.get("aftercare") or ""
    )
    return same_person(key)


def _site(ledger: Ledger, values: Values) -> str | None:
    session = values.get("session")
    return str(ledger.rows(Session)[session]["site"]) if session else None


def _written(ledger: Ledger) -> Iterator[Act]:
    for model, action, when, who in WRITTEN:
        for key, values in ledger.rows(model).items():
            if values.get(when) is not None:
                yield _act(ledger, model, key, values, action, values[when], values[who])


def _steps(ledger: Ledger) -> Iterator[Act]:
    for values in ledger.rows(Transition).values():
        walker: AnyModel = (
            IntakeCase if values.get("case") else Episode if values.get("episode") else AftercareCase
        )
        key = values.get("case") or values.get("episode") or values["aftercare"]
        act = _act(ledger, walker, key, values, f"journey.{values['key']}", values["at"], values["by"])
        yield Act(act.at, f"{act.key}-{act.at:%y%m%d%H%M}", *_rest(act))


def _rest(act: Act) -> tuple[str, str, str | None, str, str, str]:
    return act.action, act.by, act.site, act.person, act.subject_kind, act.subject


def _signed(ledger: Ledger) -> Iterator[Act]:
    """The act of the package whose paper was signed; the signature itself has an entry of its own."""
    for key, values in ledger.rows(Signature).items():
        act = _act(
            ledger,
            Signature,
            key,
            values,
            SIGNED[values["subject_kind"]],
            values["signed_at"],
            values["user"],
        )
        yield Act(
            act.at,
            act.key,
            act.action,
            act.by,
            act.site,
            act.person,
            values["subject_kind"],
            values["subject"],
        )


def _seated(ledger: Ledger) -> Iterator[Act]:
    """One entry for the seats in all groups of a cohort, one for each single session."""
    seen = set()
    for values in ledger.rows(Enrollment).values():
        if values["segment"] not in seen:
            seen.add(values["segment"])
            yield _act(ledger, Enrollment, values["segment"], values, "schedule.enroll", values["made_at"],
                       values["made_by"])  # fmt: skip
    for key, values in ledger.rows(Booking).items():
        if not values.get("enrollment"):
            yield _act(
                ledger, Booking, key, values, "schedule.book", values["booked_at"], values["booked_by"]
            )


def _sign_ins(dice: Dice, since: datetime, now: datetime) -> Iterator[Act]:
    for plan in clinic.STAFF:
        zone = ZoneInfo(clinic.site(plan.sites[0]).zone)
        first, last = since.astimezone(zone).date(), now.astimezone(zone).date()
        for day in (first + timedelta(days=ahead) for ahead in range((last - first).days + 1)):
            chance = dice.of(plan.key, day)
            if day.isoweekday() < 6 and chance.chance(0.9):
                at = moment(day, chance.between(7.4, 9.4), zone)
                yield Act(
                    at, f"sign-in-{plan.key}-{day}", "access.sign_in", user_id(plan.key), kind="sign_in"
                )


def _looks(dice: Dice, history: History) -> Iterator[Act]:
    """Before a session its leader opens the charts of some who are expected."""
    for seat in history.seats:
        meeting = seat.meeting
        share = 0.5 if seat.course.case.special else 0.12 if meeting.group else 0.9
        throw = dice.of(seat.key)
        if throw.chance(share):
            at = meeting.starts - timedelta(minutes=throw.whole(3, 25))
            through = "session_leader" if meeting.group else "care_team"
            yield _look(seat.course, at, meeting.staff, seat.key, through)


def _look(course: Course, at: datetime, staff: str, key: str, through: str) -> Act:
    site = clinic.track(course.track).site
    return Act(
        at, f"look-{key}", CHART, user_id(staff), site, same_person(course.key), kind="view", through=through
    )


@cache
def _staff_ids() -> frozenset[str]:
    return frozenset(user_id(plan.key) for plan in clinic.STAFF)


@cache
def _staff_keys() -> frozenset[str]:
    return frozenset(plan.key for plan in clinic.STAFF)


def _actor(by: str) -> str:
    """The actor's id: of a key of the staff's or a person's account, or as it is."""
    return user_id(by) if by in _staff_keys() or by.startswith("person-") else by


def _actor_kind(actor: str) -> str:
    words = {"public": "public", "demo": "system", "alumni consent": "system"}
    return words.get(actor) or ("staff" if actor in _staff_ids() else "person")
