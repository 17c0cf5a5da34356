"""What the views here ask of a request (access/requests.py has the whole)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.http import HttpRequest

if TYPE_CHECKING:
    from dayward.foundation.audit.actors import Actor
    from dayward.foundation.organization.models import Site
    from dayward.kernel.permissions import Permission


class SomePowers(Protocol):
    def sites(self, permission: Permission) -> list[Site]: ...


class ActingRequest(HttpRequest):
    """Somebody who works here."""

    actor: Actor
    powers: SomePowers
