"""Signing a version: three of the team by credential, and the person; the last signature makes it hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.plans import library
from dayward.chart.plans.events import PlanCompleted
from dayward.chart.plans.models import Plan, PlanReview, PlanSignature
from dayward.chart.plans.models.plan import HOLDS
from dayward.chart.plans.queries.team import given_of, signing_of
from dayward.chart.plans.queries.tree import content_of, tree_of
from dayward.chart.plans.rules import team
from dayward.chart.plans.rules.content import gaps
from dayward.chart.plans.services.common import locked
from dayward.chart.plans.services.wording import plan_text
from dayward.chart.plans.services.writing import copy_version
from dayward.chart.safety.queries import credentials
from dayward.chart.safety.rules.qualification import Held
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent.queries import guardians_of, who_signs
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import refuse_gaps, sign_paper, sign_words
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.facts import changed
from dayward.kernel.time import local_day


@transaction.atomic
def sign_as_team(
    *,
    actor: Actor,
    plan: Plan,
    typed_name: str,
    seat: str = "",
    method: str = Signature.Method.SESSION,
    seen: str = "",
    at: datetime | None = None,
) -> Plan:
    """Sign for the team in a seat (the fitting one unless named). The first signature freezes the words.

    `seen`: the hash of the words that the signer was shown.
    """
    staff, now, current = author(actor), at or timezone.now(), _signable(plan)
    role, held = _take_seat(current, staff, seat, _day(current, now))
    if not current.is_signed:
        _check_whole(current)
    sign = sign_words if current.is_signed else sign_paper
    signature = sign(
        actor=actor,
        paper=current,
        about=current.person,
        text=current.signed_text or plan_text(tree_of(current)),
        typed_name=typed_name,
        meaning=role,
        credential=held.name,
        seen=seen,
        method=method,
        at=now,
    )
    PlanSignature.objects.create(plan=current, role=role, signature=signature)
    _finish(actor, current, now)
    record(actor=actor, action="plans.sign", person=current.person, subject=current, role=role)
    return current


def _signable(plan: Plan) -> Plan:
    """Locked; Refused when there is nothing more to sign."""
    current = locked(plan)
    if current.entered_in_error_at:
        raise Refused(_("This version was set aside. Open the plan again to see the newest one."))
    if current.completed_at:
        raise Refused(_("Everybody has signed this plan already."))
    return current


def _for_person(plan: Plan) -> Plan:
    """Locked, for the person's side: whoever did not sign at first may sign while the version holds."""
    current = locked(plan)
    if current.completed_at and not current.is_active:
        raise Refused(_("A newer version has taken the place of this one."))
    return current if current.is_active else _signable(plan)


def _day(plan: Plan, now: datetime) -> date:
    return local_day(now, plan.episode.program.site.zone)


def _check_whole(plan: Plan) -> None:
    refuse_gaps(gaps(content_of(tree_of(plan))))


def _take_seat(plan: Plan, staff: StaffMember, wanted: str, day: date) -> tuple[str, Held]:
    """The seat and the credential it is signed with; nobody signs twice."""
    seats, given = library.seats(), given_of(plan)
    if any(row.signature.staff_id == staff.pk and row.outcome == team.SIGNED for row in given):
        raise Refused(_("You have signed this plan already. Each signature of the team is somebody else's."))
    taken = {row.role for row in given if row.outcome == team.SIGNED}
    held, free = credentials(staff), team.free_seats(seats, taken)
    key = wanted or team.choose(seats, free, held, day) or next(iter(free), "")
    if key not in free:
        raise Refused(_("This signature is there already."))
    verdict = team.may_take(seats[key], held, day)
    if verdict.held is None:
        raise Refused(_(verdict.reason))
    return key, verdict.held


@transaction.atomic
def sign_as_person(
    *,
    actor: Actor,
    plan: Plan,
    typed_name: str,
    method: str = Signature.Method.LINK,
    seen: str = "",
    at: datetime | None = None,
) -> Plan:
    """The person, or a guardian where one has to, signs exactly the frozen words. `seen`: the hash they were shown."""
    now, current = at or timezone.now(), _for_person(plan)
    if not current.is_signed:
        raise Refused(_("The plan is still being written. You can sign when your therapist has."))
    role = _role_of(actor, current.person)
    _check_role(current, role, _day(current, now))
    signature = sign_words(
        actor=actor,
        paper=current,
        about=current.person,
        text=current.signed_text,
        typed_name=typed_name,
        meaning=role,
        seen=seen,
        method=method,
        at=now,
    )
    PlanSignature.objects.create(plan=current, role=role, signature=signature)
    _finish(actor, current, now)
    record(actor=actor, action="plans.sign", person=current.person, subject=current, role=role)
    return current


def _role_of(actor: Actor, person: Person) -> str:
    signer = None if actor.staff else actor.person
    if signer is not None and signer.pk in person.all_ids:
        return team.PATIENT
    if signer is not None and any(signer.pk in each.all_ids for each in guardians_of(person)):
        return team.GUARDIAN
    raise Refused(_("Only the person or their guardian can sign here."))


