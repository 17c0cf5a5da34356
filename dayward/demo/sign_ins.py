"""One sign-in for each role of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.demo import clinic
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
    """The first member of staff with each role; the password is the same for all."""
    found = []
    for key, role in ROLES.items():
        plan = next((plan for plan in clinic.STAFF if key in plan.roles), None)
        if plan is not None:
            found.append(SignIn(role.name, f"{email(plan)}   {PASSWORD}", email(plan), PASSWORD))
    return found
