"""Pages and actions of one person by name: "planwater meds", "book for planwater"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dayward.foundation.access.powers import Powers
from dayward.foundation.access.queries import read_open_charts
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import together
from dayward.kernel.permissions import Permission, permissions

SHORTEST = 3  # letters by which a page is known
FILL = frozenset("a the for of new with".split())  # "An" and "To" are names


@dataclass(frozen=True)
class Jump:
    """A page in a chart, or something one does for a person; `words` are what it is called when asked for."""

    label: str | Promise
    words: str | Promise
    url_name: str
    permission: str
    icon: str

    def answers(self, word: str) -> bool:
        return len(word) >= SHORTEST and any(one.startswith(word) for one in str(self.words).split())


JUMPS = (
    Jump(_("Book for"), _("book booking appointment visit"), "schedule:book", "schedule.enroll", "calendar-plus"),
    Jump(_("Enroll in groups"), _("enroll groups seat"), "schedule:enroll", "schedule.enroll", "users-plus"),
    Jump(
        _("Write a note for"), _("write note contact call outreach"), "notes:contact", "notes.write", "writing"
    ),
    Jump(_("Letter for"), _("write letter"), "casework:new_letter", "casework.write", "mail-forward"),
    Jump(_("Medications"), _("medications meds medicines drugs pills"), "medications:chart", "medications.read",
         "pill"),
    Jump(_("Treatment plan"), _("treatment plan goals objectives"), "plans:chart", "plans.read", "target"),
    Jump(_("Notes"), _("notes"), "notes:chart", "notes.read", "notes"),
    Jump(_("Measures"), _("measures scores questionnaires phq gad"), "measures:chart", "measures.read", "chart-line"),
    Jump(_("Safety"), _("safety risk alerts"), "safety:chart", "safety.read", "lifebuoy"),
    Jump(_("Assessment"), _("assessment diagnoses story"), "assessments:chart", "assessments.read", "clipboard-text"),
    Jump(_("Allergies"), _("allergies"), "assessments:allergies", "assessments.read", "alert-triangle"),
    Jump(_("Week"), _("week schedule calendar sessions"), "schedule:person_week", "schedule.see", "calendar-week"),
    Jump(_("Hours of the week"), _("hours week attendance floor"), "attendance:week", "attendance.read", "hourglass"),
    Jump(_("Letters"), _("letters"), "casework:letters", "casework.read", "mail"),
    Jump(_("Case work"), _("casework case needs housing"), "casework:needs", "casework.read", "heart-handshake"),
    Jump(_("Summaries and packets"), _("summaries summary packet"), "casework:summaries", "casework.read", "files"),
    Jump(_("Consents"), _("consents releases disclosures"), "consent:list", "consent.read", "signature"),
    Jump(_("Documents"), _("documents files papers"), "documents:list", "documents.read", "paperclip"),
    Jump(_("Coverage"), _("coverage insurance payer"), "coverage:list", "coverage.read", "credit-card"),
    Jump(_("Contact and address"), _("contact address phone relatives"), "people:person", "people.read", "id"),
    Jump(_("Care team"), _("team"), "access:team", "people.read", "users-group"),
    Jump(_("Due"), _("due"), "worklist:person", "worklist.see", "checklist"),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What was typed, taken apart: the name, and the pages or actions that its other words mean."""

    name: str
    jumps: tuple[Jump, ...] = ()


def taken_apart(text: str, jumps: Sequence[Jump] = JUMPS) -> Asked:
    """The words that name a page or an action, and the rest. No such word: all of it is a name."""
    words = text.casefold().split()
    meant = {word for word in words if any(jump.answers(word) for jump in jumps)}
    if not meant:
        return Asked(text)
    all_words = tuple(jump for jump in jumps if all(jump.answers(word) for word in meant))
    one_word = tuple(jump for jump in jumps if any(jump.answers(word) for word in meant))
    name = " ".join(word for word in words if word not in meant and word not in FILL)
    return Asked(name, all_words or one_word)


@dataclass(frozen=True)
class Reached:
    """A jump for one person."""

    jump: Jump
    person: Person
    url: str


def reached(powers: Powers, people: Iterable[Person], jumps: Iterable[Jump], limit: int) -> list[Reached]:
    """The pages that open to this reader; one statement, however many are asked for."""
    rows = list(people)
    wanted = [
        (jump, word) for jump in jumps if (word := permissions.get(jump.permission)) and powers.may(word)
    ]
    words: dict[str, Permission] = {word.key: word for _jump, word in wanted}
    opened = dict(
        zip(words, together([read_open_charts(powers, rows, word) for word in words.values()]), strict=True)
    )
    found = [
        Reached(jump, row, reverse(jump.url_name, args=[row.public_id]))
        for row in rows
        for jump, word in wanted
        if row.pk in opened[word.key]
    ]
    return found[:limit]
