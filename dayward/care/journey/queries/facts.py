"""Facts about cases and episodes that evidence, services and screens share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Program, ProgramTerms
from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import (
    AssessmentSlot,
    ContactAttempt,
    Episode,
    Handoff,
    Hold,
    IntakeCase,
    Screening,
    Segment,
)
from dayward.care.journey.queries.policy import policy_of
from dayward.care.journey.rules import screening as fit
from dayward.care.journey.rules.policy import Policy
from dayward.care.journey.rules.screening import AgeGroup, Answer
from dayward.care.journey.rules.waiting import Attempt, ContactVerdict, contact_rule
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day


def age_group_of(case: IntakeCase) -> AgeGroup | None:
    """The ages of the case's program, as the site has set them; None where no program is chosen."""
    return policy_of(case).ages[case.program.age_group] if case.program else None


def terms_of(program: Program, day: date) -> ProgramTerms:
    """The program's numbers on a day; Refused where nobody has entered any."""
    terms = terms_on(program, day)
    if terms is None:
        raise Refused(
            _("Enter the numbers of %(program)s first (hours, days, stay).") % {"program": program.name}
        )
    return terms


def today_at(case: IntakeCase, now: datetime | None = None) -> date:
    return local_day(now or timezone.now(), case.site.zone)


def age_of(case: IntakeCase, now: datetime | None = None) -> int | None:
    born = case.person.birth_date
    return None if born is None else fit.age_on(born, today_at(case, now))


def answers_of(screening: Screening | None) -> dict[str, Answer]:
    """The answers that were given, without notes and blanks."""
    return _given(screening.answers if screening else {})


def risk_answers(stored: Mapping[str, dict[str, Any]] | None) -> dict[str, Answer]:
    """Those that may raise a red flag, of the answers of a screening alone."""
    return _given({key: item for key, item in (stored or {}).items() if key in fit.RED_FLAGS})


def _given(stored: Mapping[str, dict[str, Any]]) -> dict[str, Answer]:
    return {key: Answer(item["answer"]) for key, item in stored.items() if item.get("answer")}


def screening_of(case: IntakeCase) -> Screening | None:
    """The screening as stored; read with the case where the page did so."""
    if "screening" in case._state.fields_cache:
        found: Screening | None = case._state.fields_cache["screening"]
        return found
    return Screening.objects.filter(case=case).first()


def booked_slot(case: IntakeCase) -> AssessmentSlot | None:
    return AssessmentSlot.objects.filter(case=case, status="booked").select_related("clinician").first()


def contact_verdict(policy: Policy, **of: Any) -> ContactVerdict:
    """Are there enough attempts to close as no contact? `of` is case= or episode=."""
    rows = ContactAttempt.objects.filter(**of).order_by("made_at", "id").values_list("mode", "outcome")
    attempts = [Attempt(mode, outcome == "reached") for mode, outcome in rows]
    return contact_rule(attempts, needed=policy.attempts, modes=policy.modes)


def last_contact_at(case: IntakeCase) -> datetime | None:
    """When the person was last reached."""
    row = ContactAttempt.objects.filter(case=case, outcome="reached").order_by("-made_at").first()
    return row.made_at if row else None


def emergency_answered(case: IntakeCase) -> bool:
    return Handoff.objects.filter(case=case, route=Handoff.Route.EMERGENCY).exists()


def open_segments(episode: Episode) -> QuerySet[Segment]:
    """One at most: the database keeps it so."""
    return Segment.objects.filter(episode=episode, ends_on__isnull=True).select_related("track")


def open_segment(episode: Episode) -> Segment | None:
    return open_segments(episode).first()


def open_hold(episode: Episode) -> Hold | None:
    return Hold.objects.filter(episode=episode, ended_on__isnull=True).first()
