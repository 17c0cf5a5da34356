from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.casework.forms.summaries import SendForm, SignForm, SummaryForm
from dayward.chart.casework.models import Summary
from dayward.chart.casework.permissions import READ, SUMMARIZE
from dayward.chart.casework.queries import summaries as queries
from dayward.chart.casework.rules import summaries as rules
from dayward.chart.casework.services import summaries as services
from dayward.chart.casework.views.papers import as_file
from dayward.chart.plans.queries.plans import current_episode
from dayward.chart.safety.forms import TextsForm
from dayward.chart.safety.rules.merge import Merged, fingerprint
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts

NOTHING = "-"  # no mark: the signer was shown nothing


@require_GET
@requires_chart(READ)
@in_zone_of_person
def summaries(request: ChartRequest, person: str) -> HttpResponse:
    """Every discharge summary and transfer packet, and what may be begun."""
    context = {
        "person": request.person,
        "rows": queries.summaries_of(request.person),
        "may_summarize": request.may(SUMMARIZE),
        "episode": current_episode(request.person),
    }
    return render(request, "casework/summaries.html", context)


@require_http_methods(["GET", "POST"])
@requires_chart(SUMMARIZE)
@in_zone_of_person
def write(request: ChartRequest, person: str, kind: str) -> HttpResponse:
    """Write a discharge summary or a transfer packet beside what the record says, and sign it."""
    draft = _draft(request, kind)
    if request.method == "GET" or draft is None:
        return _show(request, kind, draft, SummaryForm(kind=_kind(kind), shown=_texts(draft)))
    draft, merged = _save(request, draft)
    form = SummaryForm(request.POST, kind=_kind(kind), shown=queries.texts_in(draft))
    if merged.clashes:
        return _show(request, kind, draft, form, merged=merged)
    if request.POST.get("act") == "save":
        toasts.done(request, _("Draft saved."))
        return redirect("casework:write_summary", person=request.person.public_id, kind=kind)
    given = request.POST.get("copy_given") == "on"
    typed = request.POST.get("typed_name", "")
    try:
        services.sign(
            actor=request.actor,
            summary=draft,
            typed_name=typed,
            copy_given=given,
            shown=request.POST.get("shown") or NOTHING,
        )
    except Refused as refused:
        return _show(request, kind, draft, form, refused=refused)
    toasts.done(request, _("Signed. What the record said is frozen with it."))
    return redirect("casework:summary", person=request.person.public_id, summary=draft.public_id)


@require_POST
@requires_chart(SUMMARIZE)
def save(request: ChartRequest, person: str, kind: str) -> HttpResponse:
    """The draft, as it is typed."""
    draft = _draft(request, kind)
    if draft is None:
        raise Http404
    try:
        draft, merged = _save(request, draft)
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    theirs = {item.key for item in merged.clashes}
    fresh = [(key, fingerprint(merged.texts[key])) for key in merged.changed if key not in theirs]
    context = {"version": draft.version, "fresh": fresh, "clashes": bool(merged.clashes)}
    return render(request, "safety/saved.html", context)


def _kind(kind: str) -> rules.Kind:
    if kind not in set(rules.Kind):
        raise Http404
    return rules.Kind(kind)


def _draft(request: ChartRequest, kind: str) -> Summary | None:
    """The draft there is, else an unsaved one; None where there is no stay to write about."""
    draft, episode = queries.draft_or_stay(request.person, _kind(kind))
    if draft is not None:
        return draft
    return Summary(person=request.person, episode=episode, kind=kind) if episode else None


def _texts(draft: Summary | None) -> dict[str, str]:
    return queries.texts_in(draft) if draft else {}


def _save(request: ChartRequest, draft: Summary) -> tuple[Summary, Merged]:
    kept = services.start(actor=request.actor, person=request.person, kind=draft.kind, episode=draft.episode)
    base = TextsForm.posted_base(request.POST)
    merged = services.save(actor=request.actor, summary=kept, texts=request.POST.dict(), base=base)
    return queries.summaries_of(request.person).get(pk=kept.pk), merged


