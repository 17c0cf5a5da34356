"""Two rows that are one person: nobody is merged away, one says `same_as` and reading follows it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.registry import Registry

# Packages above say what forbids that two rows are one person (two open episodes in one program …):
# each takes the two persons and gives sentences.
merge_conflicts: Registry[Callable[[Person, Person], list[str]]] = Registry("conflicts of same_as")


@transaction.atomic
def declare_same(*, actor: Actor, duplicate: Person, same_as: Person, reason: str = "") -> Person:
    """`duplicate` is the same person as `same_as`, which is the one that is read from now on."""
    same_as = Person.objects.canonical(same_as.public_id)
    duplicate = Person.objects.canonical(duplicate.public_id)
    if duplicate.pk == same_as.pk:
        raise Refused(_("These are one person already."))
    conflicts = _conflicts(duplicate, same_as)
    if conflicts:
        raise Refused(reasons=conflicts)
    _link(duplicate, same_as)
    record(
        actor=actor,
        action="people.declare_same",
        person=same_as,
        subject=duplicate,
        reason=reason,
        duplicate=duplicate.public_id,
    )
    return same_as


def _link(duplicate: Person, same_as: Person) -> None:
    duplicate.same_as = same_as
    duplicate.version += 1
    try:
        with transaction.atomic():
            duplicate.save(update_fields=["same_as", "version"])
    except IntegrityError:  # somebody said the opposite at the same moment
        raise Refused(_("That would make a circle: these are linked the other way around already.")) from None
    for person in (duplicate, same_as):
        person.__dict__.pop("all_ids", None)


def _conflicts(duplicate: Person, same_as: Person) -> list[str]:
    found = []
    both = duplicate.birth_date and same_as.birth_date
    if both and duplicate.birth_date != same_as.birth_date:
        found.append(_("The dates of birth differ. Correct the wrong one first."))
    accounts = [person for person in (duplicate, same_as) if getattr(person, "user", None)]
    if len(accounts) == 2:
        found.append(_("Both have their own sign-in to the patient pages. End one first."))
    return found + [sentence for each in merge_conflicts.values() for sentence in each(duplicate, same_as)]


@transaction.atomic
def undo_same(*, actor: Actor, duplicate: Person, reason: str = "") -> Person:
    """They are two people after all."""
    current = Person.objects.select_for_update().get(pk=duplicate.pk)
    if current.same_as_id is None:
        raise Refused(_("This person is not linked to another."))
    other = current.same_as
    current.same_as = None
    current.version += 1
    current.save(update_fields=["same_as", "version"])
    record(
        actor=actor,
        action="people.undo_same",
        person=other,
        subject=current,
        reason=reason,
        duplicate=current.public_id,
    )
    return current
