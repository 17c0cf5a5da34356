"""Whether pages take longer when the clinic has done ten times as much before: both served at once, opened in turn."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from benchmarks import clinic, history
from benchmarks.pages import Page, Visitor, tell
from benchmarks.results import Result
from dayward.kernel.database import EMBEDDED_APP_ROLE, embedded_cluster
from dayward.kernel.postgres import OWNER

GOAL_RATIO = 1.2
TURNS = 5
MOST_TURNS = 40  # of a page that seems to have grown: a burst of the machine beside it ends
SHORT_MS = 4.0  # by so little a page may differ without having grown


def measure(found: dict[str, Page], site: str) -> list[Result]:
    """`found`: of each kind the page that the walk chose, seen at `site`, with the database as it is."""
    with served(history.NAME) as grown:
        ratios = dict(_ratios(found, site, grown))
    slower = {name: ratio for name, ratio in ratios.items() if ratio > GOAL_RATIO}
    for name, ratio in sorted(slower.items(), key=lambda each: -each[1]):
        tell(f"grows with the history: {name} takes {ratio:.2f} times as long")
    usual = statistics.median(ratios.values())
    title = f"ten times the history, {len(ratios)} pages"
    return [
        Result(f"{title}: median", round(usual, 2), "times", GOAL_RATIO),
        Result(f"{title}: worst", round(max(ratios.values()), 2), "times", GOAL_RATIO),
        Result(f"{title}: slower than that", len(slower), "pages", 0),
    ]


@contextmanager
def served(database: str) -> Iterator[str]:
    """`dayward serve` with another database of the embedded server; its address."""
    port, place = clinic.free_port(), quote(str(embedded_cluster().socket_folder), safe="")
    url = f"postgresql://{{}}@/{database}?host={place}&port=5432"
    addresses = {"DATABASE_URL": url.format(OWNER), "DATABASE_APP_URL": url.format(EMBEDDED_APP_ROLE)}
    arguments = [str(clinic.PROGRAM), "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        arguments, env={**clinic.environment(), **addresses}, stdout=subprocess.DEVNULL
    )
    try:
        clinic.wait_for_page(process, f"http://localhost:{port}{clinic.SIGN_IN}")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _ratios(found: dict[str, Page], site: str, grown: str) -> Iterator[tuple[str, float]]:
    rows = {row["role"]: row for row in clinic.sign_ins()}
    visitors: dict[str, tuple[Visitor, Visitor]] = {}
    for name, page in sorted(found.items()):
        if page.role not in visitors:
            visitors[page.role] = Visitor(site), Visitor(grown)
            for visitor in visitors[page.role] if page.role in rows else ():
                visitor.sign_in(rows[page.role])
        try:
            yield name, _ratio(page.path, *visitors[page.role])
        except OSError as problem:
            tell(f"broken: {page.path} as {page.role} ({problem})")


def _ratio(path: str, one: Visitor, other: Visitor) -> float:
    """Of the quickest of some turns: what else the machine does makes a page slower, never quicker."""
    before, after = [], []
    ratio = 1.0
    for turn in range(1, MOST_TURNS + 1):
        before.append(one.get(path).milliseconds)
        after.append(other.get(path).milliseconds)
        short, long = min(before), min(after)
        ratio = 1.0 if long - short < SHORT_MS else long / short
        if turn >= TURNS and ratio <= GOAL_RATIO:
            break
    return ratio
