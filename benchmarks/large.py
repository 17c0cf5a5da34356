"""The large clinic, served as in production: made once, then every page 200 times with other people.

DAYWARD_LARGE names the folder of one that is there already.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
import urllib.parse
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db.models import Case, F, Model, When
from django.db.models.functions import MD5
from django.urls import Resolver404, resolve
from lxml import html
from psycopg import sql

from benchmarks import clinic, memory, pace, pages
from benchmarks.pages import Page, tell
from benchmarks.results import Result
from dayward.foundation.people.models import Person
from dayward.kernel.database import EMBEDDED_DATABASE, connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster

GIVEN = os.environ.get("DAYWARD_LARGE")
VAR = Path(GIVEN) if GIVEN else clinic.ROOT / "var" / "bench-large"
REQUESTS = 200
PEOPLE = 25  # addresses a page is opened at, each eight times
TRIED = 120  # for that; many a chart is closed to the role
SEED_GOAL_SECONDS = 600
FIRST_CLINIC = 2_000_000  # the numbers of rows below it are of the clinic whose staff signs in
PUBLIC_ID_LENGTH = 16
FURTHEST = 2  # steps from a row to the person it is about
LONGEST = 60.0  # seconds for one page: a page slower than that is opened less often, and says so by its times


def measure(only: frozenset[str] = frozenset()) -> list[Result]:
    """Its pages (`only` some of them); and how long it took to make, when this run made it."""
    with in_its_folder():
        results = made()
        with served() as (site, process):
            worst = pages.heaviest(site)
            if only:
                worst = {name: page for name, page in worst.items() if name in only}
            best, pieces = pace.quickest(), []
            pools, began = Pools(), time.perf_counter()
            for number, page in enumerate(sorted(worst.values(), key=lambda each: each.name), 1):
                if found := opened(page, addresses(page, pools)):
                    results += [*found, full_pace(page, best)]
                pieces += page.pieces
                tell(progress(page, number, len(worst), time.perf_counter() - began))
            results += peers_tasks(worst, pools)
            results += pace_of_machine(pieces, best)
            results += memory.measure(process)
        return [Result(f"large {each.name}", each.value, each.unit, each.goal) for each in results]


def full_pace(page: Page, best: float) -> Result:
    """The page's 95th percentile without the slowness of the machine; the goal is for what was measured."""
    value = pace.p95(pace.at_full_pace(page.milliseconds, page.pieces, best))
    return Result(f"page {page.name} ({page.role}): at full pace", round(value, 1), "ms", None)


def pace_of_machine(pieces: list[float], best: float) -> list[Result]:
    """How many times longer than at its quickest the machine took for the same work."""
    if not pieces:
        return []
    return [
        Result(
            "machine against its quickest: median", round(statistics.median(pieces) / best, 2), "times", None
        ),
        Result("machine against its quickest: p95", round(pace.p95(pieces) / best, 2), "times", None),
    ]


def progress(page: Page, number: int, of: int, seconds: float) -> str:
    """What was just opened, and how long the rest will take."""
    median = statistics.median(page.milliseconds) if page.milliseconds else 0
    left = seconds / number * (of - number) / 60
    return f"{number} of {of}, {page.name}: {median:.0f} ms; about {left:.0f} minutes left"


@contextmanager
def in_its_folder() -> Iterator[None]:
    before, clinic.VAR = clinic.VAR, VAR
    try:
        yield
    finally:
        clinic.VAR = before


