"""Clock times on a page about one person are those of their site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from dayward.foundation.people.models import Person


def zone_of(person: Person) -> ZoneInfo | None:
    return person.site.zone if person.site else None


def in_zone_of_person(view: Callable[..., Any]) -> Callable[..., Any]:
    """Beneath `@requires_chart` or `@portal`, which have set `request.person`."""

    @wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
        with timezone.override(zone_of(request.person)):
            return view(request, *args, **kwargs)

    return wrapper
