"""Things one can start from anywhere, and pages one can go to (Ctrl-K)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dayward.doors.staff.steps import Facts, overview
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.declared import groups
from dayward.foundation.organization.permissions import SETUP
from dayward.kernel.permissions import permissions
from dayward.ui import navigation


@dataclass(frozen=True)
class Action:
    label: str | Promise
    url_name: str
    icon: str
    permission: str
    url: str = ""


@dataclass(frozen=True)
class Page:
    """A page by the name under which one looks for it."""

    label: str
    url: str
    icon: str
    detail: str = ""


ACTIONS = (
    Action(_("New inquiry"), "journey:new_inquiry", "phone", "journey.intake"),
    Action(_("Hand in a referral"), "referrals:index", "file-import", "referrals.import"),
    Action(_("Take a roll"), "attendance:rolls", "clipboard-check", "attendance.roll"),
    Action(_("New person"), "people:register", "user-plus", "people.register"),
    Action(_("Invite a member of staff"), "access:invite", "user-plus", "access.staff"),
)

#: Pages to which other pages lead and no menu does, by their own titles.
BESIDE = (
    (_("Waitlist"), "journey:waitlist", "hourglass"),
    (_("Seats left"), "schedule:seats", "armchair"),
    (_("Groups"), "schedule:groups", "users-group"),
    (_("Checks of the week"), "schedule:checks", "shield-check"),
    (_("Planned all the same"), "schedule:limit_reasons", "message-circle"),
    (_("Staff hours"), "schedule:staff_list", "clock"),
    (_("In treatment"), "staff:census", "users"),
    (_("Due, by who owes it"), "worklist:by_owner", "list-check"),
    (_("Due, by rule"), "worklist:by_rule", "list-check"),
    (_("Every chart"), "worklist:audits", "clipboard-list"),
    (_("Is the trail whole?"), "access:chains", "link"),
)


def actions_for(request: Any) -> list[Action]:
    """The actions this person's roles may start."""
    words = ((action, permissions.get(action.permission)) for action in ACTIONS)
    return [
        Action(action.label, action.url_name, action.icon, action.permission, reverse(action.url_name))
        for action, word in words
        if word and request.may(word)
    ]


def pages_for(request: StaffRequest, text: str) -> list[Page]:
    """Entries of the menu and other pages whose name has the words; without words the menu alone."""
    shown = _menu(request) if not text else [*_menu(request), *_beside(request), *_setting_up(request)]
    found = {page.url + page.label: page for page in shown if fits(f"{page.label} {page.detail}", text)}
    return list(found.values())


def fits(label: str, text: str) -> bool:
    """Whether all words are in it."""
    return all(word in label.casefold() for word in text.casefold().split())


def _menu(request: StaffRequest) -> list[Page]:
    areas = (navigation.Area.STAFF, navigation.Area.USER)
    links = [
        link
        for area in areas
        for link in navigation.links(area, path=request.path, may=request.may, request=request)
    ]
    return [Page(str(link.label), link.url, link.icon) for link in links]


def _beside(request: StaffRequest) -> list[Page]:
    found = [Page(str(label), reverse(url_name), icon) for label, url_name, icon in BESIDE]
    return [page for page in found if _opens(request, page.url)]


def _setting_up(request: StaffRequest) -> list[Page]:
    """The steps of setting up, and each setting; those whose page opens to one's roles."""
    said = str(_("Set up"))
    steps = [
        Page(str(step.title), reverse(step.url_name), step.icon, said) for step in overview(Facts()).steps
    ]
    found = [page for page in steps if _opens(request, page.url)]
    if not request.may(SETUP):
        return found
    return found + [
        Page(str(each.name), reverse("staff:setting", args=[each.key]), "adjustments", str(_("Settings")))
        for group in groups.values()
        for each in group.settings()
    ]


def _opens(request: StaffRequest, url: str) -> bool:
    """Whether the page's own word is among those of one's roles."""
    access = getattr(resolve(url).func, "dayward_access", None)
    return access is not None and (access.permission is None or request.may(access.permission))
