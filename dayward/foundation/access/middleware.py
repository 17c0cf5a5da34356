"""Puts on each request who acts and what they may: `request.actor`, `request.may(permission)`, `request.staff`.

Somebody who has done nothing for a while is signed out: a screen in a group room is seen by many.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from dayward.foundation.access.powers import Powers
from dayward.foundation.access.queries import staff_of
from dayward.foundation.access.services import note_seen
from dayward.foundation.audit.actors import PUBLIC, Actor, person_actor, staff_actor
from dayward.foundation.organization.models import Site

SEEN = "seen"
SINCE = "since"
POLL = "X-Dayward-Poll"
ZONE = "zone"  # the time zone in which times are shown
CLOCK_STEP = 120  # seconds that clocks of several machines may be apart
SEEN_STEP = 60  # seconds: the session is not written on every request


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sign_out_idle(request)
        set_powers(request)
        with timezone.override(shown_zone(request)):
            return self.get_response(request)


def sign_out_idle(request: HttpRequest) -> None:
    """After IDLE_MINUTES without a request of a person the session ends, and after SESSION_HOURS in any case.

    Where the clock was set back, how long nobody did anything is not known any more: it ends too.
    """
    if not request.user.is_authenticated:
        return
    now = int(time.time())
    seen = int(request.session.get(SEEN, now))
    since = int(request.session.setdefault(SINCE, now))
    if seconds_left(request) == 0 or max(seen, since) - now > CLOCK_STEP:
        logout(request)
    elif SEEN not in request.session or (now - seen > _step() and not by_itself(request)):
        request.session[SEEN] = now
        if request.user.person_id is None:
            note_seen(request=request)


def _step() -> int:
    return min(SEEN_STEP, settings.IDLE_MINUTES * 15)


def by_itself(request: HttpRequest) -> bool:
    """A request the page makes without anybody touching it (dayward.js says so): it prolongs nothing."""
    return POLL in request.headers


def seconds_left(request: HttpRequest) -> int:
    """Until this session ends if nobody does anything."""
    if not request.user.is_authenticated:
        return 0
    now = int(time.time())
    idle = int(request.session.get(SEEN, now)) + settings.IDLE_MINUTES * 60
    most = int(request.session.get(SINCE, now)) + settings.SESSION_HOURS * 3600
    return max(0, min(idle, most) - now)


def shown_zone(request: Any) -> ZoneInfo | None:
    """Times are shown as the clock on the wall says: that of one's own site."""
    if not request.user.is_authenticated:
        return None
    if ZONE not in request.session:
        site = _site(request)
        request.session[ZONE] = site.time_zone if site else ""
    return ZoneInfo(request.session[ZONE]) if request.session[ZONE] else None


def _site(request: Any) -> Site | None:
    if request.staff is not None:
        own: Site | None = request.staff.sites.order_by("pk").first()
        return own or Site.objects.order_by("pk").first()
    return request.user.person.site if request.user.person_id else None


def set_powers(request: Any) -> None:
    """Who this request is from. A patient's account may nothing that a role gives."""
    user = request.user
    request.staff = staff_of(user)
    request.actor = _actor(user)
    request.powers = Powers(request.staff, known=getattr(user, "known", None))
    request.may = request.powers.may


def _actor(user: Any) -> Actor:
    if not user.is_authenticated:
        return PUBLIC
    return person_actor(user) if user.person_id else staff_actor(user)
