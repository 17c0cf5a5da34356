"""Payers, and what each of them asks of a week."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dayward.foundation.access.need import refuse_elsewhere
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.people.corrections import history_of
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.revenue.coverage import services
from dayward.revenue.coverage.forms import EndTermsForm, KindTermsForm, WeekTermsForm
from dayward.revenue.coverage.models import Payer, WeekTerms
from dayward.revenue.coverage.permissions import PAYERS, TERMS
from dayward.revenue.coverage.queries import kinds_apart, known_terms, library
from dayward.revenue.coverage.rules.week_terms import KnownTerms
from dayward.ui import toasts


@requires(PAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def payers(request: StaffRequest) -> HttpResponse:
    """Every payer on file and what it asks of a week; a POST adds one by name, of the library or another"""
    name = request.POST.get("name", "")
    if request.method == "POST" and request.may(TERMS):
        try:
            kind = request.POST.get("kind", "")
            made = services.find_or_add_payer(actor=request.actor, name=name[:160], kind=kind)
        except Refused as refused:
            toasts.refuse(request, refused.sentence)
            return redirect("coverage:payers")
        return redirect("coverage:payer", payer=made.public_id)
    today = timezone.localdate()
    rows = list(Payer.objects.annotate(people=Count("coverages__person", distinct=True)))
    there = {row.name for row in rows}
    asks = {row.pk: None for row in rows} | {
        each.payer_id: each for each in WeekTerms.objects.filter(payer__in=rows) if each.holds_on(today)
    }
    context = {
        "payers": [(row, asks[row.pk]) for row in rows],
        "known": [each.name for each in library() if each.name not in there],
        "payer_kinds": Payer.Kind.choices,
        "may_edit": request.may(TERMS),
    }
    return render(request, "coverage/payers.html", context)


@requires(PAYERS)
@require_safe
def payer(request: StaffRequest, payer: str) -> HttpResponse:
    """What a payer asks of a week now, before and later"""
    found = get_object_or_404(Payer, public_id=payer)
    history = list(found.week_terms.order_by("-effective_from"))
    today = timezone.localdate()
    kinds = kinds_apart(found, today)
    apart = history_of(found.kind_terms.select_related("kind").order_by("-effective_from", "kind__name"))
    context = {
        "payer": found,
        "terms": next((row for row in history if row.holds_on(today)), None),
        "history": history_of(history),
        "kinds": kinds,
        "payer_kinds": Payer.Kind.choices,
        "apart": apart,
        "apart_told": len(apart) > len(kinds) or any(each.corrections for each in apart),
        "known": None if history else _known(found),
        "may_edit": request.may(TERMS),
        "end_form": EndTermsForm(initial={"on": today}),
        "open": bool(history) and history[0].effective_to is None,
    }
    return render(request, "coverage/payer.html", context)


def _known(payer: Payer) -> KnownTerms | None:
    return next((each for each in known_terms() if each.payer == payer.name), None)


@requires(TERMS)
@require_POST
def set_kind(request: StaffRequest, payer: str) -> HttpResponse:
    """What kind of payer it is"""
    found = get_object_or_404(Payer, public_id=payer)
    with toasts.telling(request, _("Saved. What is due of its members is being worked out.")):
        refuse_elsewhere(request, TERMS)
        services.set_payer_kind(actor=request.actor, payer=found, kind=request.POST.get("kind", ""))
    return redirect("coverage:payer", payer=payer)


@requires(TERMS)
@require_http_methods(["GET", "POST"])
def terms(request: StaffRequest, payer: str) -> HttpResponse:
    """What a payer asks of a week, from a day on"""
    found = get_object_or_404(Payer, public_id=payer)
    form = WeekTermsForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        toasts.done(request, _("Kept. Weeks before that day are held against what held then."))
        return redirect("coverage:payer", payer=found.public_id)
    context = {"payer": found, "form": form}
    return render(request, "coverage/terms.html", context, status=422 if form.errors else 200)


def _initial(payer: Payer) -> dict[str, Any]:
    """What holds, else what is known of it, else nothing."""
    latest, known = payer.week_terms.order_by("effective_from").last(), _known(payer)
    source: Any = latest or known
    found = {name: getattr(source, name) for name in WeekTermsForm.base_fields} if source else {}
    since: date = known.effective_from if known and latest is None else timezone.localdate()
    return {**found, "effective_from": since}


@requires(TERMS)
@require_http_methods(["GET", "POST"])
def kinds(request: StaffRequest, payer: str) -> HttpResponse:
    """Whether minutes of a kind of service count for a payer's floor, from a day on"""
    found = get_object_or_404(Payer, public_id=payer)
    initial = {"effective_from": timezone.localdate(), "kind": request.GET.get("kind", "")}
    form = KindTermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_elsewhere(request, TERMS)
            services.set_kind_terms(actor=request.actor, payer=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Kept. Sessions before that day are counted as they were."))
            return redirect("coverage:payer", payer=found.public_id)
    context = {"payer": found, "form": form}
    return render(request, "coverage/kinds.html", context, status=422 if form.errors else 200)


def _kept(request: StaffRequest, payer: Payer, form: WeekTermsForm) -> bool:
    try:
        refuse_elsewhere(request, TERMS)
        services.set_week_terms(actor=request.actor, payer=payer, **form.cleaned_data)
    except Refused as refused:
        for sentence in refused.reasons:
            form.add_error(None, sentence)
        return False
    return True


@requires(TERMS)
@require_http_methods(["POST"])
def end(request: StaffRequest, payer: str) -> HttpResponse:
    """From a day on a payer asks nothing of a week"""
    found = get_object_or_404(Payer, public_id=payer)
    form = EndTermsForm(request.POST)
    if not form.is_valid():
        toasts.refuse(request, _("Say from which day on."))
        return redirect("coverage:payer", payer=found.public_id)
    with toasts.telling(request, _("From that day on it asks nothing of a week.")):
        refuse_elsewhere(request, TERMS)
        services.end_week_terms(actor=request.actor, payer=found, on=form.cleaned_data["on"])
    return redirect("coverage:payer", payer=found.public_id)
