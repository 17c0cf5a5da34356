"""The rules that hold where, read for many people at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dayward.foundation.standards import library, policies
from dayward.foundation.standards.models import PackUse, PolicyRule
from dayward.foundation.standards.rules.book import Own, Place, Use, rules_for
from dayward.foundation.standards.rules.pack import Pack, Rule
from dayward.kernel.facts import Subject, closed_days, payers
from dayward.kernel.gathering import Reading, all_of, alone, both, side_by_side


@dataclass(frozen=True)
class Book:
    """What the packs and the clinic say; the rules of a place are worked out once."""

    packs: tuple[Pack, ...]
    uses: tuple[Use, ...]
    own: tuple[Own, ...]
    _known: dict[Place, tuple[Rule, ...]] = field(default_factory=dict, compare=False)

    def rules_at(self, place: Place) -> tuple[Rule, ...]:
        if place not in self._known:
            self._known[place] = rules_for(place, self.packs, self.uses, self.own)
        return self._known[place]

    def of_rules(self, keys: Collection[str]) -> Book:
        """Only what it says of these rules."""
        rules = ((pack, tuple(rule for rule in pack.rules if rule.key in keys)) for pack in self.packs)
        packs = tuple(replace(pack, rules=found) for pack, found in rules if found)
        return Book(packs, self.uses, tuple(word for word in self.own if word.rule.key in keys))


def read_book() -> Book:
    return alone(_book())


def _book() -> Reading[Book]:
    """Two reads, side by side."""
    uses, own = yield from both(
        all_of(PackUse.objects.filter(withdrawn_at=None)),
        all_of(PolicyRule.objects.filter(withdrawn_at=None)),
    )
    return Book(library.packs(), tuple(map(plain_use, uses)), tuple(map(policies.own, own)))


def read_book_for(people: Collection[int]) -> Reading[tuple[Book, Callable[[Subject], Place]]]:
    """The book, and where each of these people's episodes stands in it."""
    book, paid = yield from both(_book(), _payers(people))
    return book, lambda subject: _place(subject, paid)


def plain_use(row: PackUse) -> Use:
    return Use(row.pack, row.site_id, row.program, row.applies, row.effective_from, row.effective_to)


def places_of(subjects: Iterable[Subject]) -> dict[int, Place]:
    """Where each episode is; who pays is asked of whoever knows."""
    rows = list(subjects)
    paid = alone(_payers({row.person for row in rows}))
    return {row.episode: _place(row, paid) for row in rows}


Paid = Mapping[int, Sequence[tuple[str, date, date | None]]]


def _place(row: Subject, paid: Paid) -> Place:
    who = tuple(paid.get(row.person, ()))
    return Place(row.site, row.state, row.program, row.stream, row.age_group, who)


def _payers(people: Collection[int]) -> Reading[Paid]:
    found: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
    readings = [provider(people) for provider in payers.values()] if people else []
    for some in (yield from side_by_side(readings)):
        for each in some:
            found[each.person].append((each.kind, each.since, each.until))
    return found


def closed_on(sites: Collection[int]) -> dict[int, set[date]]:
    return alone(read_closed(sites))


def read_closed(sites: Collection[int]) -> Reading[dict[int, set[date]]]:
    found: dict[int, set[date]] = defaultdict(set)
    readings = [provider(sites) for provider in closed_days.values()] if sites else []
    for some in (yield from side_by_side(readings)):
        for site, days in some.items():
            found[site] |= days
    return found
