"""What every table of the record has: an internal key and an opaque public id for URLs."""

from __future__ import annotations

import secrets
from typing import Any, Self

from django.contrib.postgres.fields import DateRangeField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

# No vowels and no look-alikes: readable over the phone, never a word.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
PUBLIC_ID_LENGTH = 16  # 27**16 > 2**76
ACTOR_ID_LENGTH = 40


def new_public_id() -> str:
    """A random id that says nothing about the row."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class Record(models.Model):
    """Base of every model of the record."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(
        max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )

    class Meta:
        abstract = True


class Versioned(Record):
    """A row that a form edits: the second writer of the same version is told, not overwritten."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Dated(Record):
    """A word of the clinic or a payer that holds from a day on. Said differently for the same day, it is corrected, and
    what it said before stays with it.
    """

    corrections = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), encoder=DjangoJSONEncoder, blank=True
    )  # [{"at": …, "by": an actor's id, "changes": {"floor_minutes": [540, 600]}}]
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.CharField(max_length=ACTOR_ID_LENGTH)

    class Meta:
        abstract = True

    def correct(self, said: Self, *, ends: bool = False) -> None:
        """Take what `said` says of the same day, and keep what stood here; with `ends` also until when it holds."""
        stays = _STAYS - {"effective_to"} if ends else _STAYS
        names = {field.attname for field in self._meta.concrete_fields} - stays
        changes = {
            name: [getattr(self, name), getattr(said, name)]
            for name in sorted(names)
            if getattr(self, name) != getattr(said, name)
        }
        for name, (_before, after) in changes.items():
            setattr(self, name, after)
        self.corrections = [*self.corrections, {"at": said.set_at, "by": said.set_by, "changes": changes}]
        self.set_at, self.set_by = said.set_at, said.set_by


_STAYS = {"id", "public_id", "effective_to", "corrections", "set_at", "set_by"}


# From a day on, until the day before another: for constraints that let two such stretches never overlap.
DAYS = models.Func("effective_from", "effective_to", function="DATERANGE", output_field=DateRangeField())


class Constant(models.Value):
    """A key word that stands in the statement's own text. PostgreSQL plans a statement once for all values sent beside
    it, and such a plan cannot use an index that holds only the rows of one value.
    """

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not str(self.value).isidentifier():  # nothing that somebody typed
            raise ValueError(f"{self.value!r} is not a key word.")
        return f"'{self.value}'", ()


def paired(at: str, by: str, name: str) -> models.CheckConstraint:
    """Every `x_at` has its `x_by`: both or neither."""
    nothing: dict[str, Any] = {f"{at}__isnull": True, f"{by}__isnull": True}
    both: dict[str, Any] = {f"{at}__isnull": False, f"{by}__isnull": False}
    return models.CheckConstraint(condition=models.Q(**nothing) | models.Q(**both), name=name)
