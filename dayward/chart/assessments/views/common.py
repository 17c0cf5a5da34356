from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments import queries
from dayward.chart.assessments.models import Assessment
from dayward.chart.safety.queries import open_case
from dayward.chart.safety.rules.merge import Merged, fingerprint
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import alone, both
from dayward.ui import toasts


def find_assessment(request: ChartRequest, public_id: str) -> Assessment:
    return get_object_or_404(queries.assessments(request.person), public_id=public_id)


def case_of(person: Person) -> IntakeCase | None:
    """The way in under way, otherwise the one of the newest assessment."""
    case = open_case(person)
    if case is not None:
        return case
    newest = queries.assessments(person).first()
    return newest.case if newest else None


def case_or_404(person: Person) -> IntakeCase:
    case = case_of(person)
    if case is None:
        raise Http404
    return case


def steps(person: Person, assessment: Assessment, here: str) -> list[dict[str, Any]]:
    """The way through the assessment, with what is done."""
    return _steps(person, here, assessment, alone(queries.read_proved(assessment.case)))


def steps_of_case(person: Person, case: IntakeCase, here: str) -> list[dict[str, Any]]:
    """The same on a page beside the assessment, which may not be begun."""
    return _steps(person, here, *alone(both(queries.read_assessment(case), queries.read_proved(case))))


def _steps(
    person: Person, here: str, assessment: Assessment | None, proved: queries.Proved
) -> list[dict[str, Any]]:
    own = [person.public_id, assessment.public_id] if assessment else []
    signed = bool(assessment and assessment.is_signed)
    pages = [
        ("story", _("Story"), "story", signed),
        ("lists", _("Diagnoses and lists"), "lists", signed),
        ("sign", _("Review and sign"), "review", signed),
        ("risk", _("Risk and safety"), "safety:statement", proved.risk),
        ("level", _("Level of care"), "assessments:level", proved.level),
    ]
    return [
        {
            "label": label,
            "url": _page(name, person, own),
            "state": "now" if key == here else "done" if done else "next",
        }
        for key, label, name, done in pages
    ]


def _page(name: str, person: Person, own: list[str]) -> str:
    if ":" in name:
        return reverse(name, args=[person.public_id])
    return reverse(f"assessments:{name}", args=own) if own else ""


def saved(request: ChartRequest, version: int, merged: Merged) -> HttpResponse:
    """What a page needs to know after its draft was saved."""
    theirs = {item.key for item in merged.clashes}
    fresh = [(key, fingerprint(merged.texts[key])) for key in merged.changed if key not in theirs]
    context = {"version": version, "fresh": fresh, "clashes": bool(merged.clashes)}
    return render(request, "safety/saved.html", context)


def differences(form: Any, merged: Merged | None) -> list[dict[str, Any]]:
    """Both texts where two people wrote, as `{% conflict %}` takes them."""
    clashes = merged.clashes if merged else ()
    return [{"label": form[item.key].label, "mine": item.mine, "theirs": item.theirs} for item in clashes]


def say_what_waits(request: ChartRequest, done: str, waits_for: tuple[str, ...]) -> None:
    """A toast: signed, and what the way in still needs."""
    if waits_for:
        toasts.warn(request, f"{done} {_('Still needed to go on:')} {' '.join(waits_for)}")
    else:
        toasts.done(request, done)
