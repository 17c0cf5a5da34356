"""The same people written through the services, act by act, with the clock at the moment of each act.

What somebody typed is taken from the ledger's rows; what the services make of it is what the test compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from unittest import mock

from django.db.models import Model

from dayward.care.attendance import services as attendance
from dayward.care.attendance.models import Absence, Interval, RollCall, WeekExemption
from dayward.care.attendance.services.makeups import book_make_up
from dayward.care.catalog.models import Program, Room, ServiceKind, Track
from dayward.care.journey import services as journey
from dayward.care.journey.models import (
    AdmissionItem,
    ContactAttempt,
    Handoff,
    Inquiry,
    IntakeCase,
    Screening,
    Segment,
    WaitlistEntry,
)
from dayward.care.journey.rules.screening import OwnHours
from dayward.care.journey.services.admission import Place as Seat
from dayward.care.journey.services.assessment import Slot
from dayward.care.journey.services.intake import ComesFrom, FirstContact, Handover, WaitingPlan
from dayward.care.journey.services.screening import Told
from dayward.care.journey.services.steps import lock, take_step
from dayward.care.schedule import services as schedule
from dayward.care.schedule.models import Booking, Enrollment, Group, Session
from dayward.care.schedule.services.booking import Reasons
from dayward.care.schedule.services.enrolling import Choice, EnrollReasons
from dayward.care.schedule.services.sessions import Place
from dayward.chart.assessments import library
from dayward.chart.assessments import services as assessments
from dayward.chart.assessments.models import Allergy, Assessment, Diagnosis, LevelOfCare, ReportedMedication
from dayward.chart.safety import services as safety
from dayward.chart.safety.models import RiskStatement, SafetyPlan
from dayward.chart.safety.rules.plan import PLAN_KEYS
from dayward.chart.safety.rules.risk import QUESTION_KEYS
from dayward.demo.facts import Attempt, Case, Course, History, Step
from dayward.demo.ledger import AnyModel, Ledger, Values, public_id
from dayward.demo.rows.evaluation import LASTS
from dayward.demo.rows.intake import MODES
from dayward.foundation.access.services import add_to_care_team
from dayward.foundation.audit.actors import PUBLIC, Actor, person_actor, staff_actor
from dayward.foundation.consent import services as consents
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.organization.models import Site
from dayward.foundation.people import services as people
from dayward.foundation.people.models import Address, ContactPoint, Person, Relationship, StaffMember, User
from dayward.foundation.signing.models import Signature
from dayward.kernel.spans import Span
from dayward.revenue.coverage import services as coverage
from dayward.revenue.coverage.models import Coverage, Payer

Act = Callable[[], None]


def stored(model: AnyModel, key: str) -> Any:
    """A row of the clinic that both ways share."""
    if model is ServiceKind:
        return ServiceKind.objects.get(key=key)
    return model._default_manager.get(public_id=public_id(model, key))


def staff(key: str) -> Actor:
    return PUBLIC if not key else staff_actor(stored(User, key))


def pick(values: Values, *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def fields_of(values: Values, model: type[Model], *without: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in without}


@dataclass
class Diary:
    """Acts with their moments; done in the order of time."""

    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def at(self, moment: datetime, act: Act) -> None:
        self.acts.append((moment, len(self.acts), act))

    def run(self, until: datetime) -> None:
        for moment, _number, act in sorted(self.acts, key=lambda each: each[:2]):
            if moment <= until:
                with mock.patch("django.utils.timezone.now", return_value=moment):
                    act()


@dataclass
class Replay:
    """One person's way through the services."""

    ledger: Ledger
    history: History
    case: Case
    course: Course | None
    diary: Diary
    now: datetime

    @property
    def key(self) -> str:
        return self.case.key

    def row(self, model: AnyModel, key: str = "") -> Values:
        return self.ledger.rows(model)[key or self.key]

    @property
    def person(self) -> Person:
        one = self.case.person
        return Person.objects.get(legal_given=one.given, legal_family=one.family, birth_date=one.birth_date)

    @property
    def intake(self) -> IntakeCase:
        return IntakeCase.objects.get(person=self.person)

    def relative(self) -> Person:
        return Relationship.objects.get(person=self.person).relative

    def tell(self) -> None:
        """Put every act into the diary."""
        for attempt in self.case.attempts:
            self.diary.at(attempt.at, lambda attempt=attempt: self.contact(attempt.at, attempt.by))  # type: ignore[misc]
        for number, step in enumerate(self.case.steps):
            act = getattr(self, step.transition)
            self.diary.at(step.at, lambda act=act, step=step, number=number: act(step, number))  # type: ignore[misc]
        for number, slot in enumerate(self.case.assessments):
            key = f"evaluation-{self.key}-{number}"
            if key in self.ledger.rows(RollCall):
                self.diary.at(slot.at, lambda slot=slot: self.evaluated(slot.at, slot.clinician))  # type: ignore[misc]
        if self.course:
            CourseReplay(self, self.course).tell()

    # -- the way in

    def open_inquiry(self, step: Step, _number: int) -> None:
        by, site = staff(step.by), stored(Site, self.case.person.site)
        row, told = self.row(Person), self.row(Inquiry)
        person = people.register_person(actor=by, site=site, **fields_of(row, Person, "site", "created_at"))
        point = self.row(ContactPoint)
        people.add_contact_point(actor=by, person=person, **fields_of(point, ContactPoint, "person"))
        case = self.row(IntakeCase)
        journey.open_inquiry(
            actor=by, site=site, person=person, source=case["source"], at=step.at,
            contact=FirstContact(**fields_of(told, Inquiry, "case", "received_at", "received_by")),
            comes_from=ComesFrom(**pick(case, "entry_mode", "sending_facility", "facility_discharge_date")),
            program=stored(Program, case["program"]), owner=by.staff,
        )  # fmt: skip

    def contact(self, at: datetime, by: str) -> None:
        row = next(
            row
            for row in self.ledger.rows(ContactAttempt).values()
            if row.get("case") == self.key and row["made_at"] == at
        )
        journey.log_contact(
            actor=staff(by), mode=row["mode"], outcome=row["outcome"], case=self.intake, at=at
        )

    def finish_screening(self, step: Step, _number: int) -> None:
        row, case = self.row(Screening), self.intake
        if case.owner is None:
            journey.edit_case(
                actor=staff(step.by), case=case, version=case.version, owner=staff(step.by).staff
            )
        hours = tuple(
            OwnHours(
                kind=b.kind, weekdays=b.weekdays, starts=_clock(b.starts), ends=_clock(b.ends), note=b.note
            )
            for b in self.case.own_hours
        )
        said = pick(row, "answers", "travel_minutes", "telehealth_possible", "living", "support")
        journey.save_screening(
            actor=staff(step.by), case=case, told=Told(**said, own_hours=hours), version=0, at=step.at
        )
        note = row["outcome_note"]
        journey.finish_screening(actor=staff(step.by), case=self.intake, note=note, at=step.at)

    def schedule_assessment(self, step: Step, _number: int) -> None:
        by, person = staff(step.by), self.person
        people.add_address(actor=by, person=person, **fields_of(self.row(Address), Address, "person"))
        key = f"{self.key}-relative"
        row = self.row(Person, key)
        other = people.register_person(
            actor=by, site=person.site, **fields_of(row, Person, "site", "created_at")
        )
        point = self.row(ContactPoint, key)
        people.add_contact_point(actor=by, person=other, **fields_of(point, ContactPoint, "person"))
        bond = self.row(Relationship, key)
        people.add_relationship(
            actor=by, person=person, relative=other, **fields_of(bond, Relationship, "person", "relative")
        )
        paid = self.row(Coverage)
        coverage.add_coverage(
            actor=by,
            person=person,
            payer=stored(Payer, paid["payer"]),
            **pick(paid, "member_id", "estimate_given"),
        )
        self.book(step)

    def book(self, step: Step, _number: int = 0) -> None:
        booked = [
            each
            for each in self.case.steps
            if each.transition in ("schedule_assessment", "reschedule_assessment")
        ]
        slot = self.case.assessments[booked.index(step)]
        wanted = Slot(stored(StaffMember, slot.clinician), slot.at, minutes=90)
        journey.book_assessment(
            actor=staff(step.by), case=self.intake, slot=wanted, reason=step.reason, at=step.at
        )

    reschedule_assessment = book

    def miss_assessment(self, step: Step, _number: int) -> None:
        journey.miss_assessment(actor=staff(step.by), case=self.intake, at=step.at)

    def evaluated(self, at: datetime, clinician: str) -> None:
        seat = Booking.objects.get(person=self.person, during__startswith=at, status="booked")
        attendance.mark_present(actor=staff(clinician), booking=seat, now=at)
        ends = at + LASTS
        self.diary_later(
            ends, lambda: attendance.close_roll(actor=staff(clinician), session=seat.session, now=ends)
        )

    def diary_later(self, at: datetime, act: Callable[[], object]) -> None:
        if at <= self.now:
            with mock.patch("django.utils.timezone.now", return_value=at):
                act()

    def record_assessment(self, step: Step, _number: int) -> None:
        by, case, at = staff(step.by), self.intake, step.at
        name = by.staff.name if by.staff else ""
        risk = self.row(RiskStatement)
        draft = safety.start_statement(actor=by, person=case.person, case=case, at=at)
        safety.save_statement(actor=by, statement=draft, texts=pick(risk, "level", *QUESTION_KEYS), at=at)
        safety.sign_statement(actor=by, statement=draft, typed_name=name, at=at)
        if self.key in self.ledger.rows(SafetyPlan):
            row = self.row(SafetyPlan)
            plan = safety.start_plan(actor=by, person=case.person, at=at)
            safety.save_plan(actor=by, plan=plan, texts=pick(row, *PLAN_KEYS), at=at)
            safety.sign_plan(
                actor=by, plan=plan, typed_name=name, copy_given=True, review_on=row["review_on"], at=at
            )
        self.story(by, case, name, at)

    def story(self, by: Actor, case: IntakeCase, name: str, at: datetime) -> None:
        paper = assessments.start_assessment(actor=by, case=case, at=at)
        assessments.save_assessment(actor=by, assessment=paper, texts=self.row(Assessment)["sections"], at=at)
        for row in self.listed(Diagnosis):
            assessments.add_diagnosis(actor=by, assessment=paper, code=row["icd"], at=at)
        for row in self.listed(ReportedMedication):
            said = pick(row, "text", "dose", "reason", "taking")
            assessments.add_medication(actor=by, assessment=paper, **said, at=at)
        if self.row(Assessment)["no_medications"]:
            assessments.say_no_medications(actor=by, assessment=paper, none=True)
        for row in self.listed(Allergy):
            if row.get("none_known"):
                assessments.say_no_allergies(actor=by, assessment=paper, at=at)
            else:
                said = pick(row, "text", "reaction")
                assessments.add_allergy(actor=by, person=case.person, assessment=paper, **said, at=at)
        assert assessments.sign_assessment(actor=by, assessment=paper, typed_name=name, at=at) is not None

    def listed(self, model: AnyModel) -> list[Values]:
        return [row for row in self.ledger.rows(model).values() if row["person"] == self.key]

    def items(self) -> list[Values]:
        return [row for row in self.ledger.rows(AdmissionItem).values() if row["case"] == self.key]

    def decide_level(self, step: Step, _number: int) -> None:
        by, row = staff(step.by), self.row(LevelOfCare)
        draft = assessments.start_level(actor=by, case=self.intake, at=step.at)
        texts = pick(row, "recommended", "actual", "difference_kind", "difference_reason")
        for dimension in library.criteria_sets()[row["criteria_set"]].dimensions:
            said = row["ratings"][row["criteria_set"]][dimension.key]
            texts[f"why_{dimension.key}"] = said["why"]
            if dimension.rated:
                texts[f"rating_{dimension.key}"] = said["rating"]
        assessments.save_level(actor=by, level=draft, texts=texts, at=step.at)
        assert by.staff
        assessments.sign_level(actor=by, level=draft, typed_name=by.staff.name, at=step.at)

    def refer_out(self, step: Step, _number: int) -> None:
        row = self.row(Handoff)
        given = Handover(**pick(row, "route", "reason", "target", "contact_name", "accepted"))
        journey.refer_out(
            actor=staff(step.by), case=self.intake, handover=given, note=step.reason, at=step.at
        )

    hand_to_higher_level = hand_to_lower_level = refer_out

    def close(self, step: Step, _number: int) -> None:
        how = step.transition.removeprefix("close_")
        journey.close_case(actor=staff(step.by), case=self.intake, how=how, reason=step.reason, at=step.at)

    withdraw = decline = close_no_contact = close

    def waitlist(self, step: Step, _number: int) -> None:
        row = self.row(WaitlistEntry)
        plan = WaitingPlan(
            row["interim_plan"], program=stored(Program, row["program"]), track=stored(Track, row["track"])
        )
        journey.put_on_waitlist(
            actor=staff(step.by), case=self.intake, plan=plan, reason=step.reason, at=step.at
        )

    def admit(self, step: Step, _number: int) -> None:
        assert self.course
        CourseReplay(self, self.course).admit(step)


