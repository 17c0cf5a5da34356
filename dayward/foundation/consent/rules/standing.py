"""Whether a consent stands at an instant, and whether it may be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dayward.foundation.consent.rules.kinds import Information, Kind, Purpose


class Standing(StrEnum):
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"  # by the clinic, before anybody signed
    DECLINED = "declined"
    PARTLY = "partly"  # one of two signatures is there
    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Given:
    """A consent with what has happened to it. `complete_at`: all signatures it needs are there."""

    id: str
    kind: Kind
    information: frozenset[Information] = frozenset()
    recipient: str = ""
    recipient_person: str = ""  # public id
    purposes: frozenset[Purpose] = frozenset()
    signed_at: datetime | None = None
    complete_at: datetime | None = None
    declined_at: datetime | None = None
    withdrawn_at: datetime | None = None
    revoked_at: datetime | None = None
    expires_on: date | None = None  # its last day
    event_on: date | None = None  # the day the event happened by which it ends
    irrevocable_until: date | None = None
    irrevocable_event: bool = False  # until the end of the case, which is the event of `event_on`


def complete_at(first: datetime | None, second: datetime | None, *, both: bool) -> datetime | None:
    """When the last signature was given that it needs; None while one of them is missing."""
    if first is None or (both and second is None):
        return None
    return second or first


def standing(given: Given, instant: datetime, today: date) -> Standing:
    """Its standing at `instant`, which at the site is on the day `today` (42 CFR 2.31(a)(6)-(7))."""
    if given.complete_at is None or given.complete_at > instant:
        return _before(given, instant)
    if given.revoked_at is not None and given.revoked_at <= instant:
        return Standing.REVOKED
    if given.expires_on is not None and today > given.expires_on:
        return Standing.EXPIRED
    if given.event_on is not None and today > given.event_on:
        return Standing.EXPIRED
    return Standing.ACTIVE


def _before(given: Given, instant: datetime) -> Standing:
    if given.revoked_at is not None and given.revoked_at <= instant:
        return Standing.REVOKED
    if given.declined_at is not None and given.declined_at <= instant:
        return Standing.DECLINED
    if given.withdrawn_at is not None and given.withdrawn_at <= instant:
        return Standing.WITHDRAWN
    if given.signed_at is not None and given.signed_at <= instant:
        return Standing.PARTLY
    return Standing.OFFERED


def active_on(given: Given, instant: datetime, today: date) -> bool:
    return standing(given, instant, today) is Standing.ACTIVE


def ends_with(given: Given, today: date) -> bool:
    """Whether `today` is its last day: what begins today, such as a new stay, needs another."""
    return today in (given.expires_on, given.event_on)


def may_revoke(given: Given, today: date) -> bool:
    """Always, except a criminal justice consent before its stated date or the end of the case (2.35(c))."""
    if given.kind is not Kind.CRIMINAL_JUSTICE:
        return True
    if given.irrevocable_until is not None:
        return today >= given.irrevocable_until
    return not given.irrevocable_event or (given.event_on is not None and today >= given.event_on)
