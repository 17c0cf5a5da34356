"""A note of one person: of a visit, or of a contact without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.care.attendance.models import Absence
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.family import Relative, read_family
from dayward.chart.notes import library, queries, services
from dayward.chart.notes.forms import ContactForm, NoteForm
from dayward.chart.notes.models import Note
from dayward.chart.notes.pages import stored, with_own
from dayward.chart.notes.permissions import WRITE
from dayward.chart.notes.rules.templates import Objective, Template
from dayward.chart.notes.services.drafting import is_together, parts_of
from dayward.chart.notes.services.signing import read_leaders
from dayward.chart.notes.views.common import Saved, answer, differences, marks, touched
from dayward.chart.notes.views.group import log
from dayward.chart.safety.permissions import READ as READ_SAFETY
from dayward.chart.safety.queries import safety_of
from dayward.chart.safety.rules.merge import Merged
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import all_of, alone, both, first_of
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@dataclass(frozen=True)
class Sheet:
    """What is written on: a draft, or a booking that has none yet."""

    note: Note  # not stored yet where nobody has written
    template: Template
    form: NoteForm
    last: Note | None
    family: tuple[Relative, ...]
    url: str
    save_url: str

    @property
    def refused_family(self) -> list[Relative]:
        return [each for each in self.family if not each.allowed]

    @property
    def thread_first(self) -> bool:
        """Where an objective is needed, it is chosen before writing."""
        return self.template.objective is Objective.NEEDED

    @property
    def last_words(self) -> str:
        return queries.last_words(self.template, self.last)


def sheet_of(request: ChartRequest, note: Note, url: str, save_url: str) -> Sheet:
    template = queries.template_of(note)
    people = [note.person_id]
    (before, planned), relatives = alone(
        both(
            both(
                queries.read_last_notes(people, template, note.happened_at),
                queries.read_objectives(people),
            ),
            read_family([request.person] if template.family else []),
        )
    )
    last, objectives = before.get(note.person_id), planned.get(note.person_id, [])
    family = relatives.get(request.person.pk, [])
    known = note if note.pk else None
    parts = parts_of(note, template)
    form = NoteForm(
        template,
        parts,
        request.POST if request.method == "POST" else None,
        shown=stored(parts, known),
        objectives=with_own(objectives, known),
        offered=queries.offered(objectives, last, note.service_id),
        family=family,
    )
    return Sheet(note, template, form, last, tuple(family), url, save_url)


def _seat(request: ChartRequest, public_id: str) -> Booking:
    rows = Booking.objects.standing().select_related(
        "session__site", "session__service", "session__room", "person"
    )
    return get_object_or_404(rows, public_id=public_id, person_id__in=request.person.all_ids)


def _of_booking(request: ChartRequest, seat: Booking, note: Note | None) -> Sheet:
    """The sheet of a booking, with its note if there is one; Http404 where nothing is documented."""
    session = seat.session
    template = library.template_for(session.service.form) if session.service.documentable else None
    if template is None:
        raise Http404
    note = note or Note(
        person=seat.person,
        booking=seat,
        session=session,
        service=session.service,
        template=template.key,
        happened_at=session.span.start,
    )
    names = [request.person.public_id, seat.public_id]
    return sheet_of(
        request, note, reverse("notes:booking", args=names), reverse("notes:save_booking", args=names)
    )


def _of_draft(request: ChartRequest, public_id: str) -> Sheet:
    draft = queries.draft_of(request.person, public_id)
    if draft is None:
        raise Http404
    names = [request.person.public_id, draft.public_id]
    return sheet_of(request, draft, reverse("notes:edit", args=names), reverse("notes:save", args=names))


@requires_chart(WRITE)
@require_http_methods(["GET", "POST"])
def booking(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """The note of one visit; of somebody who did not come the calls instead."""
    seat = _seat(request, booking)
    note = queries.note_for(seat)
    if is_together(seat.session) and note is None:
        # The calls after a no-show are the therapist's too, who may not have led that group.
        if request.method == "GET" and _is_away(seat):
            return _show(request, _of_booking(request, seat, note))
        return redirect("notes:session", session=seat.session.public_id)
    sheet = _of_booking(request, seat, note)
    if sheet.note.is_signed:
        return redirect("notes:note", person=request.person.public_id, note=sheet.note.public_id)
    if sheet.note.pk and is_together(seat.session):
        return redirect("notes:session", session=seat.session.public_id)
    if request.method == "GET":
        return _show(request, sheet)
    return _post(request, sheet)


@requires_chart(WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: ChartRequest, person: str, note: str) -> HttpResponse:
    """Go on with a draft: of a contact, or an amendment."""
    known = get_object_or_404(queries.notes_of(request.person), public_id=note)
    if known.is_signed:
        return redirect("notes:note", person=request.person.public_id, note=known.public_id)
    sheet = _of_draft(request, note)
    return _show(request, sheet) if request.method == "GET" else _post(request, sheet)


def _post(request: ChartRequest, sheet: Sheet) -> HttpResponse:
    try:
        note, merged = _save(request, sheet)
    except Refused as refused:
        return _show(request, sheet, refused=refused)
    if merged.clashes:
        return _show(request, sheet, merged=merged)
    if request.POST.get("act") == "save":
        toasts.done(request, _("Draft saved."))
        return redirect(sheet.url)
    try:
        signed = services.sign_note(
            actor=request.actor, note=note, typed_name=request.POST.get("typed_name", "")
        )
    except Refused as refused:
        return _show(request, sheet, refused=refused)
    words = _("The note is signed; your supervisor is asked to sign after you.")
    toasts.done(request, words if signed.waits_for_cosigning else _("The note is signed."))
    return redirect("notes:note", person=request.person.public_id, note=signed.public_id)


def _save(request: ChartRequest, sheet: Sheet) -> tuple[Note, Merged]:
    note, texts = sheet.note, sheet.form.posted(request.POST)
    if not note.pk:
        assert note.booking is not None
        note = services.start_note(actor=request.actor, booking=note.booking)
    base = sheet.form.posted_marks(request.POST)
    merged = services.save_note(actor=request.actor, note=note, texts=texts, base=base)
    return note, merged


@requires_chart(WRITE)
@require_POST
def save_booking(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """The draft of a visit's note, as it is typed."""
    seat = _seat(request, booking)
    return _autosave(request, _of_booking(request, seat, queries.note_for(seat)))


