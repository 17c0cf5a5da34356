"""Whether staff must show a second factor, and whether this session has.

The clinic says so with a setting (`access.second_factor`, with its day and history); where it says nothing, they
must. The demo says nothing either and is let off: its passwords stand on paper.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.db.models import DateTimeField, Exists, Q, QuerySet, Subquery, Value
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dayward.foundation.access.zones import first_day
from dayward.foundation.organization import permissions as organization
from dayward.foundation.organization.declared import Declared
from dayward.foundation.organization.models import Organization, Setting
from dayward.foundation.people.models import User
from dayward.kernel.prepared import Slot

KEY = "access.second_factor"

# Without a factor these are open, so that one can be set up; with one, only those that ask for it.
TO_SET_UP = {
    "access:second_factor",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}
TO_SHOW = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
WANTED = "wanted"  # in the session: the page that was asked for when a factor had to be set up first


def said(now: Value) -> QuerySet[Setting]:
    """What the clinic says at a moment, by the calendar of its first site; one row or none."""
    today = first_day(now)
    running = Q(effective_to=None) | Q(effective_to__gt=today)
    return Setting.objects.standing().filter(running, key=KEY, site=None, effective_from__lte=today)


def read_beside() -> dict[str, Any]:
    """Read with the account of every request (backend.py), which says `now`; no page asks for it again."""
    now = Slot("now", DateTimeField())
    return {
        "second_factor_said": Subquery(said(now).values("value")[:1]),
        "of_the_demo": Exists(Organization.objects.filter(is_demo=True)),
    }


def must(user: User) -> bool:
    """Whether this account of staff signs in with a second factor."""
    told = getattr(user, "second_factor_said", None)
    if told is not None:
        return bool(told)
    return settings.SECOND_FACTOR_UNLESS_SAID and not getattr(user, "of_the_demo", False)


def must_today() -> bool:
    """The same, for pages about it."""
    now = Value(timezone.now(), DateTimeField())
    told = said(now).values_list("value", flat=True).first()
    if told is not None:
        return bool(told)
    return settings.SECOND_FACTOR_UNLESS_SAID and not Organization.objects.filter(is_demo=True).exists()


def count(user: User) -> int:
    """Recovery codes alone are none."""
    factors = Authenticator.objects.filter(user=user)
    return int(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).count())


def has_one(user: User) -> bool:
    return count(user) > 0


def was_shown(request: Any) -> bool:
    """Whether this session came in with one: digits, key, or a recovery code."""
    return any(one["method"] == "mfa" for one in get_authentication_records(request, request.user))


def remember_shown(request: Any) -> None:
    """Who has just set a factor up has shown it: the digits were right, the key answered. The codes are shown next.

    allauth publishes how to read this note, not how to write it.
    """
    record_authentication(request, request.user, "mfa", type="new", reauthenticated=True)


def detour(request: Any) -> HttpResponseBase | None:
    """Where somebody must go first; None where nothing is missing."""
    if not must(request.user) or was_shown(request):
        return None
    match = request.resolver_match
    name = match.view_name if match else ""
    if not has_one(request.user):
        if name in TO_SET_UP:
            return None
        if request.method == "GET" and not request.htmx:
            request.session[WANTED] = request.get_full_path()
        return _to(request, reverse("access:second_factor"))
    return None if name in TO_SHOW else _to(request, _where_to_show(request.user))


def _where_to_show(user: User) -> str:
    typed = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    by_code = Authenticator.objects.filter(user=user, type__in=typed).exists()
    return reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")


def _to(request: Any, url: str) -> HttpResponseBase:
    if request.htmx:
        response = HttpResponseRedirect(url)
        response.status_code = 204
        response.headers["HX-Redirect"] = url
        return response
    here = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return HttpResponseRedirect(f"{url}?{urlencode({'next': here})}" if here else url)


def declared() -> list[Declared]:
    """For the page of settings."""
    return [
        Declared(
            key=KEY,
            name=_("Second factor at the sign-in of staff"),
            meaning=_("After the password: digits from a phone, or a key. Who has none sets one up first."),
            default=settings.SECOND_FACTOR_UNLESS_SAID,
            words=lambda value: gettext("asked for") if value else gettext("not asked for"),
            permission=organization.SETUP,
            field=_field,
        )
    ]


def _field() -> forms.Field:
    return forms.TypedChoiceField(
        label=_("Second factor"),
        choices=[("yes", _("asked for")), ("no", _("not asked for"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
