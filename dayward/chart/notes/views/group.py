"""One page per session: the block for everybody and a row for each person who was there (3.3 (2))."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dayward.care.schedule.models import Session
from dayward.chart.notes import library, services
from dayward.chart.notes.forms import OutreachForm
from dayward.chart.notes.pages import SHARED_BEFORE, Line, Page, page_of
from dayward.chart.notes.permissions import WRITE
from dayward.chart.notes.rules.templates import Template
from dayward.chart.notes.services.drafting import is_together
from dayward.chart.notes.views.common import (
    Saved,
    answer,
    differences,
    marks,
    session_of,
    shown_to,
    touched,
)
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.ui import toasts


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def session(request: StaffRequest, session: str) -> HttpResponse:
    """Write what the session was and how it was for each; sign all rows that are ready."""
    found = session_of(request, session)
    if isinstance(found, HttpResponse):
        return found
    template = _template(found)
    if template is None or not is_together(found):
        return _elsewhere(found)
    if request.method == "GET":
        return _show(request, shown_to(request, page_of(found, template)))
    return _post(request, found, template)


def _template(found: Session) -> Template | None:
    return library.template_for(found.service.form) if found.service.documentable else None


def _elsewhere(found: Session) -> HttpResponse:
    """A session of one person has its own page in their chart; one without a note its roll."""
    seat = found.bookings.standing().select_related("person").first()
    if seat is None or not found.service.documentable:
        return redirect("attendance:roll", session=found.public_id)
    return redirect("notes:booking", person=seat.person.public_id, booking=seat.public_id)


def _post(request: StaffRequest, found: Session, template: Template) -> HttpResponse:
    try:
        saved = _save(request, shown_to(request, page_of(found, template)))
    except Refused as refused:
        return _show(request, shown_to(request, page_of(found, template, request.POST)), refused=refused)
    clashed = [pair for row in saved for pair in row.clashes]
    if clashed:
        page = shown_to(request, page_of(found, template, request.POST))
        return _show(request, page, both=_differences(page, saved))
    if request.POST.get("act") == "save":
        toasts.done(request, _("Draft saved."))
        return redirect("notes:session", session=found.public_id)
    return _sign(request, found, template)


def _sign(request: StaffRequest, found: Session, template: Template) -> HttpResponse:
    try:
        done = services.sign_session(
            actor=request.actor, session=found, typed_name=request.POST.get("typed_name", "")
        )
    except Refused as refused:
        return _show(request, shown_to(request, page_of(found, template)), refused=refused)
    words = ngettext("%(n)d note is signed.", "%(n)d notes are signed.", len(done.notes))
    toasts.done(request, words % {"n": len(done.notes)})
    if done.left:
        left = ngettext(
            "%(n)d row is not ready; it says why.", "%(n)d rows are not ready; each says why.", len(done.left)
        )
        toasts.refuse(request, left % {"n": len(done.left)})
    return redirect("notes:session", session=found.public_id)


@requires(WRITE)
@require_POST
def save_session(request: StaffRequest, session: str) -> HttpResponse:
    """The drafts, as they are typed."""
    found = session_of(request, session)
    if isinstance(found, HttpResponse):
        return found
    template = _template(found)
    if template is None:
        return HttpResponse(_("This session has no notes."), status=409)
    try:
        saved = _save(request, shown_to(request, page_of(found, template)))
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    return answer(request, saved, lines=shown_to(request, page_of(found, template)).open_lines)


def _save(request: StaffRequest, page: Page) -> list[Saved]:
    """The block and each row somebody wrote in."""
    done = [_save_shared(request, page)]
    for line in page.open_lines:
        if (saved := _save_line(request, line, request.POST)) is not None:
            done.append(saved)
    return done


def _save_shared(request: StaffRequest, page: Page) -> Saved:
    texts, base = page.shared.posted(request.POST), page.shared.posted_marks(request.POST)
    if not base:
        return Saved([], [], "")
    merged = services.save_shared(actor=request.actor, session=page.session, texts=texts, base=base)
    fresh = marks(SHARED_BEFORE, merged.texts, merged.changed, merged.clashes)
    return Saved(fresh, list(merged.clashes), SHARED_BEFORE)


def _save_line(request: StaffRequest, line: Line, data: QueryDict) -> Saved | None:
    assert line.form is not None
    texts, base = line.form.posted(data), line.form.posted_marks(data)
    if not base or (line.note is None and not touched(texts)):
        return None
    note = line.note or services.start_note(actor=request.actor, booking=line.seat.booking)
    merged = services.save_note(actor=request.actor, note=note, texts=texts, base=base)
    fresh = marks(line.before, merged.texts, merged.changed, merged.clashes)
    return Saved(fresh, list(merged.clashes), line.before)


def _differences(page: Page, saved: list[Saved]) -> list[dict[str, str]]:
    forms: dict[str, Any] = {line.before: line.form for line in page.open_lines}
    forms[SHARED_BEFORE] = page.shared
    names = {line.before: line.seat.person.called for line in page.open_lines}
    found = []
    for row in saved:
        for each in differences(forms[row.before], row.clashes) if row.clashes else ():
            who = names.get(row.before)
            found.append(each | {"label": f"{who}: {each['label']}"} if who else each)
    return found


def _show(
    request: StaffRequest,
    page: Page,
    refused: Refused | None = None,
    both: list[dict[str, str]] | None = None,
) -> HttpResponse:
    audit_list(request, [row.person for row in page.roll.rows])
    context = {
        "page": page,
        "session": page.session,
        "zone": page.session.site.time_zone,
        "leaders": page.circle.leaders,
        "refused": refused,
        "differences": both or [],
        "typed": request.POST.get("typed_name", ""),
    }
    return render(request, "notes/session.html", context, status=422 if refused or both else 200)


@requires(WRITE)
@require_POST
def outreach(request: StaffRequest, session: str, booking: str) -> HttpResponse:
    """Somebody who did not come was called."""
    found = session_of(request, session)
    if isinstance(found, HttpResponse):
        return found
    seat = get_object_or_404(found.bookings.standing().select_related("person"), public_id=booking)
    log(request, lambda outcome: services.log_outreach(actor=request.actor, booking=seat, outcome=outcome))
    return redirect("notes:session", session=found.public_id)


def log(request: StaffRequest, do: Callable[[str], object]) -> None:
    """One tap: reached, left a message, no answer."""
    form = OutreachForm(request.POST)
    if not form.is_valid():
        toasts.refuse(request, _("Say how the call went."))
        return
    with toasts.telling(request, _("The call is in the record.")):
        do(form.cleaned_data["outcome"])