def _clock(text: str) -> time:
    return time.fromisoformat(text)


@dataclass
class CourseReplay:
    """The stay of one person."""

    it: Replay
    course: Course

    def tell(self) -> None:
        """Sessions of their own and attendance; steps that are not consequences of these."""
        for seat in [seat for seat in self.it.history.seats if seat.course is self.course]:
            booking = self.it.ledger.rows(Booking).get(seat.key)
            if booking is None:
                continue
            if seat.given_back_at is not None:
                self.it.diary.at(seat.given_back_at, lambda seat=seat: self.give_back(seat))  # type: ignore[misc]
                continue
            if seat.make_up is not None:
                self.it.diary.at(booking["booked_at"], lambda seat=seat: self.make_up(seat))  # type: ignore[misc]
            elif not seat.meeting.group:
                self.it.diary.at(booking["booked_at"], lambda seat=seat: self.visit(seat))  # type: ignore[misc]
            self.attendance(seat)
        for row in [self.it.ledger.rows(WeekExemption).get(self.course.key)]:
            if row is not None:
                self.it.diary.at(row["set_at"], lambda row=row: self.exempt(row))  # type: ignore[misc]
        for attempt in self.course.attempts:
            self.it.diary.at(attempt.at, lambda attempt=attempt: self.call(attempt))  # type: ignore[misc]
        for step in self.course.steps:
            act = {
                "finish_first_week": self.first_week,
                "flag_at_risk": self.flag,
                "clear_at_risk": self.clear,
            }
            if step.transition in act:
                self.it.diary.at(step.at, lambda act=act[step.transition], step=step: act(step))  # type: ignore[misc]

    def exempt(self, row: Values) -> None:
        attendance.exempt_week(
            actor=staff(row["set_by"]), person=self.it.person, **pick(row, "start", "reason", "note")
        )

    def call(self, attempt: Attempt) -> None:
        mode, by = MODES[attempt.mode], staff(attempt.by)
        outcome = attempt.outcome if mode == "phone" else "sent"
        episode = self.it.intake.episode
        journey.log_contact(actor=by, mode=mode, outcome=outcome, episode=episode, at=attempt.at)

    def admit(self, step: Step) -> None:
        it, by, at = self.it, staff(step.by), step.at
        self.packet(by)
        for row in it.items():
            journey.tick_paper(
                actor=by, case=it.intake, kind=row["kind"], note=row["note"], at=row["done_at"]
            )
        segment = it.row(Segment, f"{it.key}-1")
        place = Seat(
            track=stored(Track, segment["track"]), reason=segment["reason"],
            **pick(segment, "days_per_week", "prescribed_minutes", "starts_on"),
        )  # fmt: skip
        episode = journey.admit(actor=by, case=it.intake, place=place, reason=step.reason, at=at)
        for function, who in self.team():
            add_to_care_team(
                actor=by, person=it.person, staff=stored(StaffMember, who), function=function, since=at
            )
        seats = [row for row in it.ledger.rows(Enrollment).values() if row["segment"] == f"{it.key}-1"]
        choices = [Choice(stored(Group, row["group"]), frozenset(row["weekdays"])) for row in seats]
        said = EnrollReasons(
            own_hours=seats[0]["own_hours_reason"], below_floor=seats[0]["below_floor_reason"]
        )
        schedule.enroll(
            actor=by,
            segment=episode.segments.get(),
            choices=choices,
            starts_on=segment["starts_on"],
            reasons=said,
            now=at,
        )

    def team(self) -> list[tuple[str, str]]:
        return [
            ("primary_therapist", self.course.therapist),
            ("case_manager", self.course.case_manager),
            ("prescriber", self.course.prescriber),
        ]

    def packet(self, by: Actor) -> None:
        it = self.it
        row = it.row(NoticeGiven, f"{it.key}-notice")
        notice = consents.give_notice(actor=by, person=it.person, at=row["given_at"])
        signed = it.row(Signature, row["signature"])
        consents.sign_notice(
            actor=self.own(it.person), notice=notice, language=row["language"], **_typed(signed)
        )
        for row in [row for row in it.ledger.rows(Consent).values() if row["person"] == it.key]:
            terms = pick(row, "information", "recipient", "purposes") if row["kind"] == "release" else {}
            if row.get("recipient_person"):
                terms["recipient_person"] = it.relative()
            form = consents.offer(actor=by, person=it.person, kind=row["kind"], at=row["offered_at"], **terms)
            for each in filter(None, (row["signature"], row["second_signature"])):
                signed = it.row(Signature, each)
                who = it.person if signed["meaning"] == "patient" else it.relative()
                form = consents.sign(
                    actor=self.own(who), consent=form, language=row["language"], **_typed(signed)
                )
            if row.get("revoked_at"):
                consents.revoke(actor=self.own(it.person), consent=form, at=row["revoked_at"])

    def own(self, person: Person) -> Actor:
        user, _made = User.objects.get_or_create(person=person)
        return person_actor(user)

    def visit(self, seat: Any) -> None:
        """A session of their own, booked ahead; a medication visit is pulled out of a group."""
        meeting, row = seat.meeting, self.it.row(Booking, seat.key)
        place = Place(Span(meeting.starts, meeting.ends), stored(Room, meeting.room))
        schedule.book_visit(
            actor=staff(self.course.admitted_by), person=self.it.person, site=stored(Site, meeting.site),
            service=stored(ServiceKind, meeting.service), staff=stored(StaffMember, meeting.staff), place=place,
            reasons=Reasons(pull_out=bool(seat.out_of)), now=row["booked_at"],
        )  # fmt: skip

    def make_up(self, seat: Any) -> None:
        """Found and booked for what was missed; now and then called off at once."""
        by, session = staff(self.course.therapist), stored(Session, seat.meeting.key)
        booking = book_make_up(
            actor=by, missed=self.seat_row(seat.make_up.missed), session=session, now=seat.make_up.booked_at
        )
        row = self.it.row(Booking, seat.key)
        if row.get("cancelled_at"):
            schedule.cancel_booking(
                actor=by, booking=booking, reason=row["cancel_reason"], now=row["cancelled_at"]
            )

    def give_back(self, seat: Any) -> None:
        row = self.it.row(Booking, seat.key)
        schedule.cancel_booking(
            actor=staff(self.course.therapist), booking=self.seat_row(seat), reason=row["cancel_reason"],
            now=row["cancelled_at"],
        )  # fmt: skip

    def seat_row(self, seat: Any) -> Booking:
        return Booking.objects.get(
            person=self.it.person, during=(seat.meeting.starts, seat.meeting.ends), status="booked",
            session__service__key=seat.meeting.service,
        )  # fmt: skip

    def attendance(self, seat: Any) -> None:
        """What the leader writes on the roll, each at its moment."""
        diary, by = self.it.diary, seat.meeting.staff
        there, away = self.it.ledger.rows(Interval).get(seat.key), self.it.ledger.rows(Absence).get(seat.key)
        if there:
            diary.at(there["came_in"], lambda: self.present(seat, staff(by), there))
            if there.get("went_out") and there["went_out"] < seat.meeting.ends:
                diary.at(there["went_out"], lambda: self.left(seat, staff(by), there))
        if away:
            diary.at(away["recorded_at"], lambda: self.absent(seat, staff(by), away))
        closed = self.it.ledger.rows(RollCall).get(seat.meeting.key, {}).get("closed_at")
        if closed and not seat.meeting.group:
            diary.at(closed, lambda: self.close(seat, staff(by), closed))

    def present(self, seat: Any, by: Actor, row: Values) -> None:
        came = row["came_in"]
        attendance.mark_present(actor=by, booking=self.seat_row(seat), came_in=came, now=came)

    def left(self, seat: Any, by: Actor, row: Values) -> None:
        out, reason = row["went_out"], row["left_early_reason"]
        attendance.mark_left(actor=by, booking=self.seat_row(seat), went_out=out, reason=reason, now=out)

    def absent(self, seat: Any, by: Actor, row: Values) -> None:
        said = pick(row, "kind", "reason")
        attendance.mark_absent(actor=by, booking=self.seat_row(seat), **said, now=row["recorded_at"])

    def close(self, seat: Any, by: Actor, at: datetime) -> None:
        attendance.close_roll(actor=by, session=self.seat_row(seat).session, now=at)

    def first_week(self, step: Step) -> None:
        episode = self.it.intake.episode
        take_step(lock(episode), "finish_first_week", actor=staff(step.by), reason=step.reason, at=step.at)

    def flag(self, step: Step) -> None:
        journey.flag_at_risk(
            actor=staff(step.by), episode=self.it.intake.episode, reason=step.reason, at=step.at
        )

    def clear(self, step: Step) -> None:
        journey.clear_at_risk(
            actor=staff(step.by), episode=self.it.intake.episode, reason=step.reason, at=step.at
        )


def _typed(signed: Values) -> dict[str, Any]:
    return {"printed_name": signed["printed_name"], "method": signed["method"], "at": signed["signed_at"]}
