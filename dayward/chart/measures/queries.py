from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from dayward.care.journey.models import Episode, IntakeCase
from dayward.chart.measures import library
from dayward.chart.measures.models import Administration, Answer, Score
from dayward.chart.measures.rules import cadence, scoring
from dayward.chart.measures.rules.change import Point
from dayward.chart.measures.rules.instrument import Instrument
from dayward.chart.measures.rules.risk import ASQ, ITEM9, PHQ9, Told
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, alone
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day


def answers_of(administration: Administration) -> dict[str, int | None]:
    """What counts now: the latest answer to each item."""
    rows = Answer.objects.filter(administration=administration).order_by("pk")
    return dict(rows.values_list("item", "value"))


def ever(administration: Administration | None) -> dict[str, set[int | None]]:
    """Every answer that was ever saved, by item."""
    found: dict[str, set[int | None]] = {}
    if administration is not None:
        for item, value in Answer.objects.filter(administration=administration).values_list("item", "value"):
            found.setdefault(item, set()).add(value)
    return found


def followed_by(administration: Administration) -> Administration | None:
    """The questionnaire that an answer of this one asked."""
    return Administration.objects.filter(follows=administration).select_related("person__site").first()


def root_of(administration: Administration) -> Administration:
    """Where the chain began: the questionnaire whose answer asked this one, or itself."""
    return administration.follows or administration


def told(root: Administration) -> Told:
    """What a chain of questionnaires has said about suicide so far.

    What was entered in error still worries, and no longer reassures: a no of it may be somebody else's.
    """
    after = root if root.instrument == ASQ else followed_by(root)
    item9 = ever(root).get(ITEM9, set()) if root.instrument == PHQ9 else set()
    if after is not None and after.entered_in_error_at is not None:
        worrying = {item: said - {0} for item, said in ever(after).items() if said - {0}}
        return Told(frozenset(item9), worrying)
    finished = after is not None and after.is_finished
    return Told(frozenset(item9), ever(after), asq_finished=finished)


@dataclass(frozen=True)
class Question:
    """One question as it is shown: its words, its answers, and what was answered."""

    administration: Administration
    instrument: Instrument
    item: str
    stem: str
    words: str
    options: tuple[tuple[int, str], ...]
    number: int
    count: int
    answered: bool
    value: int | None
    previous: str  # the item before it, "" for the first
    is_critical: bool


def next_item(administration: Administration) -> Question | None:
    """The next question to show; None when all have an answer. A follow-up comes at once, before the rest."""
    after = followed_by(administration)
    if after is not None and after.is_open:
        found = next_item(after)
        if found is not None:
            return found
    if not administration.is_open:
        return None
    given = answers_of(administration)
    item = scoring.next_item(library.instrument(administration.instrument), given)
    return question(administration, item.key, given) if item else None


def question(
    administration: Administration, item: str, given: dict[str, int | None] | None = None
) -> Question:
    """One question by its item, for going back to it."""
    instrument = library.instrument(administration.instrument)
    known = answers_of(administration) if given is None else given
    found, text = instrument.item(item), instrument.text(administration.language)
    keys = [one.key for one in instrument.items if scoring.is_asked(one, known) or one.key == item]
    place = keys.index(item)
    return Question(
        administration=administration,
        instrument=instrument,
        item=item,
        stem=text.stem_of(item),
        words=text.items[item],
        options=tuple(zip(found.values, text.options[item], strict=True)),
        number=place + 1,
        count=len(keys),
        answered=item in known,
        value=known.get(item),
        previous=keys[place - 1] if place else "",
        is_critical=instrument.critical_of(item) is not None,
    )


def questions(administration: Administration) -> list[Question]:
    """All questions that are asked, for a page that shows them together."""
    given = answers_of(administration)
    instrument = library.instrument(administration.instrument)
    asked = [item.key for item in instrument.items if scoring.is_asked(item, given)]
    return [question(administration, key, given) for key in asked]


def administrations(person: Person) -> QuerySet[Administration]:
    """Everything that was asked of the person, the newest first."""
    rows = Administration.objects.filter(person_id__in=person.all_ids)
    return rows.select_related("score", "person__site", "asked_by", "follows").order_by("-pk")


@dataclass(frozen=True)
class ScorePoint:
    """One score of the course."""

    instrument: str
    at: datetime
    day: date  # at the site
    total: int | None
    band: str
    prorated: bool
    mode: str
    administration: str  # public id
    episode: int | None


