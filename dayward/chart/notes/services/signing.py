"""Signing: one note, or all complete rows of a session at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.care.schedule.queries.family import Relative, family_of
from dayward.chart.notes import queries
from dayward.chart.notes.models import FamilyPresent, GroupText, Note
from dayward.chart.notes.rules import rows as row_rules
from dayward.chart.notes.rules.rows import Gap, Row
from dayward.chart.notes.rules.signing import Verdict, may_sign
from dayward.chart.notes.rules.templates import Objective, Part, Template, in_words
from dayward.chart.notes.services.drafting import (
    GUESTS,
    ends_at,
    is_together,
    open_draft,
    parts_of,
    shared_texts,
)
from dayward.chart.notes.wording import Told, note_text
from dayward.chart.safety.library import qualifications
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import sign_paper
from dayward.kernel import facts
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import Reading, all_of, alone, both

ABSENT = gettext_noop("%(what)s is not on the roll as there.")


def in_sentence(gap: Gap) -> str:
    """A gap as people read it."""
    return _(gap.sentence) % {"what": ", ".join(_(each) for each in gap.what)}


def licensed_kinds() -> frozenset[str]:
    """Kinds of credential that a license belongs to."""
    return frozenset(kind for kind, scope in qualifications().items() if scope.needs_license)


def credential_for(staff: StaffMember, template: Template, day: date) -> Verdict:
    """The credential to sign with; Refused with the reason when there is none."""
    verdict = may_sign(queries.credentials(staff), template, day, licensed_kinds(), staff.title)
    if verdict.held is None:
        raise Refused(_(verdict.reason))
    return verdict


# -- what stands against it ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Circle:
    """A session as its notes see it: who was there, what each note says, what each said last time."""

    template: Template
    rows: Mapping[int, Row]  # by booking
    shared: Mapping[str, str]
    leaders: tuple[str, ...]
    guests: int | None = None
    away: tuple[Row, ...] = ()  # members who were not there: they have names, and no note

    def gaps(self, booking: int) -> list[Gap]:
        """Why this row is not ready."""
        others = [row for key, row in self.rows.items() if key != booking]
        return row_rules.gaps(self.rows[booking], [*others, *self.away], self.template.parts, self.leaders)

    def shared_gaps(self) -> list[Gap]:
        rows = [*self.rows.values(), *self.away]
        return row_rules.shared_gaps(self.shared, rows, self.template.shared, self.leaders)


def check_session(
    session: Session,
    template: Template,
    seats: Sequence[Booking],
    notes: Mapping[int, Note],
    last: Mapping[int, Note],
    away: Iterable[Person] = (),
) -> Circle:
    """The session's notes as they stand. `seats` are of those who were there, with their person; `away` who was not."""
    text, leaders = alone(both(queries.read_group_text(session), read_leaders(session)))
    return circle_of(template, seats, notes, last, away, text, leaders)


def circle_of(
    template: Template,
    seats: Sequence[Booking],
    notes: Mapping[int, Note],
    last: Mapping[int, Note],
    away: Iterable[Person],
    text: GroupText | None,
    leaders: tuple[str, ...],
) -> Circle:
    """The same of what was read already."""
    rows = {
        seat.pk: _row(seat.person, notes.get(seat.pk), last.get(seat.person_id), template, template.parts)
        for seat in seats
    }
    shared = {key: words for key, words in shared_texts(text, template.shared).items() if key != GUESTS}
    missed = tuple(Row("", queries.people_named(person), {}) for person in away)
    return Circle(template, rows, shared, leaders, text.guests if text else None, missed)


def _row(
    person: Person, note: Note | None, last: Note | None, template: Template, parts: Iterable[Part]
) -> Row:
    texts = (
        {part.key: str(note.parts.get(part.key, "")) for part in parts if not part.choices} if note else {}
    )
    chosen = {part.key: str(note.parts.get(part.key, "")) for part in parts if part.choices} if note else {}
    tied = template.objective is Objective.OFFERED or (note is not None and is_tied(note))
    return Row(
        key=note.public_id if note else "",
        names=queries.people_named(person),
        texts=texts | chosen,
        last=queries.last_words(template, last),
        tied=tied,
        signed=note is not None and note.is_signed,
    )


def is_tied(note: Note) -> bool:
    return note.objective_id is not None or bool(note.objective_reason.strip())


def leaders_of(session: Session) -> tuple[str, ...]:
    return alone(read_leaders(session))


def read_leaders(session: Session) -> Reading[tuple[str, ...]]:
    rows = session.leaders.filter(status=SessionStaff.Status.LEADS).select_related("staff")
    found = yield from all_of(rows.order_by("id"))
    return tuple(row.staff.name for row in found)


def seats_of(session: Session) -> list[Booking]:
    """The bookings of those who were there."""
    rows = session.bookings.standing().filter(intervals__in=session.intervals.standing())
    return list(rows.select_related("person__site").distinct().order_by("pk"))


# -- one note --------------------------------------------------------------------------------------------------


