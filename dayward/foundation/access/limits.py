"""How often something may be tried, counted in PostgreSQL (cache.py) by django-allauth's counters.

What allauth counts itself is in ACCOUNT_RATE_LIMITS; here is what it does not know. What it publishes
(`allauth.core.ratelimit`) takes no single try back and does not say how long to wait: hence its inner counters.
"""

from __future__ import annotations

import math
import time
from typing import Any

from allauth.account.internal.stagekit import unstash_login
from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_cache_key, get_rates
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext

from dayward.kernel.errors import Refused

APP = "dayward"
# Failed tries only: a whole waiting room may come from the clinic's one address.
TRIES = {"portal": "20/5m/ip,200/d/ip"}  # codes and birth dates; five wrong dates end a key besides


class TooMany(Refused):
    """Tried too often from here; the sentence says how long to wait."""


def begin(request: HttpRequest, action: str) -> RateLimitUsage:
    """Count one try; TooMany above the limit. Who then succeeds takes it back: `usage.rollback()`."""
    usage = consume(request, app=APP, action=action, config=TRIES)
    if usage is None:
        raise TooMany(sentence(wait(request, action, app=APP, config=TRIES)))
    return usage


def sentence(seconds: float) -> str:
    """What is said to who tried too often."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes > 90:
        hours = math.ceil(minutes / 60)
        return ngettext(
            "Too many failed tries. Try again in %(n)s hour.",
            "Too many failed tries. Try again in %(n)s hours.",
            hours,
        ) % {"n": hours}
    return ngettext(
        "Too many failed tries. Try again in %(n)s minute.",
        "Too many failed tries. Try again in %(n)s minutes.",
        minutes,
    ) % {"n": minutes}


def sign_in_wait(request: HttpRequest) -> float:
    """Seconds until somebody who is slowed down at the sign-in may try again."""
    keys = [request.POST.get("login", "").strip().lower()]
    keys += [f"mfa-auth-user-{pk}" for pk in _accounts(request)]
    return max(wait(request, "login_failed", key=key) for key in keys)


def _accounts(request: HttpRequest) -> list[Any]:
    """Whose second step is asked for: still signing in, or confirming that it is them."""
    half_way = unstash_login(request, peek=True)
    users = (half_way.user if half_way else None, request.user)
    return [user.pk for user in users if user is not None and user.pk is not None]


def wait(
    request: HttpRequest,
    action: str,
    *,
    key: str = "",
    app: str = "allauth.account",
    config: dict[str, str] | None = None,
) -> float:
    """Seconds until each rate of this action has room again."""
    now, longest = time.time(), 0.0
    for rate in get_rates(app=app, action=action, config=config):
        counted = cache.get(get_cache_key(request, app=app, action=action, rate=rate, key=key), [])
        running = [at for at in counted if at > now - rate.duration]
        if len(running) >= rate.amount:
            longest = max(longest, running[-1] + rate.duration - now)
    return longest