def course_of(person: Person) -> list[ScorePoint]:
    """Every score, the oldest first; one query."""
    return alone(read_course(person))


def read_course(person: Person) -> Reading[list[ScorePoint]]:
    rows = yield from _COURSE.reading(people=person.all_ids)
    zone = person.site.zone if person.site else ZoneInfo("UTC")
    return [
        ScorePoint(
            instrument=row.administration.instrument,
            at=row.at,
            day=local_day(row.at, zone),
            total=row.total,
            band=row.band,
            prorated=row.prorated,
            mode=row.administration.mode,
            administration=row.administration.public_id,
            episode=row.administration.episode_id,
        )
        for row in rows
    ]


_COURSE = Prepared(
    lambda: (
        Score.objects.filter(
            Among("administration__person", Slot("people")), administration__entered_in_error_at__isnull=True
        )
        .select_related("administration")
        .order_by("at", "pk")
    )
)


def points(course: Sequence[ScorePoint], instrument: str) -> list[Point]:
    """The totals of one instrument, as the rules of change take them."""
    return [
        Point(row.day, row.total) for row in course if row.instrument == instrument and row.total is not None
    ]


@dataclass(frozen=True)
class Waiting:
    """A questionnaire that waits for the person; `administration` once it was asked or begun."""

    instrument: Instrument
    administration: Administration | None

    @property
    def is_begun(self) -> bool:
        return self.administration is not None and self.administration.started_at is not None


# What an answer asked comes beside the questionnaire of that answer, and by itself once that one is over.
_STANDS_ALONE = (
    Q(follows__isnull=True) | Q(follows__finished_at__isnull=False) | Q(follows__left_at__isnull=False)
)


def asked_now(person: Person, now: datetime | None = None) -> list[Waiting]:
    """What waits for the person: what a clinician asked or they began, and in treatment the weekly ones."""
    moment = now or timezone.now()
    rows = Administration.objects.filter(person_id__in=person.all_ids, entered_in_error_at__isnull=True)
    opened = {
        row.instrument: row
        for row in rows.filter(_STANDS_ALONE, finished_at__isnull=True, left_at__isnull=True)
    }
    done = dict(
        rows.filter(finished_at__isnull=False)
        .order_by("finished_at")
        .values_list("instrument", "finished_at")
    )
    offered = _is_in_care(person) and _is_watched(person, moment)
    return [
        Waiting(found, opened.get(key))
        for key, found in library.instruments().items()
        if key in opened or (found.weekly and offered and cadence.is_due(done.get(key), moment))
    ]


def _is_watched(person: Person, now: datetime) -> bool:
    return person.site is None or cadence.is_watched(now.astimezone(person.site.zone))


def _is_in_care(person: Person) -> bool:
    episodes = Episode.objects.filter(person_id__in=person.all_ids, ended_at__isnull=True)
    cases = IntakeCase.objects.open().filter(person_id__in=person.all_ids, state="assessment_scheduled")
    return episodes.exists() or cases.exists()


@dataclass(frozen=True)
class TableRow:
    """One item over several times: the answers as numbers, None where there is none, "x" where not said."""

    item: str
    words: str
    cells: tuple[int | str | None, ...]
    is_critical: bool


@dataclass(frozen=True)
class Table:
    """Every answer of one measure, the newest first."""

    times: tuple[Administration, ...]
    rows: tuple[TableRow, ...]


def table_of(instrument: Instrument, times: Sequence[Administration]) -> Table:
    """The answers that count, in one query."""
    given: dict[tuple[int, str], int | None] = {}
    for row, item, value in (
        Answer.objects.filter(administration__in=list(times))
        .order_by("pk")
        .values_list("administration", "item", "value")
    ):
        given[row, item] = value
    text = instrument.text("en")
    return Table(
        tuple(times),
        tuple(
            TableRow(
                item.key,
                text.items[item.key],
                tuple(_cell(given, time.pk, item.key) for time in times),
                instrument.critical_of(item.key) is not None,
            )
            for item in instrument.items
        ),
    )


def _cell(given: dict[tuple[int, str], int | None], time: int, item: str) -> int | str | None:
    if (time, item) not in given:
        return None
    value = given[time, item]
    return "x" if value is None else value
