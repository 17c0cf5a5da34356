"""What this package tells standards: of what kind a person's payer is, and from when to when (kernel/facts.py)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from dayward.kernel.facts import PaidBy
from dayward.kernel.gathering import Reading, all_of
from dayward.revenue.coverage.models import Coverage


def payers(people: Collection[int]) -> Reading[list[PaidBy]]:
    """As told or as verified: a rule of a payer that turns out not to pay has warned for nothing."""
    rows = Coverage.objects.filter(person__in=people).order_by("pk")
    told = yield from all_of(rows.values_list("person_id", "payer__kind", "starts_on", "ends_on"))
    return [
        PaidBy(person, kind, since or date.min, last + timedelta(days=1) if last else None)
        for person, kind, since, last in told
    ]
