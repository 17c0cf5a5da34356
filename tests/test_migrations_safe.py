"""Migrations since the landing before can run while the clinic is open, and its code can go on working with them.

`tests/migrations_before.txt` holds the last migration of each package at the landing before.
DAYWARD_WRITE_BASELINE=1 writes it anew: only when a landing is made, after everything has passed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from tests.migrations_safe import Column, dangers, is_wordless, misfits, tables_now

BEFORE = Path(__file__).with_name("migrations_before.txt")
Node = tuple[str, str]


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def before(loader: MigrationLoader) -> set[Node]:
    """The last migrations of the landing before."""
    if os.environ.get("DAYWARD_WRITE_BASELINE") == "1":
        leaves = sorted(loader.graph.leaf_nodes())
        BEFORE.write_text("".join(f"{app} {name}\n" for app, name in leaves), encoding="utf-8")
    lines = BEFORE.read_text(encoding="utf-8").splitlines()
    nodes = {(app, name) for app, name in (line.split() for line in lines)}
    gone = nodes - set(loader.graph.nodes)
    assert not gone, f"migrations that have landed are not renamed or removed: {gone}"
    return nodes


@pytest.fixture(scope="module")
def landed(loader: MigrationLoader, before: set[Node]) -> set[Node]:
    return {node for leaf in before for node in loader.graph.forwards_plan(leaf)}


@pytest.fixture(scope="module")
def new(loader: MigrationLoader, landed: set[Node]) -> list[migrations.Migration]:
    return [found for node, found in sorted(loader.disk_migrations.items()) if node not in landed]


def test_every_name_says_what_is_done(loader: MigrationLoader) -> None:
    ours = [found for node, found in loader.disk_migrations.items() if _is_ours(found)]
    wrong = [str(found) for found in ours if is_wordless(found.name, makes_tables=_makes_tables(found))]
    assert len(ours) > 50
    assert not wrong, wrong


def test_each_can_run_while_the_clinic_is_open(
    loader: MigrationLoader, new: list[migrations.Migration]
) -> None:
    wrong = [
        f"{found}: {danger}"
        for found in new
        for danger in dangers(found, loader.project_state((found.app_label, found.name), at_end=False))
    ]
    assert not wrong, "\n".join(["see CONTRIBUTING.md, Migrations", *wrong])


@pytest.mark.django_db
def test_the_code_before_can_work_on_the_tables_of_today(loader: MigrationLoader, before: set[Node]) -> None:
    wrong = list(misfits(loader.project_state(sorted(before)), tables_now()))
    assert not wrong, "\n".join(wrong)


def _is_ours(found: migrations.Migration) -> bool:
    return type(found).__module__.startswith("dayward.")


def _makes_tables(found: migrations.Migration) -> bool:
    return any(isinstance(each, migrations.CreateModel) for each in found.operations)


# -- planted faults ----------------------------------------------------------------------------------------------------


def state(**fields: models.Field[object, object]) -> ProjectState:
    given = [("id", models.BigAutoField(primary_key=True)), *fields.items()]
    made = ProjectState()
    made.add_model(ModelState("shelf", "Book", given, options={"db_table": "shelf_book"}))
    return made


def found_in(operation: Operation, reason: str = "") -> list[str]:
    migration = migrations.Migration("0002_book", "shelf")
    migration.operations = [operation]  # type: ignore[misc]
    migration.safe_because = reason  # type: ignore[attr-defined]
    return list(dangers(migration, state(title=models.CharField(max_length=20))))


@pytest.mark.parametrize(
    "operation",
    [
        lambda: migrations.RemoveField("Book", "title"),
        lambda: migrations.RenameField("Book", "title", "name"),
        lambda: migrations.DeleteModel("Book"),
        lambda: migrations.RenameModel("Book", "Volume"),
        lambda: migrations.AddField("Book", "pages", models.IntegerField(default=1)),
        lambda: migrations.AlterField("Book", "title", models.CharField(max_length=10)),
        lambda: migrations.AlterField("Book", "title", models.IntegerField()),
        lambda: migrations.AddIndex("Book", models.Index(fields=["title"], name="by_title")),
        lambda: migrations.AddConstraint("Book", models.UniqueConstraint(fields=["title"], name="one_title")),
        lambda: migrations.RunSQL("ALTER TABLE shelf_book DROP COLUMN title"),
    ],
)
def test_what_breaks_or_blocks_is_found(operation: Callable[[], Operation]) -> None:
    assert found_in(operation())
    assert not found_in(operation(), reason="nobody has read the title since the landing before")
    assert found_in(operation(), reason="it is fine")


@pytest.mark.parametrize(
    "operation",
    [
        lambda: migrations.AddField("Book", "pages", models.IntegerField(null=True)),
        lambda: migrations.AddField("Book", "pages", models.IntegerField(db_default=1)),
        lambda: migrations.AlterField("Book", "title", models.CharField(max_length=30)),
        lambda: migrations.AlterField("Book", "title", models.TextField()),
        lambda: migrations.RunSQL("UPDATE shelf_book SET title = 'x' WHERE title = ''"),
        lambda: migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("Book", "title")], database_operations=[]
        ),
    ],
)
def test_what_only_adds_is_fine(operation: Callable[[], Operation]) -> None:
    assert not found_in(operation())


@pytest.mark.parametrize(
    ("name", "makes_tables", "wordless"),
    [
        ("0007_auto_20261122_0916", False, True),
        ("0003_alter", False, True),
        ("0001_initial", True, False),
        ("0004_initial", False, True),
        ("0005_sessions_of_staff", False, False),
    ],
)
def test_names(name: str, makes_tables: bool, wordless: bool) -> None:
    assert is_wordless(name, makes_tables=makes_tables) is wordless


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"id": True, "title": True}, []),
        ({"id": True, "title": True, "pages": True}, []),
        ({"id": True, "title": True, "pages": False}, ["shelf_book.pages is new and must be filled"]),
        ({"id": True}, ["shelf_book.title is gone"]),
        (None, ["shelf_book is gone"]),
    ],
)
def test_the_code_before_is_compared_with_the_tables(
    columns: dict[str, bool] | None, wanted: list[str]
) -> None:
    tables = {} if columns is None else {"shelf_book": {name: Column(ok) for name, ok in columns.items()}}
    assert list(misfits(state(title=models.CharField(max_length=20)), tables)) == wanted
