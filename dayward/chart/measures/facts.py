"""What standards may know of this package: which questionnaires were finished, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.urls import reverse

from dayward.chart.measures.models import Administration
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of

DONE, BASELINE = "measure.done", "measure.baseline"
KINDS = (DONE, BASELINE)
BASIC = ("phq-9", "gad-7")


def facts(about: Collection[Subject]) -> Reading[list[Fact]]:
    """What people finished within their stays or on the way in, and what was finished for an episode."""
    of_person: dict[int, list[Row]] = defaultdict(list)
    of_episode: dict[int | None, list[Row]] = defaultdict(list)
    for row in (yield from all_of(_finished(about))):
        of_person[row[0]].append(row)
        of_episode[row[1]].append(row)
    found: list[Fact] = []
    for each in about:
        others = [
            row for row in of_episode[each.episode] if row[0] != each.person
        ]  # of a row that is the same
        own = [
            (instrument, at)
            for _person, episode, instrument, at in (*of_person[each.person], *others)
            if episode == each.episode or (each.way_in_since <= at and not (each.until and each.until < at))
        ]
        found += [Fact(DONE, at, each.episode, ref=instrument) for instrument, at in own]
        found += _baseline(each.episode, own)
    return found


Row = tuple[int, int | None, str, Any]  # person, episode, instrument, when


Rows = QuerySet[Administration, Row]


def _finished(about: Collection[Subject]) -> Rows:
    episodes, people = {each.episode for each in about}, {each.person for each in about}
    rows = Administration.objects.filter(Q(episode__in=episodes) | Q(person__in=people))
    rows = rows.filter(finished_at__isnull=False, entered_in_error_at__isnull=True)
    found: Any = rows.order_by("finished_at", "pk")
    return cast(Rows, found.values_list("person", "episode", "instrument", "finished_at"))


def _baseline(episode: int, rows: list[tuple[str, datetime]]) -> Iterator[Fact]:
    """When the second of the two basic questionnaires was there."""
    first = {key: min((at for name, at in rows if name == key), default=None) for key in BASIC}
    times = [at for at in first.values() if at is not None]
    if len(times) == len(BASIC):
        yield Fact(BASELINE, max(times), episode)


def doing(*, person: str, episode: int, ref: str) -> str:
    """Where questionnaires are asked."""
    return reverse("measures:chart", args=[person])
