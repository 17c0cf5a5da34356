"""What every table of the record has: an internal key and an opaque public id for URLs."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models

# No vowels and no look-alikes: readable over the phone, never a word.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
PUBLIC_ID_LENGTH = 16  # 27**16 > 2**76


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
