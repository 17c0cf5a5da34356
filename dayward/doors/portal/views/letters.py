from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.chart.casework.models import Letter
from dayward.chart.casework.queries.letters import episodes_of, letters_of
from dayward.chart.casework.services.letters import ask_letter, take_letter
from dayward.doors.portal import sessions
from dayward.doors.portal.forms import LetterAskForm
from dayward.doors.portal.views.lists import list_with_form
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.documents import responses
from dayward.kernel.permissions import portal

WRITTEN = ("signed", "done")


@require_http_methods(["GET", "POST"])
@portal
@in_zone_of_person
def letters(request: PortalRequest) -> HttpResponse:
    """My letters for work, school or court; ask for one."""

    def rows() -> dict[str, object]:
        return {
            "letters": letters_of(request.person).filter(entered_in_error_at__isnull=True),
            "written": WRITTEN,
            "may_ask": episodes_of(request.person).exists(),
        }

    return list_with_form(
        request,
        template="portal/letters.html",
        form=LetterAskForm(request.POST or None),
        write=ask_letter,
        done=_("We have your wish. You see here when the letter is ready."),
        rows=rows,
    )


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
