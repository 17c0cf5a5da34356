"""Every page over HTTP: signs in as each role, follows the links of the pages, and measures one page of a kind.

Two addresses are of one kind when the same named URL answers them. A role looks at the first two of a kind, at one
where three roles before have seen it; of each kind the one that took longest, whoever saw it, is then timed.
`pages.txt` says which there are.
"""

from __future__ import annotations

import http.cookiejar
import re
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.urls import Resolver404, resolve
from lxml import html

from benchmarks.clinic import SIGN_IN, sign_ins
from benchmarks.pace import p95
from benchmarks.results import Result

GOAL_MS = 100
GOAL_QUERIES = 15
REPEATS = 20
SECONDS = (
    2.0  # for one page; a slow page on a busy machine is opened less often, never less than FEWEST times
)
FEWEST = 5
OF_A_KIND = 2
LOOKS = 2  # at a page once its templates are loaded; the quicker one counts
WELL_SEEN = 3  # roles; whoever comes after them looks at one of the kind
HUBS = {"journey:case": 9, "journey:episode": 6}  # what they lead to depends on how far the person has come
MOST_PAGES = 400
PATIENCE = 60
BROKEN = 500
FOR_ANYBODY = (SIGN_IN, "/my/in/", "/inquire/")
HEADER, WORK = "X-Dayward-Queries", "X-Dayward-Work"
LIST = Path(__file__).with_name("pages.txt")
PUBLIC_ID = re.compile(r"(?<=/)[a-z0-9]{16}(?=/)")
# What is typed into a page: names of the demo, of whom a large clinic has many.
NAMES = tuple(
    first + end
    for first in ("Amber", "Birch", "Cedar", "Fern", "Hazel")
    for end in ("bank", "cove", "dale", "gate")
)
TYPED = {"staff:search": NAMES, "staff:palette": NAMES}
LEAVES = ("sign-out", "static/", "download", "/original")


@dataclass
class Page:
    """One page as one role saw it."""

    name: str
    role: str
    path: str
    visitor: Visitor
    queries: int = 0
    seconds: float = 0.0  # when it was looked at
    milliseconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # the server's own, whatever else this machine does
    pieces: list[float] = field(default_factory=list)  # how long pace.piece took beside each


class Answer(NamedTuple):
    """What came back, and where we ended."""

    milliseconds: float
    queries: int
    work: float
    content: bytes
    address: str


