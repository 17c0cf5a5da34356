"""The page of a session: everybody who was there with their row, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from dayward.care.attendance.queries import Roll, roll_of
from dayward.care.attendance.queries import Row as Seat
from dayward.care.schedule.models import Session
from dayward.care.schedule.queries.family import Relative, read_family
from dayward.chart.notes import queries
from dayward.chart.notes.forms import NoteForm, SharedForm
from dayward.chart.notes.models import Note, Outreach
from dayward.chart.notes.rules.templates import Part, Template
from dayward.chart.notes.services.drafting import shared_texts, texts_of
from dayward.chart.notes.services.signing import Circle, circle_of, in_sentence, read_leaders
from dayward.chart.plans.models import Objective
from dayward.kernel.gathering import Reading, all_of, alone, both

SHARED_BEFORE = "shared-"


@dataclass(frozen=True)
class Line:
    """One person who was there."""

    seat: Seat
    note: Note | None
    form: NoteForm | None  # of a row that can still be written
    last: Note | None
    last_words: str
    there: str
    gaps: tuple[str, ...]
    refused_family: tuple[Relative, ...]

    @property
    def before(self) -> str:
        return before(self.seat)

    @property
    def state(self) -> str:
        """signed, ready, begun or nothing"""
        if self.note is None:
            return "nothing"
        if self.note.is_signed:
            return "signed"
        return "begun" if self.gaps else "ready"


@dataclass(frozen=True)
class Page:
    session: Session
    template: Template
    roll: Roll
    lines: tuple[Line, ...]
    shared: SharedForm
    circle: Circle
    absent: tuple[tuple[Seat, list[Outreach]], ...]
    untouched: tuple[Seat, ...]

    @property
    def signed(self) -> int:
        return sum(line.state == "signed" for line in self.lines)

    @property
    def ready(self) -> int:
        return sum(line.state == "ready" for line in self.lines)

    @property
    def signed_words(self) -> str:
        """How far the notes are, in words."""
        return _("%(signed)d of %(all)d signed") % {"signed": self.signed, "all": len(self.lines)}

    @property
    def begun(self) -> bool:
        return any(line.note is not None for line in self.lines)

    @property
    def alone(self) -> bool:
        """A group of one (2.10): not a group."""
        return len(self.lines) == 1 and self.session.service.form == "group"

    @property
    def shared_gaps(self) -> list[str]:
        return [in_sentence(gap) for gap in self.circle.shared_gaps()]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.form is not None]


def before(seat: Seat) -> str:
    """What goes before the names of a row's fields."""
    return f"{seat.booking.public_id}-"


def page_of(session: Session, template: Template, data: QueryDict | None = None) -> Page:
    """Everything the page shows; `data` is what was typed and refused."""
    roll = roll_of(session)
    seats = [row for row in roll.rows if row.state in ("present", "late", "left")]
    people = [row.booking.person_id for row in seats]
    rest = [row.person for row in roll.rows if row not in seats]
    away = [row for row in roll.rows if row.state == "absent"]
    with_family = [row.person for row in seats] if template.family else []
    written = both(
        _notes([row.booking.pk for row in seats]),
        queries.read_last_notes(people, template, session.span.start),
    )
    known = both(queries.read_objectives(people), read_family(with_family))
    led = both(queries.read_group_text(session), read_leaders(session))
    ((notes, last), (objectives, family)), ((told, leaders), tried) = alone(
        both(both(written, known), both(led, queries.read_outreach([row.booking.pk for row in away])))
    )
    circle = circle_of(template, [row.booking for row in seats], notes, last, rest, told, leaders)
    text = shared_texts(told, template.shared)
    return Page(
        session=session,
        template=template,
        roll=roll,
        lines=tuple(
            _line(row, session, template, circle, notes, last, objectives, family, data) for row in seats
        ),
        shared=SharedForm(template, data, shown=text, before=SHARED_BEFORE),
        circle=circle,
        absent=tuple((row, tried.get(row.booking.pk, [])) for row in away),
        untouched=tuple(row for row in roll.rows if row.state == "untouched"),
    )


def _notes(bookings: list[int]) -> Reading[dict[int, Note]]:
    rows = Note.objects.standing().filter(booking__in=bookings, amends__isnull=True)
    found = yield from all_of(rows.select_related("objective", "signature", "service"))
    return {note.booking_id: note for note in found if note.booking_id is not None}


def _line(
    row: Seat,
    session: Session,
    template: Template,
    circle: Circle,
    notes: Mapping[int, Note],
    last: Mapping[int, Note],
    objectives: Mapping[int, list[Objective]],
    family: Mapping[int, list[Relative]],
    data: QueryDict | None,
) -> Line:
    note, before_note = notes.get(row.booking.pk), last.get(row.booking.person_id)
    relatives = family.get(row.booking.person_id, [])
    written = note is not None and note.is_signed
    form = None if written else _form(row, template, note, before_note, objectives, relatives, data)
    gaps = circle.gaps(row.booking.pk) if note is not None and not written else []
    return Line(
        seat=row,
        note=note,
        form=form,
        last=before_note,
        last_words=queries.last_words(template, before_note),
        there=queries.there_in_words(session, row.intervals),
        gaps=tuple(in_sentence(gap) for gap in gaps),
        refused_family=tuple(each for each in relatives if not each.allowed),
    )


def _form(
    row: Seat,
    template: Template,
    note: Note | None,
    last: Note | None,
    objectives: Mapping[int, list[Objective]],
    relatives: list[Relative],
    data: QueryDict | None,
) -> NoteForm:
    mine = objectives.get(row.booking.person_id, [])
    return NoteForm(
        template,
        template.parts,
        data,
        shown=stored(template.parts, note),
        before=before(row),
        objectives=with_own(mine, note),
        offered=queries.offered(mine, last, row.booking.session.service_id),
        family=relatives,
    )


def stored(parts: Iterable[Part], note: Note | None) -> dict[str, str]:
    """What a draft says; every heading of the form is there, so that each has its fingerprint."""
    keys = [part.key for part in parts]
    said = texts_of(note) if note is not None else {}
    return {key: said.get(key, "") for key in (*keys, "objective", "objective_reason", "family")}


def with_own(objectives: list[Objective], note: Note | None) -> list[Objective]:
    """The draft's own objective stays a choice when the plan has moved on."""
    own = note.objective if note is not None else None
    return objectives if own is None or own in objectives else [*objectives, own]
