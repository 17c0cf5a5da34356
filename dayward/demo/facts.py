"""What the simulation says happened, as plain values. Times are instants; `rows.py` makes tables of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from dayward.demo.dice import Dice


@dataclass(frozen=True)
class Someone:
    """A person who does not exist."""

    key: str
    given: str
    family: str
    chosen: str
    pronouns: str
    birth_date: date
    sex: str
    language: str
    phone: str
    zip_code: str
    street: str
    site: str
    payer: str


@dataclass(frozen=True)
class Step:
    """One step along the state machine."""

    transition: str
    source: str
    target: str
    at: datetime
    by: str  # staff key, or "" for the public
    reason: str = ""


@dataclass(frozen=True)
class Attempt:
    """A try to reach somebody."""

    at: datetime
    by: str
    mode: str
    outcome: str


@dataclass(frozen=True)
class OwnBlock:
    kind: str
    weekdays: tuple[int, ...]
    starts: str
    ends: str
    note: str = ""


@dataclass(frozen=True)
class Booked:
    """An assessment time with a clinician."""

    clinician: str
    at: datetime


@dataclass(eq=False)
class Case:
    """A way in, as far as it has been walked."""

    key: str
    person: Someone
    track: str
    source: str
    entry_mode: str
    opened_at: datetime
    dice: Dice  # for all that is written about them
    by_other: bool = False
    facility: str = ""
    facility_discharge: date | None = None
    steps: list[Step] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    assessments: list[Booked] = field(default_factory=list)  # in the order of booking
    assessor: str = ""
    telehealth: bool = False  # wants care by video, too
    level: str = ""  # decided: iop, higher, lower, other
    diagnosis: tuple[str, str] = ("", "")
    own_hours: tuple[OwnBlock, ...] = ()
    handed_to: str = ""
    ready_on: date | None = None  # from when a seat is wanted
    special: str = ""

    def go(self, transition: str, target: str, at: datetime, by: str, reason: str = "") -> None:
        source = self.steps[-1].target if self.steps else ""
        self.steps.append(Step(transition, source, target, at, by, reason))


@dataclass
class Hold:
    first: date
    back: date
    reason: str


@dataclass(frozen=True)
class Move:
    """A step down, decided at an instant: so many days a week from a day on."""

    at: datetime
    on: date
    days: int
    level: str


@dataclass(eq=False)
class Course:
    """An episode: a seat in a cohort on some weekdays, and how it went."""

    key: str
    case: Case
    track: str
    cohort: int
    weekdays: tuple[int, ...]
    admitted_at: datetime
    admitted_by: str
    starts_on: date
    therapist: str
    prescriber: str
    case_manager: str
    kind: str  # discharge type it will end with
    ends_on: date  # last day in the program, known to the simulation only
    drops_on: date | None  # from when a person who will be lost no longer comes
    reliability: float  # logit of coming
    on_medication: bool
    never_starts: bool = False
    individual: tuple[int, str] | None = None  # weekday, "HH:MM"
    individual_until: date | None = None  # where it is not for the whole stay
    visit_on: date | None = None  # the last medication visit that was booked
    visits_missed: int = 0  # medication visits in a row
    given_back: dict[date, datetime] = field(default_factory=dict)  # days, each with when that was told
    make_ups: dict[date, list[MakeUp]] = field(default_factory=dict)  # by the day on which they are
    moves: list[Move] = field(default_factory=list)  # steps down, from the first service on
    hold: Hold | None = None
    first_service: datetime | None = None
    first_leader: str = ""
    last_service: datetime | None = None
    attempts: list[Attempt] = field(default_factory=list)
    absent_in_a_row: int = 0
    present_in_a_row: int = 0
    steps: list[Step] = field(default_factory=list)
    closed_at: datetime | None = None

    @property
    def dice(self) -> Dice:
        return self.case.dice

    def weekdays_on(self, day: date) -> tuple[int, ...]:
        """Those on which the person comes: fewer after each step down."""
        days = next((move.days for move in reversed(self.moves) if move.on <= day), len(self.weekdays))
        return self.weekdays[:days]

    @property
    def state(self) -> str:
        return self.steps[-1].target

    @property
    def flagged(self) -> bool:
        """Whether the flag "at risk" stands."""
        flags = [step.transition for step in self.steps if step.transition.endswith("at_risk")]
        return flags[-1:] == ["flag_at_risk"]

    def go(self, transition: str, target: str, at: datetime, by: str, reason: str = "") -> None:
        source = self.steps[-1].target if self.steps else ""
        self.steps.append(Step(transition, source, target, at, by, reason))


@dataclass(frozen=True)
class Meeting:
    """A session. `group` is the key of a cohort's slot, "" for a session with one person."""

    key: str
    site: str
    service: str
    title: str
    topic: str
    starts: datetime
    ends: datetime
    room: str
    staff: str
    group: str = ""
    day: date | None = None
    cancelled: str = ""
    booked_by: str = ""  # who made a session with one person
    video: bool = False


@dataclass(frozen=True)
class Seat:
    """Somebody expected in a session."""

    key: str
    meeting: Meeting
    course: Course
    out_of: str = ""  # key of the seat this one is pulled out of
    make_up: MakeUp | None = None
    given_back_at: datetime | None = None  # told ahead that they cannot come

    @property
    def called_off_at(self) -> datetime | None:
        """When the person gave it back, if they did; then nobody is expected."""
        return self.make_up.called_off_at if self.make_up else self.given_back_at


@dataclass(frozen=True)
class MakeUp:
    """A seat on another day for one that was missed: found and booked at once, now and then called off again."""

    missed: Seat
    booked_at: datetime
    called_off_at: datetime | None = None


@dataclass(frozen=True)
class Presence:
    seat: Seat
    came_in: datetime
    went_out: datetime


@dataclass(frozen=True)
class Missed:
    seat: Seat
    kind: str
    reason: str
    at: datetime


@dataclass
class History:
    """Everything that happened up to the end of the last simulated day, and what is booked after it."""

    cases: list[Case] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    presences: list[Presence] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    closures: dict[tuple[str, date], str] = field(default_factory=dict)
