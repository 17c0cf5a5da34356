"""Entries of the trail as sentences a person can read: names instead of ids, in the site's own time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dayward.foundation.audit.models import Entry
from dayward.foundation.people.models import Person, StaffMember


@dataclass(frozen=True)
class Line:
    """One entry as shown."""

    entry: Entry
    who: str
    person: str
    at: datetime
    through: str


def lines(entries: Sequence[Entry], *, name_people: bool = False) -> list[Line]:
    """Two queries for any number of entries."""
    staff = StaffMember.objects.filter(user__public_id__in={entry.actor for entry in entries}).select_related(
        "user"
    )
    names = {one.user.public_id: one.name for one in staff if one.user}
    wanted = {entry.person for entry in entries if entry.person} if name_people else set()
    people = (
        {one.public_id: one.called for one in Person.objects.filter(public_id__in=wanted)} if wanted else {}
    )
    return [_line(entry, names, people) for entry in entries]


def _line(entry: Entry, names: dict[str, str], people: dict[str, str]) -> Line:
    return Line(
        entry=entry,
        who=names.get(entry.actor) or _actor_kinds().get(entry.actor_kind, entry.actor),
        person=people.get(entry.person, ""),
        at=entry.at.astimezone(entry.site.zone) if entry.site else entry.at,
        through=_openings().get(str(entry.detail.get("through", "")), str(entry.detail.get("through", ""))),
    )


def _actor_kinds() -> dict[str, str]:
    return {
        "person": _("the person themselves"),
        "public": _("somebody not signed in"),
        "system": _("Dayward itself"),
    }


def _openings() -> dict[str, str]:
    return {
        "role": _("role-wide duty"),
        "care_team": _("care team"),
        "break_glass": _("break-glass"),
        "session_leader": _("leads one of the sessions"),
    }