def _show(
    request: ChartRequest,
    kind: str,
    draft: Summary | None,
    form: SummaryForm,
    merged: Merged | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    clashes = merged.clashes if merged else ()
    found = queries.sections_of(draft) if draft else []
    context = {
        "person": request.person,
        "kind": kind,
        "title": Summary.Kind(kind).label,
        "draft": draft,
        "form": form,
        "extra": SignForm(request.POST or None),
        "sections": found,
        "shown": queries.mark_of(found),
        "gaps": queries.gaps_of(found),
        "allowed": queries.allowed(draft) if draft and kind == rules.Kind.TRANSFER else None,
        "typed": request.POST.get("typed_name", ""),
        "refused": refused,
        "differences": [
            {"label": form[item.key].label, "mine": item.mine, "theirs": item.theirs} for item in clashes
        ],
    }
    return render(request, "casework/write_summary.html", context, status=422 if refused or clashes else 200)


# -- signed --------------------------------------------------------------------------------------------------------


@require_GET
@requires_chart(READ)
@in_zone_of_person
def summary(request: ChartRequest, person: str, summary: str) -> HttpResponse:
    """One signed summary or packet, word for word; a packet can be sent from here."""
    return _read(request, _found(request, summary), SendForm(initial={"basis": "consent"}))


def _read(request: ChartRequest, row: Summary, form: SendForm) -> HttpResponse:
    waits = row.kind == rules.Kind.TRANSFER and row.disclosure is None and not row.entered_in_error_at
    context: dict[str, Any] = {
        "person": request.person,
        "row": row,
        "form": form,
        "may_summarize": request.may(SUMMARIZE),
        "waits": waits,
        "allowed": queries.allowed(row) if waits else None,
        "handed": queries.handed(row),
    }
    return render(request, "casework/summary.html", context, status=422 if form.errors else 200)


def _found(request: ChartRequest, public_id: str) -> Summary:
    rows = queries.summaries_of(request.person).filter(signature__isnull=False)
    return get_object_or_404(rows, public_id=public_id)


@require_GET
@requires_chart(READ)
def summary_pdf(request: ChartRequest, person: str, summary: str) -> HttpResponse:
    """The signed paper as a file, for the person's copy or for whoever receives it."""
    row = _found(request, summary)
    return as_file(request, row, "casework.open_summary")


@require_POST
@requires_chart(SUMMARIZE)
def hand_copy(request: ChartRequest, person: str, summary: str) -> HttpResponse:
    """The person has the paper in hand, or (`undo`) has not after all"""
    row, undo = _found(request, summary), request.GET.get("undo") == "1"
    here = reverse("casework:hand_copy", args=[person, summary])
    try:
        if undo:
            services.take_copy_back(actor=request.actor, summary=row)
        else:
            services.hand_copy(actor=request.actor, summary=row)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        said = _("Taken back: it was not handed over.") if undo else _("Written down: the person has it.")
        toasts.done(request, said, undo_url="" if undo else f"{here}?undo=1")
    return redirect("casework:summary", person=request.person.public_id, summary=row.public_id)


@require_POST
@requires_chart(SUMMARIZE)
@in_zone_of_person
def send(request: ChartRequest, person: str, summary: str) -> HttpResponse:
    """The packet went: by consent, or in a medical emergency."""
    row, form = _found(request, summary), SendForm(request.POST)
    if form.is_valid():
        try:
            services.send(actor=request.actor, packet=row, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Sent, and in the log of disclosures."))
            return redirect("casework:summary", person=request.person.public_id, summary=row.public_id)
    return _read(request, row, form)


@require_POST
@requires_chart(SUMMARIZE)
def summary_in_error(request: ChartRequest, person: str, summary: str) -> HttpResponse:
    """Say that a summary or packet should not have been written; it stays readable."""
    row = _found(request, summary)
    with toasts.telling(request, _("Marked as entered in error. It stays readable and counts no longer.")):
        services.enter_in_error(actor=request.actor, paper=row, reason=request.POST.get("reason", ""))
    return redirect("casework:summary", person=request.person.public_id, summary=row.public_id)
