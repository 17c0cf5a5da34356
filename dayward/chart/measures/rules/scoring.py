"""Scores from answers (measures.md sections 1 and 4).

"A prorated total carries a flag and never feeds a critical-item rule; a missing critical item is unknown and is
asked again; out-of-range or extra answers are rejected, not clipped."
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dayward.chart.measures.rules.instrument import Instrument, Item, Kind
from dayward.kernel.errors import Refused

NEGATIVE, POSITIVE, ACUTE = "negative", "positive", "acute"
Answers = Mapping[str, int | None]  # None: would rather not say


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is None where there are too few answers, and where an instrument has no number."""

    total: int | None
    band: str
    answered: int
    prorated: bool = False


def check(instrument: Instrument, key: str, value: int | None) -> None:
    """Refused for an answer that the instrument does not have."""
    if value is not None and value not in instrument.item(key).values:
        raise Refused(f"{value} is not an answer to question {key} of {instrument.name}.")


def score(instrument: Instrument, answers: Answers) -> Score:
    """The score of these answers; every answer must be one that the instrument has."""
    for key, value in answers.items():
        instrument.item(key)
        check(instrument, key, value)
    return _asq(instrument, answers) if instrument.kind is Kind.ASQ else _sum(instrument, answers)


def _sum(instrument: Instrument, answers: Answers) -> Score:
    given = [value for item in instrument.scored if (value := answers.get(item.key)) is not None]
    count = len(instrument.scored)
    missing = count - len(given)
    if missing > instrument.may_miss:
        return Score(None, "", len(given))
    total = half_up(sum(given) * count, len(given))
    return Score(total, band_of(instrument, total), len(given), prorated=missing > 0)


def _asq(instrument: Instrument, answers: Answers) -> Score:
    """Any yes or refusal is positive, a yes to the last acute; without the first four there is no result."""
    *first, last = [item.key for item in instrument.items]
    given = sum(key in answers for key in (*first, last))
    if answers.get(last) == 1:
        return Score(None, ACUTE, given)
    told = [answers[key] for key in (*first, last) if key in answers]
    if any(value != 0 for value in told):
        return Score(None, POSITIVE, given)
    return Score(None, NEGATIVE if all(key in answers for key in first) else "", given)


def half_up(top: int, bottom: int) -> int:
    """top / bottom as a whole number; a half goes up."""
    return (2 * top + bottom) // (2 * bottom)


def band_of(instrument: Instrument, total: int) -> str:
    """The published range that holds the total."""
    return next((band.key for band in instrument.bands if band.lowest <= total <= band.highest), "")


def is_asked(item: Item, answers: Answers) -> bool:
    """Whether the item is asked at all, by what was answered so far."""
    if not item.only_if_any:
        return True
    return any(key in answers and answers[key] != 0 for key in item.only_if_any)


def next_item(instrument: Instrument, answers: Answers) -> Item | None:
    """The first question that is asked and has no answer yet; None when all have one."""
    return next(
        (item for item in instrument.items if item.key not in answers and is_asked(item, answers)), None
    )


def unknown(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """Critical items that are asked and were passed over: they are asked again before the form can end."""
    return tuple(
        one.item
        for one in instrument.critical
        if one.item not in answers and is_asked(instrument.item(one.item), answers)
    )
