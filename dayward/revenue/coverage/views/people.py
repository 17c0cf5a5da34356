from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.care.journey import services as journey
from dayward.care.journey.models import IntakeCase
from dayward.care.journey.permissions import INTAKE
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person, zone_of
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.gathering import Reading
from dayward.kernel.permissions import requires_chart
from dayward.revenue.coverage import queries, services
from dayward.revenue.coverage.forms import CoverageForm, initial_of
from dayward.revenue.coverage.models import Coverage
from dayward.revenue.coverage.permissions import EDIT, READ
from dayward.ui import drafts, toasts
from dayward.ui.versions import differences, version_posted, version_shown


def panel_context(request: HttpRequest, person: Person) -> Reading[dict[str, Any]]:
    """For the chart: what is in force today."""
    zone = zone_of(person)
    coverages = yield from queries.read_current(person, timezone.localdate(timezone=zone))
    return {"person": person, "coverages": coverages, "zone": zone}


@require_GET
@requires_chart(READ)
@in_zone_of_person
def coverage_list(request: ChartRequest, person: str) -> HttpResponse:
    """Every entry of who pays, the newest first."""
    coverages = list(queries.coverages_of(request.person))
    context = {
        "person": request.person,
        "coverages": coverages,
        "verified": any(each.verified_at for each in coverages),
        "today": timezone.localdate(),
        "may_edit": request.may(EDIT),
        "waits": request.may(INTAKE) and _screened_case(request) is not None,
    }
    return render(request, "coverage/list.html", context)


@require_http_methods(["GET", "POST"])
@requires_chart(EDIT)
@drafts.keeps_draft()
def add(request: ChartRequest, person: str) -> HttpResponse:
    """Write down who pays."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@requires_chart(EDIT)
@drafts.keeps_draft()
def edit(request: ChartRequest, person: str, coverage: str) -> HttpResponse:
    """Correct an entry."""
    return _edit(request, _find(request, coverage))


def _edit(request: ChartRequest, coverage: Coverage | None) -> HttpResponse:
    start = initial_of(coverage) if coverage else {"starts_on": None}
    form = CoverageForm(request.POST or None, initial=start, names=queries.payer_names())
    drafts.restore(request, form)
    both: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            if _save(request, form, coverage):
                return redirect("coverage:list", person=request.person.public_id)
        except Conflict as conflict:
            assert coverage
            form.add_error(None, conflict.sentence)
            coverage = _find(request, coverage.public_id)
            both = differences(form, form.cleaned_data, initial_of(coverage))
    context = {
        "person": request.person,
        "form": form,
        "coverage": coverage,
        "version": version_shown(request, coverage.version if coverage else 0),
        "differences": both,
    }
    return render(request, "coverage/edit.html", context, status=200 if request.method == "GET" else 422)


def _save(request: ChartRequest, form: CoverageForm, coverage: Coverage | None) -> bool:
    try:
        with drafts.sent(request):
            _write(request, form, coverage)
    except Conflict:
        raise
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    toasts.done(request, _("Saved."))
    return True


def _write(request: ChartRequest, form: CoverageForm, coverage: Coverage | None) -> None:
    payer = services.find_or_add_payer(actor=request.actor, name=form.cleaned_data["payer"])
    told: dict[str, Any] = {"actor": request.actor, "payer": payer, **form.values()}
    if coverage is None:
        services.add_coverage(person=request.person, **told)
    else:
        services.update_coverage(coverage=coverage, version=version_posted(request), **told)


@require_POST
@requires_chart(EDIT)
def verify(request: ChartRequest, person: str, coverage: str) -> HttpResponse:
    """The payer was asked, and it is right."""
    try:
        services.verify_coverage(actor=request.actor, coverage=_find(request, coverage))
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        toasts.done(request, _("Verified."))
        if request.may(INTAKE):
            _take_on(request)
    return redirect("coverage:list", person=request.person.public_id)


def _screened_case(request: ChartRequest) -> IntakeCase | None:
    """The person's open case that waits for the benefits."""
    rows = IntakeCase.objects.filter(person_id__in=request.person.all_ids, state="screened")
    return rows.select_related("site").order_by("-id").first()


def _take_on(request: ChartRequest) -> None:
    case = _screened_case(request)
    if case is not None:
        journey.record_benefits(actor=request.actor, case=case)
        toasts.done(request, _("The benefits are recorded in the intake case."))


@require_POST
@requires_chart(INTAKE)
def benefits(request: ChartRequest, person: str) -> HttpResponse:
    """The intake case goes on: what was verified before counts."""
    with toasts.telling(request):
        _take_on(request)
    return redirect("coverage:list", person=request.person.public_id)


def _find(request: ChartRequest, coverage: str) -> Coverage:
    return get_object_or_404(queries.coverages_of(request.person), public_id=coverage)
