"""No database error carries a patient's data into a log line, an error page or a job, and no mail tells of whom.

Each table gets rows full of a mark, and each of its constraints is broken in turn, inside a request. PostgreSQL's own
message would show the row ("Failing row contains …"); what reaches our log, the server's log and the page must not.
"""

from __future__ import annotations

import ast
import inspect
import io
import itertools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app as queue

from dayward.chart.safety.alerts.services import timer
from dayward.foundation.messaging import services as messaging
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person
from dayward.kernel.local import CHECKOUT
from dayward.kernel.logs import JsonFormatter
from dayward.kernel.permissions import public
from dayward.kernel.postgres import Cluster

MARK = "Qzmarked"
# Values by kind of column; several, so that a search finds rows that break exactly one rule.
VALUES: dict[str, tuple[str, ...]] = {
    "bigint": ("1", "2"),
    "integer": ("1", "0", "-1"),
    "smallint": ("1", "0", "9"),
    "boolean": ("true", "false"),
    "numeric": ("1", "-1"),
    "date": ("'2026-03-02'", "'2026-03-01'"),
    "time without time zone": ("'09:00'", "'08:00'"),
    "timestamp with time zone": ("'2026-03-02'", "'2026-03-01'"),
    "interval": ("'1 hour'",),
    "jsonb": (f"""'{{"name": "{MARK}"}}'""",),
    "bytea": (f"'{MARK}'",),
    "tstzrange": ("'[2026-03-01,2026-03-02)'", "'empty'"),
    "daterange": ("'[2026-03-01,2026-03-02)'", "'empty'"),
    "inet": ("'127.0.0.1'",),
    "uuid": ("'00000000-0000-0000-0000-000000000000'",),
}
TRIES = 100


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    is_empty_allowed: bool

    def values(self) -> tuple[str, ...]:
        if self.kind.endswith("[]"):
            return ("'{}'",)
        if self.kind.startswith("character varying"):
            return (f"'{MARK[: int(self.kind.split('(')[1].rstrip(')'))]}'", "''")
        if self.kind == "text":
            return (f"'{MARK}'", "''")
        return VALUES.get(self.kind, ("NULL",))


def ask(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def tables() -> list[str]:
    """Our tables that the application may write."""
    ours = [row[0] for row in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
    foreign = (
        "django_",
        "auth_",
        "account_",
        "mfa_",
        "procrastinate_",
        "access_cache",
        "audit_link",
        "terms_",
    )
    return [name for name in ours if not name.startswith(foreign)]


def columns(table: str) -> list[Column]:
    rows = ask(
        "SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id'"
        " AND attgenerated = '' ORDER BY attnum",
        f"public.{table}",
    )
    return [Column(*row) for row in rows]


def checks(table: str) -> list[tuple[str, list[str]]]:
    """CHECK constraints with the columns they read."""
    return [
        (name, list(read or []))
        for name, read in ask(
            "SELECT conname, (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid"
            " AND attnum = ANY(conkey)) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'",
            f"public.{table}",
        )
    ]


def inserts(table: str, varied: list[str]) -> Iterator[str]:
    """INSERTs full of the mark, with every mix of values in the columns named."""
    found = columns(table)
    choices = [
        (*column.values(), *(("NULL",) if column.is_empty_allowed else ()))
        if column.name in varied
        else column.values()[:1]
        for column in found
    ]
    names = ", ".join(f'"{column.name}"' for column in found)
    for mix in itertools.islice(itertools.product(*choices), TRIES):
        yield f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(mix)})'.replace("%", "%%")


def nothing_there(table: str) -> str:
    """A row without what must be there."""
    return f'INSERT INTO "{table}" ({_text_names(table)}) VALUES ({_text_values(table)})'


def _text_names(table: str) -> str:
    return ", ".join(f'"{column.name}"' for column in columns(table) if MARK in column.values()[0]) or '"id"'


def _text_values(table: str) -> str:
    return ", ".join(c.values()[0] for c in columns(table) if MARK in c.values()[0]) or "NULL"


# -- a page that runs what we say ------------------------------------------------------------------------------------

_statements: list[str] = []


@public
def breaking(request: HttpRequest) -> HttpResponse:
    """Runs the statements, as a service would, and lets the error out."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _statements:
            cursor.execute(statement)
    return HttpResponse("nothing broke")


urlpatterns = [path("breaking/", breaking, name="breaking")]


@pytest.fixture
def our_log() -> Iterator[io.StringIO]:
    """What our own log handler would have written, in both forms, down to what nobody usually asks for."""
    configured: dict[str, Any] = settings.LOGGING
    made = configured["formatters"]["line"]["()"]
    said = io.StringIO()
    handlers = [logging.StreamHandler(said), logging.StreamHandler(said)]
    handlers[0].setFormatter((import_string(made) if isinstance(made, str) else made)())
    handlers[1].setFormatter(JsonFormatter())
    loggers = [logging.getLogger(), logging.getLogger("django.request")]
    for logger, handler in itertools.product(loggers, handlers):
        logger.addHandler(handler)
    yield said
    for logger, handler in itertools.product(loggers, handlers):
        logger.removeHandler(handler)


def broken_by(statements: list[str]) -> str | None:
    """The constraint (or kind of error) that refuses the statements; None when nothing does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg.Error)
        return cause.diag.constraint_name or type(cause).__name__
    return None


