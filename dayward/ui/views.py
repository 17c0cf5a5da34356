"""Colors and language, kept in cookies; nothing about a person."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import csrf
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from dayward.kernel.permissions import public
from dayward.ui import drafts, toasts
from dayward.ui.context import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 60 * 60


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, until told otherwise."""
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(_back(request))
    if chosen in THEMES:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(THEME_COOKIE, chosen, YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """English or Spanish; back to the page they were on."""
    return set_language(request)


def _back(request: HttpRequest) -> str:
    """The page named in the form, if it is ours."""
    url = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else "/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open while its writer signed in anew: it comes back with what was typed, to be sent again."""
    if not drafts.keep_for_later(request):
        return csrf.csrf_failure(request, reason)
    toasts.warn(
        request, _("This page was open for long. What you typed is kept: look at it, and send it again.")
    )
    return HttpResponseRedirect(request.get_full_path())
