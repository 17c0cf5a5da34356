"""The clinic's own numbers for limits of its own policy, as the page of settings shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.care.schedule import library
from dayward.care.schedule.permissions import EDIT
from dayward.care.schedule.queries.checks import PREFIX
from dayward.care.schedule.rules.limits import Confidence
from dayward.foundation.organization.declared import Declared, Group


def _words(value: Any) -> str:
    return str(value) if value else _("not looked at here")


def _settings() -> Iterable[Declared]:
    """Of each limit that is the clinic's to set; a state's are not."""
    for pack in library.packs():
        for limit in pack.limits:
            if limit.confidence is Confidence.POLICY and (limit.number or limit.unset):
                yield Declared(
                    PREFIX + limit.key,
                    limit.title,
                    limit.number,
                    _words,
                    EDIT,
                    url_name="schedule:edit_limit",
                    url_args=(limit.key,),
                )


GROUP = Group(gettext_lazy("Limits of the week"), _settings, order=30)
