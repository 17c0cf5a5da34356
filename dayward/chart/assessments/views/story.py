from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.assessments import library, panels, queries, services
from dayward.chart.assessments.forms import StoryForm
from dayward.chart.assessments.models import Assessment
from dayward.chart.assessments.permissions import READ, WRITE
from dayward.chart.assessments.rules.prefill import prefill
from dayward.chart.assessments.views.common import (
    case_of,
    differences,
    find_assessment,
    saved,
    say_what_waits,
    steps,
)
from dayward.chart.safety import services as papers
from dayward.chart.safety.forms import TextsForm
from dayward.chart.safety.rules.merge import Merged
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@require_GET
@requires_chart(READ)
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """The panel as a page, with every assessment there was."""
    context = alone(panels.assessment(request, request.person))
    context |= {"all": queries.assessments(request.person)}
    return render(request, "assessments/chart.html", context)


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
def start(request: ChartRequest, person: str) -> HttpResponse:
    """The assessment of the present way in; says what a new one begins with."""
    case = case_of(request.person)
    found = queries.assessment_of(case) if case else None
    if found is not None:
        name = "assessments:review" if found.is_signed else "assessments:story"
        return redirect(name, request.person.public_id, found.public_id)
    if request.method == "POST" and case is not None:
        begun = services.start_assessment(actor=request.actor, case=case)
        return redirect("assessments:story", request.person.public_id, begun.public_id)
    first = prefill(library.sections(), queries.told(case), queries.sent(case)) if case else None
    titles = library.section_titles()
    begins = [(titles[key], first.sources[key]) for key in first.texts] if first else []
    context = {"person": request.person, "case": case, "begins": begins, "first": first}
    return render(request, "assessments/start.html", context)


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
def story(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """The texts, section by section."""
    found = find_assessment(request, assessment)
    if found.is_signed:
        return redirect("assessments:review", request.person.public_id, found.public_id)
    if request.method == "GET":
        return _show_story(request, found, StoryForm(shown=_texts(found)))
    merged = _save(request, found)
    found.refresh_from_db()
    if merged.clashes:
        return _show_story(request, found, StoryForm(request.POST, shown=_texts(found)), merged)
    if request.POST.get("act") == "next":
        return redirect("assessments:lists", request.person.public_id, found.public_id)
    toasts.done(request, _("Draft saved."))
    return redirect("assessments:story", request.person.public_id, found.public_id)


@require_POST
@requires_chart(WRITE)
def save(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """The draft, as it is typed."""
    found = find_assessment(request, assessment)
    try:
        merged = _save(request, found)
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    return saved(request, found.version, merged)


def _save(request: ChartRequest, found: Assessment) -> Merged:
    return services.save_assessment(
        actor=request.actor,
        assessment=found,
        texts=request.POST.dict(),
        base=TextsForm.posted_base(request.POST),
    )


def _texts(found: Assessment) -> dict[str, str]:
    return {section.key: found.sections.get(section.key, "") for section in library.sections()}


def _show_story(
    request: ChartRequest, found: Assessment, form: StoryForm, merged: Merged | None = None
) -> HttpResponse:
    groups = [
        {
            "group": group,
            "rows": [
                {
                    "section": each,
                    "field": form[each.key],
                    "sources": found.prefilled.get(each.key, []),
                    "empty": not found.sections.get(each.key),
                }
                for each in group.sections
            ],
        }
        for group in library.groups()
    ]
    context = {
        "person": request.person,
        "assessment": found,
        "form": form,
        "groups": groups,
        "steps": steps(request.person, found, "story"),
        "differences": differences(form, merged),
    }
    return render(request, "assessments/story.html", context, status=422 if merged else 200)


@require_http_methods(["GET", "POST"])
@requires_chart(READ)
def review(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """The whole assessment on one page: what is missing first; to sign, or as signed."""
    found = find_assessment(request, assessment)
    refused = None
    if request.method == "POST" and request.may(WRITE):
        try:
            waits = services.sign_assessment(
                actor=request.actor, assessment=found, typed_name=request.POST.get("typed_name", "")
            )
        except Refused as error:
            refused = error
        else:
            say_what_waits(request, _("The assessment is signed."), waits)
            return redirect("assessments:review", request.person.public_id, found.public_id)
    rows = queries.rows_of(found)
    context = {
        "person": request.person,
        "assessment": found,
        "rows": rows,
        "groups": [
            (group, [(each, found.sections.get(each.key, "")) for each in group.sections])
            for group in library.groups()
        ],
        "gaps": () if found.is_signed else queries.gaps_of(found, rows),
        "refused": refused,
        "typed": request.POST.get("typed_name", ""),
        "may_write": request.may(WRITE),
        "steps": steps(request.person, found, "sign"),
        "amended_by": Assessment.objects.filter(amends=found).first(),
    }
    return render(request, "assessments/review.html", context, status=422 if refused else 200)


PAPERS: dict[str, Any] = {"assessment": queries.assessments, "level": queries.levels_of}


@require_POST
@requires_chart(WRITE)
def enter_in_error(request: ChartRequest, person: str, kind: str, paper: str) -> HttpResponse:
    """Say that a signed assessment or level of care should not have been written; it stays readable."""
    if kind not in PAPERS:
        raise Http404
    found = get_object_or_404(PAPERS[kind](request.person), public_id=paper)
    with toasts.telling(request, _("Marked as entered in error. It stays readable and counts no longer.")):
        papers.enter_in_error(actor=request.actor, paper=found, reason=request.POST.get("reason", ""))
    return redirect(
        "assessments:chart" if kind == "assessment" else "assessments:level_chart", request.person.public_id
    )


@require_POST
@requires_chart(WRITE)
def amend(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """Begin an amendment of a signed assessment."""
    found = find_assessment(request, assessment)
    try:
        amended = services.amend_assessment(
            actor=request.actor, assessment=found, reason=request.POST.get("reason", "")
        )
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("assessments:review", request.person.public_id, found.public_id)
    return redirect("assessments:story", request.person.public_id, amended.public_id)
