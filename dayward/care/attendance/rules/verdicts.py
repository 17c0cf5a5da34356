"""The week against its floor, the day against its minimum, and a sentence for each (requirements 2.0, 5.1, 5.6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dayward.care.attendance.rules.because import Because, gettext_noop, said
from dayward.care.attendance.rules.hours import Credit, Outcome, Week
from dayward.care.attendance.rules.makeups import Carried
from dayward.care.attendance.rules.settings import Basis, Minutes, Settings
from dayward.care.attendance.rules.stretches import as_minutes, length

NOTHING = Carried()


@dataclass(frozen=True, slots=True)
class Figures:
    """A person-week's hours, never collapsed into one. `billable` is what `units.py` makes of `delivered`."""

    prescribed: Minutes
    scheduled: Fraction
    delivered: Fraction
    carried: Carried = NOTHING  # is in `delivered`

    def of(self, test: Basis) -> Fraction:
        found = {
            Basis.PRESCRIBED: self.prescribed,
            Basis.SCHEDULED: self.scheduled,
            Basis.DELIVERED: self.delivered,
        }
        return Fraction(found[test])


@dataclass(frozen=True, slots=True)
class WeekVerdict:
    """An exemption is a reason why nothing follows; figure and verdict stay as they are."""

    figures: Figures
    test: Basis
    floor: Minutes
    met: bool
    exempt: str

    @property
    def because(self) -> Because:
        figure = self.figures.of(self.test)
        words = {
            "figure": said(figure),
            "floor": said(self.floor),
            "short": said(self.short_by),
            "why": self.exempt,
        }
        sentences = SENTENCES[self.test]
        message = sentences[(self.met, bool(self.exempt))] if self.floor else NO_FLOOR[self.test]
        rule = f"floor.{self.test.value}"
        more = self.figures.carried.because if self.test is Basis.DELIVERED else ()
        return Because(message, words, rule=rule, source="requirements 5.1, 5.6", more=more)

    @property
    def delivered(self) -> Fraction:
        return self.figures.delivered

    @property
    def short_by(self) -> Fraction:
        return max(self.floor - self.figures.of(self.test), Fraction(0))

    @property
    def alert(self) -> bool:
        """Whether somebody should do something."""
        return not self.met and not self.exempt


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """`ok` is None where nothing is asked of a day."""

    day: date
    minutes: Fraction
    services: int  # countable ones with at least one credited minute
    ok: bool | None
    settings: Settings

    @property
    def because(self) -> Because:
        words = {
            "minutes": said(self.minutes),
            "least": said(self.settings.day_minimum_minutes or 0),
            "services": str(self.services),
            "number": str(self.settings.day_minimum_services),
        }
        return Because(_day_sentence(self.settings), words, rule="day.minimum", source="requirements 5.1")


def meets(figure: Fraction, floor: Minutes) -> bool:
    """Exactly the floor is enough."""
    return figure >= floor


def judge_week(
    week: Week,
    *,
    prescribed: Minutes,
    settings: Settings,
    exemption: str | None = None,
    carried: Carried = NOTHING,
) -> WeekVerdict:
    figures = Figures(prescribed, week.scheduled, week.delivered + carried.minutes, carried)
    figure, floor = figures.of(settings.test), settings.floor_minutes
    exempt = (exemption or "").strip()
    return WeekVerdict(figures, settings.test, floor, meets(figure, floor), exempt)


def judge_days(week: Week, settings: Settings) -> tuple[DayVerdict, ...]:
    """Every day with a countable session that was held, whoever came."""
    spent: dict[date, int] = defaultdict(int)
    services: Counter[date] = Counter()
    for credit in week.credits:
        if credit.counts and credit.outcome is not Outcome.CANCELLED:
            spent[credit.day] += credit.ticks
            services[credit.day] += credit.ticks > 0
    return tuple(_day(day, as_minutes(spent[day]), services[day], settings) for day in sorted(spent))


def _day(day: date, minutes: Fraction, services: int, settings: Settings) -> DayVerdict:
    """By minutes or by the number of services: where both are set, either is enough (requirements 5.1)."""
    least, number = settings.day_minimum_minutes, settings.day_minimum_services
    tests = [minutes >= least] if least is not None else []
    tests += [services >= number] if number is not None else []
    ok = any(tests) if tests else None
    return DayVerdict(day, minutes, services, ok, settings)


