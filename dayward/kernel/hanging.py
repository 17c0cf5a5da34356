"""What hangs on a row: everything in any package that points at it, asked before the row is taken out of the way."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.db.models import Value

Hanging = frozenset[tuple[str, int]]  # label of the model, key

IN_ERROR = "entered_in_error_at"


def hanging(row: models.Model) -> Hanging:
    """The rows that point at this one, but for those in error, in one statement.

    A new package's rows are found without being named.
    """
    parts = [_rows(link, row) for link in row._meta.related_objects]
    return frozenset(parts[0].union(*parts[1:])) if parts else frozenset()


def _rows(link: models.ForeignObjectRel, row: models.Model) -> models.QuerySet[models.Model, tuple[str, int]]:
    model = link.related_model
    assert not isinstance(model, str)
    found = model._base_manager.filter(**{link.field.name: row})
    if any(field.name == IN_ERROR for field in model._meta.fields):
        found = found.filter(**{IN_ERROR: None})
    return found.order_by().values_list(Value(model._meta.label_lower), "pk")


def words(found: Iterable[tuple[str, int]]) -> str:
    """The kinds of these rows, as a sentence names them."""
    labels = sorted({label for label, _key in found})
    return ", ".join(str(apps.get_model(label)._meta.verbose_name) for label in labels)
