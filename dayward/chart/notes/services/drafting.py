"""Drafts: made with the first word, kept part by part, so that two writers lose neither text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.delivered import episode_of
from dayward.care.catalog.models import ServiceKind
from dayward.care.schedule.models import Booking, Session
from dayward.chart.notes import library, queries
from dayward.chart.notes.models import GroupText, Note
from dayward.chart.notes.rules.templates import Part, Template, tidy_choice
from dayward.chart.plans.models import Objective
from dayward.chart.safety.rules.merge import Merged, merge
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused

OBJECTIVE, REASON, FAMILY = "objective", "objective_reason", "family"
SHARED = "shared"  # prefix of the session's texts in a form
GUESTS = "guests"
LONGEST_CONTACT = 480


@transaction.atomic
def start_note(*, actor: Actor, booking: Booking, at: datetime | None = None) -> Note:
    """The note of a booking, made if there is none. Nobody who was not there gets one."""
    staff, now = author(actor), at or timezone.now()
    locked = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("session__service", "session__site", "person", "enrollment__segment__episode")
        .get(pk=booking.pk)
    )
    there = queries.note_for(locked)
    if there is not None:
        return there
    template = _template(locked.session)
    if not locked.intervals.standing().exists():
        raise Refused(_("%(name)s is not on the roll as there.") % {"name": locked.person.called})
    note = Note.objects.create(
        person_id=locked.person_id,
        episode=episode_of(locked),
        booking=locked,
        session=locked.session,
        service=locked.session.service,
        template=template.key,
        happened_at=locked.session.span.start,
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
    )
    record(actor=actor, action="notes.start", person=locked.person, subject=note, site=locked.session.site)
    return note


def _template(session: Session) -> Template:
    template = library.template_for(session.service.form) if session.service.documentable else None
    if template is None:
        raise Refused(_("“%(what)s” has no note.") % {"what": session.service.name})
    return template


@transaction.atomic
def start_contact(
    *,
    actor: Actor,
    person: Person,
    service: ServiceKind | None,
    happened_at: datetime,
    minutes: int = 0,
    at: datetime | None = None,
) -> Note:
    """A note of what had no booking: a call, a word in the hallway, a case manager's contact."""
    staff, now = author(actor), at or timezone.now()
    if happened_at > now:
        raise Refused(_("That is still to come."))
    if not 0 <= minutes <= LONGEST_CONTACT:
        raise Refused(_("Give the minutes, at most eight hours."))
    form = service.form if service else None
    template = library.template_for(form) if form else library.templates()[library.CONTACT]
    if template is None or (service and not service.documentable):
        raise Refused(_("“%(what)s” has no note.") % {"what": service})
    note = Note.objects.create(
        person=person,
        episode=queries.open_episode(person, happened_at),
        service=service,
        template=template.key,
        happened_at=happened_at,
        minutes=minutes,
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
    )
    record(actor=actor, action="notes.start", person=person, subject=note)
    return note


# -- keeping what is typed -------------------------------------------------------------------------------------


def parts_of(note: Note, template: Template) -> tuple[Part, ...]:
    """The headings of this note: with the session's own where it is for one person alone."""
    return template.parts if is_together(note.session) else template.whole


def is_together(session: Session | None) -> bool:
    """Whether several people meet in it: one page for the session, one row a person."""
    return session is not None and session.cap > 1


def texts_of(note: Note) -> dict[str, str]:
    """Everything that is typed or chosen in a draft, by key, as text."""
    return {
        **{key: str(text) for key, text in note.parts.items()},
        OBJECTIVE: note.objective.public_id if note.objective else "",
        REASON: note.objective_reason,
        FAMILY: " ".join(note.family_chosen),
    }


