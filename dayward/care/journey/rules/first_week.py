"""The first-week list (requirements 1.6, W01-W04): what journey itself knows of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dayward.care.journey.rules.words import gettext_noop

GOALS_NEEDED = 2  # W03: in the person's own words


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list; `asks` is the question of its text, where it takes one."""

    key: str
    title: str
    source_id: str
    asks: str = ""


ITEMS: tuple[Item, ...] = (
    Item("orientation", gettext_noop("Shown around, and told how the days go"), "W01"),
    Item("handbook", gettext_noop("Handbook and expectations gone through"), "W01"),
    Item("schedule_given", gettext_noop("Schedule handed out"), "W01"),
    Item(
        "buddy",
        gettext_noop("Somebody to sit with"),
        "W02",
        gettext_noop("Who it is (staff or peer worker; never another patient's name)"),
    ),
    Item(
        "goals",
        gettext_noop("At least two goals in the person's own words"),
        "W03",
        gettext_noop("One goal a line, as the person says it"),
    ),
    Item(
        "challenges",
        gettext_noop("What could get in the way"),
        "W04",
        gettext_noop("Transport, work, children, people, cravings: as the person says it"),
    ),
)
BY_KEY = {item.key: item for item in ITEMS}


def goals_of(text: str) -> tuple[str, ...]:
    """The goals of a text with one a line; the same one twice is one."""
    lines = (line.strip(" \t-•*") for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def wanting(key: str, text: str) -> str:
    """What is wrong with a tick: "goals", "text" or nothing."""
    if key == "goals" and len(goals_of(text)) < GOALS_NEEDED:
        return "goals"
    return "text" if BY_KEY[key].asks and not text.strip() else ""


def still_open(done: Collection[str] | Mapping[str, object]) -> tuple[Item, ...]:
    return tuple(item for item in ITEMS if item.key not in done)
