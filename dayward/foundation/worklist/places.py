"""Where a due leads for one reader: the page on which it is done, else what the record has of it, else the due."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from dayward.foundation.access.powers import Powers
from dayward.foundation.people.models import Person
from dayward.foundation.standards.queries import Owed
from dayward.kernel.facts import doings
from dayward.kernel.panels import chart_panels
from dayward.kernel.permissions import Access, Audience

# Written under the name of whoever opens the page: others are led to what was written so far.
PERSONAL = ("note.signed", "outreach.made")
PANELS = {  # the chart's own page, by the first word of the fact that settles it
    "plan": "plan",
    "note": "notes",
    "outreach": "notes",
    "assessment": "assessment",
    "safety_plan": "safety",
    "alert": "safety",
    "medication": "medications",
    "summary": "papers",
    "letter": "papers",
}


def place_of(owed: Owed, person: Person, powers: Powers) -> str:
    """One click from a list to the thing itself, never to a page that refuses the reader."""
    to_do = place_to_do(owed, person)
    if to_do and may_open(to_do, powers, person) and (is_of(owed, powers) or not _is_personal(owed)):
        return to_do
    return place_to_see(owed, person, powers) or row_of(owed, person)


def is_of(owed: Owed, powers: Powers) -> bool:
    """Whether the reader owes it: by name or care team, or by a role where nobody is named."""
    if owed.owner_id is not None:
        return powers.staff is not None and owed.owner_id == powers.staff.pk
    return any(held.role.key == owed.due.role and held.at(owed.due.site_id) for held in powers.held)


def _is_personal(owed: Owed) -> bool:
    return any(pattern.kind in PERSONAL for pattern in owed.rule.done)


def place_to_do(owed: Owed, person: Person) -> str:
    """The page of the first kind of fact that settles it and that somebody has a page for."""
    due, rule = owed.due, owed.rule
    for pattern in rule.done or rule.after:
        doing = doings.get(str(pattern)) or doings.get(pattern.kind)
        if doing is not None:
            ref = due.start_ref if pattern.ref is None else pattern.ref
            return doing(person=person.public_id, episode=due.episode, ref=ref)
    return ""


def place_to_see(owed: Owed, person: Person, powers: Powers) -> str:
    """The part of the chart in which it is missing."""
    rule = owed.rule
    for pattern in rule.done or rule.after:
        panel = chart_panels.get(PANELS.get(pattern.kind.partition(".")[0], ""))
        if panel is not None and panel.url_name and powers.may_at(panel.permission, person.site_id):
            return reverse(panel.url_name, args=[person.public_id])
    return ""


def row_of(owed: Owed, person: Person) -> str:
    """The due itself, among all of the person's."""
    return f"{reverse('worklist:person', args=[person.public_id])}#due-{owed.due.public_id}"


def may_open(url: str, powers: Powers, person: Person) -> bool:
    """By what the page's view asks for (kernel/permissions.py); the chart is open to the reader already."""
    try:
        view = resolve(urlsplit(url).path).func
    except Resolver404:
        return False
    access = getattr(view, "dayward_access", None)
    if not isinstance(access, Access):
        return False
    if access.permission is None:
        return access.audience in (Audience.PUBLIC, Audience.SIGNED_IN)
    return powers.may_at(access.permission, person.site_id)


def chart_url(person: Person) -> str:
    try:
        return reverse("staff:chart", args=[person.public_id])
    except NoReverseMatch:  # a door may be shut; what is due is due
        return reverse("worklist:person", args=[person.public_id])
