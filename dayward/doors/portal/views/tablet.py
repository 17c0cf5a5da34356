from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dayward.doors.portal import sessions
from dayward.foundation.access.models import PortalKey
from dayward.foundation.access.need import refused_in_need
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.services import make_portal_key, use_portal_key
from dayward.foundation.consent.queries import guardians_of
from dayward.foundation.messaging.permissions import SEND_LINK
from dayward.foundation.people.models import Person
from dayward.foundation.signing.models import Signature
from dayward.kernel.permissions import requires_chart


@require_POST
@requires_chart(SEND_LINK)
def tablet(request: ChartRequest, person: str) -> HttpResponse:
    """Hand this screen to the person: the staff session ends here, theirs begins, and nothing leads back."""
    if refused := refused_in_need(request, SEND_LINK, "consent:hand_over"):
        return refused
    reader = _reader(request)
    secret = make_portal_key(actor=request.actor, person=reader, kind=PortalKey.Kind.CODE)
    user = use_portal_key(secret=secret, birth_date=reader.birth_date)
    sessions.open_session(request, user, Signature.Method.TABLET)
    response = redirect("portal:packet")
    sessions.speak(request, response, user, always=True)
    return response


def _reader(request: ChartRequest) -> Person:
    wanted = request.POST.get("to", request.person.public_id)
    for reader in (request.person, *guardians_of(request.person)):
        if reader.public_id == wanted:
            return reader
    raise Http404
