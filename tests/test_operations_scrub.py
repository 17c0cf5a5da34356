"""The scrubbed copy of a seeded clinic: every original value is looked for in it."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import models

from dayward.foundation.operations.scrub import values
from dayward.foundation.operations.scrub.plan import EMPTIED, _listed
from dayward.kernel.database import connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster
from dayward.kernel.privacy import Privacy
from tests.fixtures.server import PROGRAM, Clinics, clinic_environment, run_program

pytestmark = pytest.mark.program
Connection = psycopg.Connection[Any]
SHINGLE = 4  # so many words in a row are somebody's words


@pytest.fixture(scope="module")
def both(clinics: Clinics) -> Iterator[tuple[Connection, Connection, str]]:
    """The clinic, its copy, and what the command said."""
    var = clinics.copy("seeded")
    place = Path(mkdtemp(prefix="dw-scrub-", dir="/tmp"))
    place.chmod(0o755)
    said = run_program(clinic_environment(var), "scrub", "--into", str(place / "copy"))
    with (
        Cluster(var / "pg").in_use() as old,
        Cluster(place / "copy" / "pg").in_use() as new,
        connect(embedded_database(old, OWNER, "dayward")) as before,
        connect(embedded_database(new, OWNER, "dayward")) as after,
    ):
        yield before, after, said
    subprocess.run(["rm", "-rf", str(place)], check=True)


@pytest.fixture(scope="module")
def written(both: tuple[Connection, Connection, str]) -> str:
    """Everything that stands in the copy, as text."""
    _before, after, _said = both
    return "\n".join(str(row) for table, column in columns(after) for row in cells(after, table, column))


def columns(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND is_generated = 'NEVER' AND table_name NOT LIKE 'terms%' ORDER BY 1, 2"
    ).fetchall()


def cells(connection: Connection, table: str, column: str) -> list[str]:
    """The distinct values of one column, as text."""
    found = connection.execute(
        f'SELECT DISTINCT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL'.encode()
    )
    return [value for (value,) in found if value]


def fields(*wanted: Privacy) -> Iterator[tuple[str, models.Field[Any, Any]]]:
    """Fields that hold text, by table, of these kinds of privacy."""
    for app in apps.get_app_configs():
        if not app.name.startswith("dayward."):
            continue
        for model in app.get_models():
            declared = importlib.import_module(f"{app.name}.privacy").PRIVACY.get(model.__name__, {})
            for field in model._meta.concrete_fields:
                is_text = not field.is_relation and not field.generated and field.name != "id"
                if is_text and declared.get(field.name) in wanted:
                    yield model._meta.db_table, field


SECRETIVE = (Privacy.IDENTIFYING, Privacy.CLINICAL, Privacy.STAFF, Privacy.SECRET)
TEXTS = (models.CharField, models.TextField, models.JSONField)


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w'’]+", text.casefold())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def said_in(field: models.Field[Any, Any], text: str) -> Iterator[str]:
    """What somebody wrote: of JSON the texts without the keys, and no words of our own and no days."""
    if isinstance(field, models.JSONField):
        yield from (each for each in leaves(json.loads(text)) if not is_ours(each))
    elif not is_ours(text):
        yield text


def leaves(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict | list):
        for each in held.values() if isinstance(held, dict) else held:
            yield from leaves(each)


def is_ours(text: str) -> bool:
    return bool(values.WORD.match(text) or values.DAY.match(text))


def test_it_passes_every_check(both: tuple[Connection, Connection, str]) -> None:
    assert "NOT OK" not in both[2]
    assert "a scrubbed copy of" in both[2]


def test_every_table_has_as_many_rows(both: tuple[Connection, Connection, str]) -> None:
    before, after, _said = both
    tables = {table for table, _column in columns(before) if not _listed(table, EMPTIED)}
    assert len(tables) > 90
    for table in sorted(tables):
        question = f'SELECT count(*) FROM "{table}"'.encode()
        assert after.execute(question).fetchone() == before.execute(question).fetchone(), table


def test_no_words_of_anybody_are_in_it(both: tuple[Connection, Connection, str], written: str) -> None:
    """Four words in a row, of any text that is not public."""
    before = both[0]
    public = {
        shingle
        for table, field in fields(Privacy.PUBLIC)
        for text in cells(before, table, field.column)
        for shingle in shingles(text)
    }
    originals: dict[tuple[str, ...], str] = {}
    for table, field in fields(*SECRETIVE):
        if isinstance(field, TEXTS):
            for text in cells(before, table, field.column):
                for one in said_in(field, text):
                    originals.update(dict.fromkeys(shingles(one) - public, f"{table}.{field.column}"))
    assert len(originals) > 5000
    found = {originals[one] for one in shingles(written) & set(originals)}
    assert not found


def test_no_short_value_of_anybody_is_in_it(both: tuple[Connection, Connection, str]) -> None:
    """Names, numbers, addresses, one by one: the whole value of a field, looked for in every field of the copy."""
    before, after, _said = both
    everywhere = {text for table, column in columns(after) for text in cells(after, table, column)}
    ours = {text for table, field in fields(Privacy.PUBLIC) for text in cells(before, table, field.column)}
    left = [
        (f"{table}.{field.column}", text)
        for table, field in fields(*SECRETIVE)
        if isinstance(field, models.CharField | models.TextField) and not field.choices
        for text in set(cells(before, table, field.column)) & everywhere - ours
        if not values.WORD.match(text) and text not in (*values.GIVEN, *values.FAMILY)
    ]
    assert not left, left[:10]


def test_what_stays_as_a_word_is_one_of_ours(both: tuple[Connection, Connection, str]) -> None:
    """A word without spaces or capitals stays where a field holds our words; nobody's name or place looks like that."""
    before, after, _said = both
    for table, field in fields(Privacy.IDENTIFYING):
        if isinstance(field, models.CharField | models.TextField) and not field.choices:
            same = set(cells(before, table, field.column)) & set(cells(after, table, field.column))
            assert same <= {*values.GIVEN, *values.FAMILY}, (table, field.column)


