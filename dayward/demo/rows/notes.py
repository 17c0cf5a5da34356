"""Notes of sessions: signed some hours after, most by the next day; a few are still to be written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.care.catalog.models import Room, ServiceKind
from dayward.care.journey.models import Episode
from dayward.care.schedule.models import Session
from dayward.care.schedule.times import clock_range
from dayward.chart.notes import library
from dayward.chart.notes.models import GroupText, Note
from dayward.chart.notes.rules.templates import Template, in_words
from dayward.chart.notes.wording import Told, note_text
from dayward.chart.plans.models import Objective, Plan
from dayward.demo import clinic
from dayward.demo import note_sentences as words
from dayward.demo.dice import Dice
from dayward.demo.facts import Course, History, Meeting, Presence
from dayward.demo.ledger import Ledger, Values, span
from dayward.demo.rows.models import person_of, service_of, site_of
from dayward.demo.rows.plans import Written
from dayward.demo.rows.signing import staff_signs
from dayward.demo.rows.week import modality_of
from dayward.demo.special import NEW_HERE
from dayward.demo.times import moment
from dayward.foundation.people.models import Person
from dayward.kernel.spans import Span

MEDIAN_HOURS, SIGMA, MOST_HOURS = 7.0, 0.9, 20.0
FORGOTTEN, LATER = 0.003, 0.004  # of sessions written about days later, of single rows left over
FIRST, LAST = 7.5, 21.5  # nobody writes at night
COSIGNED_AFTER = (1, 5)  # days
CATCHES_UP = 6  # days later the new prescriber writes what is late at the first build


@dataclass(frozen=True)
class Place:
    """A session as the wording of its notes sees it, and what is the same in all of them."""

    meeting: Meeting
    session: Session
    service: ServiceKind
    template: Template
    told: Mapping[str, str]  # the session's own block
    there: int
    signed_at: datetime

    @property
    def together(self) -> bool:
        return bool(self.meeting.group)


def add_notes(
    ledger: Ledger, history: History, plans: Mapping[str, Written], dice: Dice, anchor: date, now: datetime
) -> None:
    """Every note that is signed by `now`."""
    people: dict[str, Person] = {}
    counts: dict[str, int] = defaultdict(int)
    for meeting, present in _sessions(ledger, history, now):
        place = _place(dice.of(meeting.key), meeting, len(present), anchor)
        if place.signed_at <= now and place.together:
            ledger.add(
                GroupText,
                meeting.key,
                session=meeting.key,
                parts=dict(place.told),
                saved_by=meeting.staff,
                saved_at=place.signed_at - timedelta(minutes=6),
            )
        turn = dice.of(meeting.key, "turn").whole(0, 999)
        for number, presence in enumerate(present):
            course = presence.seat.course
            counts[course.key] += 1
            if course.key not in people:
                people[course.key] = person_of(course.case)
            row = _Row(
                ledger,
                place,
                presence,
                people[course.key],
                plans.get(course.key),
                counts[course.key],
                turn + number,
            )
            row.add(dice.of(presence.seat.key, "note"), now)


def _sessions(ledger: Ledger, history: History, now: datetime) -> Iterator[tuple[Meeting, list[Presence]]]:
    """What is over, in order, with who was there."""
    here = ledger.rows(Episode)
    found: dict[str, list[Presence]] = defaultdict(list)
    for presence in history.presences:
        if presence.seat.course.key in here and presence.seat.meeting.ends <= now:
            found[presence.seat.meeting.key].append(presence)
    for present in sorted(
        found.values(), key=lambda rows: (rows[0].seat.meeting.starts, rows[0].seat.meeting.key)
    ):
        yield present[0].seat.meeting, present


def _place(dice: Dice, meeting: Meeting, there: int, anchor: date) -> Place:
    service = service_of(meeting.service)
    template = library.template_for(service.form)
    assert template is not None
    site = site_of(meeting.site)
    session = Session(
        site=site,
        service=service,
        title=meeting.title,
        topic=meeting.topic,
        during=span(meeting.starts, meeting.ends),
        room=Room(name=meeting.room),
        modality=modality_of(meeting),
        cap=2 if meeting.group else 1,
    )
    told = {}
    if meeting.group:
        work = dice.pick(words.TAUGHT if service.form == "education" else words.WORK)
        topic = meeting.topic or meeting.title.rpartition(": ")[2]
        told = {"work": work.format(topic=topic)}
    at = _signed_at(dice.of("lag"), meeting, site.zone, anchor)
    return Place(meeting, session, service, template, told, there, at)


def _signed_at(dice: Dice, meeting: Meeting, zone: ZoneInfo, anchor: date) -> datetime:
    """Hours after the end; twice as many on Fridays. What would be at night is done the next morning."""
    hours = min(MOST_HOURS, dice.lognormal(MEDIAN_HOURS, SIGMA))
    hours *= 2 if meeting.starts.isoweekday() == 5 else 1
    if dice.chance(FORGOTTEN):
        hours += 24 * dice.whole(3, 9)
    if meeting.staff == NEW_HERE and meeting.day is not None and 2 <= (anchor - meeting.day).days <= 3:
        hours += 24 * CATCHES_UP
    at = (meeting.ends + timedelta(minutes=8, hours=hours)).astimezone(zone)
    clock = at.hour + at.minute / 60
    if FIRST <= clock <= LAST:
        return at
    day = at.date() if clock < FIRST else at.date() + timedelta(days=1)
    return moment(day, dice.between(FIRST, 9.5), zone)


@dataclass(frozen=True)
class _Row:
    """The note of one person about one session."""

    ledger: Ledger
    place: Place
    presence: Presence
    person: Person
    plan: Written | None
    count: int  # their how-many-th note
    turn: int  # neighbors have different ones

    @property
    def key(self) -> str:
        return self.presence.seat.key

    @property
    def course(self) -> Course:
        return self.presence.seat.course

    def add(self, dice: Dice, now: datetime) -> None:
        place, meeting = self.place, self.place.meeting
        at = place.signed_at + timedelta(hours=dice.whole(20, 90) if dice.chance(LATER) else 0)
        if at > now:
            return
        parts = {key: text for key, text in self._parts(dice).items() if text}
        objective = self._objective(at)
        needed = place.template.objective == "needed"
        reason = words.NOT_YET if needed and objective is None else ""
        note = Note(
            person=self.person,
            session=place.session,
            service=place.service,
            parts=parts,
            objective=objective[1] if objective else None,
            objective_reason=reason,
        )
        headings = place.template.parts if place.together else place.template.whole
        text = note_text(note, place.template, headings, self._told())
        self.ledger.add(
            Note,
            self.key,
            person=self.course.key,
            episode=self.course.key,
            booking=self.key,
            session=meeting.key,
            service=meeting.service,
            template=place.template.key,
            happened_at=meeting.starts,
            objective=objective[0] if objective else None,
            objective_reason=reason,
            parts=parts,
            written_at=place.signed_at - timedelta(minutes=5),
            written_by=meeting.staff,
            saved_at=at - timedelta(minutes=1),
            saved_by=meeting.staff,
            signed_text=text,
            signature=staff_signs(self.ledger, Note, self.key, text, meeting.staff, at),
            **self._cosigned(dice, text, at, now),
        )

    def _cosigned(self, dice: Dice, text: str, at: datetime, now: datetime) -> Values:
        staff = clinic.staff(self.place.meeting.staff)
        if staff.credential not in self.place.template.cosigned:
            return {}
        later = at + timedelta(days=dice.whole(*COSIGNED_AFTER), minutes=dice.whole(0, 90))
        values: Values = {"cosign_wanted": True, "cosigner": staff.supervisor}
        if later <= now:
            key = staff_signs(self.ledger, Note, self.key, text, staff.supervisor, later, "cosigner")
            values["cosignature"] = key
        return values

    def _objective(self, at: datetime) -> tuple[str, Objective] | None:
        """Of the plan that holds: this service works now on one, now on another."""
        if self.plan is None or not self.plan.holds(at):
            return None
        chosen = (self.count // 4) % len(self.plan.keys)
        row = self.plan.tree.objectives[chosen]
        return self.plan.keys[chosen], Objective(text=row.text, plan=Plan(number=self.plan.number))

    def _told(self) -> Told:
        place, zone = self.place, self.place.session.site.zone
        return Told(
            there=clock_range(Span(self.presence.came_in, self.presence.went_out), zone),
            leaders=(_name(place.meeting.staff),),
            present=place.there,
            shared=tuple(
                (part.title, in_words(part, place.told.get(part.key, ""))) for part in place.template.shared
            ),
            guests=None,
            family=(),
        )

    def _parts(self, dice: Dice) -> dict[str, str]:
        """Headings by the form of service; neighbors differ in what they said, one's own notes in what they did."""
        form = self.place.service.form
        said, did = words.SAID[self.turn % len(words.SAID)], words.DID[(self.count * 7) % len(words.DID)]
        if form == "medication":
            return {
                "since": dice.pick(words.SINCE),
                "seen": words.SEEN[self.count % len(words.SEEN)],
                "decision": dice.pick(words.DECIDED),
            }
        if form == "individual":
            return {
                "topic": words.TOPICS[(self.count // 3) % len(words.TOPICS)],
                "method": dice.pick(("cbt", "mi", "dbt skills")),
                "response": f"{said} {did}",
                "progress": dice.pick(words.MOVED),
                "next": dice.pick(words.HOMEWORK),
            }
        took = dice.weighted((("active", 5), ("asked", 3), ("listening", 2), ("little", 1)))
        if form == "education":
            return {
                "participation": took,
                "response": f"{said} {did} {dice.pick(words.MOVED)}",
                "homework": dice.pick(words.HOMEWORK),
            }
        return {
            "participation": took,
            "did": dice.pick(("gave", "took", "gave took", "shared", "shared connected", "practiced")),
            "response": f"{said} {did}",
            "progress": dice.pick(words.MOVED),
            "homework": dice.pick(words.HOMEWORK),
        }


def _name(staff: str) -> str:
    plan = clinic.staff(staff)
    return f"{plan.given} {plan.family}"
