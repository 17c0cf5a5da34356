"""What a change of packs or rules would do to the charts of today, worked out and not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.standards.queries.book import closed_on, places_of
from dayward.foundation.standards.queries.changes import Change
from dayward.foundation.standards.queries.working import subjects_of, told_about
from dayward.foundation.standards.rules.asking import words_of
from dayward.foundation.standards.rules.engine import Due, State, Told, dues_told
from dayward.foundation.standards.rules.pack import Rule
from dayward.kernel.facts import Subject

LOOK_BACK = timedelta(days=30)
OfBooks = tuple[tuple[Rule, ...], ...]  # before, after, always


@dataclass(frozen=True)
class Counts:
    """Of some dues: how many there are, and how they stand."""

    every: int
    in_time: int
    done_late: int
    overdue: int
    waiting: int


@dataclass(frozen=True)
class OfRule:
    """One rule of the change: what is overdue now, from its day on, and had it held all along."""

    rule: Rule
    now: int
    then: int
    always: int


@dataclass(frozen=True)
class Late:
    """Something that would be overdue and is not."""

    person: Person
    due: Due


@dataclass(frozen=True)
class Preview:
    """What is due by the rules now and afterwards, and of the last 30 days had it been so then."""

    now: Counts
    then: Counts
    was: Counts
    would_be: Counts
    rules: tuple[OfRule, ...]
    becomes_overdue: tuple[Late, ...]  # from the day on; the longest first
    had_it_held: tuple[Late, ...]  # overdue today, had it been so from the beginning
    charts: int


@dataclass(frozen=True)
class Worked:
    """The same charts by three books."""

    before: list[Due]
    after: list[Due]
    always: list[Due]


def preview(change: Change, sites: Collection[Site], at: datetime) -> Preview:
    """On the charts of those of `sites` that the change is about. Every fact is read once, for all of them."""
    about, rules = _about(change, sites)
    worked = _work_out(about, rules)
    recent = at - LOOK_BACK
    at_once = _newly_late(worked.before, worked.after, at)
    in_the_end = _newly_late(worked.before, worked.always, at)
    ids = {about[due.episode].person for due in (*at_once, *in_the_end)}
    people = Person.objects.in_bulk(ids)

    def named(dues: Iterable[Due]) -> tuple[Late, ...]:
        return tuple(Late(people[about[due.episode].person], due) for due in dues)

    return Preview(
        now=_counts(worked.before, at),
        then=_counts(worked.after, at),
        was=_counts([due for due in worked.before if due.start.at >= recent], at),
        would_be=_counts([due for due in worked.always if due.start.at >= recent], at),
        rules=_by_rule(worked, at),
        becomes_overdue=named(at_once),
        had_it_held=named(in_the_end),
        charts=len({each.person for each in about.values()}),
    )


def _about(change: Change, sites: Collection[Site]) -> tuple[dict[int, Subject], dict[int, OfBooks]]:
    """The charts that one of the rules is for, with what the three books say of each."""
    keys = {site.pk for site in sites if change.site in (None, site.pk)}
    found = [each for each in subjects_of(None) if each.site in keys]
    about = {each.episode: each for each in found if change.program in ("", each.program)}
    places = places_of(about.values())
    books = (change.before, change.after, change.always)
    rules = {episode: tuple(book.rules_at(places[episode]) for book in books) for episode in about}
    asked = {episode: said for episode, said in rules.items() if any(said)}
    return {episode: about[episode] for episode in asked}, asked


def _work_out(about: Mapping[int, Subject], rules: Mapping[int, OfBooks]) -> Worked:
    told = told_about(about, _words(rules.values()))
    closed = closed_on({each.site for each in about.values()})
    found: tuple[list[Due], ...] = ([], [], [])
    for episode, subject in about.items():
        heard = Told(told.get(episode, ()), subject.zone, closed[subject.site])
        for dues, said in zip(found, rules[episode], strict=True):
            dues += dues_told(said, heard)
    return Worked(*found)


def _words(rules: Iterable[OfBooks]) -> set[str]:
    """What has to be told for these rules."""
    every = {id(rule): rule for books in rules for said in books for rule in said}
    return {word for rule in every.values() for word in words_of(rule)}


def _is_late(due: Due, at: datetime) -> bool:
    return due.state is State.OPEN and due.by < at


def _newly_late(before: Iterable[Due], after: Iterable[Due], at: datetime) -> list[Due]:
    late = {due.identity for due in before if _is_late(due, at)}
    found = [due for due in after if _is_late(due, at) and due.identity not in late]
    return sorted(found, key=lambda due: due.by)


def _by_rule(worked: Worked, at: datetime) -> tuple[OfRule, ...]:
    said = {due.rule: due.says for due in (*worked.before, *worked.always, *worked.after)}
    late = [
        Counter(due.rule for due in dues if _is_late(due, at))
        for dues in (worked.before, worked.after, worked.always)
    ]
    return tuple(OfRule(said[key], *(count[key] for count in late)) for key in sorted(said))


def _counts(dues: Iterable[Due], at: datetime) -> Counts:
    rows = [due for due in dues if due.state is not State.OVER]
    done = [due for due in rows if due.done_at is not None]
    in_time = sum(due.done_at is not None and due.done_at <= due.by for due in done)
    overdue = sum(_is_late(due, at) for due in rows)
    return Counts(len(rows), in_time, len(done) - in_time, overdue, len(rows) - len(done) - overdue)