def test_no_public_id_leads_back(both: tuple[Connection, Connection, str], written: str) -> None:
    ids = {
        text
        for table, column in columns(both[0])
        if column == "public_id"
        for text in cells(both[0], table, column)
    }
    assert len(ids) > 1000
    assert not ids & set(re.findall(rf"\b[{values.ALPHABET}]{{16}}\b", written))


def test_secrets_are_empty_and_nobody_can_sign_in(both: tuple[Connection, Connection, str]) -> None:
    before, after, _said = both
    assert cells(after, "people_user", "password") == ["!"]
    for table, field in fields(Privacy.SECRET):
        same = set(cells(before, table, field.column)) & set(cells(after, table, field.column))
        assert not {text for text in same if not text.isdigit()}, (table, field.column)
    for table in ("audit_entry", "audit_link", "django_session", "procrastinate_jobs", "mfa_authenticator"):
        assert after.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,), table


def test_days_of_birth_move_by_weeks_each_by_its_own(both: tuple[Connection, Connection, str]) -> None:
    question = b"SELECT id, birth_date FROM people_person WHERE birth_date IS NOT NULL"
    before, after = (dict(each.execute(question).fetchall()) for each in both[:2])
    moved = {(before[key] - after[key]).days for key in before}
    assert len(moved) > 5
    assert all(days % 7 == 0 and 7 <= days <= 364 for days in moved)


def test_what_happened_keeps_its_distances(both: tuple[Connection, Connection, str]) -> None:
    """People sit in sessions together: the clinic moves as a whole, and a Tuesday stays a Tuesday."""
    question = b"SELECT id, lower(during) FROM schedule_session"
    before, after = (dict(each.execute(question).fetchall()) for each in both[:2])
    moved = {before[key] - after[key] for key in before}
    assert len(moved) == 1
    assert moved.pop().days % 7 == 0


def test_a_place_that_is_not_empty_is_refused(clinics: Clinics, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run(
        [str(PROGRAM), "scrub", "--into", str(tmp_path)],
        env=clinic_environment(clinics.copy("empty")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "not empty" in done.stderr
