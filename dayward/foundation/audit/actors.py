"""Who did it: a member of staff, a person in their own page, the public, or a named job."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.foundation.people.models import Person, StaffMember, User


@dataclass(frozen=True)
class Actor:
    """The author of a change. Every service takes one."""

    kind: str  # "staff", "person", "system", "public"
    id: str  # public id of the user, or the job's name
    user: User | None = None

    @property
    def staff(self) -> StaffMember | None:
        """The member of staff, when it is one."""
        return getattr(self.user, "staff", None) if self.user else None

    @property
    def person(self) -> Person | None:
        """The person signed in to their own page, when it is one."""
        return self.user.person if self.user else None


def staff_actor(user: User) -> Actor:
    return Actor("staff", user.public_id, user)


def person_actor(user: User) -> Actor:
    return Actor("person", user.public_id, user)


def system_actor(name: str) -> Actor:
    """A job, an import, the demo's simulation …"""
    return Actor("system", name)


PUBLIC = Actor("public", "public")
