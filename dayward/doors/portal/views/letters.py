from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.chart.casework.models import Letter
from dayward.chart.casework.queries.letters import episodes_of, letters_of
from dayward.chart.casework.services.letters import ask_letter, take_letter
from dayward.doors.portal import sessions
from dayward.doors.portal.forms import LetterAskForm
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.documents import responses
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import portal
from dayward.ui import toasts

WRITTEN = ("signed", "done")


@require_http_methods(["GET", "POST"])
@portal
@in_zone_of_person
def letters(request: PortalRequest) -> HttpResponse:
    """My letters for work, school or court; ask for one."""
    form = LetterAskForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        return redirect("portal:letters")
    context = {
        "letters": letters_of(request.person).filter(entered_in_error_at__isnull=True),
        "written": WRITTEN,
        "form": form,
        "may_ask": episodes_of(request.person).exists(),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/letters.html", context, status=422 if request.method == "POST" else 200)


def _asked(request: PortalRequest, form: LetterAskForm) -> bool:
    try:
        ask_letter(actor=request.actor, person=request.person, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    toasts.done(request, _("We have your wish. You see here when the letter is ready."))
    return True


@require_GET
@portal
def letter(request: PortalRequest, letter: str) -> HttpResponse:
    """The letter itself, to keep or to show. On their own phone it is in their hands with it."""
    rows = letters_of(request.person).filter(public_id=letter, entered_in_error_at__isnull=True)
    row: Letter | None = rows.select_related("document__file").first()
    if row is None or row.state not in WRITTEN or row.document is None:
        raise Http404
    if not sessions.is_tablet(request):
        take_letter(actor=request.actor, letter=row)
    return responses.send(row.document)
