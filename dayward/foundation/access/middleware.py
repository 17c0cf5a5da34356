"""Puts on each request who acts and what they may: `request.actor`, `request.may(permission)`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dayward.foundation.access import queries
from dayward.foundation.audit.actors import PUBLIC, staff_actor


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = staff_actor(user) if user.is_authenticated else PUBLIC  # type: ignore
        request.may = lambda permission: queries.may(user, permission)  # type: ignore
        return self.get_response(request)