def _check_role(plan: Plan, role: str, day: date) -> None:
    """A guardian signs where a guardian has to; the person may always sign their own plan, once."""
    wanted = who_signs(plan.person, Kind.TREATMENT, day)
    accepted = wanted.guardian_accepted or wanted.signers in (team.GUARDIAN, team.BOTH)
    if role == team.GUARDIAN and not accepted:
        raise Refused(_("This plan is for the person alone to sign."))
    if any(row.role == role and row.outcome == team.SIGNED for row in given_of(plan)):
        raise Refused(_("You signed this plan already."))


@transaction.atomic
def attest_for_person(
    *,
    actor: Actor,
    plan: Plan,
    outcome: str,
    reason: str,
    typed_name: str,
    role: str = team.PATIENT,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Plan:
    """The person agreed by word of mouth, cannot sign now, or declined: somebody of the team attests it, and why.

    MN 245G.06: approval by word of mouth over telehealth, with the reason written down. A refusal settles the
    team's duty to offer the plan; it never counts as a signature, and the next review asks again. A signature may
    follow at any time while the version holds.
    """
    staff, now, current = author(actor), at or timezone.now(), _for_person(plan)
    if outcome == team.SIGNED or outcome not in PlanSignature.Outcome.values:
        raise Refused(_("Say whether the person agreed by word of mouth, cannot sign now, or declined."))
    if role not in (team.PATIENT, team.GUARDIAN) or not reason.strip():
        raise Refused(_("Please say why the person does not sign."))
    if not current.is_signed:
        raise Refused(_("Sign the plan first: then its words are fixed."))
    if current.signatures.filter(role=role, outcome=team.SIGNED).exists():
        raise Refused(_("They have signed this plan themselves."))
    held = _any_credential(staff, _day(current, now))
    signature = sign_words(
        actor=actor,
        paper=current,
        about=current.person,
        text=f"{current.signed_text}\n{PlanSignature.Outcome(outcome).label}: {reason.strip()}\n",
        typed_name=typed_name,
        meaning=f"{role}_{outcome}",
        credential=held.name,
        method=method,
        at=now,
    )
    PlanSignature.objects.create(
        plan=current, role=role, outcome=outcome, reason=reason.strip()[:300], signature=signature
    )
    _finish(actor, current, now)
    record(actor=actor, action="plans.attest", person=current.person, subject=current, outcome=outcome)
    return current


def _any_credential(staff: StaffMember, day: date) -> Held:
    """A credential of any seat: who attests is one of those who could sign."""
    for seat in library.seats().values():
        verdict = team.may_take(seat, credentials(staff), day)
        if verdict.held is not None:
            return verdict.held
    raise Refused(_(team.NO_CREDENTIAL))


def _finish(actor: Actor, plan: Plan, now: datetime) -> None:
    """With the last signature the version holds, and the one before no longer does."""
    if plan.completed_at is None and signing_of(plan, _day(plan, now), with_names=False).complete:
        before = Plan.objects.select_for_update().filter(HOLDS, episode=plan.episode).first()
        if before is not None:
            before.superseded_at, before.superseded_by = now, actor.id
            before.save(update_fields=["superseded_at", "superseded_by"])
        plan.completed_at, plan.completed_by = now, actor.id
        plan.save(update_fields=["completed_at", "completed_by"])
        publish(PlanCompleted(plan.person_id, plan.episode_id, plan.pk, now, actor))
    changed(plan.person_id, "plan")


@transaction.atomic
def change_plan(*, actor: Actor, plan: Plan, reason: str, at: datetime | None = None) -> Plan:
    """Somebody wants other words before all have signed: this version is set aside, a new draft begins with it."""
    now, current = at or timezone.now(), _signable(plan)
    if not current.is_signed:
        return current
    _set_aside(actor, current, reason, now)
    new = copy_version(actor, current, set(), now, supersedes=current.supersedes)
    changed(current.person_id, "plan")
    record(actor=actor, action="plans.change", person=new.person, subject=new, number=new.number)
    return new


def _set_aside(actor: Actor, paper: Plan | PlanReview, reason: str, now: datetime) -> None:
    """The only thing that may be added to what is signed: that it counts no longer, and why."""
    if not reason.strip():
        raise Refused(_("Please say what is wrong with it."))
    locked_row: Any = type(paper)._default_manager.select_for_update(of=("self",)).get(pk=paper.pk)
    if locked_row.entered_in_error_at is None:
        locked_row.entered_in_error_at, locked_row.entered_in_error_by = now, author(actor)
        locked_row.entered_in_error_reason = reason.strip()[:200]
        locked_row.save(
            update_fields=["entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"]
        )
    paper.refresh_from_db()


@transaction.atomic
def enter_in_error(
    *, actor: Actor, paper: Plan | PlanReview, reason: str, at: datetime | None = None
) -> None:
    """This should not have been written; it stays readable and counts no longer."""
    _set_aside(actor, paper, reason, at or timezone.now())
    changed(paper.person_id, "plan")
    record(actor=actor, action="plans.enter_in_error", person=paper.person, subject=paper)
