"""Clock times on a page about one person are those of their site; what is for all sites goes by the first one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, Expression, Func, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person


def first_zone() -> Subquery:
    """The time zone of the first site, inside a query."""
    return Subquery(Site.objects.order_by("id").values("time_zone")[:1])


def first_day(now: Value) -> Expression:
    """The calendar day at the first site at a moment, inside a query."""
    zone = Coalesce(first_zone(), Value("UTC"))
    return Cast(Func(zone, now, function="timezone", output_field=DateTimeField()), DateField())


def zone_of(person: Person) -> ZoneInfo | None:
    return person.site.zone if person.site else None


def in_zone_of_person(view: Callable[..., Any]) -> Callable[..., Any]:
    """Beneath `@requires_chart` or `@portal`, which have set `request.person`."""

    @wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
        with timezone.override(zone_of(request.person)):
            return view(request, *args, **kwargs)

    return wrapper
