"""What is written about a stay, once more through the services: each act from its row, at its moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dayward.care.journey import services as journey
from dayward.care.journey.models import AftercareCall, Episode, WeekOneItem
from dayward.care.schedule.models import Booking
from dayward.chart.casework.models import Need, NeedStep, OutsideMeeting
from dayward.chart.casework.services import needs
from dayward.chart.casework.services.meetings import log_meeting
from dayward.chart.measures import services as measures
from dayward.chart.measures.models import Administration, Answer
from dayward.chart.medications import services as medications
from dayward.chart.medications.models import Medication, MedicationChange, MedicationCheck, Reconciliation
from dayward.chart.safety import services as safety
from dayward.chart.safety.models import SafetyPlan
from dayward.chart.safety.rules.plan import PLAN_KEYS
from dayward.demo.facts import Course
from dayward.demo.ledger import AnyModel, Ledger, Values, public_id
from dayward.demo.tests.services_way import Diary, pick, staff, stored
from dayward.foundation.audit.actors import Actor, person_actor, staff_actor
from dayward.foundation.people.models import Person, User

#: The tables that these acts write.
PAPERS: tuple[AnyModel, ...] = (
    WeekOneItem, AftercareCall, Administration, Answer, SafetyPlan, Medication, MedicationChange, MedicationCheck,
    Reconciliation, Need, NeedStep, OutsideMeeting,
)  # fmt: skip


def actor_of(account: str) -> Actor:
    """Whose public id stands in a row."""
    user = User.objects.get(public_id=account)
    return person_actor(user) if user.person_id else staff_actor(user)


@dataclass
class PapersReplay:
    """One stay of somebody who was written with COPY, without its papers."""

    ledger: Ledger
    course: Course
    diary: Diary

    @property
    def key(self) -> str:
        return self.course.key

    @property
    def person(self) -> Person:
        return Person.objects.get(public_id=public_id(Person, self.key))

    @property
    def episode(self) -> Episode:
        return Episode.objects.get(public_id=public_id(Episode, self.key))

    def of(self, model: AnyModel, name: str = "person") -> Iterator[tuple[str, Values]]:
        return ((key, row) for key, row in self.ledger.rows(model).items() if row[name] == self.key)

    def tell(self) -> None:
        for _key, row in self.of(WeekOneItem, "episode"):
            self.at(row["done_at"], self.tick, row)
        for _key, row in self.of(AftercareCall, "episode"):
            self.at(row["made_at"], self.call, row)
        for key, row in self.of(Administration):
            if row["mode"] == "self":
                self.at(row["started_at"], self.fill_in, key, row)
        for key, row in self.of(SafetyPlan):
            if key.endswith("-first"):
                self.at(row["written_at"], self.safety_plan, key, row)
        self.tell_of_medication()
        for key, row in self.of(Need):
            self.at(row["opened_at"], self.need, key, row)
        for _key, row in self.of(OutsideMeeting):
            self.at(row["logged_at"], self.meeting, row)

    def tell_of_medication(self) -> None:
        for _key, row in self.of(Reconciliation):
            self.at(row["made_at"], self.reconcile, row)
        for key, row in self.of(Medication):
            for change in self.ledger.rows(MedicationChange).values():
                if change["medication"] == key:
                    self.at(change["made_at"], self.change, row, change)
        for _key, row in self.of(MedicationCheck):
            self.at(row["made_at"], self.check, row)

    def at(self, moment: datetime, act: Any, *about: Any) -> None:
        self.diary.at(moment, lambda: act(*about))

    def tick(self, row: Values) -> None:
        journey.tick_item(
            actor=actor_of(row["done_by"]), episode=self.episode, kind=row["kind"], text=row["text"]
        )

    def call(self, row: Values) -> None:
        heard = journey.Heard(**pick(row, "outcome", "mode", "how"))
        journey.log_call(actor=actor_of(row["made_by"]), episode=self.episode, slot=row["slot"], heard=heard)

    def fill_in(self, key: str, row: Values) -> None:
        actor = actor_of(row["started_by"])
        sheet = measures.start(
            actor=actor, person=self.person, instrument=row["instrument"], language=row["language"]
        )
        for said in self.ledger.rows(Answer).values():
            if said["administration"] == key:
                measures.answer(
                    actor=actor,
                    administration=sheet,
                    item=said["item"],
                    value=said["value"],
                    at=said["answered_at"],
                )
        measures.finish(actor=actor, administration=sheet, at=row["finished_at"])

    def safety_plan(self, key: str, row: Values) -> None:
        by = staff(row["written_by"])
        plan = safety.start_plan(actor=by, person=self.person)
        safety.save_plan(actor=by, plan=plan, texts=pick(row, *PLAN_KEYS))
        name = self.signed_name(SafetyPlan, key)
        safety.sign_plan(actor=by, plan=plan, typed_name=name, copy_given=True, review_on=row["review_on"])

    def signed_name(self, model: AnyModel, key: str) -> str:
        by = staff(self.ledger.rows(model)[key]["written_by"]).staff
        assert by is not None
        return by.name

    def reconcile(self, row: Values) -> None:
        medications.reconcile(
            actor=staff(row["made_by"]), person=self.person, occasion=row["occasion"], note=row["note"]
        )

    def change(self, medication: Values, row: Values) -> None:
        by, kind = staff(row["made_by"]), row["kind"]
        assert by.staff is not None
        wanted = medications.Wanted(
            **pick(
                row,
                "kind",
                "on",
                "reason",
                "dose",
                "frequency",
                "target_symptom",
                "side_effects",
                "next_look_on",
            )
        )
        if kind == "start":
            what = medications.NewMedication(**pick(medication, "name", "route", "indication"))
            medications.start(
                actor=by, person=self.person, what=what, wanted=wanted, typed_name=by.staff.name
            )
        else:
            current = Medication.objects.get(person=self.person, ours=True)
            medications.change(actor=by, medication=current, wanted=wanted, typed_name=by.staff.name)

    def check(self, row: Values) -> None:
        told = pick(row, "on", "adherence", "burden", "side_effects", "note", "next_look_on")
        booking = stored(Booking, row["booking"])
        medications.record_check(actor=staff(row["made_by"]), person=self.person, booking=booking, **told)

    def need(self, key: str, row: Values) -> None:
        steps = [step for step in self.ledger.rows(NeedStep).values() if step["need"] == key]
        next_on = row["next_on"] or row["opened_at"].date()
        wanted = needs.Wanted(**pick(row, "kind", "wanted", "with_whom"), next_on=next_on)
        made = needs.open_need(actor=actor_of(row["opened_by"]), person=self.person, wanted=wanted)
        for step in steps:
            done = needs.Done(**pick(step, "stage", "note", "minutes"), next_on=next_on)
            needs.step(actor=staff(step["done_by"]), need=made, done=done, at=step["done_at"])

    def meeting(self, row: Values) -> None:
        told = pick(row, "kind", "on", "minutes")
        log_meeting(actor=actor_of(row["logged_by"]), person=self.person, **told)
