"""Which rules hold at a place, and in which days a clock has to begin to be under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from dayward.foundation.standards.rules.pack import Authority, Pack, Rule, Scope

Days = tuple[date, date]  # from a day on, to another (exclusive)
ALWAYS: Days = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is treated and who pays, as far as rules ask."""

    site: int
    state: str = ""
    program: str = ""
    stream: str = ""
    age_group: str = ""
    payers: tuple[tuple[str, date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """What a clinic says about a pack: it holds at a site (or one program there) from a day on, or it does not."""

    pack: str
    site: int
    program: str  # "" for all
    applies: bool
    since: date
    until: date | None

    @property
    def about(self) -> object:
        return self.pack, self.site, self.program

    def until_day(self, day: date) -> Use | None:
        """What is left of it when it holds no longer from this day on; None: nothing."""
        return replace(self, until=_earlier(self.until, day)) if self.since < day else None


@dataclass(frozen=True, slots=True)
class Own:
    """The clinic's own word on a rule, for one site or (None) for all; `asked` false: no longer asked."""

    rule: Rule
    site: int | None
    asked: bool = True

    @property
    def about(self) -> object:
        return self.rule.key, self.site

    def since_day(self, day: date) -> Own:
        return replace(self, rule=replace(self.rule, effective_from=day))

    def until_day(self, day: date) -> Own | None:
        """What is left of it when it holds no longer from this day on; None: nothing."""
        if self.rule.effective_from >= day:
            return None
        return replace(self, rule=replace(self.rule, effective_to=_earlier(self.rule.effective_to, day)))


Word = TypeVar("Word", Use, Own)


def giving_way(words: Iterable[Word], new: Word, day: date) -> list[Word]:
    """What the clinic said of the same holds only until that day; the rest stays."""
    kept = ((word.until_day(day) if word.about == new.about else word) for word in words)
    return [word for word in kept if word is not None]


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)


def rules_for(
    place: Place, packs: Iterable[Pack], uses: Iterable[Use], own: Iterable[Own]
) -> tuple[Rule, ...]:
    """Each rule once for each stretch of days in which it holds; two of one key never hold on the same day."""
    told = [use for use in uses if use.site == place.site and use.program in ("", place.program)]
    words = [word for word in own if word.site in (None, place.site)]
    found = list(_of_clinic(words))
    for pack in packs:
        days = _days_of(pack, place, [use for use in told if use.pack == pack.key])
        found += [each for rule in pack.rules for each in _in(rule, _without(days, rule.key, words))]
    return tuple(found)


def holds(pack: Pack, place: Place, uses: Iterable[Use], day: date) -> bool:
    """Whether a clock that begins on the day is under the pack."""
    told = [
        use
        for use in uses
        if use.pack == pack.key and use.site == place.site and use.program in ("", place.program)
    ]
    return any(since <= day < until for since, until in _days_of(pack, place, told))


def paid_by_any(pack: Pack, place: Place) -> Place:
    """The place as it is for those whose payer's rules these are."""
    kinds = sorted(pack.scope.payers) + (
        list(pack.scope.of) if pack.scope.authority is Authority.PAYER else []
    )
    return replace(place, payers=tuple((kind, date.min, None) for kind in kinds))


def _of_clinic(words: list[Own]) -> Iterator[Rule]:
    """A site's own word goes before the clinic's."""
    for word in words:
        days: list[Days] = [ALWAYS]
        if word.site is None:
            for other in words:
                if other.site is not None and other.rule.key == word.rule.key:
                    days = _less(days, _dates(other.rule))
        if word.asked:
            yield from _in(word.rule, days)


def _without(days: list[Days], key: str, words: list[Own]) -> list[Days]:
    for word in words:
        if word.rule.key == key:
            days = _less(days, _dates(word.rule))
    return days


def _days_of(pack: Pack, place: Place, told: list[Use]) -> list[Days]:
    days = _by_itself(pack.scope, place)
    for use in sorted(told, key=lambda each: (bool(each.program), each.since)):
        stretch = (use.since, use.until or date.max)
        days = _less(days, stretch)
        if use.applies:
            days = sorted([*days, *_allowed(pack.scope, place, stretch)])
    return days


def _allowed(scope: Scope, place: Place, stretch: Days) -> list[Days]:
    """A payer's rules are for those it pays for, whatever the clinic says of the place."""
    return _meet(_paid(scope, place), stretch)


def _by_itself(scope: Scope, place: Place) -> list[Days]:
    if scope.streams and place.stream not in scope.streams:
        return []
    if scope.ages and place.age_group not in scope.ages:
        return []
    if scope.authority is Authority.STATE and place.state not in scope.of:
        return []
    return [] if scope.authority is Authority.ACCREDITOR else _paid(scope, place)


def _paid(scope: Scope, place: Place) -> list[Days]:
    """The days on which somebody pays whose rules these are; all days where it does not matter who pays."""
    kinds = scope.payers | (set(scope.of) if scope.authority is Authority.PAYER else set())
    days: list[Days] = [] if kinds else [ALWAYS]
    for kind, since, until in place.payers:
        if kind in kinds:
            stretch = (since, until or date.max)
            days = sorted([*_less(days, stretch), stretch])
    return days


def _dates(rule: Rule) -> Days:
    return rule.effective_from, rule.effective_to or date.max


def _less(days: Iterable[Days], gone: Days) -> list[Days]:
    parts = (
        part for since, until in days for part in ((since, min(until, gone[0])), (max(since, gone[1]), until))
    )
    return [(since, until) for since, until in parts if since < until]


def _meet(days: Iterable[Days], other: Days) -> list[Days]:
    parts = ((max(since, other[0]), min(until, other[1])) for since, until in days)
    return [(since, until) for since, until in parts if since < until]


def _in(rule: Rule, days: Iterable[Days]) -> Iterator[Rule]:
    for since, until in _meet(days, _dates(rule)):
        yield replace(rule, effective_from=since, effective_to=None if until == date.max else until)
