from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from dayward.doors.exchange.ical.build import build
from dayward.doors.exchange.ical.feeds import appointments, feed_of
from dayward.foundation.organization.models import Organization
from dayward.kernel.permissions import public


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar behind a secret address; an unknown or revoked one is not found."""
    found = feed_of(token)
    if found is None:
        raise Http404
    organization = Organization.objects.first()
    content = build(appointments(found), name=organization.neutral_name if organization else "")
    tag = quote_etag(hashlib.sha256(content).hexdigest())
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse = (
        HttpResponseNotModified()
        if tag in known
        else HttpResponse(content, content_type="text/calendar; charset=utf-8")
    )
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response
