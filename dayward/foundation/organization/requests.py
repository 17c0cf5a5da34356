"""What the views here ask of a request (access/requests.py has the whole)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from dayward.foundation.audit.actors import Actor


class ActingRequest(HttpRequest):
    """Somebody who works here."""

    actor: Actor
