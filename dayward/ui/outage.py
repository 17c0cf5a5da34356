"""When the database cannot take what was sent: one page that says what happened, what was kept and what to do."""

from __future__ import annotations

import errno
import sys
from enum import StrEnum

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

NO_ROOM = "53100"  # PostgreSQL: disk full
AWAY = frozenset({"57P01", "57P02", "57P03", "53300"})  # it stops, crashed, starts, or takes nobody more in
AGAIN_SECONDS = 30


class Outage(StrEnum):
    FULL = "full"
    AWAY = "away"


def server_error(request: HttpRequest) -> HttpResponse:
    """Instead of the page for a mistake of ours, where it is none."""
    found = outage(sys.exc_info()[1])
    if found is None:
        return defaults.server_error(request)
    # Nothing of the request: who is signed in is asked of the database too.
    text = loader.get_template("503.html").render({"outage": found.value})
    return HttpResponse(text, status=503, headers={"Retry-After": str(AGAIN_SECONDS)})


def outage(error: BaseException | None) -> Outage | None:
    """What the error, or one that led to it, says of disk and database; None where it is about something else."""
    seen: set[int] = set()
    found: Outage | None = None
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if _is_full(error):
            return Outage.FULL
        found = found or (Outage.AWAY if _is_away(error) else None)
        error = error.__cause__ or error.__context__
    return found


def _is_full(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) == NO_ROOM or (
        isinstance(error, OSError) and error.errno == errno.ENOSPC
    )


def _is_away(error: BaseException) -> bool:
    """An error of the connection has no state of its own, or one of class 08."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state in AWAY or state.startswith("08")
