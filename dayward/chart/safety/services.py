from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import IntakeCase
from dayward.chart.safety import library, queries
from dayward.chart.safety.events import SafetySigned
from dayward.chart.safety.models import OutsideInstrument, RiskStatement, SafetyPlan, SignedPaper
from dayward.chart.safety.rules import plan as plan_rules
from dayward.chart.safety.rules import risk as risk_rules
from dayward.chart.safety.rules.merge import Merged, merge
from dayward.chart.safety.rules.qualification import Act, Held, may_sign
from dayward.chart.safety.rules.wording import signed_text
from dayward.chart.safety.wording import about, in_words
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.documents import services as documents
from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import sign_paper
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.facts import changed

Paper = TypeVar("Paper", RiskStatement, SafetyPlan)


def author(actor: Actor) -> StaffMember:
    """The member of staff who writes; Refused when it is nobody who works here."""
    if actor.staff is None:
        raise Refused(_("Only a member of staff can write this."))
    return actor.staff


def credential_for(*, staff: StaffMember, act: Act, day: date, codes: Iterable[str] = ()) -> Held:
    """The credential to sign with; Refused with the reason when there is none."""
    held = queries.credentials(staff)
    verdict = may_sign(held, act, day, library.qualifications(), codes)
    if verdict.held is None:
        raise Refused(f"{_(verdict.reason)} ({verdict.detail})" if verdict.detail else _(verdict.reason))
    return verdict.held


@transaction.atomic
def start_statement(
    *, actor: Actor, person: Person, case: IntakeCase | None = None, at: datetime | None = None
) -> RiskStatement:
    """The person's open draft of a statement of risk, made if there is none."""
    draft = queries.draft(RiskStatement, person)
    if draft is not None:
        return draft
    staff, now = author(actor), at or timezone.now()
    statement = RiskStatement.objects.create(
        person=person, case=case, written_at=now, written_by=staff, saved_at=now, saved_by=staff
    )
    record(actor=actor, action="safety.start_statement", person=person, subject=statement)
    return statement


@transaction.atomic
def start_plan(*, actor: Actor, person: Person, at: datetime | None = None) -> SafetyPlan:
    """The person's open draft of a safety plan; a new one begins with the words of the present plan."""
    draft = queries.draft(SafetyPlan, person)
    if draft is not None:
        return draft
    staff, now = author(actor), at or timezone.now()
    current = queries.current_plan(person)
    plan = SafetyPlan.objects.create(
        person=person,
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
        **(current.texts if current else {}),
    )
    record(actor=actor, action="safety.start_plan", person=person, subject=plan)
    return plan


