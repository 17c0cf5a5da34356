"""Working out dues for many people at once: every read is one for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from dayward.foundation.standards.queries.book import Book, closed_on, places_of
from dayward.foundation.standards.queries.papers import filed
from dayward.foundation.standards.rules import engine
from dayward.kernel.facts import Fact, Subject, facts, subjects

ADMITTED = "episode.admitted"
Told = Mapping[int, list[Fact]]


def subjects_of(people: Collection[int] | None) -> list[Subject]:
    """The episodes of these people, or of everybody in treatment or aftercare."""
    return [subject for provider in subjects.values() for subject in provider(people)]


def told_about(about: Mapping[int, Subject]) -> Told:
    """What every package knows of these episodes."""
    told: dict[int, list[Fact]] = defaultdict(list)
    for provider in facts.values():
        for fact in provider(list(about)):
            told[fact.episode].append(fact)
    admitted = {fact.episode: fact.at for rows in told.values() for fact in rows if fact.kind == ADMITTED}
    for fact in filed(about, admitted):
        told[fact.episode].append(fact)
    return told


def worked_out(
    about: Mapping[int, Subject], told: Told, book: Book, only: str | None = None
) -> Iterator[engine.Due]:
    """`only`: of the one rule with this key."""
    places, closed = places_of(about.values()), closed_on({each.site for each in about.values()})
    for episode, subject in about.items():
        rules = book.rules_at(places[episode])
        wanted = rules if only is None else [rule for rule in rules if rule.key == only]
        yield from engine.dues_of(wanted, told.get(episode, ()), subject.zone, closed[subject.site])
