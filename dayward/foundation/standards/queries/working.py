"""Working out dues for many people at once: every read is one for all of them, and they are made side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from dayward.foundation.standards.queries.book import read_book_for, read_closed
from dayward.foundation.standards.rules import engine
from dayward.foundation.standards.rules.asking import touched
from dayward.foundation.standards.rules.pack import Rule
from dayward.kernel.facts import Fact, Subject, facts, subjects
from dayward.kernel.gathering import Reading, alone, both, one_after_another, side_by_side

T = TypeVar("T")
Told = Mapping[int, Sequence[Fact]]
FEW = 20  # charts; of more, rows are what takes long, and they come faster from statements of their own


def subjects_of(people: Collection[int] | None) -> list[Subject]:
    """The episodes of these people, or of everybody in treatment or aftercare."""
    return alone(_subjects(people))


def _subjects(people: Collection[int] | None) -> Reading[list[Subject]]:
    found = yield from side_by_side([provider(people) for provider in subjects.values()])
    return [subject for some in found for subject in some]


def told_about(about: Mapping[int, Subject], words: Collection[str] | None = None) -> Told:
    """What every package knows of these episodes, or what is told of it with these words."""
    return alone(_told(list(about.values()), words))


def _told(about: Sequence[Subject], words: Collection[str] | None) -> Reading[Told]:
    told: dict[int, list[Fact]] = defaultdict(list)
    if about:
        tellers = [teller for word, teller in facts if words is None or word in words]
        for some in (yield from _read_all(len(about), [teller(about) for teller in tellers])):
            for fact in some:
                told[fact.episode].append(fact)
    return told


def _read_all(charts: int, readings: Sequence[Reading[T]]) -> Reading[list[T]]:
    return side_by_side(readings) if charts <= FEW else one_after_another(readings)


@dataclass(frozen=True)
class Charts:
    """Some people's episodes, the rules that hold there, and what these rules look at."""

    about: Mapping[int, Subject]
    rules: Mapping[int, Iterable[Rule]]
    told: Told
    closed: Mapping[int, Collection[date]]  # by site
    keys: Collection[str] | None = None  # of the only rules that are looked at; None: all

    def dues(self) -> Iterator[engine.Due]:
        for episode, subject in self.about.items():
            told, closed = self.told.get(episode, ()), self.closed.get(subject.site, ())
            yield from engine.dues_of(self.rules[episode], told, subject.zone, closed)


def read_charts(people: Collection[int], words: Collection[str] = ()) -> Reading[Charts]:
    """In two rounds, however many packages tell something. `words`: only rules that look at facts of these words."""
    found, (book, places) = yield from both(_subjects(people), read_book_for(people))
    about = {subject.episode: subject for subject in found}
    rules: dict[int, Iterable[Rule]] = {
        episode: book.rules_at(places(subject)) for episode, subject in about.items()
    }
    keys, asked = None, None
    if words:
        keys, asked = touched({id(rule): rule for some in rules.values() for rule in some}.values(), words)
        rules = {episode: [rule for rule in some if rule.key in keys] for episode, some in rules.items()}
    sites = {subject.site for subject in about.values()}
    told, closed = yield from both(_told(found, asked), read_closed(sites))
    return Charts(about, rules, told, closed, keys)
