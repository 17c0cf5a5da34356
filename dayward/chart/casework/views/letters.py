from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.casework.forms.letters import LetterForm
from dayward.chart.casework.models import Letter
from dayward.chart.casework.permissions import READ, WRITE
from dayward.chart.casework.queries import letters as queries
from dayward.chart.casework.queries.papers import plain
from dayward.chart.casework.services import letters as services
from dayward.chart.safety.queries import credentials
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.consent.queries import today_at
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts

USUAL_DAYS = 28


@require_GET
@requires_chart(READ)
@in_zone_of_person
def letters(request: ChartRequest, person: str) -> HttpResponse:
    """Every letter: asked for, signed, handed over or sent."""
    rows = list(queries.letters_of(request.person))
    context = {
        "person": request.person,
        "waiting": [row for row in rows if row.state in ("asked", "signed")],
        "settled": [row for row in rows if row.state not in ("asked", "signed")],
        "may_write": request.may(WRITE),
    }
    return render(request, "casework/letters.html", context)


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
@in_zone_of_person
def new(request: ChartRequest, person: str) -> HttpResponse:
    """Write a letter that was not asked for in the system."""
    episode = queries.episodes_of(request.person).first()
    form = LetterForm(request.POST or None, initial=_usual(request))
    if request.method == "POST" and form.is_valid():
        try:
            if episode is None:
                raise Refused(_("There are no days here that a letter could tell of."))
            made = services.begin(
                actor=request.actor, person=request.person, episode=episode, filled=form.filled()
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect("casework:letter", person=request.person.public_id, letter=made.public_id)
    context = {"person": request.person, "form": form, "episode": episode}
    return render(
        request, "casework/letter_form.html", context, status=200 if request.method == "GET" else 422
    )


def _usual(request: ChartRequest) -> dict[str, Any]:
    """The last four weeks, handed to the person."""
    today = today_at(request.person)
    return {
        "kind": "work",
        "route": "person",
        "since": today - timedelta(days=USUAL_DAYS),
        "until": today,
        "hours": True,
    }


@require_http_methods(["GET", "POST"])
@requires_chart(READ)
@in_zone_of_person
def letter(request: ChartRequest, person: str, letter: str) -> HttpResponse:
    """One letter: fill it in, see what its reader learns, sign it, let it go."""
    row = get_object_or_404(queries.letters_of(request.person), public_id=letter)
    may_write = request.may(WRITE)
    form = LetterForm(request.POST or None, initial=_initial(request, row))
    if request.method == "POST":
        if not may_write:
            raise Http404
        answer = _act(request, row, form)
        if answer is not None:
            return answer
        row.refresh_from_db()
    context = {
        "person": request.person,
        "row": row,
        "form": form,
        "may_write": may_write,
        **(_preview(request, row) if row.since else {}),
    }
    return render(request, "casework/letter.html", context, status=200 if request.method == "GET" else 422)


def _initial(request: ChartRequest, row: Letter) -> dict[str, Any]:
    if row.since is None:
        return _usual(request) | {"kind": row.kind}
    names = ("kind", "route", "recipient", "since", "until", "hours", "times_ahead", "sentence")
    return {name: getattr(row, name) for name in names}


def _preview(request: ChartRequest, row: Letter) -> dict[str, Any]:
    """The letter as it will be, what it tells, and whether it may go."""
    allowed = queries.allowed(row)
    if row.signature_id is not None:
        return {"text": row.signed_text, "learns": queries.reader_learns(row), "allowed": allowed}
    signer = queries.Signer(request.staff, next(iter(credentials(request.staff)), None))
    paper = queries.paper_of(row, signer, allowed.consent, queries.days_of(row))
    return {"text": plain(paper), "learns": queries.reader_learns(row), "allowed": allowed}


def _act(request: ChartRequest, row: Letter, form: LetterForm) -> HttpResponse | None:
    """Do what the button says; None shows the page again with the reason."""
    here = redirect("casework:letter", person=request.person.public_id, letter=row.public_id)
    act = request.POST.get("act", "fill")
    try:
        if act == "fill":
            if not form.is_valid():
                return None
            services.fill(actor=request.actor, letter=row, filled=form.filled())
        elif act == "sign":
            services.sign(actor=request.actor, letter=row, typed_name=request.POST.get("typed_name", ""))
            toasts.done(request, _("The letter is signed. It is still here."))
        elif act == "out":
            services.hand_over(actor=request.actor, letter=row)
            toasts.done(request, _("Written down: the letter is out."))
        elif act == "decline":
            services.decline(actor=request.actor, letter=row, reason=request.POST.get("reason", ""))
            toasts.done(request, _("Not written. The person reads why."))
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    return here


@require_GET
@requires_chart(READ)
def letter_pdf(request: ChartRequest, person: str, letter: str) -> HttpResponse:
    """The signed letter as a file."""
    row = get_object_or_404(queries.letters_of(request.person), public_id=letter)
    if row.document is None:
        raise Http404
    record(
        actor=request.actor,
        action="casework.open_letter",
        kind=Entry.Kind.VIEW,
        person=request.person,
        subject=row,
    )
    response = HttpResponse(bytes(row.document.file.content), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return response


@require_POST
@requires_chart(WRITE)
def letter_in_error(request: ChartRequest, person: str, letter: str) -> HttpResponse:
    """Say that a letter should not have been written."""
    row = get_object_or_404(queries.letters_of(request.person), public_id=letter)
    services.letter_in_error(actor=request.actor, letter=row)
    toasts.done(request, _("Marked as entered in error. What left with it stays in the log."))
    return redirect("casework:letters", person=request.person.public_id)
