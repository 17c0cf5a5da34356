from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet

from dayward.foundation.people.models import Person
from dayward.revenue.coverage.models import Coverage, Payer
from dayward.revenue.coverage.rules.week_terms import KnownTerms, read_terms

LIBRARY = Path(__file__).parent / "library" / "payers.json"
WEEK_TERMS = Path(__file__).parent / "library" / "week-terms"


@dataclass(frozen=True)
class KnownPayer:
    """A payer of the library."""

    name: str
    kind: str
    source: str


@cache
def library() -> tuple[KnownPayer, ...]:
    read = json.loads(LIBRARY.read_text())
    return tuple(KnownPayer(**each) for each in read["payers"])


@cache
def known_terms() -> tuple[KnownTerms, ...]:
    """What payers of the library ask of a week."""
    return tuple(read_terms(path.read_text(encoding="utf-8")) for path in sorted(WEEK_TERMS.iterdir()))


def payer_names() -> list[str]:
    """Payers on file and those of the library, by name."""
    return sorted({*Payer.objects.values_list("name", flat=True), *(each.name for each in library())})


def coverages_of(person: Person) -> QuerySet[Coverage]:
    """What is known of who pays, the newest entry first."""
    return Coverage.objects.filter(person_id__in=person.all_ids).select_related("payer").order_by("-id")


def current(person: Person, day: date) -> QuerySet[Coverage]:
    """What is in force on the day, as far as dates are known."""
    starts = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
    ends = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return coverages_of(person).filter(starts, ends)
