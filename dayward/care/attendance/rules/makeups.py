"""Make-ups: a new real service on its own date, for one that was missed (requirements 5.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from dayward.care.attendance.rules.because import Because, gettext_noop, said
from dayward.care.attendance.rules.settings import Minutes
from dayward.care.attendance.rules.weeks import ServiceSpan
from dayward.kernel.spans import Span

MOST_CARRY = 28  # days that a make-up can be carried back, whatever is set


@dataclass(frozen=True, slots=True)
class Missed:
    """The session that was missed. It stays missed."""

    day: date
    topic: str
    group: bool = True
    made_up: bool = False  # another make-up stands for it already
    kind: str = ""  # of service; the hours of the same kind make up for it, though its topic is not covered


@dataclass(frozen=True, slots=True)
class Offer:
    """A session that could make up for it, and what is known of the day and the person."""

    span: Span
    day: date
    topic: str
    minutes: Minutes
    group: bool = True
    seats_left: int | None = None  # None: a session of one's own
    day_left: Minutes | None = None  # until the day's maximum; None: there is none
    units_left: int | None = None  # of the authorization; None: it does not count units
    kind: str = ""


class Obstacle(str, Enum):
    """Why a session cannot make up for another."""

    MADE_UP = "made_up"
    NOT_LATER = "not_later"
    TOPIC = "topic"
    FULL = "full"
    COLLIDES = "collides"
    DAY_FULL = "day_full"
    NO_UNITS = "no_units"
    ALONE = "alone"


SENTENCES = {
    Obstacle.MADE_UP: gettext_noop("It was made up for already: nothing is counted twice."),
    Obstacle.NOT_LATER: gettext_noop("It is the same day or earlier: a make-up is a new service after the missed one."),
    Obstacle.TOPIC: gettext_noop("It has another topic, and is another kind of service."),
    Obstacle.FULL: gettext_noop("No seat is left."),
    Obstacle.COLLIDES: gettext_noop("It collides with something else of the person at that time."),
    Obstacle.DAY_FULL: gettext_noop("The day would have more than its most minutes."),
    Obstacle.NO_UNITS: gettext_noop("The authorization has no units left."),
    Obstacle.ALONE: gettext_noop("An individual session makes up for a group only if the plan says so."),
}  # fmt: skip


def obstacles(
    missed: Missed, offer: Offer, *, busy: Iterable[Span] = (), individual_allowed: bool = False
) -> tuple[Obstacle, ...]:
    """Everything that stands against it; nothing, and it may be booked."""
    against = {
        Obstacle.MADE_UP: missed.made_up,
        Obstacle.NOT_LATER: offer.day <= missed.day,
        Obstacle.TOPIC: offer.group and offer.topic != missed.topic and not _same_kind(missed, offer),
        Obstacle.FULL: offer.seats_left is not None and offer.seats_left < 1,
        Obstacle.COLLIDES: any(offer.span.overlaps(each) for each in busy),
        Obstacle.DAY_FULL: offer.day_left is not None and offer.minutes > offer.day_left,
        Obstacle.NO_UNITS: offer.units_left is not None and offer.units_left < 1,
        Obstacle.ALONE: missed.group and not offer.group and not individual_allowed,
    }
    return tuple(obstacle for obstacle, stands in against.items() if stands)


def _same_kind(missed: Missed, offer: Offer) -> bool:
    return bool(missed.kind) and missed.kind == offer.kind


def within(missed: date, made_up: date, days: int) -> bool:
    return 0 <= (made_up - missed).days <= days


@dataclass(frozen=True, slots=True)
class Carry:
    """What a make-up gave, and who lets it count in the week that was missed instead of its own.

    Who allows it is settled by what holds in the week that was missed, so that both weeks say the same.
    """

    session: int
    missed: date
    made_up: date
    minutes: Fraction
    allowed: frozenset[str] = frozenset()  # `Floor.asked_by`


@dataclass(frozen=True, slots=True)
class Carried:
    """Of one week, as one authority counts: what came from a later week, and what went to an earlier one."""

    came: tuple[Carry, ...] = ()
    went: tuple[Carry, ...] = ()

    @property
    def minutes(self) -> Fraction:
        """To be added to what was delivered."""
        gained = sum((each.minutes for each in self.came), Fraction(0))
        return gained - sum((each.minutes for each in self.went), Fraction(0))

    @property
    def because(self) -> tuple[Because, ...]:
        """A sentence for each day, however many sessions were made up for on it."""
        found: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
        for each in self.came:
            found[CAME, each.made_up] += each.minutes
        for each in self.went:
            found[WENT, each.missed] += each.minutes
        return tuple(
            Because(
                message,
                {"carried": said(minutes), "day": day.isoformat()},
                rule="makeup.carry_back",
                source="requirements 5.3",
            )
            for (message, day), minutes in found.items()
            if minutes
        )


def carried(carries: Iterable[Carry], span: ServiceSpan, asked_by: str) -> Carried:
    """Each make-up is in one week only: that of its own day, or that of the day that was missed."""
    moved = [each for each in carries if asked_by in each.allowed]
    return Carried(
        tuple(each for each in moved if span.holds(each.missed) and not span.holds(each.made_up)),
        tuple(each for each in moved if span.holds(each.made_up) and not span.holds(each.missed)),
    )


CAME = gettext_noop("Of these, %(carried)s were made up for on %(day)s and are carried back.")
WENT = gettext_noop("%(carried)s more made up for %(day)s and count in that week.")


@dataclass(frozen=True, slots=True)
class Rates:
    """Attendance looks at what was expected, dose at what was received: a make-up mends only the dose."""

    attendance: Fraction | None
    dose: Fraction | None


def rates(*, expected: int, kept: int, prescribed: Minutes, delivered: Minutes) -> Rates:
    """`expected` and `kept` without make-ups, `delivered` with them."""
    return Rates(
        Fraction(kept, expected) if expected else None,
        Fraction(delivered) / Fraction(prescribed) if prescribed else None,
    )


@dataclass(frozen=True, slots=True)
class Forecast:
    """The week as it will end if everything still booked is attended."""

    delivered: Fraction
    ahead: Fraction
    floor: Minutes
    because: Because

    @property
    def short_by(self) -> Fraction:
        return max(self.floor - self.delivered - self.ahead, Fraction(0))


def forecast(*, delivered: Minutes, ahead: Minutes, floor: Minutes, exempt: str = "") -> Forecast:
    """`ahead`: the clinical minutes of countable sessions still to come in this week, each minute once."""
    total = Fraction(delivered) + ahead
    words = {
        "delivered": said(delivered),
        "ahead": said(ahead),
        "floor": said(floor),
        "short": said(max(floor - total, Fraction(0))),
        "why": exempt,
    }
    if total >= floor:
        message = gettext_noop(
            "%(delivered)s so far and %(ahead)s still booked: the floor of %(floor)s can be met."
        )
    elif exempt:
        message = gettext_noop(
            "%(short)s will be missing to the floor of %(floor)s; the week is exempt: %(why)s."
        )
    else:
        message = gettext_noop(
            "%(delivered)s so far and %(ahead)s still booked: %(short)s will be missing to the floor of %(floor)s."
        )
    because = Because(message, words, rule="floor.forecast", source="requirements 5.1, 5.3")
    return Forecast(Fraction(delivered), Fraction(ahead), floor, because)


def that_mend(short_by: Minutes, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """The sessions of a week that mend it: the earliest that does alone, else the longest first until it is enough.

    Nothing, if all together are not enough. Give only offers without obstacles.
    """
    if short_by <= 0:
        return ()
    alone = [offer for offer in offers if offer.minutes >= short_by]
    if alone:
        return (min(alone, key=lambda offer: (offer.span, offer.minutes)),)
    chosen: list[Offer] = []
    for offer in sorted(offers, key=lambda each: (-each.minutes, each.span)):
        if sum((each.minutes for each in chosen), Fraction(0)) >= short_by:
            break
        if not any(offer.span.overlaps(other.span) for other in chosen):
            chosen.append(offer)
    enough = sum((each.minutes for each in chosen), Fraction(0)) >= short_by
    return tuple(sorted(chosen, key=lambda each: each.span)) if enough else ()
