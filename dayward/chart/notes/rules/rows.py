"""Why a row of a group note is not ready to be signed (requirements 3.3 (2))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dayward.chart.notes.rules.names import others_named
from dayward.chart.notes.rules.similar import near_identical
from dayward.chart.notes.rules.templates import Part, missing, own_words
from dayward.chart.notes.rules.words import gettext_noop

EMPTY = gettext_noop("Nothing is written about this person yet.")
MISSING = gettext_noop("Still to be written: %(what)s.")
NO_OBJECTIVE = gettext_noop("Choose the objective it worked on, or say why there is none.")
LIKE_LAST = gettext_noop("It says the same as this person's last note. Write what was different this time.")
LIKE_NEIGHBOR = gettext_noop("It says the same as another person's row. Write what was theirs.")
NAMES = gettext_noop("It names another member: %(what)s. Use “another member”.")


@dataclass(frozen=True, slots=True)
class Row:
    """One person's part of a session, as it would be signed."""

    key: str
    names: tuple[str, ...]  # every name this person goes by
    texts: Mapping[str, str]
    last: str = ""  # own words of their last signed note
    tied: bool = True  # to an objective, or it says why not
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Why it cannot be signed; `what` fills the sentence."""

    sentence: str
    what: tuple[str, ...] = ()


def gaps(row: Row, others: Sequence[Row], parts: Sequence[Part], allowed: Sequence[str] = ()) -> list[Gap]:
    """Everything that stands against signing `row`. `allowed` names (who leads) may stand in it."""
    text = own_words(parts, row.texts)
    found = [] if row.tied else [Gap(NO_OBJECTIVE)]
    if not text:
        return [Gap(EMPTY), *found]
    if lacking := missing(parts, row.texts):
        found.append(Gap(MISSING, tuple(part.title for part in lacking)))
    named = others_named(
        _all(row), [name for other in others for name in other.names], [*row.names, *allowed]
    )
    if named:
        found.append(Gap(NAMES, named))
    people = [*row.names, *(name for other in others for name in other.names)]
    if row.last and near_identical(text, row.last, row.names):
        found.append(Gap(LIKE_LAST))
    if any(near_identical(text, own_words(parts, other.texts), people) for other in others):
        found.append(Gap(LIKE_NEIGHBOR))
    return found


def shared_gaps(
    texts: Mapping[str, str], everybody: Sequence[Row], parts: Sequence[Part], allowed: Sequence[str] = ()
) -> list[Gap]:
    """The block that goes into everybody's note: whole, and without anybody's name."""
    found = []
    if lacking := missing(parts, texts):
        found.append(Gap(MISSING, tuple(part.title for part in lacking)))
    named = others_named(
        "\n".join(texts.values()), [name for row in everybody for name in row.names], allowed
    )
    return [*found, Gap(NAMES, named)] if named else found


def _all(row: Row) -> str:
    return "\n".join(row.texts.values())
