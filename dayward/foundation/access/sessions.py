"""Where somebody is signed in: a row beside each session, so that it can be listed and ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import SignedIn
from dayward.foundation.people.models import User

# The first that fits: Edge and Opera say that they are Chrome too, and everything says Mozilla and Safari.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_of(request: HttpRequest) -> str:
    """What somebody recognizes their own device by: “Firefox, Windows”; nothing that tells more."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    parts = [next((name for mark, name in kinds if mark in agent), "") for kinds in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in parts if part)


def open_sessions(user: User, at: datetime | None = None) -> QuerySet[SignedIn]:
    """Those in which somebody is signed in now, the one used last first."""
    now = at or timezone.now()
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    idle = now - timedelta(minutes=settings.IDLE_MINUTES)
    rows = SignedIn.objects.filter(Exists(alive), user=user, ended_at=None, seen_at__gt=idle)
    return rows.order_by("-seen_at", "-pk")


def shown(rows: QuerySet[SignedIn], own: str) -> list[dict[str, Any]]:
    """As a page lists them; `own` is the row of the session that asks."""
    return [
        {"row": row, "device": row.device or _("an unknown device"), "here": row.public_id == own}
        for row in rows
    ]
