"""The clinic's own word about the way through, as the page of settings shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dayward.care.journey.permissions import RULES
from dayward.care.journey.rules.evidence import BY_KEY
from dayward.care.journey.rules.policy import PREFIX, Policy, values_of
from dayward.foundation.organization.declared import Declared, Group, Text

PAGE = "journey:policy"


def _ages(value: Any) -> str:
    youngest, oldest = value
    if oldest is None:
        return _("from %(youngest)d years") % {"youngest": youngest}
    return _("%(youngest)d to %(oldest)d years") % {"youngest": youngest, "oldest": oldest}


def _days(value: Any) -> str:
    return ngettext("%(n)d day", "%(n)d days", value) % {"n": value} if value else _("none")


def _hard(value: Any) -> str:
    return "; ".join(_(BY_KEY[key].sentence) for key in value if key in BY_KEY) or _("none: they warn")


NAMES: dict[str, tuple[Text, Callable[[Any], str]]] = {
    "ages.adult": (gettext_lazy("Ages of adult programs"), _ages),
    "ages.adolescent": (gettext_lazy("Ages of adolescent programs"), _ages),
    "attempts": (gettext_lazy("Attempts before closing as no contact"), str),
    "modes": (gettext_lazy("In how many ways to try"), str),
    "no_contact_days": (gettext_lazy("Days without service before a discharge as lost"), _days),
    "attendance_wait_days": (gettext_lazy("Days to wait after a discharge for attendance"), _days),
    "team_days": (gettext_lazy("Days the care team stays after treatment and aftercare"), _days),
    "made_hard": (gettext_lazy("Warnings that refuse"), _hard),
}


def _settings() -> Iterable[Declared]:
    defaults = values_of(Policy())
    for name, (label, words) in NAMES.items():
        yield Declared(PREFIX + name, label, defaults[PREFIX + name], words, RULES, url_name=PAGE)


GROUP = Group(gettext_lazy("The way in and out"), _settings, order=20)
