"""Around allauth's pages for second factors: who has set one up has shown it; the last one that must be stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dayward.foundation.access import second_factor, services
from dayward.ui import toasts


def keeping_one(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse to take away the last second factor of somebody who must have one."""

    @wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if second_factor.count(request.user) == 1 and second_factor.must(request.user):
            toasts.refuse(request, _("Your clinic asks for a second factor. Add another one first."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return wrapper


def setting_up(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """This session has shown the factor it has just set up; sessions from before have not, and end."""

    @wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        before = second_factor.count(request.user) if request.method == "POST" else 0
        response = view(request, *args, **kwargs)
        if request.method == "POST" and second_factor.count(request.user) > before:
            second_factor.remember_shown(request)
            but = services.own_session(request)
            services.end_all_sessions(actor=request.actor, user=request.user, but=but)
        return response

    return wrapper
