from __future__ import annotations

from datetime import date

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.doors.portal import sessions
from dayward.doors.portal.forms import BirthDateForm, CodeForm
from dayward.foundation.access import limits
from dayward.foundation.access.services import use_portal_key
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import public


@require_http_methods(["GET", "POST"])
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """By a code that somebody at the clinic told the person."""
    if request.user.is_authenticated and request.user.person_id:
        return redirect("portal:home")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entered = _enter(request, form, form.cleaned_data["code"], form.cleaned_data["birth_date"])
        if entered is not None:
            return entered
    return render(request, "portal/sign_in.html", {"form": form}, status=_status(request))


@require_http_methods(["GET", "POST"])
@public
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """By a link. Opening it does nothing yet, so that a mail scanner does not use it up."""
    form = BirthDateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entered = _enter(request, form, secret, form.cleaned_data["birth_date"])
        if entered is not None:
            return entered
    return render(request, "portal/sign_in.html", {"form": form, "by_link": True}, status=_status(request))


def _enter(request: HttpRequest, form: BirthDateForm, secret: str, birth_date: date) -> HttpResponse | None:
    try:
        tried = limits.begin(request, "portal")
        user = use_portal_key(secret=secret, birth_date=birth_date)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None
    tried.rollback()
    sessions.open_session(request, user)
    response = redirect("portal:home")
    sessions.speak(request, response, user)
    return response


def _status(request: HttpRequest) -> int:
    return 200 if request.method == "GET" else 422


@require_POST
@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave; on the clinic's tablet that is when it is handed back."""
    tablet = sessions.is_tablet(request)
    logout(request)
    return redirect("portal:goodbye_tablet" if tablet else "portal:goodbye")


@require_GET
@public
def goodbye(request: HttpRequest, *, tablet: bool = False) -> HttpResponse:
    """The page is left; on the tablet: please hand it back."""
    return render(request, "portal/goodbye.html", {"tablet": tablet})
