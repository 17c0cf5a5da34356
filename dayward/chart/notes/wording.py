"""What is signed, as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.care.schedule.models import Modality, Session
from dayward.care.schedule.times import clock_range, moment
from dayward.chart.notes.models import Note
from dayward.chart.notes.rules.templates import Part, Template, in_words
from dayward.chart.safety.rules.wording import signed_text
from dayward.chart.safety.wording import about
from dayward.chart.safety.wording import in_words as day_in_words
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Told:
    """What stands in a note beside the person's own part."""

    there: str  # from when to when
    leaders: tuple[str, ...]
    present: int  # how many people
    shared: tuple[tuple[str, str], ...]  # heading, text
    guests: int | None
    family: tuple[str, ...]


def note_text(note: Note, template: Template, parts: Iterable[Part], told: Told) -> str:
    """The whole note: facts, objective, the session's block and the person's part."""
    facts = [*about(note.person), *_session_facts(note, told), *_thread(note)]
    if note.amends is not None:
        facts += [(_("Amends"), note.amends.public_id), (_("Because"), note.amendment_reason)]
    body = [(_(part.title), in_words(part, str(note.parts.get(part.key, "")))) for part in parts]
    return signed_text(_(template.title), facts, [*told.shared, *body])


def _session_facts(note: Note, told: Told) -> list[tuple[str, str]]:
    session = note.session
    if session is None:
        return _contact_facts(note)
    zone = session.site.zone
    day = day_in_words(local_day(session.span.start, zone))
    facts = [
        (_("Service"), note.what),
        (_("Session"), session.title),
        (_("Day"), day),
        (_("Time"), clock_range(session.span, zone)),
        (_("There"), told.there),
        (_("Where"), _where(session)),
        (_("Led by"), ", ".join(told.leaders)),
    ]
    if session.cap > 1:
        facts.append((_("People there"), str(told.present)))
    if told.guests:
        words = ngettext("%(n)d guest", "%(n)d guests", told.guests) % {"n": told.guests}
        facts.append((_("From outside"), words))
    return [*facts, (_("Family there"), ", ".join(told.family))]


def _where(session: Session) -> str:
    if session.modality == Modality.TELEHEALTH:
        return _("Telehealth")
    return session.room.name if session.room else session.site.name


def _contact_facts(note: Note) -> list[tuple[str, str]]:
    site = note.person.site
    at = moment(note.happened_at, site.zone) if site else date_format(note.happened_at, "DATETIME_FORMAT")
    day = day_in_words(local_day(note.happened_at, site.zone)) if site else ""
    minutes = _("%(n)d min") % {"n": note.minutes} if note.minutes else ""
    return [(_("Service"), note.what), (_("Day"), day), (_("When"), at), (_("Length"), minutes)]


def _thread(note: Note) -> list[tuple[str, str]]:
    """The golden thread: the objective as the plan words it, or why none is named."""
    if note.objective is not None:
        plan = _("plan %(number)d") % {"number": note.objective.plan.number}
        return [(_("Objective"), f"{note.objective.text} ({plan})")]
    return [(_("No objective, because"), note.objective_reason)]
