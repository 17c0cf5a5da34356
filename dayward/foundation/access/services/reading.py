"""What was read, and what was refused, is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.permissions import Permission

LISTED = "dayward_listed"  # of a request: whom its lists have shown so far


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


def audit_list(request: Any, people: Iterable[Person]) -> None:
    """Write down that a list showed more than name and next appointment of these people."""
    shown = {person.public_id for person in people}
    listed: set[str] | None = getattr(request, LISTED, None)
    if listed is None:
        _record_list(request, shown)
    else:
        listed |= shown


@contextmanager
def listed_together(request: Any) -> Iterator[None]:
    """Within: of the lists of one page together one entry, written at the end, before anything is shown."""
    shown: set[str] = set()
    setattr(request, LISTED, shown)
    try:
        yield
    finally:
        delattr(request, LISTED)
    _record_list(request, shown)


def _record_list(request: Any, shown: Collection[str]) -> None:
    if shown:
        record(actor=request.actor, action=view_name(request), kind=Entry.Kind.VIEW, people=sorted(shown))


def audit_refusal(request: Any, *, permission: Permission, person: Person | None = None) -> Entry:
    """Write down that somebody tried to open what is not theirs."""
    return record(
        actor=request.actor,
        action=view_name(request),
        kind=Entry.Kind.REFUSED,
        person=person,
        permission=permission.key,
    )
