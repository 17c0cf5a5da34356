"""The medication list: what is begun and changed at the visits, how it is taken, and when it is looked at again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.chart.assessments.models import ReportedMedication
from dayward.chart.medications.models import Medication, MedicationChange, MedicationCheck, Reconciliation
from dayward.chart.medications.rules.reconcile import Entry, side_by_side
from dayward.chart.medications.services import wording
from dayward.demo import medication_sentences as words
from dayward.demo import sentences
from dayward.demo.facts import Course, Presence
from dayward.demo.ledger import Ledger, Values
from dayward.demo.rows.signing import staff_signs
from dayward.demo.special import REGIMEN
from dayward.demo.times import working_day

CHANGES = 0.28  # of the visits after the first: about 1.4 in a stay of ten weeks
SIDE_EFFECTS = 0.3
MOST_TOLD = 2  # medications that somebody tells of in the assessment
LOOK_AGAIN = (14, 18)  # days: the next visit is two weeks away


@dataclass
class Taken:
    """One medication as it is taken now."""

    key: str
    name: str
    doses: tuple[str, ...]
    frequency: str
    help_with: str
    step: int = 0
    count: int = 0

    @property
    def dose(self) -> str:
        return self.doses[self.step]


def add_medications(
    ledger: Ledger, course: Course, present: list[Presence], now: datetime, zone: ZoneInfo
) -> None:
    """What the prescriber did at each visit the person came to."""
    visits = [
        one for one in present if one.seat.meeting.service == "medication-visit" and one.went_out <= now
    ]
    if not visits:
        return
    _reconcile(ledger, course, visits[0].went_out)
    if not course.on_medication:
        return
    taken = _begin(ledger, course, visits[0], zone)
    for visit in visits[1:]:
        _visit(ledger, course, taken, visit, zone)


def _reconcile(ledger: Ledger, course: Course, at: datetime) -> None:
    """The lists are gone through at the first visit, before anything of ours is begun: what the person told."""
    rows = ledger.rows(ReportedMedication)
    told = [rows[key] for key in (f"{course.key}-{number}" for number in range(MOST_TOLD)) if key in rows]
    taken = [row for row in told if row["taking"] != "no"]
    lines = side_by_side(Entry("told", f"{row['text']} {row['dose']}".strip()) for row in taken)
    nothing = "" if course.on_medication else words.TOLD if lines else words.NOTHING
    ledger.add(
        Reconciliation,
        course.key,
        person=course.key,
        occasion="admission",
        lines=[asdict(line) for line in lines],
        note=nothing,
        made_at=at,
        made_by=course.prescriber,
    )


def _begin(ledger: Ledger, course: Course, visit: Presence, zone: ZoneInfo) -> Taken:
    """The first visit: one medication of ours is begun."""
    dice = course.dice.of("medication")
    name, doses, frequency, help_with = dice.pick(
        words.OURS[sentences.kind_of_trouble(course.case.diagnosis[0])]
    )
    at = visit.went_out + timedelta(minutes=4)
    it = Taken(f"{course.key}-rx", name, doses, frequency, help_with)
    day = at.astimezone(zone).date()
    ledger.add(
        Medication,
        it.key,
        person=course.key,
        name=name,
        route="by mouth",
        indication=help_with,
        ours=True,
        dose=it.dose,
        frequency=frequency,
        status="taking",
        started_on=day,
        recorded_at=at,
        recorded_by=course.prescriber,
    )
    _change(ledger, course, it, "start", at, zone, {"reason": dice.pick(words.WHY["start"]), "dose": it.dose})
    return it


def _visit(ledger: Ledger, course: Course, it: Taken, visit: Presence, zone: ZoneInfo) -> None:
    """How it is taken; now and then another dose."""
    dice, at = course.dice.of("visit", visit.seat.key), visit.went_out + timedelta(minutes=3)
    burden, which = "none", ""
    if dice.chance(SIDE_EFFECTS):
        burden, which = dice.weighted((("mild", 3), ("troubling", 1))), dice.pick(words.EFFECTS)
    day = at.astimezone(zone).date()
    changes = it.step + 1 < len(it.doses) and (dice.chance(CHANGES) or course.case.special == REGIMEN)
    lowers = it.step > 0 and burden == "troubling"
    ledger.add(
        MedicationCheck,
        visit.seat.key,
        person=course.key,
        booking=visit.seat.key,
        on=day,
        burden=burden,
        side_effects=which,
        adherence=dice.weighted(((100, 5), (90, 3), (80, 2), (60, 1))),
        note=dice.pick(words.SAYS),
        made_at=at,
        made_by=course.prescriber,
        next_look_on=None if changes or lowers else _again(course, visit, day),
    )
    if lowers or changes:
        before = it.dose
        it.step += -1 if lowers else 1
        kind = "down" if lowers else "up"
        said = {
            "reason": dice.pick(words.WHY[kind]),
            "dose": it.dose,
            "dose_before": before,
            "side_effects": which,
        }
        _change(ledger, course, it, kind, at + timedelta(minutes=3), zone, said)
        ledger.change(Medication, it.key, dose=it.dose)


def _again(course: Course, visit: Presence, day: date) -> date:
    return working_day(day + timedelta(days=course.dice.of("again", visit.seat.key).whole(*LOOK_AGAIN)))


def _change(
    ledger: Ledger, course: Course, it: Taken, kind: str, at: datetime, zone: ZoneInfo, said: dict[str, str]
) -> None:
    it.count += 1
    key, day = f"{it.key}-{it.count}", at.astimezone(zone).date()
    again = working_day(day + timedelta(days=course.dice.of("look", key).whole(*LOOK_AGAIN)))
    values: Values = {
        "kind": kind,
        "on": day,
        "frequency": it.frequency,
        "target_symptom": it.help_with,
        "next_look_on": again,
        "frequency_before": it.frequency if kind != "start" else "",
        **said,
    }
    row = MedicationChange(medication=Medication(name=it.name, route="by mouth"), **values)
    text = wording(row)
    ledger.add(
        MedicationChange,
        key,
        medication=it.key,
        **values,
        made_at=at,
        made_by=course.prescriber,
        signed_text=text,
        signature=staff_signs(ledger, MedicationChange, key, text, course.prescriber, at),
    )