def made() -> list[Result]:
    done = VAR / "made"
    if GIVEN or done.exists():
        clinic.run("migrate")  # made by the code of an earlier day
        return []
    clinic.run("migrate")
    began = time.monotonic()
    clinic.run("seed", "--size", "large")
    seconds = time.monotonic() - began
    tell(clinic.run("check"))
    done.touch()
    return [Result("seed --size large", round(seconds), "s", SEED_GOAL_SECONDS)]


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    port = clinic.free_port()
    command = [str(clinic.PROGRAM), "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with (VAR / "output").open("wb") as said:
        process = subprocess.Popen(command, env=clinic.environment(), stdout=said, stderr=said)
    try:
        clinic.wait_for_page(process, f"http://localhost:{port}{clinic.SIGN_IN}")
        yield f"http://localhost:{port}", process.pid
    finally:
        process.terminate()
        process.wait(60)


class Pools:
    """Other rows of the same kind, for addresses that name one, or a person and something of theirs."""

    def __init__(self) -> None:
        cluster = Cluster(VAR / "pg")
        self.settings = embedded_database(cluster, OWNER, EMBEDDED_DATABASE)
        self.models = [
            model
            for model in apps.get_models()
            if any(field.name == "public_id" for field in model._meta.fields)
        ]

    def like(self, public_ids: list[str], met: Collection[str]) -> list[tuple[str, ...]]:
        """Those that the visitor has met come first: they are open to the role more often than not."""
        if len(public_ids) not in (1, 2):
            return []
        with connect(self.settings, autocommit=True) as connection:
            found = [self._model(connection, each) for each in public_ids]
            model = found[-1]
            if model is None or (len(found) == 2 and found[0] is not Person):
                return []
            rows: Any = model._default_manager.filter(pk__lt=FIRST_CLINIC)
            if len(found) == 1:
                rows = rows.annotate(whose=F("public_id")).values_list("public_id")
            elif to_person := path_to_person(model):
                whose = F(f"{to_person}__public_id")
                rows = rows.annotate(whose=whose).values_list("whose", "public_id")
            else:
                return []
            first = Case(When(whose__in=list(met), then=0), default=1)
            rows = rows.order_by(first, MD5("public_id"))[:TRIED]
            text, values = rows.query.sql_with_params()
            return [row for row in connection.execute(text, values) if None not in row]

    def _model(self, connection: psycopg.Connection[Any], public_id: str) -> type[Model] | None:
        return next((one for one in self.models if _has(connection, one._meta.db_table, public_id)), None)


def path_to_person(model: type[Model]) -> str:
    """The lookup from a row to the person it is about, by as few steps as there are; empty where there is none."""
    waiting, seen = deque([("", model)]), {model}
    while waiting:
        path, here = waiting.popleft()
        for field in here._meta.fields:
            other: Any = field.related_model if field.many_to_one or field.one_to_one else None
            step = f"{path}__{field.name}".lstrip("_")
            if other is Person:
                return step
            if other and other not in seen and path.count("__") < FURTHEST:
                seen.add(other)
                waiting.append((step, other))
    return ""


def _has(connection: psycopg.Connection[Any], table: str, public_id: str) -> bool:
    statement = sql.SQL("SELECT FROM {} WHERE public_id = %s").format(sql.Identifier(table))
    return connection.execute(statement, [public_id]).fetchone() is not None


def opened(page: Page, paths: list[str]) -> list[Result]:
    """The page of many people in turn, each with what it asks for by itself.

    Its queries are those of the address that takes the most, without the two that once a minute note that a session
    is in use: of each address the fewest count.
    """
    until, more, fewest = time.perf_counter() + LONGEST, dict[str, list[str]](), dict[str, int]()
    try:
        for number in range(REQUESTS):
            path = paths[number % len(paths)]
            page.pieces.append(pace.piece())
            milliseconds, queries, work = typed(page, number) or whole(page, path, more)
            page.milliseconds.append(milliseconds)
            page.work.append(work)
            fewest[path] = min(queries, fewest.get(path, queries))
            if time.perf_counter() > until:
                tell(f"{page.name}: only {number + 1} times in {LONGEST:.0f} s")
                break
    except OSError as problem:
        tell(f"broken: {page.path} as {page.role} ({problem})")
        return []
    page.queries = max(page.queries, *fewest.values())
    return pages.results(page)


def typed(page: Page, number: int) -> tuple[float, int, float] | None:
    """What a search answers to the next name; None for a page into which nothing is typed."""
    names = pages.TYPED.get(page.name)
    if not names:
        return None
    answer = page.visitor.type(page.path, names[number % len(names)])
    return answer.milliseconds, answer.queries, answer.work


def addresses(page: Page, pools: Pools) -> list[str]:
    """The page's own address, and those of other people that the same role may open as far."""
    found = [page.path]
    for others in pools.like(ids_in(page.path), page.visitor.met):
        path = page.path
        for one, other in zip(ids_in(page.path), others, strict=True):
            path = path.replace(one, other)
        is_page, _onward = pages.look(Page(page.name, page.role, path, page.visitor))
        if is_page and path not in found:
            found.append(path)
        if len(found) == PEOPLE:
            break
    return found


def ids_in(path: str) -> list[str]:
    """The public ids of an address: of a person, of a row, or of a person and a row of theirs."""
    try:
        named = resolve(path.partition("?")[0]).kwargs.values()
    except Resolver404:
        return []
    return [str(value) for value in named if len(str(value)) == PUBLIC_ID_LENGTH]


def whole(page: Page, path: str, more: dict[str, list[str]]) -> tuple[float, int, float]:
    """One opening with the requests that the page makes by itself: milliseconds, queries, the server's work.

    `more`: by address what these are, looked for when it is opened first.
    """
    answer = page.visitor.get(path)
    milliseconds, queries, work = answer.milliseconds, answer.queries, answer.work
    if path not in more:
        more[path] = asked_by_itself(answer.content, answer.address)
    for address in more[path]:
        extra = page.visitor.get(address)
        milliseconds, queries, work = (
            milliseconds + extra.milliseconds,
            queries + extra.queries,
            work + extra.work,
        )
    return milliseconds, queries, work


def asked_by_itself(content: bytes, base: str) -> list[str]:
    if b"hx-trigger" not in content:
        return []
    elements = html.fromstring(content).iter()
    asking = (each for each in elements if "load" in each.get("hx-trigger", "") and each.get("hx-get"))
    found = [urllib.parse.urlsplit(urllib.parse.urljoin(base, each.get("hx-get", ""))) for each in asking]
    return [part.path + (f"?{part.query}" if part.query else "") for part in found]


# -- the tasks of the peer, here ----------------------------------------------------------------------------------


def peers_tasks(worst: dict[str, Page], pools: Pools) -> list[Result]:
    """Find somebody by name, what is on today, open a chart: as the role for which it took longest."""
    found: list[Result] = []
    for task, kind in (
        ("find somebody", "staff:search"),
        ("today", "staff:today"),
        ("open a chart", "staff:chart"),
    ):
        if seen := worst.get(kind):
            page = Page(seen.name, seen.role, seen.path, seen.visitor)
            for each in opened(page, addresses(page, pools)):
                figure = each.name.rpartition(": ")[2]
                found.append(Result(f"task {task}: {figure}", each.value, each.unit, each.goal))
    return found