def test_no_error_shows_the_row_it_refused(
    db: None, our_log: io.StringIO, shared_cluster: Cluster, settings: Any
) -> None:
    settings.ROOT_URLCONF = __name__
    start = shared_cluster.log.stat().st_size
    pages, reached = [], set[str]()
    for name, statements in cases():
        _statements[:] = statements
        answer = Client(raise_request_exception=False).get("/breaking/")
        assert answer.status_code == 500, name
        pages.append(answer.content.decode())
        reached.add(name)
    assert len(reached) > 100, "the search for rows that break a rule no longer finds them"
    with shared_cluster.log.open(errors="replace") as log:
        log.seek(start)
        said = log.read()
    assert our_log.getvalue().count("database error") >= 2 * len(reached)
    assert MARK not in our_log.getvalue()
    assert MARK not in said
    assert not [page for page in pages if MARK in page]


def cases() -> Iterator[tuple[str, list[str]]]:
    """Statements that break one rule each, by the rule's name."""
    for table in tables():
        if broken_by([nothing_there(table)]):
            yield f"{table}: not null", [nothing_there(table)]
        good = next((one for one in inserts(table, _free(table)) if broken_by([one]) is None), None)
        if good and broken_by([good, good]):
            yield f"{table}: twice", [good, good]
        for name, read in checks(table):
            found = next((one for one in inserts(table, read) if broken_by([one]) == name), None)
            if found:
                yield name, [found]


def _free(table: str) -> list[str]:
    """Columns to vary in search of a row that breaks nothing."""
    return [name for _check, read in checks(table) for name in read][:6]


def test_the_database_itself_would_have_shown_it(db: None) -> None:
    """The planted fault: without our care the mark is in the error."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(nothing_there("people_person"))
    assert MARK in str(caught.value)


def test_a_job_holds_ids_only(db: None) -> None:
    arguments = {row[0] for row in ask("SELECT args::text FROM procrastinate_jobs")}
    person = make_person(legal_given=MARK, legal_family=MARK)
    people.add_contact_point(
        actor=SETUP, person=person, kind="email", value=f"{MARK}@mail.example", may_email=True
    )
    after = {row[0] for row in ask("SELECT args::text FROM procrastinate_jobs")}
    assert not [text for text in after - arguments if MARK.casefold() in text.casefold()]


IDS = ("int", "list[int]")
DAYS = {(f"attendance.refresh_{what}", "since") for what in ("weeks", "people", "kind")}  # from which day on


def test_a_job_can_hold_ids_only() -> None:
    """What a job takes is said by its signature: ids, and here and there a day."""
    queue.perform_import_paths()  # type: ignore[no-untyped-call]
    ours = {name: task for name, task in queue.tasks.items() if "procrastinate." not in name}
    assert len(ours) > 10
    wrong = [
        f"{name}({each.name}: {each.annotation})"
        for name, task in ours.items()
        for each in inspect.signature(task.func).parameters.values()
        if each.annotation not in IDS and (name, each.name) not in DAYS
    ]
    assert not wrong


def test_our_own_messages_hold_no_values() -> None:
    """Scrubbing knows values by their look; a name has none. So what we log is a constant, with a class or a count."""
    wrong = []
    for file in sorted((CHECKOUT / "dayward").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "getLogger" in text and "tests" not in file.parts:
            calls = logging_calls(ast.parse(text))
            wrong += [f"{file.name}:{call.lineno}" for call in calls if not is_harmless(call)]
    assert not wrong


def logging_calls(tree: ast.Module) -> Iterator[ast.Call]:
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in levels:
            yield node


def is_harmless(call: ast.Call) -> bool:
    first, *rest = call.args
    return isinstance(first, ast.Constant) and all(
        ast.unparse(each).startswith(("type(", "len(")) for each in rest
    )


@pytest.mark.parametrize(
    ("line", "harmless"),
    [
        ('_log.error("failed: %s", type(error).__name__)', True),
        ('_log.info("request", extra={})', True),
        ('_log.error("failed: %s", error)', False),
        ('_log.error(f"failed for {person}")', False),
    ],
)
def test_a_message_with_a_value_is_found(line: str, harmless: bool) -> None:
    (call,) = logging_calls(ast.parse(line))
    assert is_harmless(call) is harmless


HEALTH_WORDS = (
    *(
        "treatment",
        "therapy",
        "program",
        "patient",
        "recovery",
        "alcohol",
        "drug",
        "mental",
        "health",
        "clinic",
    ),
    *("diagnos", "medic", "score", "suicid", "counsel", "addict", "rehab", "psych"),
    *("tratamiento", "terapia", "paciente", "salud", "clínica", "recuperación"),
)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "words",
    [
        lambda person: messaging.neutral_words(person, "https://clinic.example/my/k"),
        lambda person: messaging.call_words(person, "612-555-0100"),
        lambda _person: timer.words("acute"),
        lambda _person: timer.words("none"),
    ],
)
def test_a_mail_says_neither_about_whom_nor_what(
    db: None, language: str, words: Callable[[Any], tuple[str, str]]
) -> None:
    make_site()
    person = make_person(legal_given=MARK, legal_family=MARK, language=language)
    said = " ".join(words(person)).replace("https://clinic.example", "").casefold()
    assert MARK.casefold() not in said
    assert not [word for word in HEALTH_WORDS if word in said]
