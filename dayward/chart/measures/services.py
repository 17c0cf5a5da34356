"""The only code that writes questionnaires. Each saved answer is told at once, in its own transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode
from dayward.chart.measures import library, queries
from dayward.chart.measures.events import MeasureAnswered, MeasureScored, MeasureWithdrawn
from dayward.chart.measures.models import Administration, Answer, Score
from dayward.chart.measures.rules import scoring
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.facts import changed

Mode = Administration.Mode
GOES_ON = timedelta(days=2)  # after so long an unfinished questionnaire is left, and a new one is begun


def _author(actor: Actor) -> StaffMember:
    if actor.staff is None:
        raise Refused(_("Only a member of staff can do this."))
    return actor.staff


def _check_asker(actor: Actor, person: Person, mode: str) -> None:
    """A person answers for themselves and for nobody else; staff write down what they were told."""
    if mode not in Mode.values:
        raise Refused(_("Choose how it is asked."))
    if actor.staff is not None:
        if mode == Mode.SELF:
            raise Refused(_("Say whether it is asked in an interview or by phone."))
    elif actor.person is None or actor.person.pk not in person.all_ids or mode != Mode.SELF:
        raise Refused(_("Only the person can answer these questions."))


@transaction.atomic
def ask(*, actor: Actor, person: Person, instrument: str, at: datetime | None = None) -> Administration:
    """Ask the person to answer on their own page; what is open already is asked once."""
    staff, now = _author(actor), at or timezone.now()
    found = _open_of(person, instrument, now, actor)
    if found is not None:
        return found
    row = _make(person, instrument, Mode.SELF, "", asked_at=now, asked_by=staff)
    record(actor=actor, action="measures.ask", person=person, subject=row, instrument=instrument)
    return row


@transaction.atomic
def start(
    *,
    actor: Actor,
    person: Person,
    instrument: str,
    mode: str = Mode.SELF,
    language: str = "",
    at: datetime | None = None,
) -> Administration:
    """Begin a questionnaire, or go on with the one that is open."""
    _check_asker(actor, person, mode)
    now = at or timezone.now()
    row = _open_of(person, instrument, now, actor) or _make(person, instrument, mode, language)
    if row.started_at is None:
        row.started_at, row.started_by = now, actor.id
        row.mode = mode
        row.language = _language(person, language)
        row.text_version = library.instrument(instrument).text(row.language).version
        row.save(update_fields=["started_at", "started_by", "mode", "language", "text_version"])
        record(actor=actor, action="measures.start", person=person, subject=row, instrument=instrument)
    return row


def _open_of(person: Person, instrument: str, now: datetime, actor: Actor) -> Administration | None:
    """The open one; what was begun days ago is left as it is, for answers of two weeks do not mix."""
    rows = Administration.objects.select_for_update(of=("self",)).filter(
        person_id__in=person.all_ids,
        instrument=instrument,
        finished_at__isnull=True,
        left_at__isnull=True,
        entered_in_error_at__isnull=True,
    )
    found = None
    for row in rows:
        if row.started_at is not None and now - row.started_at > GOES_ON:
            row.left_at, row.left_by = now, actor.id
            row.save(update_fields=["left_at", "left_by"])
        else:
            found = row
    return found


def _make(
    person: Person,
    instrument: str,
    mode: str,
    language: str,
    *,
    asked_at: datetime | None = None,
    asked_by: StaffMember | None = None,
) -> Administration:
    if instrument not in library.instruments():
        raise Refused(_("There is no such questionnaire."))
    found = library.instrument(instrument)
    spoken = _language(person, language)
    episode = Episode.objects.filter(person_id__in=person.all_ids, ended_at__isnull=True)
    return Administration.objects.create(
        person=person,
        episode=episode.order_by("-admitted_at").first(),
        instrument=instrument,
        version=found.version,
        text_version=found.text(spoken).version,
        scoring_version=found.scoring_version,
        language=spoken,
        mode=mode,
        asked_at=asked_at,
        asked_by=asked_by,
    )


def _language(person: Person, language: str) -> str:
    wanted = language or person.language
    return wanted if wanted in library.LANGUAGES else "en"


@transaction.atomic
def answer(
    *,
    actor: Actor,
    administration: Administration,
    item: str,
    value: int | None,
    mode: str = "",
    at: datetime | None = None,
) -> Answer:
    """Save one answer (None: would rather not say). What it asks for happens in this transaction, or neither."""
    row, now = _locked(administration), at or timezone.now()
    mode = mode or row.mode
    _check_asker(actor, row.person, mode)
    instrument = library.instrument(row.instrument)
    scoring.check(instrument, item, value)
    given = queries.answers_of(row)
    critical = instrument.critical_of(item)
    acts = critical is not None and (value is None or value >= critical.at_least)
    if not acts and not scoring.is_asked(instrument.item(item), given):  # what acts is never turned away
        raise Refused(_("This question is not asked after these answers."))
    if item in given and given[item] == value:
        return Answer.objects.filter(administration=row, item=item).latest("pk")
    saved = Answer.objects.create(
        administration=row, item=item, value=value, answered_at=now, answered_by=actor.id, mode=mode
    )
    if critical and critical.ask and acts:
        _follow_up(actor, row, critical.ask, mode, now)
    publish(
        MeasureAnswered(
            row.person_id, row.pk, saved.pk, row.instrument, item, value, critical is not None, now, actor
        )
    )
    record(actor=actor, action="measures.answer", person=row.person, subject=row, item=item)
    return saved


def _locked(administration: Administration) -> Administration:
    if (
        administration.follows_id
    ):  # the beginning of a chain first, so that two answers never wait for each other
        Administration.objects.select_for_update().get(pk=administration.follows_id)
    row = (
        Administration.objects.select_for_update(of=("self",))
        .select_related("person__site")
        .get(pk=administration.pk)
    )
    if not row.is_open:
        raise Refused(_("This questionnaire is finished. A new one can be begun."))
    if row.started_at is None:
        raise Refused(_("This questionnaire was not begun yet."))
    return row


def _follow_up(actor: Actor, row: Administration, instrument: str, mode: str, now: datetime) -> None:
    """The questionnaire that follows from an answer stands open at once, on the same device."""
    if Administration.objects.filter(follows=row).exists():
        return
    found = _open_of(row.person, instrument, now, actor)
    if (
        found is not None and found.follows_id is not None
    ):  # an earlier answer asked it, and it says nothing of now
        found.left_at, found.left_by = now, actor.id
        found.save(update_fields=["left_at", "left_by"])
        found = None
    made = found or _make(row.person, instrument, mode, row.language)
    made.follows = row
    if made.started_at is None:
        made.started_at, made.started_by, made.mode = now, actor.id, mode
        record(actor=actor, action="measures.start", person=row.person, subject=made, instrument=instrument)
    made.save(update_fields=["follows", "started_at", "started_by", "mode"])


@transaction.atomic
def finish(*, actor: Actor, administration: Administration, at: datetime | None = None) -> Score:
    """Score it. Refused while a question about suicide was passed over: unknown is asked again."""
    row, now = _locked(administration), at or timezone.now()
    _check_asker(actor, row.person, row.mode if actor.staff is None else _spoken(row.mode))
    instrument, given = library.instrument(row.instrument), queries.answers_of(row)
    passed = scoring.unknown(instrument, given)
    if passed:
        raise Refused(
            _("Question %(item)s has no answer yet. “Would rather not say” is one.") % {"item": passed[0]}
        )
    result = scoring.score(instrument, given)
    row.finished_at, row.finished_by = now, actor.id
    row.save(update_fields=["finished_at", "finished_by"])
    score = Score.objects.create(
        administration=row,
        total=result.total,
        band=result.band,
        answered=result.answered,
        prorated=result.prorated,
        at=now,
    )
    publish(MeasureScored(row.person_id, row.pk, row.instrument, result.total, result.band, now, actor))
    changed(row.person_id, "measure")
    record(actor=actor, action="measures.finish", person=row.person, subject=row, instrument=row.instrument)
    return score


def _spoken(mode: str) -> str:
    """Staff may end for somebody what they began on their own page, in talk."""
    return Mode.INTERVIEW if mode == Mode.SELF else mode


@transaction.atomic
def enter_in_error(
    *, actor: Actor, administration: Administration, reason: str, at: datetime | None = None
) -> None:
    """It was asked of the wrong person, or written down wrongly. It stays readable; what it raised stays raised."""
    if not reason.strip():
        raise Refused(_("Please say what is wrong with it."))
    staff, now = _author(actor), at or timezone.now()
    row = (
        Administration.objects.select_for_update(of=("self",))
        .select_related("person__site")
        .get(pk=administration.pk)
    )
    if row.entered_in_error_at:
        return
    row.entered_in_error_at, row.entered_in_error_by = now, staff
    row.entered_in_error_reason = reason.strip()[:200]
    row.save(update_fields=["entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"])
    publish(MeasureWithdrawn(row.person_id, row.pk, now, actor))
    changed(row.person_id, "measure")
    record(actor=actor, action="measures.enter_in_error", person=row.person, subject=row)