def _day_sentence(settings: Settings) -> str:
    by_minutes, by_services = (
        settings.day_minimum_minutes is not None,
        settings.day_minimum_services is not None,
    )
    if by_minutes and by_services:
        return gettext_noop(
            "%(minutes)s and %(services)s services; the day asks for %(least)s or %(number)s services."
        )
    if by_minutes:
        return gettext_noop("%(minutes)s; the day asks for %(least)s.")
    if by_services:
        return gettext_noop("%(services)s services; the day asks for %(number)s.")
    return gettext_noop("%(minutes)s; nothing is asked of a single day.")


def explain(credit: Credit, settings: Settings) -> Because:
    """Why a session credits what it credits."""
    clinical = length(credit.present) - credit.in_breaks  # what is held against the least share
    words = {
        "credited": said(credit.minutes),
        "present": said(as_minutes(clinical)),
        "late": said(as_minutes(credit.late)),
        "tolerated": said(settings.late_after_minutes),
        "share": f"{float(settings.minimum_presence * 100):g}",
        "breaks": said(as_minutes(credit.in_breaks)),
        "elsewhere": said(as_minutes(credit.elsewhere)),
    }
    key = credit.outcome.value
    if credit.outcome is Outcome.CREDITED:
        key += ".breaks" * bool(credit.in_breaks) + ".split" * bool(credit.elsewhere)
    message, rule, source = SESSIONS[key]
    return Because(message, words, rule=rule, source=f"requirements {source}")


SENTENCES = {
    Basis.DELIVERED: {
        (True, False): gettext_noop("%(figure)s were delivered: the floor of %(floor)s is met."),
        (True, True): gettext_noop(
            "%(figure)s were delivered: the floor of %(floor)s is met. The week would be exempt: %(why)s."
        ),
        (False, False): gettext_noop("%(figure)s were delivered: %(short)s short of the floor of %(floor)s."),
        (False, True): gettext_noop(
            "%(figure)s were delivered: %(short)s short of the floor of %(floor)s. The week is exempt: %(why)s."
        ),
    },
    Basis.SCHEDULED: {
        (True, False): gettext_noop("%(figure)s were scheduled: the floor of %(floor)s is met."),
        (True, True): gettext_noop(
            "%(figure)s were scheduled: the floor of %(floor)s is met. The week would be exempt: %(why)s."
        ),
        (False, False): gettext_noop("%(figure)s were scheduled: %(short)s short of the floor of %(floor)s."),
        (False, True): gettext_noop(
            "%(figure)s were scheduled: %(short)s short of the floor of %(floor)s. The week is exempt: %(why)s."
        ),
    },
    Basis.PRESCRIBED: {
        (True, False): gettext_noop("%(figure)s are prescribed: the floor of %(floor)s is met."),
        (True, True): gettext_noop(
            "%(figure)s are prescribed: the floor of %(floor)s is met. The week would be exempt: %(why)s."
        ),
        (False, False): gettext_noop("%(figure)s are prescribed: %(short)s short of the floor of %(floor)s."),
        (False, True): gettext_noop(
            "%(figure)s are prescribed: %(short)s short of the floor of %(floor)s. The week is exempt: %(why)s."
        ),
    },
}
NO_FLOOR = {
    Basis.DELIVERED: gettext_noop("%(figure)s were delivered; no floor is set."),
    Basis.SCHEDULED: gettext_noop("%(figure)s were scheduled; no floor is set."),
    Basis.PRESCRIBED: gettext_noop("%(figure)s are prescribed; no floor is set."),
}

# What became of the presence in a session -> sentence, rule, where the requirements say so.
SESSIONS = {
    "absent": (gettext_noop("Nobody noted the person there: nothing is credited."), "absent", "5.1"),
    "cancelled": (
        gettext_noop("The program canceled it: it credits nobody and takes no minute."),
        "cancelled",
        "5.1",
    ),
    "late": (
        gettext_noop("%(late)s late, more than the %(tolerated)s tolerated: nothing is credited."),
        "late.deny",
        "5.2",
    ),
    "too_short": (
        gettext_noop("%(present)s there, less than %(share)s %% of the session: nothing is credited."),
        "minimum_presence",
        "5.2",
    ),
    "credited": (gettext_noop("%(credited)s are credited."), "clip", "5.1"),
    "credited.breaks": (
        gettext_noop("%(credited)s are credited; %(breaks)s of breaks are out."),
        "clip, breaks",
        "5.1, 5.5",
    ),
    "credited.split": (
        gettext_noop("%(credited)s are credited; %(elsewhere)s belong to a session that began later."),
        "clip, split",
        "5.1, 5.5",
    ),
    "credited.breaks.split": (
        gettext_noop(
            "%(credited)s are credited; %(breaks)s of breaks are out, and %(elsewhere)s belong to a session that"
            " began later."
        ),
        "clip, breaks, split",
        "5.1, 5.5",
    ),
}
