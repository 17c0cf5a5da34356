"""What the views here ask of a request (access/requests.py has the whole)."""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.http import HttpRequest

from dayward.foundation.audit.actors import Actor
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, User
from dayward.kernel.permissions import Permission


class MayAsk(Protocol):
    def __call__(self, permission: Permission) -> bool: ...


class ChartAsk(Protocol):
    def may(self, permission: Permission) -> bool: ...

    def only_in_need(self, permission: Permission) -> bool: ...


class PowersAsk(Protocol):
    def may(self, permission: Permission, site: Site | None = None) -> bool: ...

    def chart(self, person: Person) -> ChartAsk: ...

    def places(self, permission: Permission) -> list[Site]: ...

    def bound(self, permission: Permission, person: str = "person", site: str = "") -> Q: ...


class ActingRequest(HttpRequest):
    """Somebody who works here."""

    user: User
    actor: Actor
    may: MayAsk
    powers: PowersAsk


class PersonRequest(ActingRequest):
    """In the chart of one person."""

    person: Person
    chart: ChartAsk
