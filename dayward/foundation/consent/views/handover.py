from __future__ import annotations

from dataclasses import dataclass

import segno
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dayward.foundation.access.keys import live_keys
from dayward.foundation.access.models import PortalKey
from dayward.foundation.access.need import refused_in_need
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.services import end_portal_key, make_portal_key
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.consent import queries
from dayward.foundation.messaging import queries as messaging
from dayward.foundation.messaging.permissions import SEND_LINK
from dayward.foundation.messaging.queries import Way
from dayward.foundation.messaging.services import send_link
from dayward.foundation.people.models import ContactPoint, Person
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@dataclass(frozen=True)
class Reader:
    """Somebody to hand the page over to: the person, or a guardian who has something to sign."""

    person: Person
    is_guardian: bool
    waiting: int
    ways: list[Way]


def readers_of(person: Person, guardians: list[Person] | None = None) -> list[Reader]:
    known = queries.guardians_of(person) if guardians is None else guardians
    others = [_reader(person, guardian) for guardian in known]
    return [_reader(person, person)] + [reader for reader in others if reader.waiting]


def _reader(person: Person, reader: Person) -> Reader:
    waiting = [item for item in queries.packet_for(person, reader) if not item.is_done]
    is_guardian = reader.pk not in person.all_ids
    return Reader(reader, is_guardian, len(waiting), messaging.ways_to(reader))


@require_GET
@requires_chart(SEND_LINK)
@in_zone_of_person
def hand_over(request: ChartRequest, person: str) -> HttpResponse:
    """Bring the person to their page: by mail, by a code read out or shown, or on this tablet."""
    guardians = queries.guardians_of(request.person)
    context = {
        "person": request.person,
        "readers": readers_of(request.person, guardians),
        "keys": live_keys([request.person, *guardians]),
    }
    return render(request, "consent/hand_over.html", context)


def _may_have_keys(person: Person) -> list[Person]:
    return [person, *queries.guardians_of(person)]


@require_POST
@requires_chart(SEND_LINK)
def end_key(request: ChartRequest, person: str, key: str) -> HttpResponse:
    """A link or code works no longer: it went to the wrong place, or somebody else has the phone."""
    ids = [pk for each in _may_have_keys(request.person) for pk in each.all_ids]
    found = get_object_or_404(PortalKey.objects.select_related("person"), public_id=key, person_id__in=ids)
    with toasts.telling(request, _("It works no longer, and whoever was in by it is signed out.")):
        end_portal_key(actor=request.actor, key=found)
    return redirect("consent:hand_over", person=request.person.public_id)


@require_POST
@requires_chart(SEND_LINK)
def send(request: ChartRequest, person: str) -> HttpResponse:
    """Mail the link to an address that is marked as safe."""
    if in_need := refused_in_need(request, SEND_LINK, "consent:hand_over"):
        return in_need
    reader = _chosen(request)
    point = ContactPoint.objects.filter(public_id=request.POST.get("point", "")).first()
    with toasts.telling(request, _("The link is on its way. It works for 7 days, with the date of birth.")):
        if reader is None or point is None:
            raise Refused(_("Choose an address."))
        way = next((way for way in reader.ways if way.point == point), None)
        if way is None or not way.is_usable:
            raise Refused(way.why_not if way else _("This address is not on file for the person."))
        secret = make_portal_key(actor=request.actor, person=reader.person, kind=PortalKey.Kind.LINK)
        send_link(actor=request.actor, person=reader.person, point=point, url=_link(request, secret))
    return redirect("consent:hand_over", person=request.person.public_id)


@require_POST
@requires_chart(SEND_LINK)
def show(request: ChartRequest, person: str) -> HttpResponse:
    """A code to read out, and a link as a picture for the person's own phone. Both are shown once."""
    if in_need := refused_in_need(request, SEND_LINK, "consent:hand_over"):
        return in_need
    reader = _chosen(request)
    if reader is None:
        toasts.refuse(request, _("Choose who it is for."))
        return redirect("consent:hand_over", person=request.person.public_id)
    code = make_portal_key(actor=request.actor, person=reader.person, kind=PortalKey.Kind.CODE)
    link = _link(
        request, make_portal_key(actor=request.actor, person=reader.person, kind=PortalKey.Kind.LINK)
    )
    context = {
        "person": request.person,
        "reader": reader,
        "code": f"{code[:4]} {code[4:]}",
        "link": link,
        "picture": _picture(link),
        "address": request.build_absolute_uri(reverse("portal:sign_in")),
    }
    return render(request, "consent/code.html", context)


def _chosen(request: ChartRequest) -> Reader | None:
    wanted = request.POST.get("to", "")
    return next((each for each in readers_of(request.person) if each.person.public_id == wanted), None)


def _link(request: ChartRequest, secret: str) -> str:
    return request.build_absolute_uri(reverse("portal:enter", args=[secret]))


def _picture(link: str) -> SafeString:
    """The link as a QR code: drawn here, nothing of it came from outside."""
    return mark_safe(segno.make(link, error="m").svg_inline(omitsize=True, dark="#000", light="#fff"))  # noqa: S308
