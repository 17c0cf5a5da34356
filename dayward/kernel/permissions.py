"""Who may: the words and the decorators. `foundation.access` registers the functions that answer.

Every view carries exactly one of the decorators below; a test walks all URLs and refuses a view
without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dayward.kernel.errors import Misconfigured
from dayward.kernel.registry import Registry

P = ParamSpec("P")


@dataclass(frozen=True)
class Permission:
    """One thing a role may do, with a sentence that a director understands."""

    key: str
    sentence: str


class Audience(Enum):
    """Who a view is for."""

    PUBLIC = "public"  # anybody, signed out too
    SIGNED_IN = "signed in"  # any staff account
    PERMISSION = "permission"  # staff whose role has the permission
    CHART = "chart"  # as PERMISSION, and the person's chart must be open to them
    PORTAL = "portal"  # a patient, relative or guardian in their own page


@dataclass(frozen=True)
class Access:
    """What a view declares."""

    audience: Audience
    permission: Permission | None = None


permissions: Registry[Permission] = Registry("permissions")
AnyView = Callable[..., HttpResponseBase]


class Guard(Protocol):
    """Answers for a request: None lets it pass, a response (sign-in, refusal page) stops it."""

    def __call__(
        self, request: HttpRequest, access: Access, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None: ...


_guard: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """Called once, by `foundation.access`."""
    _guard[:] = [guard]


def declare(key: str, sentence: str) -> Permission:
    """Make and register a permission word."""
    permission = Permission(key, sentence)
    permissions.register(key, permission)
    return permission


def _guarded(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase], access: Access) -> AnyView:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not _guard:
            raise Misconfigured("No access guard is registered.")
        refusal = _guard[0](request, access, dict(kwargs))
        return refusal if refusal is not None else view(request, *args, **kwargs)

    wrapper.dayward_access = access  # type: ignore[attr-defined]
    return wrapper


def public(view: AnyView) -> AnyView:
    """Anybody may open it."""
    return _guarded(view, Access(Audience.PUBLIC))


def signed_in(view: AnyView) -> AnyView:
    """Any member of staff may open it; it shows nothing about a patient."""
    return _guarded(view, Access(Audience.SIGNED_IN))


def portal(view: AnyView) -> AnyView:
    """A patient or relative, for what is their own."""
    return _guarded(view, Access(Audience.PORTAL))


def requires(permission: Permission) -> Callable[[AnyView], AnyView]:
    """Staff whose role has `permission`."""
    return lambda view: _guarded(view, Access(Audience.PERMISSION, permission))


def requires_chart(permission: Permission) -> Callable[[AnyView], AnyView]:
    """Staff whose role has `permission` and to whom the chart of the URL's `person` is open.

    The URL pattern has a `person` part (a public id). The guard sets `request.person`, and
    leaves the audit entry of the view.
    """
    return lambda view: _guarded(view, Access(Audience.CHART, permission))
