"""From which address a request comes."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest


def visitor_address(request: HttpRequest) -> str:
    """The visitor's, behind as many proxies as DAYWARD_PROXIES says: read as the limit of sign-ins reads it.

    Where the header does not fit that number, somebody came past a proxy: what counts is who connected.
    """
    try:
        return str(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied):
        return str(request.META.get("REMOTE_ADDR", ""))