@requires_chart(WRITE)
@require_POST
def save(request: ChartRequest, person: str, note: str) -> HttpResponse:
    """The draft, as it is typed."""
    return _autosave(request, _of_draft(request, note))


def _autosave(request: ChartRequest, sheet: Sheet) -> HttpResponse:
    if not sheet.note.pk and not touched(sheet.form.posted(request.POST)):
        return answer(request, [])
    try:
        _note, merged = _save(request, sheet)
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    fresh = marks("", merged.texts, merged.changed, merged.clashes)
    return answer(request, [Saved(fresh, list(merged.clashes), "")])


def _show(
    request: ChartRequest, sheet: Sheet, refused: Refused | None = None, merged: Merged | None = None
) -> HttpResponse:
    clashes = merged.clashes if merged else ()
    context = {
        "person": request.person,
        "sheet": sheet,
        "note": sheet.note,
        "form": sheet.form,
        "refused": refused,
        "differences": differences(sheet.form, clashes),
        "typed": request.POST.get("typed_name", ""),
        "safety": safety_of(request.person) if request.may(READ_SAFETY) else None,
        **_about_the_session(sheet.note),
    }
    return render(request, "notes/single.html", context, status=422 if refused or clashes else 200)


def _is_away(seat: Booking) -> bool:
    return Absence.objects.filter(booking=seat, withdrawn_at__isnull=True).exists()


def _about_the_session(note: Note) -> dict[str, Any]:
    """When, where, with whom; and whether the person was there."""
    if note.booking is None or note.session is None:
        return {"there": "", "absence": None, "unconfirmed": False}
    away = Absence.objects.filter(booking=note.booking, withdrawn_at__isnull=True)
    there = note.booking.intervals.standing().order_by("came_in")
    confirmed = both(all_of(there), first_of(away.order_by("pk")))
    around = both(read_leaders(note.session), queries.read_outreach([note.booking.pk]))
    (intervals, absence), (leaders, tried) = alone(both(confirmed, around))
    return {
        "session": note.session,
        "zone": note.session.site.time_zone,
        "leaders": leaders,
        "there": queries.there_in_words(note.session, intervals),
        "absence": absence,
        "unconfirmed": not intervals and absence is None,
        "outreach": tried.get(note.booking.pk, []),
    }


@requires_chart(WRITE)
@require_POST
def outreach(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """Somebody who did not come to their visit was called."""
    seat = _seat(request, booking)
    log(request, lambda outcome: services.log_outreach(actor=request.actor, booking=seat, outcome=outcome))
    return redirect("notes:booking", person=request.person.public_id, booking=seat.public_id)


@requires_chart(WRITE)
@require_http_methods(["GET", "POST"])
def contact(request: ChartRequest, person: str) -> HttpResponse:
    """Something without a booking: a call, a word in the hallway, a case manager's contact."""
    site = request.person.site or Site.objects.order_by("pk")[0]
    now = timezone.now().astimezone(site.zone)
    initial = {"day": now.date(), "clock": now.time().replace(second=0, microsecond=0)}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.start_contact(
                actor=request.actor,
                person=request.person,
                service=form.service(),
                happened_at=form.happened_at(site),
                minutes=form.cleaned_data["minutes"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect("notes:edit", person=request.person.public_id, note=draft.public_id)
    context = {"form": form, "person": request.person}
    return render(request, "notes/contact.html", context, status=422 if form.errors else 200)
