"""Who signed older words of a form and is to sign newer ones, from when on, and what settles it (requirements 2.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

SHIPPED = date.min  # words of the library: older than any that a clinic writes


@dataclass(frozen=True)
class Words:
    """A version that whoever signed older words signs too."""

    ref: str
    effective: date
    since: datetime  # that day's beginning where the person is treated; or when it was written, on that day


@dataclass(frozen=True)
class Signed:
    """Words that a person signed: of which day they are, and when they stopped to bind."""

    at: datetime
    effective: date
    until: datetime | None = None


class What(StrEnum):
    ASKED = "asked"
    SIGNED = "signed"
    DECLINED = "declined"
    ENDED = "ended"  # nothing is left to sign anew: taken back, run out, or asked by newer words


@dataclass(frozen=True)
class Said:
    what: What
    at: datetime
    ref: str


def asked_anew(
    words: Iterable[Words], signed: Sequence[Signed], declined: Sequence[datetime], since: datetime
) -> list[Said]:
    """About one form and one stay that began at `since`."""
    in_order = sorted(words, key=lambda each: each.effective)
    found: list[Said] = []
    for each, later in zip(in_order, [*in_order[1:], None], strict=True):
        begins = max(each.since, since)
        older = [one for one in signed if one.effective < each.effective and _binds(one, begins)]
        newer = [one.at for one in signed if one.effective >= each.effective]
        if not older:
            continue
        at = max(begins, min(one.at for one in older))
        if min(newer, default=at) < at:
            continue
        found.append(Said(What.ASKED, at, each.ref))
        found += [Said(What.SIGNED, moment, each.ref) for moment in newer]
        found += [Said(What.DECLINED, moment, each.ref) for moment in declined if moment >= at]
        ends = [_last_end(older), max(later.since, since) if later else None]
        found += [Said(What.ENDED, moment, each.ref) for moment in ends if moment is not None]
    return found


def _binds(one: Signed, at: datetime) -> bool:
    """Whether it bound then, or later."""
    return one.until is None or one.until > max(at, one.at)


def _last_end(signed: Sequence[Signed]) -> datetime | None:
    ends = [one.until for one in signed if one.until is not None]
    return max(ends) if len(ends) == len(signed) else None
