from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

from django.db.models import Q, QuerySet

from dayward.care.attendance.rules.floors import KindWords, Word
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.revenue.coverage.models import Coverage, KindTerms, Payer
from dayward.revenue.coverage.rules.week_terms import KnownTerms, read_terms

LIBRARY = Path(__file__).parent / "library" / "payers.json"
WEEK_TERMS = Path(__file__).parent / "library" / "week-terms"
COUNTS = {KindTerms.Counts.YES: True, KindTerms.Counts.NO: False, KindTerms.Counts.PROGRAM: None}
Said = tuple[
    int, int, str, date, str, str
]  # payer, kind, its name, since, whether it counts, where it is written
Kinds = Mapping[int, tuple[KindWords, ...]]  # by payer


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
    return _told(Coverage.objects.filter(person_id__in=person.all_ids))


def _told(rows: QuerySet[Coverage]) -> QuerySet[Coverage]:
    return rows.select_related("payer").order_by("-id")


def _current() -> QuerySet[Coverage]:
    starts = Q(starts_on__isnull=True) | Q(starts_on__lte=Slot("day"))
    ends = Q(ends_on__isnull=True) | Q(ends_on__gte=Slot("day"))
    return _told(Coverage.objects.filter(Among("person", Slot("people")), starts, ends))


_CURRENT = Prepared(_current)


def read_current(person: Person, day: date) -> Reading[list[Coverage]]:
    """What is in force on the day, as far as dates are known."""
    return _CURRENT.reading(people=person.all_ids, day=day)


def said_of_kinds(payers: Collection[int]) -> QuerySet[KindTerms, Said]:
    """What these payers (primary keys) say of kinds of services."""
    rows = KindTerms.objects.filter(payer__in=payers).order_by("payer", "kind", "effective_from")
    return rows.values_list("payer", "kind", "kind__name", "effective_from", "counts", "citation")


def kind_words(rows: Iterable[Said]) -> Kinds:
    """The same as the rules read it; `rows` in the order of `said_of_kinds`."""
    found: dict[int, list[KindWords]] = defaultdict(list)
    for (payer, kind, name), said in groupby(rows, key=lambda row: row[:3]):
        words = tuple(Word(since, COUNTS[KindTerms.Counts(counts)], why) for *_of, since, counts, why in said)
        found[payer].append(KindWords(kind, name, words))
    return {payer: tuple(each) for payer, each in found.items()}


def kinds_apart(payer: Payer, day: date) -> list[tuple[str, Word]]:
    """The kinds that count for it otherwise than for the program on that day, by name, with the word that holds."""
    said = kind_words(said_of_kinds([payer.pk])).get(payer.pk, ())
    holds = ((each.name, each.on(day)) for each in said)
    return sorted((name, word) for name, word in holds if word is not None and word.counts is not None)
