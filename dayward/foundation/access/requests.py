"""The request as views see it after the access middleware."""

from __future__ import annotations

from typing import Protocol

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from dayward.foundation.access.powers import ChartPowers, Powers
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.permissions import Permission


class May(Protocol):
    def __call__(self, permission: Permission) -> bool: ...


class StaffRequest(HttpRequest):
    """A request of somebody who works here."""

    user: User
    actor: Actor
    staff: StaffMember
    may: May
    powers: Powers
    htmx: HtmxDetails


class ChartRequest(StaffRequest):
    """A request for one person's chart, already found open to the user."""

    person: Person
    chart: ChartPowers


class PortalRequest(HttpRequest):
    """A request of a patient, relative or guardian in their own page."""

    user: User
    actor: Actor
    person: Person
    htmx: HtmxDetails