@transaction.atomic
def save_statement(
    *,
    actor: Actor,
    statement: RiskStatement,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed. What somebody else changed meanwhile comes back with both texts."""
    if texts.get("level", "") not in ("", *risk_rules.LEVELS):
        raise Refused(_("Choose one of the levels of risk."))
    keys = ("level", *risk_rules.QUESTION_KEYS)
    return _save(actor, _open(statement), keys, texts, base, at)


@transaction.atomic
def save_plan(
    *,
    actor: Actor,
    plan: SafetyPlan,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed. What somebody else changed meanwhile comes back with both texts."""
    return _save(actor, _open(plan), plan_rules.PLAN_KEYS, texts, base, at)


def _open(paper: Paper) -> Paper:
    """The draft as it is now, locked; Refused once it is signed."""
    now = type(paper)._default_manager.select_for_update().get(pk=paper.pk)
    if now.is_signed:
        raise Refused(_("This is signed already. Begin a new one: it will stand beside it."))
    if now.entered_in_error_at:
        raise Refused(_("This draft was set aside as entered in error."))
    return now


def _save(
    actor: Actor,
    paper: SignedPaper,
    keys: Iterable[str],
    texts: Mapping[str, str],
    base: Mapping[str, str] | None,
    at: datetime | None,
) -> Merged:
    stored = {key: str(getattr(paper, key)) for key in keys}
    mine = {key: text for key, text in texts.items() if key in stored}
    merged = _take_all(mine, stored) if base is None else merge(base, mine, stored)
    if merged.changed:
        for key in merged.changed:
            setattr(paper, key, merged.texts[key])
        paper.version += 1
        paper.saved_at, paper.saved_by = at or timezone.now(), author(actor)
        paper.save(update_fields=[*merged.changed, "version", "saved_at", "saved_by"])
        person = getattr(paper, "person")  # noqa: B009
        record(actor=actor, action="safety.save", person=person, subject=paper, parts=list(merged.changed))
    return merged


def _take_all(mine: dict[str, str], stored: dict[str, str]) -> Merged:
    changed = tuple(key for key, text in mine.items() if text != stored[key])
    return Merged(stored | mine, changed, ())


@transaction.atomic
def sign_statement(
    *,
    actor: Actor,
    statement: RiskStatement,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> RiskStatement:
    """Sign the statement: from here on it never changes, and it is the one that counts."""
    staff, now, draft = author(actor), at or timezone.now(), _open(statement)
    texts = {key: getattr(draft, key) for key in risk_rules.QUESTION_KEYS}
    gaps = risk_rules.missing(draft.level, texts)
    if gaps:
        raise Refused(_("Still to be written before signing:"), reasons=[_(gap) for gap in gaps])
    credential = credential_for(staff=staff, act=Act.RISK, day=today_at(draft.person, now))
    facts = [(_("Risk"), draft.word), *about(draft.person)]
    parts = [(_(question.title), texts[question.key]) for question in risk_rules.QUESTIONS]
    _sign(actor, draft, _("Statement of risk"), facts, parts, typed_name, credential, method, now)
    publish(SafetySigned(draft.person_id, now, actor))
    record(actor=actor, action="safety.sign_statement", person=draft.person, subject=draft, level=draft.level)
    return draft


@transaction.atomic
def sign_plan(
    *,
    actor: Actor,
    plan: SafetyPlan,
    typed_name: str,
    copy_given: bool = False,
    review_on: date | None = None,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> SafetyPlan:
    """Sign the plan; it takes the place of the one before, which stays readable."""
    staff, now, draft = author(actor), at or timezone.now(), _open(plan)
    gaps = plan_rules.missing(draft.texts)
    if gaps:
        raise Refused(_("Still to be written before signing:"), reasons=[_(part.title) for part in gaps])
    credential = credential_for(staff=staff, act=Act.RISK, day=today_at(draft.person, now))
    draft.copy_given, draft.review_on = copy_given, review_on
    draft.supersedes = queries.current_plan(draft.person)
    facts = [*about(draft.person), (_("Copy given"), _("yes") if copy_given else _("no"))]
    facts += [(_("To be looked at again"), in_words(review_on))] if review_on else []
    parts = [(_(part.title), draft.texts[part.key]) for part in plan_rules.PARTS]
    _sign(actor, draft, _("Safety plan"), facts, parts, typed_name, credential, method, now)
    publish(SafetySigned(draft.person_id, now, actor))
    changed(draft.person_id, "safety_plan")
    record(actor=actor, action="safety.sign_plan", person=draft.person, subject=draft)
    return draft


def _sign(
    actor: Actor,
    paper: RiskStatement | SafetyPlan,
    title: str,
    facts: list[tuple[str, str]],
    parts: list[tuple[str, str]],
    typed_name: str,
    credential: Held,
    method: str,
    now: datetime,
) -> None:
    sign_paper(
        actor=actor,
        paper=paper,
        about=paper.person,
        text=signed_text(title, facts, parts),
        typed_name=typed_name,
        credential=credential.name,
        method=method,
        at=now,
    )


@transaction.atomic
def enter_in_error(*, actor: Actor, paper: SignedPaper, reason: str, at: datetime | None = None) -> None:
    """Say that this should not have been written; it stays readable and counts no longer."""
    if not reason.strip():
        raise Refused(_("Please say what is wrong with it."))
    locked: Any = type(paper)._default_manager.select_for_update(of=("self",)).get(pk=paper.pk)
    if locked.entered_in_error_at:
        return
    locked.entered_in_error_at, locked.entered_in_error_by = at or timezone.now(), author(actor)
    locked.entered_in_error_reason = reason.strip()[:200]
    locked.save(update_fields=["entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"])
    changed(locked.person_id)
    action = f"{locked._meta.app_label}.enter_in_error"
    record(actor=actor, action=action, person=locked.person, subject=locked)


@transaction.atomic
def record_instrument(
    *,
    actor: Actor,
    person: Person,
    name: str,
    done_on: date,
    rater: str,
    result: str,
    file: tuple[str, str, bytes] | None = None,
    at: datetime | None = None,
) -> OutsideInstrument:
    """An instrument used on paper: date, rater and result, and the sheet as a file (name, media type, bytes)."""
    staff, now = author(actor), at or timezone.now()
    if done_on > today_at(person, now):
        raise Refused(_("The day is in the future."))
    row = OutsideInstrument.objects.create(
        person=person,
        name=OutsideInstrument.Name(name),
        done_on=done_on,
        rater=rater.strip(),
        result=result.strip(),
        attachment=_keep(actor, person, name, file) if file else None,
        recorded_at=now,
        recorded_by=staff,
    )
    record(actor=actor, action="safety.record_instrument", person=person, subject=row, instrument=name)
    return row


def _keep(actor: Actor, person: Person, name: str, file: tuple[str, str, bytes]) -> Document:
    file_name, _claimed, content = file
    return documents.keep(
        actor=actor,
        content=content,
        kind=Document.Kind.OUTSIDE,
        title=str(OutsideInstrument.Name(name).label),
        file_name=file_name,
        media_type=documents.typed(content),
        person=person,
    )


@transaction.atomic
def withdraw_instrument(*, actor: Actor, instrument: OutsideInstrument, at: datetime | None = None) -> None:
    """The record was a mistake; it stays, struck through."""
    if instrument.entered_in_error_at:
        return
    instrument.entered_in_error_at, instrument.entered_in_error_by = at or timezone.now(), author(actor)
    instrument.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    record(actor=actor, action="safety.withdraw_instrument", person=instrument.person, subject=instrument)


@transaction.atomic
def keep_own_copy(*, actor: Actor, plan: SafetyPlan) -> None:
    """The person has asked their own phone to keep the plan; nothing changes but that it is known."""
    if actor.person is None or actor.person.pk not in plan.person.all_ids:
        raise Refused(_("Only the person whose plan it is can say this."))
    record(actor=actor, action="safety.keep_own_copy", person=plan.person, subject=plan)