@transaction.atomic
def save_note(
    *,
    actor: Actor,
    note: Note,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed. What somebody else changed meanwhile comes back with both texts."""
    draft = open_draft(note)
    template = queries.template_of(draft)
    stored = {**dict.fromkeys((part.key for part in parts_of(draft, template)), ""), **texts_of(draft)}
    mine = {key: _tidy(template, key, text) for key, text in texts.items() if key in stored}
    merged = _merged(base, mine, stored)
    if merged.changed:
        _take(draft, merged)
        draft.version += 1
        draft.saved_at, draft.saved_by = at or timezone.now(), author(actor)
        draft.save(
            update_fields=[
                "parts", "objective", "objective_reason", "family_chosen", "version", "saved_at", "saved_by",
            ]
        )  # fmt: skip
        record(
            actor=actor, action="notes.save", person=draft.person, subject=draft, parts=list(merged.changed)
        )
    return merged


def open_draft(note: Note) -> Note:
    """The draft as it is now, locked; Refused once it is signed."""
    rows = Note.objects.select_for_update(of=("self",)).select_related(
        "person__site", "session__site", "session__service", "booking", "objective", "service", "amends"
    )
    now = rows.get(pk=note.pk)
    if now.is_signed:
        raise Refused(_("This note is signed already. Amend it: the amendment stands beside it."))
    if now.entered_in_error_at:
        raise Refused(_("This draft was set aside as entered in error."))
    return now


def _merged(base: Mapping[str, str] | None, mine: dict[str, str], stored: dict[str, str]) -> Merged:
    if base is not None:
        return merge(base, mine, stored)
    return Merged(stored | mine, tuple(key for key, text in mine.items() if text != stored[key]), ())


def _tidy(template: Template, key: str, text: str) -> str:
    part = next((each for each in template.whole if each.key == key), None)
    return tidy_choice(part, text.split()) if part and part.choices else text


def _take(draft: Note, merged: Merged) -> None:
    for key in merged.changed:
        text = merged.texts[key]
        if key == OBJECTIVE:
            draft.objective = _objective(draft, text)
        elif key == REASON:
            draft.objective_reason = text.strip()[:200]
        elif key == FAMILY:
            draft.family_chosen = text.split()
        else:
            draft.parts = {**draft.parts, key: text}


def _objective(draft: Note, public_id: str) -> Objective | None:
    """One of the plan that holds, or the one the draft has; Refused for anybody else's."""
    if not public_id:
        return None
    rows = Objective.objects.filter(
        plan__person_id__in=draft.person.all_ids,
        removed_at__isnull=True,
        plan__signature__isnull=False,
        plan__entered_in_error_at__isnull=True,
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Refused(_("That objective is not in this person's plan."))
    return found


@transaction.atomic
def save_shared(
    *,
    actor: Actor,
    session: Session,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep the block that is the same for everybody of a session, and how many guests there were."""
    staff, now = author(actor), at or timezone.now()
    Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    template = _template(session)
    row = queries.group_text(session) or GroupText(session=session)
    stored = shared_texts(row, template.shared)
    mine = {key: _tidy(template, key, text) for key, text in texts.items() if key in stored}
    mine[GUESTS] = _number(mine.get(GUESTS, stored[GUESTS]))
    merged = _merged(base, mine, stored)
    if merged.changed:
        row.parts = {key: text for key, text in merged.texts.items() if key != GUESTS}
        row.guests = int(merged.texts[GUESTS]) if merged.texts[GUESTS] else None
        row.version += 1 if row.pk else 0
        row.saved_at, row.saved_by = now, staff
        row.save()
        record(
            actor=actor,
            action="notes.save_shared",
            subject=row,
            site=session.site,
            parts=list(merged.changed),
        )
    return merged


def shared_texts(row: GroupText | None, parts: Iterable[Part]) -> dict[str, str]:
    kept: dict[str, str] = row.parts if row else {}
    guests = "" if row is None or row.guests is None else str(row.guests)
    return {**{part.key: str(kept.get(part.key, "")) for part in parts}, GUESTS: guests}


def _number(text: str) -> str:
    digits = text.strip()
    if digits and not (digits.isdecimal() and int(digits) <= 999):
        raise Refused(_("Give the number of guests as a number."))
    return digits


def ends_at(note: Note) -> datetime:
    """When what the note tells of was over."""
    return note.session.span.end if note.session else note.happened_at + timedelta(minutes=note.minutes)
