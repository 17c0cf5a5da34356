"""Puts on each request who acts and what they may: `request.actor`, `request.may(permission)`, `request.staff`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dayward.foundation.access.powers import Powers
from dayward.foundation.access.queries import staff_of
from dayward.foundation.audit.actors import PUBLIC, Actor, person_actor, staff_actor


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        set_powers(request)
        return self.get_response(request)


def set_powers(request: Any) -> None:
    """Who this request is from. A patient's account may nothing that a role gives."""
    user = request.user
    request.staff = staff_of(user)
    request.actor = _actor(user)
    request.powers = Powers(request.staff)
    request.may = request.powers.may


def _actor(user: Any) -> Actor:
    if not user.is_authenticated:
        return PUBLIC
    return person_actor(user) if user.person_id and not hasattr(user, "staff") else staff_actor(user)
