"""Signed in, seen, ended."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.addresses import visitor_address
from dayward.foundation.access.models import SignedIn
from dayward.foundation.access.sessions import device_of
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import User
from dayward.kernel.errors import Refused

OWN = "signed_in"  # in the session: which row is its own; the key changes, as with a new password


def note_signed_in(*, request: HttpRequest, user: User) -> SignedIn | None:
    """A session of somebody who works here begins; its audit entry is that of signing in."""
    if request.session.session_key is None:
        return None
    row = SignedIn.objects.create(
        user=user,
        session_key=request.session.session_key,
        device=device_of(request),
        address=visitor_address(request)[:45],
    )
    request.session[OWN] = row.public_id
    return row


def own_session(request: HttpRequest) -> str:
    """The row of the session of this request; empty where there is none."""
    return str(request.session.get(OWN, ""))


def note_seen(*, request: HttpRequest) -> None:
    """Still used; told once a minute at most."""
    row = SignedIn.objects.filter(public_id=own_session(request), ended_at=None)
    row.update(seen_at=timezone.now(), session_key=request.session.session_key)


def note_signed_out(*, request: HttpRequest, user: User) -> None:
    """They left, or did nothing for too long."""
    row = SignedIn.objects.filter(public_id=own_session(request), ended_at=None)
    row.update(ended_at=timezone.now(), ended_by=user.public_id)


@transaction.atomic
def end_session(*, actor: Actor, row: SignedIn) -> SignedIn:
    """Whoever sits there is signed out with their next click."""
    if row.ended_at is not None:
        raise Refused(_("This session has ended already."))
    _end([row], actor)
    record(actor=actor, action="access.end_session", subject=row, user=row.user.public_id)
    return row


@transaction.atomic
def end_all_sessions(*, actor: Actor, user: User, but: str = "") -> int:
    """Every session of an account; `but` is the row of one that stays."""
    rows = list(SignedIn.objects.filter(user=user, ended_at=None).exclude(public_id=but))
    alive = set(
        Session.objects.filter(session_key__in=[row.session_key for row in rows]).values_list(
            "session_key", flat=True
        )
    )
    _end(rows, actor)
    if alive:
        record(actor=actor, action="access.end_sessions", user=user.public_id, count=len(alive))
    return len(alive)


def _end(rows: list[SignedIn], actor: Actor) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    now = timezone.now()
    for row in rows:
        row.ended_at, row.ended_by = now, actor.id
    SignedIn.objects.bulk_update(rows, ["ended_at", "ended_by"])
