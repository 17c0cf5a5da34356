"""What clinics decide themselves about the way through: ages, attempts, quiet days, which warnings refuse.

Every value is a setting with an effective date (requirements 1.2, 4.2 gate P, 7.1); these are the defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dayward.care.journey.rules.machine import Gate
from dayward.care.journey.rules.screening import AgeGroup
from dayward.care.journey.rules.table import TABLE
from dayward.care.journey.rules.waiting import ATTEMPTS_NEEDED, MODES_NEEDED

PREFIX = "journey."
DEFAULT_AGES = {"adult": AgeGroup(18, None), "adolescent": AgeGroup(12, 17)}
NO_CONTACT_DAYS = 30  # T23: typical; a payer may want less
TEAM_DAYS = 30  # long enough for the summary and the last call

#: The evidence behind gate P, which a clinic may make hard.
POLICY_KEYS = tuple(dict.fromkeys(ask.key for row in TABLE for ask in row.asks if ask.gate is Gate.POLICY))


@dataclass(frozen=True, slots=True)
class Policy:
    """A site's own word on a day."""

    ages: Mapping[str, AgeGroup] = field(default_factory=lambda: dict(DEFAULT_AGES))
    made_hard: frozenset[str] = frozenset()
    no_contact_days: int = NO_CONTACT_DAYS
    attempts: int = ATTEMPTS_NEEDED
    modes: int = MODES_NEEDED
    attendance_wait_days: int = 0  # after a discharge for attendance, before the stay may go on (T26)
    team_days: int = TEAM_DAYS  # after treatment and aftercare, until the care team ends


def policy_from(values: Mapping[str, Any]) -> Policy:
    """Read stored settings; what is missing or makes no sense is the default."""
    ages = dict(DEFAULT_AGES)
    for group in ages:
        bounds = values.get(f"{PREFIX}ages.{group}")
        if isinstance(bounds, list) and len(bounds) == 2 and isinstance(bounds[0], int):
            ages[group] = AgeGroup(bounds[0], bounds[1] if isinstance(bounds[1], int) else None)
    hard = values.get(f"{PREFIX}made_hard")
    return Policy(
        ages=ages,
        made_hard=frozenset(hard) & frozenset(POLICY_KEYS) if isinstance(hard, list) else frozenset(),
        no_contact_days=_number(values, "no_contact_days", NO_CONTACT_DAYS),
        attempts=_number(values, "attempts", ATTEMPTS_NEEDED),
        modes=_number(values, "modes", MODES_NEEDED),
        attendance_wait_days=_number(values, "attendance_wait_days", 0),
        team_days=_number(values, "team_days", TEAM_DAYS),
    )


def _number(values: Mapping[str, Any], name: str, default: int) -> int:
    value = values.get(f"{PREFIX}{name}")
    return value if isinstance(value, int) and value > 0 else default


def values_of(policy: Policy) -> dict[str, Any]:
    """The settings to store for a policy; the inverse of `policy_from`."""
    ages = {f"{PREFIX}ages.{key}": [group.youngest, group.oldest] for key, group in policy.ages.items()}
    return ages | {
        f"{PREFIX}made_hard": sorted(policy.made_hard),
        f"{PREFIX}no_contact_days": policy.no_contact_days,
        f"{PREFIX}attempts": policy.attempts,
        f"{PREFIX}modes": policy.modes,
        f"{PREFIX}attendance_wait_days": policy.attendance_wait_days,
        f"{PREFIX}team_days": policy.team_days,
    }