class Onward(urllib.request.HTTPRedirectHandler):
    """Notes what each answer said that only led on."""

    def __init__(self) -> None:
        self.passed: list[Any] = []

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        self.passed.append(headers)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Visitor:
    """A browser without a screen: cookies, forms, links."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.met: set[str] = set()  # public ids in the links of the pages it has seen
        self.jar = http.cookiejar.CookieJar()
        self.onward = Onward()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), self.onward)

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self.site + path))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        data = urllib.parse.urlencode(fields).encode()
        return self._ask(urllib.request.Request(self.site + path, data, {"Referer": self.site + path}))

    def type(self, path: str, text: str) -> Answer:
        """What is typed into a search, sent with the token of a page seen before."""
        sent = next(each.value for each in self.jar if "csrf" in each.name)
        return self.post(path, {"csrfmiddlewaretoken": sent or "", "q": text})

    def _ask(self, request: urllib.request.Request) -> Answer:
        """With all that it leads through: queries and work of each."""
        self.onward.passed, started = [], time.perf_counter()
        with self.opener.open(request, timeout=PATIENCE) as response:
            content: bytes = response.read()
            elapsed, said = (time.perf_counter() - started) * 1000, [*self.onward.passed, response.headers]
        queries = sum(int(each.get(HEADER, 0)) for each in said)
        work = sum(float(each.get(WORK, 0)) for each in said)
        return Answer(elapsed, queries, work, content, response.geturl())

    def sign_in(self, row: dict[str, str]) -> None:
        """As staff with email and password; as a patient with the link and the date of birth."""
        place = row["path"] or SIGN_IN
        content = self.get(place).content
        fields = (
            {"birth_date": row["birth_date"]}
            if row["path"]
            else {"login": row["email"], "password": row["password"]}
        )
        ended = self.post(place, {"csrfmiddlewaretoken": token(content), **fields})
        if place in ended.address:
            raise SystemExit(f"The demo's sign-in for {row['role']} was refused.")


def token(content: bytes) -> str:
    inputs = html.fromstring(content).iter("input")
    return next(found.get("value", "") for found in inputs if found.get("name") == "csrfmiddlewaretoken")


def measure(worst: dict[str, Page]) -> list[Result]:
    """Each page of `heaviest` again and again."""
    began = time.perf_counter()
    timed = [page for page in sorted(worst.values(), key=lambda each: each.name) if clock(page)]
    times = sum(len(page.milliseconds) for page in timed)
    tell(f"opened {len(timed)} pages {times} times in {time.perf_counter() - began:.0f} s")
    missed = sorted(measured() - worst.keys())
    if missed:
        tell(f"nobody came by {', '.join(missed)}")
    unseen = Result("pages nobody came by", len(missed), "pages", 0)
    return [result for page in timed for result in results(page)] + [unseen]


def heaviest(site: str) -> dict[str, Page]:
    """Of each kind the page that took longest, found by walking as everybody; with the most queries that any took."""
    worst: dict[str, Page] = {}
    seen: Counter[str] = Counter()
    for role, visitor, start in visitors(site):
        began = time.perf_counter()
        found = walk(visitor, role, start, seen)
        seen.update({page.name for page in found})
        for page in found:
            before = worst.get(page.name, page)
            most = max(page.queries, before.queries)
            worst[page.name] = max(before, page, key=lambda each: each.seconds)
            worst[page.name].queries = most
        tell(f"walked {len(found)} pages as {role} in {time.perf_counter() - began:.0f} s")
    return worst


def measured() -> set[str]:
    """The pages of the list without a reason not to be measured."""
    return {name for name, reason in listed().items() if not reason}


def listed() -> dict[str, str]:
    """Every page there is, and why it is not measured."""
    lines = (line for line in LIST.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return {name: reason.strip() for name, _space, reason in (line.partition(" ") for line in lines)}


def visitors(site: str) -> Iterator[tuple[str, Visitor, str]]:
    """Whoever has a sign-in, and somebody who has not: role, browser, first page."""
    for row in sign_ins():
        if row["path"] or row["email"]:
            visitor = Visitor(site)
            visitor.sign_in(row)
            yield row["role"], visitor, "/my/" if row["path"] else "/"
    for start in FOR_ANYBODY:
        yield "signed out", Visitor(site), start


def walk(visitor: Visitor, role: str, start: str, roles: Counter[str]) -> list[Page]:
    """Breadth first, so that what one click reaches is seen before what takes five. `roles`: how many saw a kind."""
    seen, waiting = {start}, deque([start])
    found: list[Page] = []
    times: Counter[str] = Counter()
    while waiting and len(found) < MOST_PAGES:
        path = waiting.popleft()
        name = page_name(path)
        if name is None or times[name] >= most(name, roles):
            continue
        page = Page(name, role, path, visitor)
        is_page, onward = look(page)
        if is_page:
            times[name] += 1
            found.append(page)
        waiting.extend(spread([link for link in onward if link not in seen], roles))
        seen.update(onward)
    return found


def most(name: str, roles: Counter[str]) -> int:
    return HUBS.get(name, OF_A_KIND) if roles[name] < WELL_SEEN else 1


def spread(paths: Iterable[str], roles: Counter[str]) -> list[str]:
    """Of each kind no more than will be opened, from all over the page: a board stands in the order of its lanes."""
    kinds: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        kinds.setdefault(page_name(path) or "", []).append(path)
    chosen = []
    for name, alike in kinds.items():
        count = min(most(name, roles), len(alike))
        chosen += [alike[place * (len(alike) - 1) // max(count - 1, 1)] for place in range(count)]
    return chosen


def look(page: Page) -> tuple[bool, list[str]]:
    """Whether this role has the page, and where it leads. The first visit loads templates: it does not count."""
    try:
        answer = page.visitor.get(page.path)
        is_page = urllib.parse.urlsplit(answer.address).path == page.path.partition("?")[0]
        again = [page.visitor.get(page.path) for _each in range(LOOKS)] if is_page else [answer]
    except OSError as problem:
        if getattr(problem, "code", BROKEN) >= BROKEN:
            tell(f"broken: {page.path} as {page.role} ({problem})")
        return False, []
    page.queries = min(each.queries for each in again)  # without those that note that a session is in use
    page.seconds = min(each.milliseconds for each in again) / 1000
    onward = links(answer.content, answer.address, page.visitor.site)
    page.visitor.met.update(PUBLIC_ID.findall(" ".join(onward)))
    return is_page, onward


def clock(page: Page) -> bool:
    """Open it again and again; False when it broke.

    The fewest queries count: once a minute two more note that the session is in use.
    """
    until = time.perf_counter() + SECONDS
    try:
        while len(page.milliseconds) < REPEATS:
            answer = page.visitor.get(page.path)
            page.milliseconds.append(answer.milliseconds)
            page.work.append(answer.work)
            page.queries = min(page.queries, answer.queries)
            if len(page.milliseconds) >= FEWEST and time.perf_counter() > until:
                break
    except OSError as problem:
        tell(f"broken: {page.path} as {page.role} ({problem})")
        return False
    return True


def tell(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def links(content: bytes, base: str, site: str) -> list[str]:
    if content.lstrip()[:1] != b"<":
        return []
    found = []
    for anchor in html.fromstring(content).iter("a"):
        full = urllib.parse.urlsplit(urllib.parse.urljoin(base, anchor.get("href", "")))
        path = full.path + (f"?{full.query}" if full.query else "")
        if f"{full.scheme}://{full.netloc}" == site and not any(part in path for part in LEAVES):
            found.append(path)
    return found


def page_name(path: str) -> str | None:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return None


def results(page: Page) -> list[Result]:
    title = f"page {page.name} ({page.role})"
    return [
        Result(f"{title}: median", round(statistics.median(page.milliseconds), 1), "ms", GOAL_MS),
        Result(f"{title}: p95", round(p95(page.milliseconds), 1), "ms", GOAL_MS),
        Result(f"{title}: queries", page.queries, "queries", GOAL_QUERIES),
        Result(f"{title}: work", round(statistics.median(page.work), 1), "ms", None),
    ]
