"""What a letter for work, school or court says, what its reader learns, and what it needs (requirements 2.8, 3.5).

Handed to the person, a letter is no disclosure (42 CFR 2.23): it carries no notice, and its letterhead is the
neutral name. Sent to somebody else it needs a consent that names them and the purpose (2.31); under Part 2 it carries
the statement of 2.32 and the scope of the consent. A court is written to on the proceedings or criminal-justice consent
alone (2.31(d), 2.35).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dayward.chart.casework.rules.words import gettext_noop


class Kind(StrEnum):
    WORK = "work"
    SCHOOL = "school"
    COURT = "court"


class Route(StrEnum):
    """Into whose hands it goes."""

    PERSON = "person"  # handed to the person it is about
    OTHER = "other"  # sent to a third party


@dataclass(frozen=True, slots=True)
class Content:
    """What is in it beside the days: hours of each day, or the weekly times to come."""

    kind: Kind
    route: Route
    hours: bool = True
    times_ahead: bool = False

    @property
    def information(self) -> frozenset[str]:
        """What it shares, in the words of the consent."""
        shared = {"presence", "attendance"}
        return frozenset(shared | {"session_times"} if self.times_ahead else shared)


#: The purposes by which a letter of each kind may go to a third party, in the order they are tried.
PURPOSES: dict[Kind, tuple[str, ...]] = {
    Kind.WORK: ("work_school",),
    Kind.SCHOOL: ("work_school",),
    Kind.COURT: ("monitoring", "proceedings"),
}


def is_disclosure(route: Route) -> bool:
    """Only what goes to somebody else is one."""
    return route is Route.OTHER


def letterhead_is_neutral(route: Route) -> bool:
    """In the person's hands it names no program; whoever has a consent knows it."""
    return route is Route.PERSON


def carries_notice(route: Route, *, under_part_two: bool) -> bool:
    """The statement of 2.32 and the consent's scope: with a disclosure, and only where Part 2 applies."""
    return is_disclosure(route) and under_part_two


#: Words of a title of ICD-10-CM that say nothing by themselves.
COMMON = frozenset(
    "behavioral current disease disorder disorders due episode first mental mild moderate nervous other personal"
    " problem problems reaction recurrent related remission severe severity single specific specified system"
    " uncomplicated unspecified without".split()
)
SHORTEST = 5


def telling_words(title: str) -> tuple[str, ...]:
    """What of a diagnosis gives it away: the title up to the first comma, and each word that is not common."""
    first = re.split(r"[,;(\[]", title)[0].strip()
    single = [word for word in _words(first) if len(word) >= SHORTEST and word not in COMMON]
    return tuple(dict.fromkeys([first.casefold(), *single])) if single else ()


def named_in(sentence: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that stand in the sentence as whole words, whatever the capitals."""
    said = f" {' '.join(_words(sentence))} "
    known = ((name, " ".join(_words(name))) for name in dict.fromkeys(names))
    return tuple(name for name, words in known if words and f" {words} " in said)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def reader_learns(content: Content, *, own_words: bool = False) -> tuple[str, ...]:
    """Shown before the letter is handed over or sent. `%(name)s` is the person, `%(place)s` the letterhead,
    `%(own)s` the sentence that was added."""
    place = (
        gettext_noop("That %(name)s had appointments at %(place)s; not what for.")
        if letterhead_is_neutral(content.route)
        else gettext_noop("That %(name)s is or was in treatment at %(place)s.")
    )
    days = (
        gettext_noop("On which days, and for how many hours.")
        if content.hours
        else gettext_noop("On which days; no hours.")
    )
    ahead = (gettext_noop("The weekly times still to come."),) if content.times_ahead else ()
    nothing = gettext_noop("Nothing about a diagnosis, a test, a group or what was said.")
    own = (gettext_noop("And, in your own words: %(own)s"),) if own_words else ()
    return (place, days, *ahead, nothing, *own)
