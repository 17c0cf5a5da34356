"""A person's session: never beside a staff session in the same browser."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dayward.foundation.people.models import User
from dayward.foundation.signing.models import Signature

METHOD = "portal_method"
BACKEND = settings.AUTHENTICATION_BACKENDS[0]  # it only finds the account again; nobody has a password here
LASTS = 2 * 60 * 60  # seconds


def open_session(request: HttpRequest, user: User, method: str = Signature.Method.LINK) -> None:
    """Sign the person in. Whoever was signed in here before is signed out."""
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session[METHOD] = str(method)
    request.session.set_expiry(LASTS)


def method_of(request: HttpRequest) -> str:
    """How what is signed in this session is signed: on the own phone, or on the clinic's tablet."""
    return str(request.session.get(METHOD, Signature.Method.LINK))


def is_tablet(request: HttpRequest) -> bool:
    return method_of(request) == Signature.Method.TABLET


def speak(request: HttpRequest, response: HttpResponseBase, user: User, *, always: bool = False) -> None:
    """Show the pages in the person's language, unless somebody chose one in this browser (`always`: even then)."""
    person = user.person
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES and not always
    if person and not chosen and person.language in dict(settings.LANGUAGES):
        name, secure = settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_SECURE
        response.set_cookie(name, person.language, samesite="Lax", httponly=True, secure=secure)
