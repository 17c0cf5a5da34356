"""What becomes of each column, from the privacy its package declares for it. What nobody declared is not copied."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField, RangeField
from django.db import models
from psycopg.types.json import Json

from dayward.foundation.documents.models import File
from dayward.foundation.operations.scrub import values
from dayward.foundation.operations.scrub.values import Maker
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.errors import Misconfigured
from dayward.kernel.privacy import Privacy

# The trail names everybody who did anything; sign-ins, keys and waiting work are nobody else's.
EMPTIED = (
    *("audit_*", "account_*", "mfa_*", "socialaccount_*", "usersessions_*", "procrastinate_*"),
    *("django_session", "access_cache", "access_signedin", "journey_move", "drafts_draft"),
)
KEPT = ("django_migrations", "django_content_type", "auth_*")
SHORT = 20  # a clinical field this short holds a word of ours: a kind, a state, a version
# Longer ones that do so too, by name.
WORDS = frozenset(
    "action subject_kind actor_kind meaning rule role start_kind start_ref mark template criteria_set text_version"
    " notice_version from_state to_state key kind state session_kind recipient_class media_type thread subject".split()
)
GIVEN_NAMES = frozenset({"given", "legal_given", "chosen_name"})
FAMILY_NAMES = frozenset({"family", "legal_family"})
DIGESTS = frozenset({"sha256", "content_sha256", "digest", "token_digest", "secret_digest"})
PHONES = frozenset({"phone", "inquirer_phone"})


@dataclass(frozen=True)
class Column:
    """One column: as it is, moved in time by the database, or made by us."""

    name: str
    moves: str = ""  # "", "date", "moment" or "range"
    make: Maker | None = None
    is_own: bool = False  # moves by the person's own number of weeks, not by the clinic's


@dataclass(frozen=True)
class Table:
    """One table: its columns, and the way to the person its rows belong to, as joins."""

    name: str
    columns: tuple[Column, ...]
    to_person: str = ""
    person: str = "NULL"


class Planner:
    """Makes the plan of one copy; the salt is forgotten with it."""

    def __init__(self, salt: bytes) -> None:
        self.salt = salt

    def tables(self, existing: set[str]) -> Iterator[Table]:
        """Every table that is copied; refused when one has no declared privacy."""
        ours = dict(self._ours())
        unknown = {name for name in existing - set(ours) if not _listed(name, (*EMPTIED, *KEPT))}
        if unknown:
            raise Misconfigured(f"{min(unknown)} declares no privacy; nothing was copied.")
        yield from (Table(name, ()) for name in sorted(existing) if _listed(name, KEPT))
        yield from (ours[name] for name in sorted(existing & set(ours)) if not _listed(name, EMPTIED))

    def _ours(self) -> Iterator[tuple[str, Table]]:
        for app in apps.get_app_configs():
            if not app.name.startswith("dayward."):
                continue
            for model in app.get_models(include_auto_created=True):
                yield model._meta.db_table, self._table(app.name, model)

    def _table(self, package: str, model: type[models.Model]) -> Table:
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        if model._meta.auto_created:
            return Table(model._meta.db_table, tuple(Column(field.column) for field in fields))
        declared = importlib.import_module(f"{package}.privacy").PRIVACY.get(model.__name__, {})
        joins, person = way_to_person(model)
        columns = tuple(self._column(model, field, declared.get(field.name)) for field in fields)
        return Table(model._meta.db_table, columns, joins, person)

    def _column(
        self, model: type[models.Model], field: models.Field[Any, Any], is_: Privacy | None
    ) -> Column:
        if field.name == "public_id":
            return Column(field.column, make=lambda value, _row, _days: values.public_id(self.salt, value))
        if model is File or (field.is_relation and field.related_model is File):
            return Column(field.column, make=self._of_file(field))
        if field.primary_key or field.is_relation:
            return Column(field.column)
        if is_ is Privacy.PUBLIC:  # the calendar moves along with what happened in it
            return Column(field.column, _moves(field))
        if is_ is None:
            raise Misconfigured(f"{model._meta.label}.{field.name} declares no privacy; nothing was copied.")
        moves = _moves(field)
        is_own = is_ is Privacy.IDENTIFYING
        return Column(field.column, moves, None if moves else self._maker(model, field, is_), is_own)

    def _of_file(self, field: models.Field[Any, Any]) -> Maker | None:
        """A file is found by its digest: both are made together."""
        if field.name == "content":
            return None  # made with the row, in copying.py
        if field.name == "size":
            return lambda _value, _row, _days: len(values.file_content(self.salt, "any"))
        if field.name in {"sha256", "file"}:
            return lambda value, _row, _days: value and values.file_name(self.salt, value)
        return None

    def _maker(self, model: type[models.Model], field: models.Field[Any, Any], is_: Privacy) -> Maker | None:
        salt = self.salt
        if isinstance(field, models.JSONField):
            return lambda value, _row, days: None if value is None else Json(values.inside(salt, value, days))
        if isinstance(field, ArrayField):
            return lambda value, _row, days: value and [values.inside(salt, one, days) for one in value]
        if isinstance(field, models.BinaryField):
            return lambda value, _row, _days: value and b"made up"
        if not isinstance(field, (models.CharField, models.TextField)):
            return None
        if is_ is Privacy.SECRET:
            return self._secret(field)
        if field.choices or self._is_word(field, is_):
            return lambda value, _row, days: value and values.inside(salt, value, days)
        return self._text(model, field)

    def _secret(self, field: models.Field[Any, Any]) -> Maker:
        if field.name == "password":
            return lambda _value, _row, _days: "!"
        if field.name in DIGESTS or field.unique:
            return lambda value, row, _days: (
                value and values.hexadecimal(self.salt, str(row))[: field.max_length]
            )
        return lambda value, _row, _days: None if value is None else ""

    def _is_word(self, field: models.Field[Any, Any], is_: Privacy) -> bool:
        if field.name in WORDS or field.name.endswith("_by") or field.name in {"by", "actor"}:
            return is_ is not Privacy.IDENTIFYING
        return is_ is Privacy.CLINICAL and (field.max_length or SHORT + 1) <= SHORT

    def _text(self, model: type[models.Model], field: models.Field[Any, Any]) -> Maker:
        salt = self.salt
        if field.name in GIVEN_NAMES:
            return lambda value, _row, _days: value and values.name(salt, value, values.GIVEN)
        if field.name in FAMILY_NAMES:
            return lambda value, _row, _days: value and values.name(salt, value, values.FAMILY)
        if field.name in PHONES:
            return lambda value, row, _days: value and _reached("", row)
        if field.name == "email" or (model.__name__ == "ContactPoint" and field.name == "value"):
            return lambda value, row, _days: (
                value and (f"p{row}@mail.invalid" if "@" in value else f"612-555-{row % 10000:04}")
            )
        if field.name in DIGESTS:
            return lambda value, _row, _days: value and values.hexadecimal(salt, value)
        limit = field.max_length
        if limit and limit <= SHORT:  # a number or a code: digits for digits
            return lambda value, row, _days: value and str(10**limit + row)[-len(value) :]
        if limit:  # a row's number tells it from the others where that is asked for
            return lambda value, row, _days: value and f"{values.filler(len(value))} {row}"[-limit:]
        return lambda value, _row, _days: value and values.filler(len(value))


def _reached(value: str, row: int) -> str:
    """An address or number that reaches nobody."""
    return f"p{row}@mail.invalid" if "@" in value else f"612-555-{row % 10000:04}"


def _listed(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _moves(field: models.Field[Any, Any]) -> str:
    if isinstance(field, models.DateTimeField):
        return "moment"
    if isinstance(field, models.DateField):
        return "date"
    if isinstance(field, RangeField):
        return "range"
    return ""


def way_to_person(model: type[models.Model]) -> tuple[str, str]:
    """Joins from a row to the person it belongs to, by the shortest way; who only wrote it is nobody's way."""
    if model is Person:
        return "", "t0.id"
    waiting: deque[tuple[type[models.Model], str, str]] = deque([(model, "t0", "")])
    seen: set[type[models.Model]] = {model, User, StaffMember}
    while waiting:
        here, alias, joins = waiting.popleft()
        for field in here._meta.concrete_fields:
            target = field.related_model
            if not field.is_relation or not isinstance(target, type) or target in seen:
                continue
            column = f'{alias}."{field.column}"'
            if target is Person:
                return joins, column
            seen.add(target)
            new = f"t{len(seen)}"
            join = f'{joins} LEFT JOIN "{target._meta.db_table}" {new} ON {new}."{target._meta.pk.column}" = {column}'
            waiting.append((target, new, join))
    return "", "NULL"
