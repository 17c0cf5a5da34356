"""The rules that hold where, read for many people at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from dayward.foundation.standards import library, policies
from dayward.foundation.standards.models import PackUse, PolicyRule
from dayward.foundation.standards.rules.book import Own, Place, Use, rules_for
from dayward.foundation.standards.rules.pack import Pack, Rule
from dayward.kernel.facts import Subject, closed_days, payers


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
    """Two queries."""
    uses = PackUse.objects.filter(withdrawn_at=None)
    own = PolicyRule.objects.filter(withdrawn_at=None)
    return Book(library.packs(), tuple(map(plain_use, uses)), tuple(map(policies.own, own)))


def plain_use(row: PackUse) -> Use:
    return Use(row.pack, row.site_id, row.program, row.applies, row.effective_from, row.effective_to)


def places_of(subjects: Iterable[Subject]) -> dict[int, Place]:
    """Where each episode is; who pays is asked of whoever knows."""
    rows = list(subjects)
    paid = _payers({row.person for row in rows})
    return {
        row.episode: Place(
            row.site, row.state, row.program, row.stream, row.age_group, tuple(paid.get(row.person, ()))
        )
        for row in rows
    }


def _payers(people: Collection[int]) -> dict[int, list[tuple[str, date, date | None]]]:
    found: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
    for provider in payers.values() if people else ():
        for each in provider(people):
            found[each.person].append((each.kind, each.since, each.until))
    return found


def closed_on(sites: Collection[int]) -> dict[int, set[date]]:
    found: dict[int, set[date]] = defaultdict(set)
    for provider in closed_days.values() if sites else ():
        for site, days in provider(sites).items():
            found[site] |= days
    return found
