from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.chart.casework.queries.needs import meetings_of
from dayward.chart.casework.services.meetings import log_meeting, meeting_in_error
from dayward.doors.portal.forms import MEETING_KINDS, MeetingForm
from dayward.doors.portal.views.lists import list_with_form
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.people.queries import today_at
from dayward.kernel.permissions import portal
from dayward.ui import toasts

MOST_SHOWN = 60


@require_http_methods(["GET", "POST"])
@portal
@in_zone_of_person
def meetings(request: PortalRequest) -> HttpResponse:
    """Meetings outside, as the person told them; they never count as treatment."""

    def rows() -> dict[str, object]:
        words = dict(MEETING_KINDS)
        found = meetings_of(request.person).filter(entered_in_error_at__isnull=True)[:MOST_SHOWN]
        return {"meetings": [(row, words[row.kind], row.logged_by == request.actor.id) for row in found]}

    return list_with_form(
        request,
        template="portal/meetings.html",
        form=MeetingForm(request.POST or None, initial={"on": today_at(request.person)}),
        write=log_meeting,
        done=_("It is on your list."),
        rows=rows,
    )


@require_POST
@portal
def take_out(request: PortalRequest, meeting: str) -> HttpResponse:
    """Take off the list what was written there by mistake."""
    row = meetings_of(request.person).filter(public_id=meeting).select_related("person").first()
    if row is None:
        raise Http404
    with toasts.telling(request, _("It is off your list.")):
        meeting_in_error(actor=request.actor, meeting=row)
    return redirect("portal:meetings")
