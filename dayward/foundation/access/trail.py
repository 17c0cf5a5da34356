"""Entries of the trail as sentences a person can read: names instead of ids, in the site's own time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.words import WORDS
from dayward.foundation.people.models import Person, StaffMember


@dataclass(frozen=True)
class Line:
    """One entry as shown."""

    entry: Entry
    who: str
    person: str
    at: datetime
    through: str
    what: str


@dataclass(frozen=True)
class Stretch:
    """Some entries, the newest first; `older`: where the next ones begin, if there are any."""

    entries: Sequence[Entry]
    older: str


def stretch(found: QuerySet[Entry], before: str, most: int) -> Stretch:
    """So many entries before the one named (public id). What lies behind is not counted: it only ever grows.

    Who was on a list stays unread: a list of everybody names hundreds.
    """
    rows = found.select_related("site").defer("detail").annotate(through=KT("detail__through"))
    start = Entry.objects.filter(public_id=before).values_list("at", "pk").first() if before else None
    if start is not None:
        at, key = start
        rows = rows.filter(Q(at__lt=at) | Q(pk__lt=key), at__lte=at)
    read = list(rows.order_by("-at", "-pk")[: most + 1])
    shown = read[:most]
    return Stretch(shown, shown[-1].public_id if len(read) > most else "")


def lines(entries: Sequence[Entry], *, name_people: bool = False) -> list[Line]:
    """Entries of a stretch. Two queries for any number of them."""
    staff = StaffMember.objects.filter(user__public_id__in={entry.actor for entry in entries}).select_related(
        "user"
    )
    names = {one.user.public_id: one.name for one in staff if one.user}
    wanted = {entry.person for entry in entries if entry.person} if name_people else set()
    people = (
        {one.public_id: one.called for one in Person.objects.filter(public_id__in=wanted)} if wanted else {}
    )
    return [_line(entry, names, people) for entry in entries]


def _line(entry: Entry, names: dict[str, str], people: dict[str, str]) -> Line:
    through = getattr(entry, "through", None) or ""
    return Line(
        entry=entry,
        who=names.get(entry.actor) or _actor_kinds().get(entry.actor_kind, entry.actor),
        person=people.get(entry.person, ""),
        at=entry.at.astimezone(entry.site.zone) if entry.site else timezone.localtime(entry.at),
        what=what(entry.action),
        through=_openings().get(through, through),
    )


def _actor_kinds() -> dict[str, str]:
    return {
        "person": _("the person themselves"),
        "public": _("somebody not signed in"),
        "system": _("Dayward itself"),
    }


def _openings() -> dict[str, str]:
    return {
        "role": _("role-wide duty"),
        "care_team": _("care team"),
        "break_glass": _("break-glass"),
        "session_leader": _("leads one of the sessions"),
    }


def what(action: str) -> str:
    """What was done in words: those of the act, or the sentence of the page that was looked at."""
    word = WORDS.get(action)
    return _(word) if word else _page_sentences().get(action) or action


@cache
def _page_sentences() -> dict[str, str]:
    return dict(_walk(get_resolver().url_patterns, ()))


def _walk(patterns: list[Any], spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces
            )
        elif (pattern.callback.__doc__ or "").strip():
            sentence = pattern.callback.__doc__.strip().splitlines()[0].rstrip(".")
            yield ":".join((*spaces, str(pattern.name))), sentence
