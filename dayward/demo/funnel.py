"""From a first call to a decision: the ratios of requirements 6.6.

Inquiries are not Poisson 18 a week and site here: their number is set from the census wanted.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.care.journey.rules.waiting import is_soon
from dayward.demo import clinic, names
from dayward.demo.clinic import TrackPlan
from dayward.demo.diary import Diary
from dayward.demo.dice import Dice
from dayward.demo.facts import Attempt, Booked, Case, OwnBlock, Someone
from dayward.demo.times import moment, working_day

REACHED = 0.86  # answered one of three calls
OUTCOMES = (("book", 0.64), ("refer_out", 0.14), ("withdraw", 0.16), ("decline", 0.06))
DELAYS = ((0, 0.15), (1, 0.4), (2, 0.25), (3, 0.12), (7, 0.08))
SHOW = {0: 0.75, 1: 0.72, 2: 0.60, 3: 0.41, 7: 0.38}
COMES_AGAIN = 0.45  # a missed assessment that is booked anew
LEVELS = (("iop", 0.60), ("higher", 0.15), ("lower", 0.20), ("other", 0.05))
ADMITTED = 0.75
NEVER_START = 0.30
#: Inquiries that it takes to get one person who starts.
INQUIRIES_PER_START = 1 / (
    REACHED * 0.64 * (0.64 + 0.36 * COMES_AGAIN * 0.6) * 0.60 * ADMITTED * (1 - NEVER_START)
)

NOT_SOON = "No earlier time that suits"
WITHDRAWALS = ("Wants to wait", "Found another place", "Cannot get time off work", "Does not want groups")
REFERRALS = ("Needs withdrawal management first", "Lives too far away", "Needs less than this program")


def invent_person(dice: Dice, key: str, plan: TrackPlan, day: date) -> Someone:
    sex = "female" if dice.chance(0.54) else "male"
    given = dice.pick(names.GIVEN_FEMALE if sex == "female" else names.GIVEN_MALE)
    low, high = plan.age
    born = day - timedelta(days=round(365.25 * dice.between(low + 0.02, high + 0.9)))
    chosen = dice.pick(names.GIVEN_FEMALE + names.GIVEN_MALE) if dice.chance(0.04) else ""
    usual = "she/her" if sex == "female" else "he/him"
    place = clinic.site(plan.site)
    return Someone(
        key=key, given=given, family=dice.pick(names.FAMILY), chosen=chosen,
        pronouns="they/them" if chosen and dice.chance(0.5) else usual if dice.chance(0.6) else "",
        birth_date=born, sex=sex, language="es" if dice.chance(0.12) else "en",
        phone=f"+1{dice.pick(place.area_codes)}55501{dice.whole(0, 99):02d}", zip_code=place.zip_code,
        street=f"{dice.whole(1, 980)} {dice.pick(names.STREETS)} Street", site=plan.site,
        payer=dice.weighted([(name, share) for name, _, share in clinic.PAYERS]),
    )  # fmt: skip


def own_hours(dice: Dice, plan: TrackPlan) -> tuple[OwnBlock, ...]:
    """Work, school or children, around which the week is made (G09)."""
    if plan.key == "teen":
        return (OwnBlock("school", (1, 2, 3, 4, 5), "08:10", "14:50"),)
    blocks = []
    if plan.part_of_day == "evening" and dice.chance(0.7):
        blocks.append(OwnBlock("job", (1, 2, 3, 4, 5), "08:00", "16:00"))
    if plan.part_of_day != "evening" and dice.chance(0.25):
        blocks.append(OwnBlock("job", (2, 4, 6), "17:00", "22:00"))
    if dice.chance(0.18):
        blocks.append(OwnBlock("childcare", (1, 2, 3, 4, 5), "07:00", "08:30"))
    return tuple(blocks)


def begin(dice: Dice, key: str, plan: TrackPlan, day: date, zone: ZoneInfo, staff: str) -> Case:
    """The first contact, and what could be known of it on that day."""
    source = dice.weighted([("phone", 0.5), ("public_form", 0.28), ("referral_document", 0.22)])
    stepping_down = source == "referral_document" or dice.chance(0.12)
    opened = moment(day, dice.between(8.2, 17.5) if source != "public_form" else dice.between(7, 23.5), zone)
    case = Case(
        key=key, person=invent_person(dice.of("person"), key, plan, day), track=plan.key, source=source,
        entry_mode="step_down" if stepping_down else "step_up" if dice.chance(0.15) else "stand_alone",
        opened_at=opened, dice=dice.of("papers"), by_other=source != "referral_document" and dice.chance(0.25),
        facility=dice.pick(names.HOSPITALS) if stepping_down else "",
        facility_discharge=day - timedelta(days=dice.whole(0, 4)) if stepping_down else None,
        diagnosis=dice.pick(clinic.program(plan.program).diagnoses),
        own_hours=own_hours(dice.of("hours"), plan), telehealth=plan.video or dice.of("telehealth").chance(0.2),
    )  # fmt: skip
    case.go("open_inquiry", "inquiry", opened, "" if source == "public_form" else staff)
    return case


def walk(dice: Dice, case: Case, zone: ZoneInfo, staff: str, diary: Diary) -> None:
    """Everything between the first contact and the wish for a seat."""
    spoken = _reach(dice, case, zone, staff)
    if spoken is None:
        return
    case.go("finish_screening", "screened", spoken, staff)
    outcome = dice.weighted(OUTCOMES)
    later = spoken + timedelta(minutes=dice.whole(4, 25))
    if outcome == "withdraw":
        case.go("withdraw", "withdrew", later, staff, dice.pick(WITHDRAWALS))
    elif outcome == "decline":
        case.go("decline", "declined", later, staff, "Program does not fit the need")
    elif outcome == "refer_out":
        case.handed_to = dice.pick(names.HOSPITALS)
        case.go("refer_out", "referred_out", later, staff, dice.pick(REFERRALS))
    else:
        _assess(dice, case, later, zone, staff, diary)


def _reach(dice: Dice, case: Case, zone: ZoneInfo, staff: str) -> datetime | None:
    """Calls and messages until somebody answers; None closes the case for want of contact."""
    if case.source == "phone":
        return case.opened_at + timedelta(minutes=dice.whole(8, 25))
    day = working_day(case.opened_at.date() + timedelta(days=0 if case.opened_at.hour < 15 else 1))
    start = 15.2 if day == case.opened_at.date() else 8.6
    for number, mode in enumerate(("call", "call", "text", "letter")):
        at = moment(day, start + dice.between(0, 1.8), zone)
        answered = mode == "call" and dice.chance(0.63)
        case.attempts.append(Attempt(at, staff, mode, "reached" if answered else "left_message"))
        if answered:
            return at + timedelta(minutes=15)
        day, start = working_day(day + timedelta(days=1 + number)), 9.0
    case.go("close_no_contact", "no_contact", moment(day, 16.5, zone), staff, "No answer to four attempts")
    return None


def _assess(dice: Dice, case: Case, at: datetime, zone: ZoneInfo, staff: str, diary: Diary) -> None:
    delay = dice.weighted(DELAYS)
    late = book(dice, case, "schedule_assessment", at + timedelta(minutes=2), delay, zone, staff, diary)
    if not dice.chance(show_rate(delay + late)):
        missed = _miss(case, zone, staff)
        if not dice.chance(COMES_AGAIN):
            _give_up(case, missed, zone, staff)
            return
        book(dice, case, "reschedule_assessment", missed + timedelta(hours=1), 2, zone, staff, diary)
        if not dice.chance(0.6):
            _give_up(case, _miss(case, zone, staff), zone, staff)
            return
    _decide(dice, case, zone, staff)


def book(
    dice: Dice, case: Case, step: str, at: datetime, delay: int, zone: ZoneInfo, staff: str, diary: Diary
) -> int:
    """A time is booked; returns how many days later than wished."""
    slot = diary.first_free(dice, case.person.site, at.date() + timedelta(days=delay), at, zone)
    case.assessments.append(Booked(slot.clinician, slot.at))
    case.go(step, "assessment_scheduled", at, staff, "" if is_soon(slot.at, at) else NOT_SOON)
    return slot.days_late


def _miss(case: Case, zone: ZoneInfo, staff: str) -> datetime:
    missed = case.assessments[-1].at + timedelta(minutes=35)
    case.go("miss_assessment", "assessment_missed", missed, staff)
    case.attempts.append(Attempt(missed + timedelta(minutes=5), staff, "call", "left_message"))
    return missed


def show_rate(delay: int) -> float:
    """The share that comes after so many days (6.6), the nearest figure below."""
    return SHOW[max(days for days in SHOW if days <= delay)]


def _give_up(case: Case, missed: datetime, zone: ZoneInfo, staff: str) -> None:
    for days, mode in ((1, "call"), (2, "text"), (4, "letter")):
        day = working_day(missed.date() + timedelta(days=days))
        case.attempts.append(Attempt(moment(day, 10.2, zone), staff, mode, "left_message"))
    closed = moment(working_day(missed.date() + timedelta(days=7)), 16.0, zone)
    case.go("close_no_contact", "no_contact", closed, staff, "Missed the assessment, no answer since")


def assessed(case: Case, minutes: int) -> datetime:
    """The assessment is signed so many minutes after it began, and the level a little later."""
    case.assessor = case.assessments[-1].clinician
    signed = case.assessments[-1].at + timedelta(minutes=minutes)
    case.go("record_assessment", "assessed", signed, case.assessor)
    decided = signed + timedelta(minutes=12)
    case.go("decide_level", "level_decided", decided, case.assessor)
    return decided


def _decide(dice: Dice, case: Case, zone: ZoneInfo, staff: str) -> None:
    decided = assessed(case, dice.whole(80, 150))
    level = case.level = dice.weighted(LEVELS)
    if level in ("higher", "lower"):
        case.handed_to = dice.pick(names.HOSPITALS)
        case.go(f"hand_to_{level}_level", f"{level}_level", decided + timedelta(minutes=40), case.assessor,
                "Needs more than this program gives" if level == "higher" else "Weekly therapy is enough")  # fmt: skip
    elif level == "other" or not dice.chance(ADMITTED):
        at = moment(working_day(decided.date() + timedelta(days=dice.whole(1, 6))), 11.0, zone)
        case.go("withdraw", "withdrew", at, staff, dice.pick(WITHDRAWALS))
    else:
        case.ready_on = working_day(decided.date() + timedelta(days=dice.whole(1, 4)))
