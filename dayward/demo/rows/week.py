"""Sessions, who leads them, who is expected, and who was there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dayward.care.attendance.models import Absence, Interval, RollCall, WeekExemption, Whereabouts
from dayward.care.catalog.models import Closure
from dayward.care.schedule.models import Booking, Enrollment, Series, Session, SessionStaff
from dayward.demo import clinic
from dayward.demo.facts import Course, History, Meeting, Missed, Presence, Seat
from dayward.demo.ledger import Ledger, Values, public_id, span
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.signing import own_user
from dayward.demo.rows.treatment import segment_on
from dayward.demo.short_weeks import WHY
from dayward.demo.special import EXCUSED
from dayward.demo.times import moment
from dayward.demo.timetable import groups, with_role

AHEAD = timedelta(days=14)
EVENING = 21.9  # when every group of the day has begun
DECIDES = timedelta(minutes=40)  # after it was told
CLOSING = timedelta(minutes=6)  # after the end, the roll is closed
SYSTEM = "demo"
JOIN = "https://video.example.org/{}"  # nobody answers there
AT_HOME, ELSEWHERE = 0.85, ("14 Elm Court, at a sister's", "Library, study room 3", "Parked at 200 Lake Road")


def add_closures(ledger: Ledger, history: History) -> None:
    for (site, day), name in history.closures.items():
        made = datetime.combine(day - timedelta(days=60), time(15), tzinfo=UTC)
        ledger.add(Closure, f"{site}-{day}", site=site, day=day, reason="holiday", name=name, made_at=made,
                   made_by=SYSTEM)  # fmt: skip


def add_meeting(ledger: Ledger, meeting: Meeting, now: datetime) -> None:
    """A session with its leader; held once its roll is closed."""
    group = bool(meeting.group)
    cancelled = (
        {"status": "cancelled", "cancel_reason": meeting.cancelled, "cancelled_by": SYSTEM,
         "cancelled_at": meeting.starts - timedelta(days=60), "closure": f"{meeting.site}-{meeting.day}"}
        if meeting.cancelled else {"status": "held" if meeting.ends + CLOSING <= now else "planned"}
    )  # fmt: skip
    ledger.add(
        Session, meeting.key, site=meeting.site, series=meeting.group or None, group=meeting.group or None,
        series_day=meeting.day if group else None, service=meeting.service, title=meeting.title,
        modality=modality_of(meeting), join_link=JOIN.format(public_id(Session, meeting.key)) if meeting.video else "",
        topic=meeting.topic, during=span(meeting.starts, meeting.ends), room=meeting.room,
        cap=_caps()[meeting.group] if group else 1, changed_at=meeting.starts - timedelta(days=60),
        changed_by=user_id(meeting.booked_by) if meeting.booked_by else SYSTEM, **cancelled,
    )  # fmt: skip
    ledger.add(SessionStaff, meeting.key, session=meeting.key, staff=meeting.staff,
               during=span(meeting.starts, meeting.ends),
               status="cancelled" if meeting.cancelled else "leads")  # fmt: skip
    if not meeting.cancelled and meeting.starts <= now:
        _roll(ledger, meeting, now)


_CAPS: dict[str, int] = {}


def _caps() -> dict[str, int]:
    if not _CAPS:
        _CAPS.update({group.key: group.track.cap for group in groups()})
    return _CAPS


def _roll(ledger: Ledger, meeting: Meeting, now: datetime) -> None:
    closed = meeting.ends + CLOSING
    done = {"closed_at": closed, "closed_by": meeting.staff} if closed <= now else {}
    ledger.add(
        RollCall, meeting.key, session=meeting.key, opened_at=meeting.starts, opened_by=meeting.staff, **done
    )


def modality_of(meeting: Meeting) -> str:
    return "telehealth" if meeting.video else "in_person"


def add_seat(ledger: Ledger, seat: Seat, day: date, now: datetime) -> None:
    """A booking; those of a cohort come from the enrollment."""
    meeting, course = seat.meeting, seat.course
    make_up = seat.make_up
    enrollment = f"{segment_on(course, day)}-{meeting.group}" if meeting.group and make_up is None else None
    number = len(course.moves)
    while enrollment and enrollment not in ledger.rows(Enrollment):  # the step down is still to be decided
        enrollment, number = f"{course.key}-{number}-{meeting.group}", number - 1
    ahead = meeting.starts - AHEAD
    if seat.out_of:  # its time may still move when days are played; the trail of its booking never does
        ahead = moment(day - AHEAD, EVENING, ZoneInfo(clinic.site(meeting.site).zone))
    booked = (max(course.admitted_at, ahead), course.admitted_by)
    if make_up is not None:
        booked = (make_up.booked_at, course.therapist)
    if booked[0] > now:
        return
    ledger.add(
        Booking, seat.key, session=meeting.key, person=course.key, enrollment=enrollment,
        during=span(meeting.starts, meeting.ends), pulled_out_of=seat.out_of or None,
        makes_up_for=make_up.missed.key if make_up else None, booked_at=booked[0], booked_by=user_id(booked[1]),
        **_called_off(seat, now),
    )  # fmt: skip


def _called_off(seat: Seat, now: datetime) -> Values:
    """By the person: a make-up at once, since another day would suit better; a day of their own ahead."""
    at, course = seat.called_off_at, seat.course
    if at is None or at > now:
        return {}
    why = WHY.get(course.case.special, "Cannot come on that day after all")
    return {"status": "cancelled", "cancelled_at": at, "cancelled_by": user_id(course.therapist),
            "cancel_kind": "person", "cancel_reason": why}  # fmt: skip


def add_exempt_week(ledger: Ledger, course: Course, now: datetime) -> None:
    """The director excuses the week of which two days were given back."""
    told = min(course.given_back.values(), default=None)
    if course.case.special != EXCUSED or told is None or told + DECIDES > now:
        return
    first = min(course.given_back)
    director = with_role(clinic.track(course.track).site, "director")[0]
    ledger.add(WeekExemption, course.key, person=course.key, reason="excused", note="Letter of the funeral home",
               start=first - timedelta(days=first.isoweekday() % 7), set_at=told + DECIDES,
               set_by=director)  # fmt: skip


def add_presence(ledger: Ledger, presence: Presence, now: datetime) -> None:
    seat, meeting = presence.seat, presence.seat.meeting
    if presence.came_in > now:
        return
    early = presence.went_out < meeting.ends
    written = presence.went_out if early else meeting.ends + CLOSING
    out: dict[str, object] = {}
    if written <= now:
        out = {"went_out": presence.went_out, "out_at": written, "out_by": meeting.staff,
               "left_early_reason": "Felt unwell" if early else ""}  # fmt: skip
    ledger.add(
        Interval, seat.key, booking=seat.key, session=meeting.key, person=seat.course.key,
        came_in=presence.came_in, modality=modality_of(meeting), source="roll", recorded_at=presence.came_in,
        recorded_by=meeting.staff, **out,
    )  # fmt: skip
    if meeting.video:
        _where(ledger, presence)


def _where(ledger: Ledger, presence: Presence) -> None:
    """Told on the own page before joining: help is sent there, and it says in which state care is given."""
    seat, person = presence.seat, presence.seat.course.case.person
    dice, told = seat.course.dice.of("where", seat.key), presence.came_in - timedelta(minutes=3)
    home, site = dice.chance(AT_HOME), clinic.site(person.site)
    ledger.add(
        Whereabouts, seat.key, booking=seat.key, person=seat.course.key, state=site.state, at_home=home,
        place=f"{person.street}, {site.city}" if home else f"{dice.pick(ELSEWHERE)}, {site.city}", told_at=told,
        told_by=user_id(own_user(ledger, seat.course.key, told)),
    )  # fmt: skip


def add_missed(ledger: Ledger, missed: Missed, now: datetime) -> None:
    if missed.at > now:
        return
    ledger.add(Absence, missed.seat.key, booking=missed.seat.key, kind=missed.kind, reason=missed.reason,
               recorded_at=missed.at, recorded_by=missed.seat.meeting.staff)  # fmt: skip


def set_horizon(ledger: Ledger, until: date) -> None:
    """Say up to which day the series have made their sessions."""
    for key in ledger.rows(Series):
        ledger.change(Series, key, made_until=until)
