"""What standards may know of this package: which questionnaires were finished, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from dayward.care.journey.models import Episode
from dayward.chart.measures.models import Administration
from dayward.kernel.facts import Fact

DONE, BASELINE = "measure.done", "measure.baseline"
KINDS = (DONE, BASELINE)
BASIC = ("phq-9", "gad-7")


def facts(episodes: Collection[int]) -> Iterable[Fact]:
    """Two queries: whose episodes these are, and what those people finished."""
    stretches = list(
        Episode.objects.filter(pk__in=episodes).values_list(
            "pk", "person", Coalesce("case__opened_at", "admitted_at"), "ended_at"
        )
    )
    of_person: dict[int, list[Row]] = defaultdict(list)
    of_episode: dict[int | None, list[Row]] = defaultdict(list)
    for row in _finished(episodes, {person for _pk, person, _since, _until in stretches}):
        of_person[row[0]].append(row)
        of_episode[row[1]].append(row)
    found: list[Fact] = []
    for pk, person, since, until in stretches:
        others = [row for row in of_episode[pk] if row[0] != person]  # of a row that is the same person
        own = [
            (instrument, at)
            for _person, episode, instrument, at in (*of_person[person], *others)
            if episode == pk or _within(at, since, until)
        ]
        found += [Fact(DONE, at, pk, ref=instrument) for instrument, at in own]
        found += _baseline(pk, own)
    return found


def _within(at: datetime, since: datetime, until: datetime | None) -> bool:
    return since <= at and (until is None or at <= until)


Row = tuple[int, int | None, str, datetime]  # person, episode, instrument, when


def _finished(episodes: Collection[int], people: Collection[int]) -> Iterable[Row]:
    rows = Administration.objects.filter(Q(episode__in=episodes) | Q(person__in=people))
    rows = rows.filter(finished_at__isnull=False, entered_in_error_at__isnull=True)
    values = rows.order_by("finished_at", "pk").values_list("person", "episode", "instrument", "finished_at")
    return ((person, episode, name, at) for person, episode, name, at in values if at is not None)


def _baseline(episode: int, rows: list[tuple[str, datetime]]) -> Iterator[Fact]:
    """When the second of the two basic questionnaires was there."""
    first = {key: min((at for name, at in rows if name == key), default=None) for key in BASIC}
    times = [at for at in first.values() if at is not None]
    if len(times) == len(BASIC):
        yield Fact(BASELINE, max(times), episode)


def doing(*, person: str, episode: int, ref: str) -> str:
    """Where questionnaires are asked."""
    return reverse("measures:chart", args=[person])
