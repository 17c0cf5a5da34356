"""What a rule would do to the charts of today, worked out and not kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.standards.models import PolicyRule
from dayward.foundation.standards.policies import own
from dayward.foundation.standards.queries.book import Book, read_book
from dayward.foundation.standards.queries.working import subjects_of, told_about, worked_out
from dayward.foundation.standards.rules.book import Own
from dayward.foundation.standards.rules.engine import Due, State

LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Counts:
    """Of some dues: how many there are, and how they stand."""

    every: int
    in_time: int
    done_late: int
    overdue: int
    waiting: int


@dataclass(frozen=True)
class Preview:
    """What is due by the rule now and afterwards, and of the last 30 days had it held then."""

    now: Counts
    then: Counts
    was: Counts
    would_be: Counts
    becomes_overdue: tuple[tuple[Person, Due], ...]  # the longest first
    charts: int


def preview(row: PolicyRule, sites: Collection[Site], at: datetime) -> Preview:
    """`row` as `services.draft_rule` made it. The charts are those of `sites`, whoever else the rule is for."""
    keys = {site.pk for site in sites if row.site_id in (None, site.pk)}
    about = {each.episode: each for each in subjects_of(None) if each.site in keys}
    told, book, word = told_about(about), read_book(), own(row)

    def dues(book: Book) -> list[Due]:
        return list(worked_out(about, told, book, only=row.key))

    before, after = dues(book), dues(_with(book, word))
    always = dues(_with(book, _always(word)))
    recent = at - LOOK_BACK
    worse = _newly_late(before, after, at)
    people = Person.objects.in_bulk({about[due.episode].person for due in worse})
    return Preview(
        now=_counts(before, at),
        then=_counts(after, at),
        was=_counts([due for due in before if due.start.at >= recent], at),
        would_be=_counts([due for due in always if due.start.at >= recent], at),
        becomes_overdue=tuple((people[about[due.episode].person], due) for due in worse),
        charts=len({each.person for each in about.values()}),
    )


def _always(word: Own) -> Own:
    return replace(word, rule=replace(word.rule, effective_from=date.min))


def _with(book: Book, word: Own) -> Book:
    """As if it were kept: what the clinic said of the same from its day on gives way."""
    since = word.rule.effective_from
    kept = []
    for other in book.own:
        if (other.rule.key, other.site) != (word.rule.key, word.site) or _ended(other, word):
            kept.append(other)
        elif other.rule.effective_from < since:
            kept.append(replace(other, rule=replace(other.rule, effective_to=since)))
    return Book(book.packs, book.uses, (*kept, word))


def _ended(other: Own, word: Own) -> bool:
    until = other.rule.effective_to
    return until is not None and until <= word.rule.effective_from


def _newly_late(before: Iterable[Due], after: Iterable[Due], at: datetime) -> list[Due]:
    late = {due.identity for due in before if due.state is State.OPEN and due.by < at}
    found = [due for due in after if due.state is State.OPEN and due.by < at and due.identity not in late]
    return sorted(found, key=lambda due: due.by)


def _counts(dues: Iterable[Due], at: datetime) -> Counts:
    rows = [due for due in dues if due.state is not State.OVER]
    done = [due for due in rows if due.done_at is not None]
    in_time = sum(due.done_at is not None and due.done_at <= due.by for due in done)
    overdue = sum(due.state is State.OPEN and due.by < at for due in rows)
    return Counts(len(rows), in_time, len(done) - in_time, overdue, len(rows) - len(done) - overdue)
