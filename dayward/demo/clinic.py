"""The plan of the synthetic clinic: its sites, tracks, timetable, staff and payers (requirements 6.4, 6.5).

Nothing here is a real clinic's. Times are wall-clock times of the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cache

ORGANIZATION = "Example Harbor Recovery (a made-up clinic)"
NEUTRAL_NAME = "Example Harbor Offices"
SEED = 20260


@dataclass(frozen=True)
class Slot:
    """One group a day of a track: when, which service, what about."""

    starts: time
    ends: time
    service: str  # key of a service kind
    name: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class TrackPlan:
    """A track with as many parallel cohorts as its census needs; each cohort has a group per slot."""

    key: str
    site: str
    program: str
    name: str
    part_of_day: str
    weekdays: tuple[int, ...]  # ISO
    days_choice: tuple[tuple[int, float], ...]  # (days per week, weight)
    slots: tuple[Slot, ...]
    cap: int
    cohorts: int
    census: int  # wanted
    age: tuple[int, int]
    video: bool = False  # everybody joins from where they are


@dataclass(frozen=True)
class ProgramPlan:
    key: str
    site: str
    name: str
    stream: str
    age_group: str
    part_two: str
    floor_minutes: int
    prescribed_minutes: int
    target_days: int
    diagnoses: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SitePlan:
    key: str
    name: str
    zone: str
    state: str
    city: str
    zip_code: str
    phone: str
    area_codes: tuple[str, ...]
    group_rooms: tuple[str, ...]


SITES = (
    SitePlan("north", "North Shore", "America/Chicago", "MN", "Duluth", "55802", "218-555-0140",
             ("218", "320", "507", "612", "651", "763", "952"),
             ("Birch room", "Cedar room", "Pine room", "Maple room", "Aspen room")),
    SitePlan("arroyo", "Arroyo", "America/Los_Angeles", "CA", "Pasadena", "91101", "626-555-0162",
             ("626", "213", "323", "310", "818", "909", "562"),
             ("Sage room", "Poppy room", "Oak room", "Willow room")),
)  # fmt: skip

DEPRESSION = (("F33.1", "Major depressive disorder, recurrent, moderate"),
              ("F41.1", "Generalized anxiety disorder"),
              ("F43.10", "Post-traumatic stress disorder, unspecified"),
              ("F32.2", "Major depressive disorder, single episode, severe without psychotic features"))  # fmt: skip
SUBSTANCE = (("F10.20", "Alcohol dependence, uncomplicated"), ("F11.20", "Opioid dependence, uncomplicated"),
             ("F15.20", "Other stimulant dependence, uncomplicated"),
             ("F12.20", "Cannabis dependence, uncomplicated"))  # fmt: skip
EATING = (("F50.20", "Bulimia nervosa, unspecified"), ("F50.00", "Anorexia nervosa, unspecified"),
          ("F50.9", "Eating disorder, unspecified"))  # fmt: skip

PROGRAMS = (
    ProgramPlan("north-sud", "north", "Substance Use IOP", "substance_use", "adult", "inside", 540, 585, 63,
                SUBSTANCE),
    ProgramPlan("north-mh", "north", "Mental Health IOP", "mental_health", "adult", "outside", 540, 720, 56,
                DEPRESSION),
    ProgramPlan("north-teen", "north", "Adolescent IOP", "mental_health", "adolescent", "outside", 360, 660,
                56, DEPRESSION),
    ProgramPlan("arroyo-co", "arroyo", "Co-occurring IOP", "co_occurring", "adult", "unknown", 540, 540, 63,
                SUBSTANCE + DEPRESSION),
    ProgramPlan("arroyo-ed", "arroyo", "Eating Disorder IOP", "mental_health", "adult", "outside", 540, 660,
                77, EATING),
    ProgramPlan("arroyo-mh", "arroyo", "Mental Health IOP", "mental_health", "adult", "outside", 540, 720, 56,
                DEPRESSION),
)  # fmt: skip

COPING = ("Grounding", "Riding out an urge", "Worry time", "Asking for help", "Sleep", "Small steps")
RELAPSE = ("Triggers", "High-risk places", "Early warning signs", "Saying no", "After a slip", "My plan")
EMOTION = ("Naming feelings", "Opposite action", "Checking the facts", "Self-compassion", "Anger", "Shame")
LIFE = ("Planning a week", "Money and stress", "Work and treatment", "Meals", "Healthy routines", "Moving")
PROCESS = ("Check-in and open group",)

TRACKS = (
    TrackPlan("sud-evening", "north", "north-sud", "Adult evening", "evening", (1, 2, 4), ((3, 1.0),), (
        Slot(time(17, 30), time(17, 45), "group-therapy", "Check-in", PROCESS),
        Slot(time(17, 45), time(18, 45), "group-therapy", "Relapse prevention", RELAPSE),
        Slot(time(18, 55), time(19, 55), "group-therapy", "Coping skills", COPING),
        Slot(time(20, 0), time(21, 0), "psychoeducation", "Life skills", LIFE),
    ), 12, 3, 27, (22, 64)),
    TrackPlan("mh-day", "north", "north-mh", "Adult day", "morning", (1, 2, 3, 4, 5),
              ((3, 0.5), (4, 0.3), (5, 0.2)), (
        Slot(time(9, 0), time(10, 0), "group-therapy", "Process group", PROCESS),
        Slot(time(10, 10), time(11, 10), "group-therapy", "Emotion regulation", EMOTION),
        Slot(time(11, 20), time(12, 20), "psychoeducation", "Coping skills", COPING),
    ), 10, 3, 24, (19, 67)),
    TrackPlan("teen", "north", "north-teen", "After school", "afternoon", (1, 2, 3, 4), ((3, 0.4), (4, 0.6)), (
        Slot(time(15, 30), time(16, 25), "group-therapy", "Process group", PROCESS),
        Slot(time(16, 35), time(17, 30), "group-therapy", "Emotion regulation", EMOTION),
        Slot(time(17, 35), time(18, 30), "psychoeducation", "Life skills", LIFE),
    ), 8, 2, 14, (13, 17)),
    TrackPlan("co-occurring", "arroyo", "arroyo-co", "Afternoon", "afternoon", (1, 3, 5), ((3, 1.0),), (
        Slot(time(13, 0), time(14, 0), "group-therapy", "Process group", PROCESS),
        Slot(time(14, 10), time(15, 10), "group-therapy", "Relapse prevention", RELAPSE),
        Slot(time(15, 20), time(16, 20), "psychoeducation", "Emotion regulation", EMOTION),
    ), 10, 2, 12, (20, 61)),
    TrackPlan("ed-evening", "arroyo", "arroyo-ed", "Evening with meal", "evening", (1, 2, 3, 4),
              ((3, 0.3), (4, 0.7)), (
        Slot(time(16, 0), time(17, 0), "group-therapy", "Process group", PROCESS),
        Slot(time(17, 0), time(17, 50), "life-skills", "Supported meal", ("Dinner together",)),
        Slot(time(18, 0), time(19, 0), "psychoeducation", "Body and food", EMOTION),
    ), 6, 2, 9, (18, 42)),
    TrackPlan("mh-morning", "arroyo", "arroyo-mh", "Adult morning", "morning", (1, 2, 3, 4, 5),
              ((3, 0.5), (4, 0.3), (5, 0.2)), (
        Slot(time(9, 0), time(10, 0), "group-therapy", "Process group", PROCESS),
        Slot(time(10, 10), time(11, 10), "group-therapy", "Emotion regulation", EMOTION),
        Slot(time(11, 20), time(12, 20), "psychoeducation", "Coping skills", COPING),
    ), 12, 1, 11, (19, 66)),
    TrackPlan("long-weekend", "north", "north-mh", "Long weekend", "afternoon", (5, 6, 7), ((3, 1.0),), (
        Slot(time(13, 0), time(14, 0), "group-therapy", "Process group", PROCESS),
        Slot(time(14, 10), time(15, 10), "group-therapy", "Emotion regulation", EMOTION),
        Slot(time(15, 20), time(16, 20), "psychoeducation", "Coping skills", COPING),
    ), 10, 1, 6, (20, 60)),
    TrackPlan("co-weekend", "arroyo", "arroyo-co", "Weekend by video", "afternoon", (5, 6, 7), ((3, 1.0),), (
        Slot(time(13, 0), time(14, 0), "group-therapy", "Process group", PROCESS),
        Slot(time(14, 10), time(15, 10), "group-therapy", "Relapse prevention", RELAPSE),
        Slot(time(15, 20), time(16, 20), "psychoeducation", "Emotion regulation", EMOTION),
    ), 10, 1, 6, (20, 61), video=True),
)  # fmt: skip


@dataclass(frozen=True)
class StaffPlan:
    key: str
    given: str
    family: str
    title: str
    sites: tuple[str, ...]
    roles: tuple[str, ...]
    credential: str = ""
    supervisor: str = ""


def _team(site: str, *people: tuple[str, str, str, str, str, tuple[str, ...], str]) -> tuple[StaffPlan, ...]:
    return tuple(
        StaffPlan(key, given, family, title, (site,), roles, credential, supervisor)
        for key, given, family, title, credential, roles, supervisor in people
    )


_THERAPY = ("therapist", "facilitator")
STAFF = (
    *_team("north",
        ("n-intake", "Marta", "Willowgate", "Intake coordinator", "", ("intake",), ""),
        ("n-intake2", "Jonah", "Fernmere", "Intake coordinator", "", ("intake",), ""),
        ("n-director", "Ruth", "Cedarcroft", "Program director", "psychologist", ("director",), ""),
        ("n-super", "Ansel", "Rowanfell", "Clinical supervisor", "social_worker", ("supervisor", "therapist"), ""),
        ("n-t1", "Nora", "Birchholt", "Therapist", "social_worker", _THERAPY, "n-super"),
        ("n-t2", "Elias", "Mossbeck", "Therapist", "counselor", _THERAPY, "n-super"),
        ("n-t3", "Priya", "Larchfield", "Therapist", "lmft", _THERAPY, "n-super"),
        ("n-t4", "Tomas", "Heatherlea", "Therapist", "adc", _THERAPY, "n-super"),
        ("n-t5", "Imani", "Quillstone", "Therapist", "social_worker", _THERAPY, "n-super"),
        ("n-t6", "Soren", "Pebbleford", "Therapist", "counselor", _THERAPY, "n-super"),
        ("n-t7", "Lucia", "Amberdale", "Therapist", "adc", _THERAPY, "n-super"),
        ("n-t8", "Caleb", "Thistlewick", "Therapist in training", "trainee", _THERAPY, "n-super"),
        ("n-t9", "Selma", "Umberreach", "Therapist", "social_worker", _THERAPY, "n-super"),
        ("n-as1", "Willa", "Gorsestone", "Assessment clinician", "psychologist", ("therapist",), "n-super"),
        ("n-as2", "Khalil", "Wrenwater", "Assessment clinician", "social_worker", ("therapist",), "n-super"),
        ("n-as3", "Petra", "Larchmere", "Assessment clinician", "lmft", ("therapist",), "n-super"),
        ("n-rx", "Hugo", "Saffronwell", "Psychiatrist", "psychiatrist", ("prescriber",), ""),
        ("n-rx2", "Mei", "Gorseham", "Psychiatric nurse practitioner", "pmhnp", ("prescriber",), "n-rx"),
        ("n-cm", "Otis", "Copperkeep", "Case manager", "", ("case_manager",), ""),
        ("n-cm2", "Dalia", "Nettlebourne", "Case manager", "", ("case_manager",), ""),
        ("n-desk", "June", "Poppybank", "Front desk", "", ("front_desk",), ""),
    ),
    *_team("arroyo",
        ("a-intake", "Camila", "Tansyshore", "Intake coordinator", "", ("intake",), ""),
        ("a-director", "Dante", "Yarrowvale", "Program director", "social_worker", ("director",), ""),
        ("a-super", "Ingrid", "Sorrelgrove", "Clinical supervisor", "lmft", ("supervisor", "therapist"), ""),
        ("a-t1", "Rafael", "Hazelridge", "Therapist", "lmft", _THERAPY, "a-super"),
        ("a-t2", "Keiko", "Lindenmill", "Therapist", "social_worker", _THERAPY, "a-super"),
        ("a-t3", "Samir", "Juniperhollow", "Therapist", "counselor", _THERAPY, "a-super"),
        ("a-t4", "Beatriz", "Clovermoor", "Therapist", "lmft", _THERAPY, "a-super"),
        ("a-t5", "Leon", "Emberglade", "Therapist", "counselor", _THERAPY, "a-super"),
        ("a-as1", "Omar", "Cloverkeep", "Assessment clinician", "psychologist", ("therapist",), "a-super"),
        ("a-as2", "Sabine", "Rowanlea", "Assessment clinician", "social_worker", ("therapist",), "a-super"),
        ("a-rx", "Vera", "Flintwater", "Psychiatrist", "psychiatrist", ("prescriber",), ""),
        ("a-cm", "Wendell", "Marigoldgate", "Case manager", "", ("case_manager",), ""),
        ("a-desk", "Paloma", "Wrenstead", "Front desk", "", ("front_desk",), ""),
    ),
    StaffPlan("ur", "Edith", "Brindlethorpe", "Utilization reviewer", ("north", "arroyo"), ("utilization",), "nurse"),
    StaffPlan("biller", "Amos", "Brambleham", "Biller", ("north", "arroyo"), ("biller",)),
    StaffPlan("compliance", "Gloria", "Maplekeep", "Compliance officer", ("north", "arroyo"), ("compliance",)),
    StaffPlan("alumni", "Milo", "Fernwater", "Alumni coordinator", ("north", "arroyo"), ("alumni",)),
    StaffPlan("admin", "Tessa", "Cedarlea", "Administrator", ("north", "arroyo"), ("administrator",)),
)  # fmt: skip

PAYERS = (
    ("Example Mutual Health Plan", "commercial", 0.34),
    ("Pretend Shield of Anywhere", "commercial", 0.22),
    ("Sample State Medicaid", "medicaid", 0.24),
    ("Fable Medicare Advantage", "medicare", 0.07),
    ("TRICARE (example region)", "tricare", 0.06),
    ("Self-pay", "self_pay", 0.07),
)


#: What two of them ask of a week: minutes, those under 18, the figure, services a day; and where that is written.
WEEK_TERMS = (
    ("TRICARE (example region)", 540, 360, "delivered", None, "Example contract, section 4.2"),
    ("Fable Medicare Advantage", 540, None, "prescribed", 3, "Example manual; 42 CFR 410.44(c): a need of 9 hours"),
)  # fmt: skip
#: Kinds of services that count for a payer and not for the programs.
KIND_TERMS = (("TRICARE (example region)", "medication-visit", "yes", "Example contract, section 4.3"),)
#: Days after which a make-up no longer counts in the week that was missed.
CARRY_BACK_DAYS = {"north-mh": 7}

#: A holiday of one site's own, shortly before the first build (timetable.Closings).
OWN_HOLIDAY, OWN_HOLIDAY_AT = "Founders' Day (made up)", "arroyo"


@cache
def track(key: str) -> TrackPlan:
    return next(plan for plan in TRACKS if plan.key == key)


@cache
def program(key: str) -> ProgramPlan:
    return next(plan for plan in PROGRAMS if plan.key == key)


@cache
def site(key: str) -> SitePlan:
    return next(plan for plan in SITES if plan.key == key)


@cache
def staff(key: str) -> StaffPlan:
    return next(plan for plan in STAFF if plan.key == key)
