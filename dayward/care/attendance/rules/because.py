"""Why a figure or a verdict is what it is: a sentence, the rule behind it, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


def gettext_noop(message: str) -> str:
    """Return the message; `makemessages` finds it by this function's name, the screen translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Because:
    """`message` has named places, so that a screen can translate it before the numbers are filled in."""

    message: str
    words: Mapping[str, str] = field(default_factory=dict)
    rule: str = ""
    source: str = ""
    more: tuple[Because, ...] = ()  # sentences that go with it

    def __str__(self) -> str:
        return " ".join([self.message % self.words, *(str(each) for each in self.more)])


def said(minutes: int | Fraction) -> str:
    """Minutes as people say them and exact: 8 h 49 min 53 s."""
    whole, rest = divmod(Fraction(minutes), 60)
    full = int(rest)
    seconds = (rest - full) * 60
    parts = [(str(whole), "h"), (str(full), "min"), (number(seconds), "s")]
    return " ".join(f"{figure} {unit}" for figure, unit in parts if figure != "0") or "0 min"


def number(value: int | Fraction) -> str:
    """As many decimals as it has, six at most: finer than that no clock tells."""
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return str(fraction.numerator)
    return f"{float(fraction):.6f}".rstrip("0").rstrip(".")
