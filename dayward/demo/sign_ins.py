"""One sign-in for each role of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.demo import clinic, timetable
from dayward.demo.clinic import StaffPlan
from dayward.demo.rows.clinic import PASSWORD, email
from dayward.foundation.access.roles import ROLES


@dataclass(frozen=True)
class SignIn:
    """What to type, as it is printed."""

    role: str
    sign_in: str
    email: str = ""
    password: str = ""
    path: str = ""  # of a patient's link, instead of email and password


def sign_ins() -> list[SignIn]:
    """Somebody else for each role where there is; the password is the same for all."""
    found: list[SignIn] = []
    taken: set[str] = set()
    for key, role in ROLES.items():
        plan = _holder(key, taken)
        if plan is not None:
            taken.add(plan.key)
            found.append(SignIn(role.name, f"{email(plan)}   {PASSWORD}", email(plan), PASSWORD))
    return found


def _holder(role: str, taken: set[str]) -> StaffPlan | None:
    """Who has the role: somebody not shown yet, who leads groups on the most days of the week."""
    holders = [plan for plan in clinic.STAFF if role in plan.roles]
    return max(holders, key=lambda plan: (plan.key not in taken, _days_led(plan)), default=None)


def _days_led(plan: StaffPlan) -> int:
    return len({day for group in timetable.of_staff(plan.key) for day in group.track.weekdays})