@transaction.atomic
def sign_note(
    *,
    actor: Actor,
    note: Note,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Note:
    """Sign it: from here on it never changes. Refused with everything that stands against it."""
    draft = open_draft(note)
    template = queries.template_of(draft)
    circle = _circle_of(draft, template)
    gaps = _gaps_of(draft, template, circle)
    if gaps:
        raise Refused(_("Not ready to be signed:"), reasons=[in_sentence(gap) for gap in gaps])
    return _sign(actor, draft, template, circle, typed_name, method, at or timezone.now())


def _circle_of(draft: Note, template: Template) -> Circle | None:
    """The session around a row of it; None for a note of one person alone."""
    if draft.session is None or not is_together(draft.session):
        return None
    seats = seats_of(draft.session)
    found = {
        note.booking_id: note for note in Note.objects.standing().filter(booking__in=seats).order_by("id")
    }
    notes = {pk: note for pk, note in found.items() if pk is not None}
    if draft.booking_id is not None:
        notes[draft.booking_id] = draft
    last = queries.last_notes([seat.person_id for seat in seats], template, draft.happened_at)
    rest = draft.session.bookings.standing().exclude(pk__in=[seat.pk for seat in seats])
    away = [seat.person for seat in rest.select_related("person")]
    return check_session(draft.session, template, seats, notes, last, away)


def _gaps_of(draft: Note, template: Template, circle: Circle | None) -> list[Gap]:
    if circle is None:
        if draft.booking is not None and not queries.intervals_of(draft.booking):
            return [Gap(ABSENT, (draft.person.called,))]
        last = queries.last_notes([draft.person_id], template, draft.happened_at)
        row = _row(draft.person, draft, last.get(draft.person_id), template, template.whole)
        return row_rules.gaps(row, [], template.whole)
    if draft.booking_id is None or draft.booking_id not in circle.rows:
        return [Gap(ABSENT, (draft.person.called,))]
    return [*circle.shared_gaps(), *circle.gaps(draft.booking_id)]


def _sign(
    actor: Actor,
    draft: Note,
    template: Template,
    circle: Circle | None,
    typed_name: str,
    method: str,
    now: datetime,
) -> Note:
    staff = author(actor)
    if now < ends_at(draft):
        raise Refused(_("The session is not over yet."))
    verdict = credential_for(staff, template, today_at(draft.person, now))
    assert verdict.held is not None
    family = _keep_family(draft, template)
    parts = parts_of(draft, template)
    draft.cosign_wanted = verdict.cosigned
    draft.cosigner = staff.supervisor if verdict.cosigned else None
    sign_paper(
        actor=actor,
        paper=draft,
        about=draft.person,
        text=note_text(draft, template, parts, _told(draft, template, circle, family)),
        typed_name=typed_name,
        credential=verdict.held.name,
        method=method,
        at=now,
    )
    facts.changed(draft.person_id, "note")
    site = draft.session.site if draft.session else None
    record(actor=actor, action="notes.sign", person=draft.person, subject=draft, site=site)
    return draft


def _keep_family(draft: Note, template: Template) -> list[Relative]:
    """Who of the family was there, each by a consent that holds at signing."""
    if not template.family or not draft.family_chosen:
        return []
    known = {each.key: each for each in family_of([draft.person])[draft.person.pk]}
    chosen = [known[key] for key in draft.family_chosen if key in known]
    if refused := [each for each in chosen if not each.allowed]:
        raise Refused(reasons=[f"{each.name}: {each.sentence}" for each in refused])
    FamilyPresent.objects.bulk_create(
        FamilyPresent(
            note=draft,
            relationship=each.relationship,
            name=each.name[:200],
            consent=each.consent,
            basis=each.sentence[:200],
        )
        for each in chosen
    )
    return chosen


def _told(draft: Note, template: Template, circle: Circle | None, family: Sequence[Relative]) -> Told:
    booking, session = draft.booking, draft.session
    there = (
        queries.there_in_words(session, queries.intervals_of(booking))
        if booking is not None and session
        else ""
    )
    shared = circle.shared if circle else {}
    return Told(
        there=there,
        leaders=circle.leaders if circle else leaders_of(session) if session else (),
        present=len(circle.rows) if circle else 1,
        shared=tuple((_(part.title), in_words(part, shared.get(part.key, ""))) for part in template.shared),
        guests=circle.guests if circle and template.guests else None,
        family=tuple(f"{each.name} ({each.kind})" if each.kind else each.name for each in family),
    )


# -- a whole session -------------------------------------------------------------------------------------------


@dataclass
class Signed:
    """What signing a session did: the notes, and why the rest was left."""

    notes: list[Note] = field(default_factory=list)
    left: dict[int, list[str]] = field(default_factory=dict)  # sentences by booking
    shared: list[str] = field(default_factory=list)  # what stands against the session's own block


@transaction.atomic
def sign_session(
    *,
    actor: Actor,
    session: Session,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Signed:
    """Sign every row that is ready; the others stay drafts, each with its reasons."""
    now = at or timezone.now()
    Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    seats = {seat.pk: seat for seat in seats_of(session)}
    drafts = [
        note
        for note in Note.objects.drafts().filter(booking__in=seats).select_related("booking").order_by("id")
        if note.amends_id is None
    ]
    if not drafts:
        raise Refused(_("Nothing is written yet about anybody who was there."))
    done = Signed()
    circle = _circle_of(open_draft(drafts[0]), queries.template_of(drafts[0]))
    assert circle is not None
    done.shared = [in_sentence(gap) for gap in circle.shared_gaps()]
    if done.shared:
        raise Refused(_("The session's own text is not ready:"), reasons=done.shared)
    for draft in drafts:
        assert draft.booking_id is not None
        gaps = circle.gaps(draft.booking_id)
        if gaps:
            done.left[draft.booking_id] = [in_sentence(gap) for gap in gaps]
        else:
            signed = _sign(actor, open_draft(draft), circle.template, circle, typed_name, method, now)
            done.notes.append(signed)
    if not done.notes:
        raise Refused(_("No row is ready to be signed."), reasons=_named(done.left, seats))
    return done


def _named(left: Mapping[int, Sequence[str]], seats: Mapping[int, Booking]) -> list[str]:
    return [
        f"{seats[pk].person.called}: {sentence}" for pk, sentences in left.items() for sentence in sentences
    ]
