"""Every page over HTTP: signs in as each role, follows the links of the pages, and measures one page of a kind.

Two addresses are of one kind when the same named URL answers them: the first two found of each kind are measured.
"""

from __future__ import annotations

import http.cookiejar
import math
import statistics
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, deque
from dataclasses import dataclass, field

from django.urls import Resolver404, resolve
from lxml import html

from benchmarks.clinic import SIGN_IN, sign_ins
from benchmarks.results import Result

GOAL_MS = 100
GOAL_QUERIES = 15
REPEATS = 20
OF_A_KIND = 2
# A page looks much the same to most roles; what a fourth role sees is walked through, not timed.
MOST_ROLES = 3
MOST_PAGES = 120
BROKEN = 500
HEADER = "X-Dayward-Queries"
LEAVES = ("sign-out", "static/", "download", "/original")


@dataclass
class Page:
    """One page as one role saw it."""

    role: str
    name: str
    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0


class Visitor:
    """A browser without a screen: cookies, forms, links."""

    def __init__(self, site: str) -> None:
        self.site = site
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> tuple[float, int, bytes, str]:
        """Milliseconds, queries, content and the address we ended at."""
        started = time.perf_counter()
        with self.opener.open(self.site + path, timeout=30) as response:
            content: bytes = response.read()
            elapsed = (time.perf_counter() - started) * 1000
            return elapsed, int(response.headers.get(HEADER, 0)), content, response.geturl()

    def post(self, path: str, fields: dict[str, str]) -> str:
        data = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.site + path, data, {"Referer": self.site + path})
        with self.opener.open(request, timeout=30) as response:
            return str(response.geturl())

    def sign_in(self, row: dict[str, str]) -> None:
        """As staff with email and password; as a patient with the link and the date of birth."""
        place = row["path"] or SIGN_IN
        _, _, content, _ = self.get(place)
        fields = (
            {"birth_date": row["birth_date"]}
            if row["path"]
            else {"login": row["email"], "password": row["password"]}
        )
        ended = self.post(place, {"csrfmiddlewaretoken": token(content), **fields})
        if place in ended:
            raise SystemExit(f"The demo's sign-in for {row['role']} was refused.")


def token(content: bytes) -> str:
    inputs = html.fromstring(content).iter("input")
    return next(found.get("value", "") for found in inputs if found.get("name") == "csrfmiddlewaretoken")


def measure(site: str) -> list[Result]:
    pages: list[Page] = []
    timed: Counter[str] = Counter()
    for row in sign_ins():
        if not row["path"] and not row["email"]:
            continue
        visitor = Visitor(site)
        visitor.sign_in(row)
        pages += walk(visitor, row["role"], "/my/" if row["path"] else "/", timed)
    pages += walk(Visitor(site), "signed out", SIGN_IN, timed)
    return [result for page in pages for result in results(page)]


def walk(visitor: Visitor, role: str, start: str, timed: Counter[str]) -> list[Page]:
    """Breadth first, so that what one click reaches is measured before what takes five."""
    seen, waiting = {start}, deque([start])
    found: dict[str, Page] = {}
    times: Counter[str] = Counter()
    while waiting and len(found) < MOST_PAGES:
        path = waiting.popleft()
        name = page_name(path)
        if name is None or times[name] >= OF_A_KIND:
            continue
        times[name] += 1
        page = found.setdefault(name, Page(role, name))
        for link in visit(visitor, path, page, REPEATS if timed[name] < MOST_ROLES else 0):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    measured = [page for page in found.values() if page.milliseconds]
    timed.update(page.name for page in measured)
    return measured


def visit(visitor: Visitor, path: str, page: Page, repeats: int) -> list[str]:
    """Measure a page; its links. A page that is refused to this role is none."""
    try:
        # The first visit is not measured: it says whether this role has the page, and loads its templates.
        _, _, content, ended = visitor.get(path)
        if urllib.parse.urlsplit(ended).path != path.partition("?")[0]:
            return links(content, ended, visitor.site)
        for _ in range(repeats):
            elapsed, queries, content, _ = visitor.get(path)
            page.milliseconds.append(elapsed)
            page.queries = max(page.queries, queries)
    except urllib.error.HTTPError as problem:
        if problem.code >= BROKEN:
            sys.stderr.write(f"  broken: {path} as {page.role} ({problem.code})\n")
        return []
    return links(content, visitor.site + path, visitor.site)


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
    times = sorted(page.milliseconds)
    p95 = times[math.ceil(len(times) * 0.95) - 1]
    title = f"page {page.name} ({page.role})"
    return [
        Result(f"{title}: median", round(statistics.median(times), 1), "ms", GOAL_MS),
        Result(f"{title}: p95", round(p95, 1), "ms", GOAL_MS),
        Result(f"{title}: queries", page.queries, "queries", GOAL_QUERIES),
    ]
