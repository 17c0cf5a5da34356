"""Things one can start from anywhere (Ctrl-K)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dayward.kernel.permissions import permissions


@dataclass(frozen=True)
class Action:
    label: str | Promise
    url_name: str
    icon: str
    permission: str
    url: str = ""


ACTIONS = (
    Action(_("Write down an inquiry"), "journey:new_inquiry", "phone", "journey.intake"),
    Action(_("Hand in a referral"), "referrals:index", "file-import", "referrals.import"),
    Action(_("Take a roll"), "attendance:rolls", "clipboard-check", "attendance.roll"),
    Action(_("Write down a new person"), "people:register", "user-plus", "people.register"),
    Action(_("Invite a member of staff"), "access:invite", "user-plus", "access.staff"),
)


def actions_for(request: Any) -> list[Action]:
    """The actions this person's roles may start."""
    words = ((action, permissions.get(action.permission)) for action in ACTIONS)
    return [
        Action(action.label, action.url_name, action.icon, action.permission, reverse(action.url_name))
        for action, word in words
        if word and request.may(word)
    ]
