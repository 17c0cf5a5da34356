"""What was said differently for the same day, as it is read under a setting's history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Field
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dayward.foundation.people.queries import names_of
from dayward.kernel.models import Dated

Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True)
class Correction:
    """Who said it differently and when, and what each thing was and became."""

    at: datetime
    who: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Said(Generic[Row]):
    """A row of a history: who said it, and what was corrected since."""

    row: Row
    who: str
    corrections: tuple[Correction, ...]


def history_of(rows: Iterable[Row]) -> list[Said[Row]]:
    """In the order given; the names in one query."""
    rows = list(rows)
    names = names_of({row.set_by for row in rows} | {each["by"] for row in rows for each in row.corrections})
    return [
        Said(row, names.get(row.set_by, ""), tuple(_correction(row, each, names) for each in row.corrections))
        for row in rows
    ]


def _correction(row: Dated, said: dict[str, Any], names: dict[str, str]) -> Correction:
    fields = {field.attname: field for field in row._meta.concrete_fields}
    changes = tuple(
        (str(capfirst(fields[name].verbose_name)), _words(fields[name], before), _words(fields[name], after))
        for name, (before, after) in said["changes"].items()
    )
    return Correction(datetime.fromisoformat(said["at"]), names.get(said["by"], ""), changes)


def _words(field: Field[Any, Any], value: Any) -> str:
    choices = dict(field.flatchoices)
    value = field.to_python(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value in (None, "") else str(choices.get(value, localize(value)))
