from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db import transaction
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
from dayward.chart.casework.views.papers import as_file
from dayward.chart.safety.forms import TextsForm
from dayward.chart.safety.queries import credentials
from dayward.chart.safety.rules.merge import Merged, fingerprint
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import drafts, toasts

USUAL_DAYS = 28
BACK = "back"
NOTHING = "-"  # no hash: the signer was shown no words


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
@drafts.keeps_draft()
def new(request: ChartRequest, person: str) -> HttpResponse:
    """Write a letter that was not asked for in the system."""
    episode = queries.episodes_of(request.person).first()
    form = LetterForm(request.POST or None, initial=_usual(request))
    drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            if episode is None:
                raise Refused(_("There are no days here that a letter could tell of."))
            with drafts.sent(request):
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
@drafts.keeps_draft()
def letter(request: ChartRequest, person: str, letter: str) -> HttpResponse:
    """One letter: fill it in, see what its reader learns, sign it, let it go."""
    row = get_object_or_404(queries.letters_of(request.person), public_id=letter)
    may_write = request.may(WRITE)
    form = LetterForm(request.POST or None, initial=_initial(request, row))
    drafts.restore(request, form)
    merged: Merged | None = None
    if request.method == "POST":
        if not may_write:
            raise Http404
        if _wanted(request) != "fill":
            return _act(request, row)
        merged = _fill(request, row, form)
        if merged is not None and not merged.clashes:
            return redirect("casework:letter", person=request.person.public_id, letter=row.public_id)
        row = get_object_or_404(queries.letters_of(request.person), public_id=letter)
    context = {
        "person": request.person,
        "row": row,
        "form": form,
        "base": _base(request, row, merged),
        "differences": _differences(form, merged),
        "may_write": may_write,
        **(_preview(request, row) if row.since else {}),
    }
    return render(request, "casework/letter.html", context, status=200 if request.method == "GET" else 422)


def _fill(request: ChartRequest, row: Letter, form: LetterForm) -> Merged | None:
    """None shows the form again with its reason; what was typed stays in it."""
    if not form.is_valid():
        return None
    base = TextsForm.posted_base(request.POST)
    try:
        with transaction.atomic():
            merged = services.fill(actor=request.actor, letter=row, filled=form.filled(), base=base)
            if not merged.clashes:
                drafts.ended(request)
            return merged
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None


def _base(request: ChartRequest, row: Letter, merged: Merged | None) -> list[tuple[str, str]]:
    """What the form is made from; after a mistake still that which it was made from before."""
    if request.method == "POST" and merged is None:
        return list(TextsForm.posted_base(request.POST).items())
    if (typed := drafts.typed_here(request)) is not None:
        return list(TextsForm.posted_base(typed).items())
    return [(key, fingerprint(text)) for key, text in queries.texts_in(row).items()]


def _differences(form: LetterForm, merged: Merged | None) -> list[dict[str, object]]:
    """What two people changed, both texts."""
    return [
        {"label": form[each.key].label, "mine": _words(form, each.key, each.mine), "theirs": theirs}
        for each in (merged.clashes if merged else ())
        for theirs in (_words(form, each.key, each.theirs),)
    ]


def _words(form: LetterForm, key: str, text: str) -> str:
    field = form.fields[key]
    if isinstance(field, forms.BooleanField):
        return _("Yes") if text else _("No")
    choices = {"kind": Letter.Kind.choices, "route": Letter.Route.choices}.get(key, [])
    return str(dict(choices).get(text, text))


def _initial(request: ChartRequest, row: Letter) -> dict[str, Any]:
    if row.since is None:
        return _usual(request) | {"kind": row.kind}
    return {name: getattr(row, name) for name in queries.FILLED}


def _preview(request: ChartRequest, row: Letter) -> dict[str, Any]:
    """The letter as it will be, what it tells, and whether it may go."""
    allowed = queries.allowed(row)
    if row.signature_id is not None:
        return {"text": row.signed_text, "learns": queries.reader_learns(row), "allowed": allowed}
    signer = queries.Signer(request.staff, next(iter(credentials(request.staff)), None))
    paper = queries.paper_of(row, signer, allowed.consent, queries.days_of(row))
    text = plain(paper)
    return {
        "text": text,
        "seen": digest(text),
        "learns": queries.reader_learns(row),
        "allowed": allowed,
    }


def _wanted(request: ChartRequest) -> str:
    """What the button says; an undo says it in its address."""
    return request.POST.get("act") or request.GET.get("act") or "fill"


def _act(request: ChartRequest, row: Letter) -> HttpResponse:
    """Do what the button says."""
    here = redirect("casework:letter", person=request.person.public_id, letter=row.public_id)
    act = _wanted(request)
    try:
        if act == "sign":
            typed, seen = request.POST.get("typed_name", ""), request.POST.get("seen") or NOTHING
            services.sign(actor=request.actor, letter=row, typed_name=typed, seen=seen)
            toasts.done(request, _("The letter is signed. It is still here."))
        elif act == "out":
            services.hand_over(actor=request.actor, letter=row)
            undo = f"{here.url}?act={BACK}" if row.route == Letter.Route.PERSON else ""
            toasts.done(request, _("Written down: the letter is out."), undo_url=undo)
        elif act == BACK:
            services.take_letter_back(actor=request.actor, letter=row)
            toasts.done(request, _("Taken back: it was not handed over."))
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
    return as_file(request, row, "casework.open_letter")


@require_POST
@requires_chart(WRITE)
def letter_in_error(request: ChartRequest, person: str, letter: str) -> HttpResponse:
    """Say that a letter should not have been written."""
    row = get_object_or_404(queries.letters_of(request.person), public_id=letter)
    services.letter_in_error(actor=request.actor, letter=row)
    toasts.done(request, _("Marked as entered in error. What left with it stays in the log."))
    return redirect("casework:letters", person=request.person.public_id)
