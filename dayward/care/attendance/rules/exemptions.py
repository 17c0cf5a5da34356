"""Why nothing follows from a week under the floor: each reason is a row somebody can open (requirements 5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class Reason(str, Enum):
    """In the order in which one is named, where several hold."""

    EXCUSED = "excused"  # with a document; decided by a person
    TAPER = "taper"  # the plan has fewer hours; decided by a person
    HOLD = "hold"
    HOLIDAY = "holiday"
    WEATHER = "weather"
    CLOSURE = "closure"
    FIRST_WEEK = "first_week"
    LAST_WEEK = "last_week"
    SHORT_WEEK = "short_week"  # what was left when weeks began to be cut in another way


CLOSED = frozenset({Reason.HOLIDAY, Reason.WEATHER, Reason.CLOSURE})


@dataclass(frozen=True, slots=True)
class Exemption:
    """`why` is the name of the row: of the holiday, the kind of hold, what somebody wrote."""

    reason: Reason
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which a reason holds; `until` is exclusive, None while nobody knows."""

    exemption: Exemption
    since: date
    until: date | None

    def touches(self, start: date, length: int) -> bool:
        end = start + timedelta(days=length)
        return self.since < end and (self.until is None or self.until > start)


def exemption_of(
    start: date,
    stretches: Sequence[Stretch],
    *,
    began: date | None = None,
    ended: date | None = None,
    enough_scheduled: bool = False,
    length: int = 7,
) -> Exemption | None:
    """The reason for the days from `start`, if there is one.

    A week in which treatment begins or ends, or a short one, is only partial where what was left of it could not
    reach the floor; a closed day exempts only there, too: whoever had enough to come to lost nothing by it.
    `ended` is the last day of treatment.
    """
    found = [
        each.exemption
        for each in stretches
        if each.touches(start, length) and not (enough_scheduled and each.exemption.reason in CLOSED)
    ]
    last = start + timedelta(days=length - 1)
    if began is not None and start < began <= last and not enough_scheduled:
        found.append(Exemption(Reason.FIRST_WEEK, began.isoformat()))
    if ended is not None and start <= ended < last and not enough_scheduled:
        found.append(Exemption(Reason.LAST_WEEK, ended.isoformat()))
    if length < 7 and not enough_scheduled:
        found.append(Exemption(Reason.SHORT_WEEK, str(length)))
    order = list(Reason)
    return min(found, key=lambda each: (order.index(each.reason), each.why), default=None)
