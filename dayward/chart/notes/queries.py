from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from dayward.care.attendance.models import Interval
from dayward.care.journey.models import Episode
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.times import clock_range
from dayward.chart.notes import library
from dayward.chart.notes.models import FamilyPresent, GroupText, Note, NoteQuerySet, Outreach
from dayward.chart.notes.rules.templates import Template, own_words
from dayward.chart.plans.models import Intervention, Objective
from dayward.chart.safety.rules.qualification import Held
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading, all_of, alone, both, first_of
from dayward.kernel.spans import Span


def notes_of(person: Person) -> NoteQuerySet:
    """Everything written about the person, newest service first, with who signed it. One query."""
    return notes_told(Note.objects.filter(person_id__in=person.all_ids))


def notes_told(rows: NoteQuerySet) -> NoteQuerySet:
    """With who signed each, and whether it was amended; newest service first."""
    amended = Note.objects.signed().filter(amends=OuterRef("pk"))
    return (
        rows.annotate(is_amended=Exists(amended))
        .select_related(
            "service",
            "session__site",
            "objective",
            "signature",
            "cosignature",
            "cosigner",
            "written_by",
            "saved_by",
        )
        .order_by("-happened_at", "-id")
    )


def draft_of(person: Person, public_id: str) -> Note | None:
    return notes_of(person).drafts().filter(public_id=public_id).first()


def note_for(booking: Booking) -> Note | None:
    """The note of a booking; amendments stand beside it."""
    rows = Note.objects.standing().filter(booking=booking, amends__isnull=True)
    return rows.select_related("signature", "objective", "service").first()


@dataclass(frozen=True)
class Progress:
    """How far the notes of a session are."""

    there: int
    signed: int


def documented(session_ids: Collection[int]) -> Reading[dict[int, Progress]]:
    """By session: how many were there, and of how many a note is signed."""
    there: dict[int, set[int]] = defaultdict(set)
    present = Interval.objects.standing().filter(session__in=session_ids, session__service__documentable=True)
    signed: dict[int, set[int]] = defaultdict(set)
    notes = Note.objects.signed().filter(session__in=session_ids, booking__isnull=False)
    pair = ("session_id", "booking_id")
    were_there, written = yield from both(
        all_of(present.values_list(*pair)), all_of(notes.values_list(*pair))
    )
    for session, booking in were_there:
        there[session].add(booking)
    for session, booking in written:
        signed[session].add(booking)
    return {
        session: Progress(len(bookings), len(bookings & signed[session]))
        for session, bookings in there.items()
    }


# -- what a note begins with -----------------------------------------------------------------------------------


def last_notes(people: Collection[int], template: Template, before: datetime) -> dict[int, Note]:
    """Each one's last signed note of this kind. One query."""
    return alone(read_last_notes(people, template, before))


def read_last_notes(
    people: Collection[int], template: Template, before: datetime
) -> Reading[dict[int, Note]]:
    rows = (
        Note.objects.signed()
        .filter(person__in=people, template=template.key, happened_at__lt=before)
        .select_related("signature", "objective")
        .order_by("person_id", "-happened_at", "-id")
        .distinct("person_id")
    )
    found = yield from all_of(rows)
    return {note.person_id: note for note in found}


def last_words(template: Template, note: Note | None) -> str:
    """What a note told of this person alone."""
    return own_words(template.parts, note.parts) if note else ""


_HOLDS = Q(plan__completed_at__isnull=False, plan__superseded_at__isnull=True)


def read_objectives(people: Collection[int]) -> Reading[dict[int, list[Objective]]]:
    """The objectives of the plans that hold now, with what is done for each."""
    rows = Objective.objects.filter(_HOLDS, plan__person__in=people, removed_at__isnull=True).filter(
        plan__entered_in_error_at__isnull=True
    )
    planned = Intervention.objects.filter(objective__in=rows.order_by().values("pk"), removed_at__isnull=True)
    objectives, interventions = yield from both(
        all_of(rows.select_related("plan", "goal").order_by("plan_id", "goal__position", "position", "id")),
        all_of(planned),
    )
    done: dict[int, list[Intervention]] = defaultdict(list)
    for each in interventions:
        if each.objective_id is not None:
            done[each.objective_id].append(each)
    found: dict[int, list[Objective]] = defaultdict(list)
    for row in objectives:
        row.__dict__["done_for_it"] = done[row.pk]
        found[row.plan.person_id].append(row)
    return found


def offered(objectives: list[Objective], last: Note | None, service: int | None) -> Objective | None:
    """The one a note is offered with: that of the last note, else the one this service is planned for, else the
    only one."""
    thread = last.objective.thread if last and last.objective else ""
    same = next((each for each in objectives if each.thread == thread), None)
    planned = next(
        (
            each
            for each in objectives
            if any(one.service_id == service for one in each.__dict__["done_for_it"])
        ),
        None,
    )
    return same or planned or (objectives[0] if len(objectives) == 1 else None)


def open_episode(person: Person, at: datetime) -> Episode | None:
    """The episode a contact belongs to: the one that was open then."""
    rows = Episode.objects.filter(person_id__in=person.all_ids, admitted_at__lte=at)
    return rows.exclude(ended_at__lt=at).order_by("-admitted_at").first()


def credentials(staff: StaffMember) -> list[Held]:
    """What somebody may sign as."""
    return [Held(row.kind, str(row.get_kind_display()), row.expires_on) for row in staff.credentials.all()]


def intervals_of(booking: Booking) -> list[Interval]:
    return list(booking.intervals.standing().order_by("came_in"))


def there_in_words(session: Session, intervals: Iterable[Interval]) -> str:
    """9:05–11:45 AM, 12:00–1:00 PM; an open out time is the end of the session."""
    return ", ".join(
        clock_range(Span(each.came_in, each.went_out or session.span.end), session.site.zone)
        for each in intervals
    )


def group_text(session: Session) -> GroupText | None:
    return alone(read_group_text(session))


def read_group_text(session: Session) -> Reading[GroupText | None]:
    found = yield from first_of(GroupText.objects.filter(session=session).order_by("pk"))
    return found


def read_outreach(bookings: Collection[int]) -> Reading[Mapping[int, list[Outreach]]]:
    found: dict[int, list[Outreach]] = defaultdict(list)
    rows = Outreach.objects.filter(booking__in=bookings).select_related("attempt").order_by("id")
    for row in (yield from all_of(rows)):
        found[row.booking_id].append(row)
    return found


def present_family(note: Note) -> list[FamilyPresent]:
    return list(note.family.select_related("consent", "relationship").order_by("name"))


def template_of(note: Note) -> Template:
    """The note's template; that of a contact where a clinic has taken its folder away."""
    return library.templates().get(note.template) or library.templates()[library.CONTACT]


def people_named(person: Person) -> tuple[str, ...]:
    """Every name this person goes by."""
    names = (person.legal_given, person.legal_middle, person.legal_family, person.chosen_name)
    return tuple(name for name in names if name)
