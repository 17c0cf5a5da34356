"""What a saved answer about suicide asks for: the table of measures.md section 5, evaluated on each answer.

Why any non-zero answer acts: Simon 2013, Louzon 2016. "A positive always acts; a negative never reassures."
The answers looked at are all that were ever saved in the chain, so that a correction lowers nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

PHQ9, ITEM9, ASQ = "phq-9", "9", "asq"
ASQ_FIRST, ASQ_NOW = ("1", "2", "3", "4"), "5"


class RiskClass(StrEnum):
    """How soon somebody acts, from the most to the least urgent."""

    ACUTE = "acute"
    SAME_DAY = "same_day"
    REVIEW = "review"
    WATCH = "watch"


ORDER = tuple(RiskClass)


def worse(one: RiskClass | None, other: RiskClass | None) -> RiskClass | None:
    """The more urgent of two."""
    known = [each for each in (one, other) if each is not None]
    return min(known, key=ORDER.index, default=None)


Ever = Mapping[
    str, Collection[int | None]
]  # item -> every answer ever saved to it; None: would rather not say


@dataclass(frozen=True, slots=True)
class Told:
    """What one chain of questionnaires has said: item 9 and the ASQ that followed it, or an ASQ alone."""

    item9: Set[int | None]
    asq: Ever
    asq_finished: bool = False


def risk(told: Told) -> RiskClass | None:
    """The class of the chain as it stands; None where nothing was positive."""
    return worse(_of_asq(told), _of_item9(told))


def _of_asq(told: Told) -> RiskClass | None:
    """Q5 yes is acute; a yes or a refusal to 1-4 (or to 5) is for the same day."""
    if 1 in told.asq.get(ASQ_NOW, ()):
        return RiskClass.ACUTE
    said = {value for key in (*ASQ_FIRST, ASQ_NOW) for value in told.asq.get(key, ())}
    return RiskClass.SAME_DAY if said - {0} else None


def _of_item9(told: Told) -> RiskClass | None:
    """3 without an ASQ is acute; 2, or 1 without an ASQ, the same day; 1 with a negative ASQ a review.

    "Would rather not say" to item 9 is taken as 1: unknown is asked again, by the ASQ.
    """
    positive = [1 if value is None else value for value in told.item9 if value != 0]
    if not positive:
        return None
    answered = told.asq_finished or all(key in told.asq for key in ASQ_FIRST)
    if max(positive) >= 3 and not answered:
        return RiskClass.ACUTE
    return RiskClass.REVIEW if max(positive) == 1 and answered else RiskClass.SAME_DAY
