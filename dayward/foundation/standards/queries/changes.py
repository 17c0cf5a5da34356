"""What the clinic is about to say of packs and rules, as the books before and after; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from dayward.foundation.standards import library
from dayward.foundation.standards.models import PackUse, PolicyRule
from dayward.foundation.standards.policies import own
from dayward.foundation.standards.queries.book import Book, plain_use, read_book
from dayward.foundation.standards.rules.book import Word, giving_way


@dataclass(frozen=True)
class Change:
    """The book as it is, as it will be, and as it would be had it been said from the beginning.

    All three hold only the rules that the change is about.
    """

    before: Book
    after: Book
    always: Book
    keys: frozenset[str]
    site: int | None  # only there
    program: str = ""  # only in this one


def of_rule(row: PolicyRule) -> Change:
    """`row` as `services.draft_rule` made it."""
    word = own(row)
    book, keys = read_book().of_rules({row.key}), frozenset({row.key})

    def said(since: date) -> Book:
        return Book(book.packs, book.uses, (*giving_way(book.own, word, since), word.since_day(since)))

    return Change(book, said(row.effective_from), said(date.min), keys, row.site_id)


def of_rule_ended(row: PolicyRule, on: date) -> Change:
    """From this day on the clinic no longer says so."""
    word = own(row)
    book, keys = read_book().of_rules({row.key}), frozenset({row.key})

    def said(until: date) -> Book:
        left = word.until_day(until)
        return Book(book.packs, book.uses, _without(book.own, word) + ((left,) if left else ()))

    return Change(book, said(on), said(date.min), keys, row.site_id)


def of_use(row: PackUse) -> Change:
    """`row` as `services.draft_use` made it."""
    use = plain_use(row)
    keys = _keys(row.pack)
    book = read_book().of_rules(keys)

    def said(since: date) -> Book:
        return Book(book.packs, (*giving_way(book.uses, use, since), replace(use, since=since)), book.own)

    return Change(book, said(use.since), said(date.min), keys, row.site_id, row.program)


def of_use_ended(row: PackUse, on: date) -> Change:
    """From this day on the pack holds where it holds by itself."""
    use = plain_use(row)
    keys = _keys(row.pack)
    book = read_book().of_rules(keys)

    def said(until: date) -> Book:
        left = use.until_day(until)
        return Book(book.packs, _without(book.uses, use) + ((left,) if left else ()), book.own)

    return Change(book, said(on), said(date.min), keys, row.site_id, row.program)


def _keys(pack: str) -> frozenset[str]:
    return frozenset(rule.key for each in library.packs() if each.key == pack for rule in each.rules)


def _without(words: Iterable[Word], gone: Word) -> tuple[Word, ...]:
    return tuple(word for word in words if word != gone)
