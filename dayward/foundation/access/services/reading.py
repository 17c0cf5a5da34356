"""What was read, and what was refused, is written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.permissions import Permission


def view_name(request: Any) -> str:
    """The name of the page, such as `people:person`; never its address, which could carry what was typed."""
    match = request.resolver_match
    return match.view_name if match else ""


def audit_view(request: Any, person: Person, *, through: str = "", action: str = "") -> Entry:
    """Write down that this page of the person's chart was shown."""
    detail: dict[str, Any] = {"through": through} if through else {}
    return record(
        actor=request.actor,
        action=action or view_name(request),
        kind=Entry.Kind.VIEW,
        person=person,
        **detail,
    )


def audit_list(request: Any, people: Iterable[Person], *, action: str = "") -> Entry | None:
    """Write down that a list showed more than name and next appointment of these people."""
    shown = sorted({person.public_id for person in people})
    if not shown:
        return None
    return record(
        actor=request.actor, action=action or view_name(request), kind=Entry.Kind.VIEW, people=shown
    )


def audit_refusal(request: Any, *, permission: Permission, person: Person | None = None) -> Entry:
    """Write down that somebody tried to open what is not theirs."""
    return record(
        actor=request.actor,
        action=view_name(request),
        kind=Entry.Kind.REFUSED,
        person=person,
        permission=permission.key,
    )
