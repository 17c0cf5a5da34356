"""One sign-in for each role of the demo, and links for people who are treated here."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.demo import clinic, timetable
from dayward.demo.clinic import StaffPlan
from dayward.demo.ledger import public_id
from dayward.demo.rows.clinic import PASSWORD, email
from dayward.demo.rows.links import LINKS, path
from dayward.foundation.access.roles import ROLES
from dayward.foundation.people.models import Person


@dataclass(frozen=True)
class SignIn:
    """What to type, as it is printed."""

    role: str
    sign_in: str
    email: str = ""
    password: str = ""
    path: str = ""  # of a patient's link, instead of email and password
    birth_date: str = ""  # which the link asks for


def sign_ins() -> list[SignIn]:
    """Somebody else for each role where there is, all with one password; and the links."""
    found: list[SignIn] = []
    taken: set[str] = set()
    for key, role in ROLES.items():
        plan = _holder(key, taken)
        if plan is not None:
            taken.add(plan.key)
            found.append(SignIn(role.name, f"{email(plan)}   {PASSWORD}", email(plan), PASSWORD))
    return found + _links()


def _holder(role: str, taken: set[str]) -> StaffPlan | None:
    """Who has the role: somebody not shown yet, who leads groups on the most days of the week."""
    holders = [plan for plan in clinic.STAFF if role in plan.roles]
    return max(holders, key=lambda plan: (plan.key not in taken, _days_led(plan)), default=None)


def _days_led(plan: StaffPlan) -> int:
    return len({day for group in timetable.of_staff(plan.key) for day in group.track.weekdays})


def _links() -> list[SignIn]:
    """They work as long as the demo lasts, with the date of birth."""
    ids = {public_id(Person, key): role for role, key in LINKS.items()}
    born = dict(Person.objects.filter(public_id__in=ids).values_list("public_id", "birth_date"))
    made = []
    for each, role in ids.items():
        if day := str(born.get(each) or ""):
            made.append(SignIn(role, f"{path(role)}   born {day}", path=path(role), birth_date=day))
    return made
