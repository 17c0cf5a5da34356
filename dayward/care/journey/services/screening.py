"""The pre-screen: saved as it is typed, finished when every risk question is answered (T2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.events import CaseMoved
from dayward.care.journey.models import IntakeCase, Screening
from dayward.care.journey.queries.cases import suggestion_for
from dayward.care.journey.rules.questions import BY_KEY, VERSION
from dayward.care.journey.rules.screening import Answer, OwnHours, hours_problem
from dayward.care.journey.rules.states import BY_KEY as BY_STATE
from dayward.care.journey.services.intake import tell_own_hours
from dayward.care.journey.services.steps import lock, staff_of, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.events import publish


@dataclass(frozen=True)
class Told:
    """What the form holds: answers with notes, and the facts around them."""

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    travel_minutes: int | None = None
    telehealth_possible: bool | None = None
    living: str = ""
    support: str = ""
    prior_treatment: str = ""
    own_hours: tuple[OwnHours, ...] = ()


@transaction.atomic
def save_screening(
    *, actor: Actor, case: IntakeCase, told: Told, version: int, at: datetime | None = None
) -> Screening:
    """Keep what is typed. `version` 0 is a form opened before anything was saved.

    A later version by somebody else is a Conflict; one's own autosave is not.
    """
    current = lock(case)
    if BY_STATE[current.state].ends:
        raise Refused(_("The case is closed; its screening stays as it is."))
    screening = Screening.objects.filter(case=current).first()
    if screening and screening.version != version and screening.saved_by != actor.id:
        raise Conflict
    screening = screening or Screening(case=current, version=0)
    changed = _fill(screening, told)
    screening.version += 1
    screening.saved_at, screening.saved_by = at or timezone.now(), actor.id
    screening.save()
    if "own_hours" in changed:
        tell_own_hours(current, screening.own_hours, actor=actor)
    record(
        actor=actor,
        action="journey.save_screening",
        person=current.person,
        subject=screening,
        site=current.site,
        fields=sorted(changed),
    )
    return screening


def _fill(screening: Screening, told: Told) -> list[str]:
    values: dict[str, Any] = {
        "questions_version": VERSION,
        "answers": _clean_answers(told.answers),
        "travel_minutes": told.travel_minutes,
        "telehealth_possible": told.telehealth_possible,
        "living": told.living,
        "support": told.support,
        "prior_treatment": told.prior_treatment,
        "own_hours": [_stored(hours) for hours in told.own_hours],
    }
    changed = [name for name, value in values.items() if getattr(screening, name) != value]
    for name in changed:
        setattr(screening, name, values[name])
    return changed


def _clean_answers(answers: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    unknown = set(answers) - set(BY_KEY)
    if unknown:
        raise Refused(_("The form has a question that Dayward does not know. Reload the page."))
    allowed = {"", *Answer}
    return {
        key: {"answer": item.get("answer", ""), "note": item.get("note", "").strip()}
        for key, item in answers.items()
        if item.get("answer", "") in allowed and (item.get("answer") or item.get("note", "").strip())
    }


def _stored(hours: OwnHours) -> dict[str, Any]:
    problem = hours_problem(hours)
    if problem:
        raise Refused(_(problem))
    return {
        "kind": hours.kind,
        "weekdays": sorted(set(hours.weekdays)),
        "starts": _clock(hours.starts),
        "ends": _clock(hours.ends),
        "note": hours.note,
    }


def _clock(value: time) -> str:
    return value.strftime("%H:%M")


@transaction.atomic
def finish_screening(
    *, actor: Actor, case: IntakeCase, note: str = "", at: datetime | None = None
) -> Screening:
    """T2: the risk questions are answered, each one; what the rules suggest is kept beside it."""
    current = lock(case)
    screening = Screening.objects.filter(case=current).first() or Screening(
        case=current, questions_version=VERSION, saved_by=actor.id
    )
    suggestion = suggestion_for(current, screening)
    screening.outcome = suggestion.outcome.value if suggestion.outcome else ""
    screening.outcome_note = note.strip()
    screening.finished_at, screening.finished_by = at or timezone.now(), staff_of(actor)
    screening.version += 1
    screening.save()
    publish(CaseMoved(current.pk, "finish_screening", "screened", actor))
    take_step(current, "finish_screening", actor=actor, at=at)
    return screening
