"""Headers that keep a page to itself, and text that a database can keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class SecurityHeadersMiddleware:
    """Strict content security policy, and no copy of a page in any cache.

    A view may set a header itself (a document shown from the record sets a stricter policy).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(), camera=(), microphone=(), payment=()"
        )
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A page may show a patient: the next person at this computer must not find it with Back.
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


ZERO = "\0"


class NoZeroBytesMiddleware:
    """Takes zero bytes out of what is asked and sent: PostgreSQL keeps none, and text copied from a PDF may have some.

    Before the check of the form's token, which may keep what was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]) -> None:
        if any(ZERO in str(part) for part in kwargs.values()):
            raise Http404
        request.GET = without_zero_bytes(request.GET)
        request.POST = without_zero_bytes(request.POST)


def without_zero_bytes(told: _ImmutableQueryDict) -> _ImmutableQueryDict:
    """The same where there are none, which is nearly always."""
    if not any(ZERO in text for name, values in told.lists() for text in (name, *values)):
        return told
    return QueryDict(told.urlencode().replace("%00", ""))
