"""The one function that answers for every view."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url

from dayward.foundation.people.models import Person
from dayward.kernel.permissions import Access, Audience


def guard(request: HttpRequest, access: Access, kwargs: dict[str, Any]) -> HttpResponseBase | None:
    """None lets the request pass."""
    if access.audience is Audience.PUBLIC:
        return None
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode({'next': request.path})}")
    if access.audience is Audience.CHART:
        request.person = get_object_or_404(Person, public_id=kwargs["person"])  # type: ignore
    return None
