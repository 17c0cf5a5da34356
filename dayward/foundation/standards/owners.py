"""Who of a care team sees to what a rule asks of a role: the first function that somebody has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils import timezone

from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.standards.models import Due
from dayward.kernel.prepared import Slot

Function = CareTeamMember.Function
FUNCTIONS: dict[str, tuple[CareTeamMember.Function, ...]] = {
    "therapist": (Function.PRIMARY_THERAPIST, Function.THERAPIST),
    "prescriber": (Function.PRESCRIBER,),
    "case_manager": (Function.CASE_MANAGER,),
}


def with_owner(dues: QuerySet[Due], now: datetime | Slot | None = None) -> QuerySet[Due]:
    """Each due with `owner_id`: whom its start names, else who of the care team has the role's function."""
    team = [
        When(role=role, then=Subquery(_member(functions, now or timezone.now())))
        for role, functions in FUNCTIONS.items()
    ]
    number: BigIntegerField[int, int] = BigIntegerField()
    of_team = Case(*team, default=Value(None), output_field=number)
    return dues.annotate(owner_id=Coalesce(F("staff_id"), of_team, output_field=number))


def has_nobody(role: str, now: datetime | Slot) -> IsNull:
    """Of a due: nobody of the care team has the role's function. Looked up for each due that is asked, as they are few:
    a set of everybody who has somebody is read from all years.
    """
    somebody = _members(FUNCTIONS[role], now).values("pk")[:1]
    return IsNull(Subquery(somebody), rhs=True)


def _member(functions: tuple[CareTeamMember.Function, ...], now: datetime | Slot) -> QuerySet[Any, Any]:
    order = Case(*(When(function=name, then=Value(rank)) for rank, name in enumerate(functions)))
    first = [order] if len(functions) > 1 else []
    return _members(functions, now).order_by(*first, "pk").values("staff_id")[:1]


def _members(
    functions: tuple[CareTeamMember.Function, ...], now: datetime | Slot
) -> QuerySet[CareTeamMember]:
    return CareTeamMember.objects.at(now).filter(person=OuterRef("person"), function__in=functions)
