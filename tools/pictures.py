"""The pictures of README and docs: a clinic of a fixed seed and day, opened in a real Chromium, page by page.

    make pictures

Everything is made anew in `var/pictures`, and the clinic's clock stands where its history ends: the same code
gives the same pictures. Writes `docs/pictures/*.png`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timesince, timezone
from playwright.sync_api import Browser, Page, sync_playwright

from dayward.doors.cli.main import main as dayward
from dayward.kernel.panels import today_panels
from dayward.kernel.postgres import Cluster
from tools.chromium import find

ROOT = Path(__file__).resolve().parent.parent
TO = ROOT / "docs" / "pictures"
VAR = ROOT / "var" / "pictures"
PORT = 8099
BASE = f"http://localhost:{PORT}"
DESK, PHONE = (1280, 800), (390, 844)
LARGEST = 190_000
DAY, YESTERDAY, SEED = "2026-11-19", "2026-11-18", "7"  # a Thursday
NOON = datetime(2026, 11, 19, 18, 5, tzinfo=UTC)  # `seed --as-of` ends at noon UTC-6
START_SECONDS = 60
MACHINE = "operations"  # the panel of Today


def serve_at_noon() -> int:
    """The server, in a process whose clock begins at that noon. What it would say of the machine, where no worker runs
    and the database has another clock, is of no clinic: it is left out.
    """
    earlier, started, told = NOON.timestamp() - time.time(), timezone.now, timesince.timesince
    timezone.now = lambda: datetime.fromtimestamp(started().timestamp() + earlier, UTC)
    timesince.timesince = lambda since, now=None, **named: told(since, now or timezone.now(), **named)
    register = today_panels.register
    today_panels.register = lambda key, item: None if key == MACHINE else register(key, item)  # type: ignore[method-assign]
    return dayward(["serve", "--bind", f"127.0.0.1:{PORT}", "--workers", "1"])


@contextmanager
def clinic() -> Iterator[list[dict[str, str]]]:
    """A served clinic; its sign-ins."""
    Cluster(VAR / "pg").destroy()
    shutil.rmtree(VAR, ignore_errors=True)
    os.environ["DAYWARD_VAR"] = str(VAR)
    program = str(Path(sys.executable).with_name("dayward"))
    for command in (["migrate"], ["seed", "--size", "small", "--as-of", DAY, "--seed", SEED]):
        subprocess.run([program, *command], check=True)
    server = subprocess.Popen([sys.executable, "-m", "tools.pictures", "serve"], cwd=ROOT)
    try:
        _wait(server)
        yield json.loads((VAR / "demo-sign-ins.json").read_text(encoding="utf-8"))
    finally:
        server.terminate()
        server.wait(60)


def _wait(server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def sign_in(page: Page, row: dict[str, str]) -> Page:
    page.goto(f"{BASE}/account/sign-in/")
    page.fill("input[name=login]", row["email"])
    page.fill("input[name=password]", row["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/(today|intake)/"))
    return page


def window(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    place = TO / f"{name}.png"
    page.screenshot(path=place)
    size = place.stat().st_size
    sys.stdout.write(f"  {place.relative_to(ROOT)} {size // 1000} kB\n")
    if size > LARGEST:
        raise SystemExit(f"{place.name} is larger than {LARGEST // 1000} kB; choose a calmer page.")


def intake(page: Page) -> None:
    """The pipeline, a waiting referral, and a screening that is open."""
    page.goto(f"{BASE}/intake/")
    take(page, "pipeline")
    follow(page, cases(page), "Screen")
    take(page, "screening")
    page.goto(f"{BASE}/referrals/")
    page.locator("main table a").first.click()
    take(page, "referral")


def cases(page: Page) -> list[str]:
    """Addresses of the cases on the page of the pipeline."""
    found = page.locator("main a[href*='/case/']").evaluate_all("(all) => all.map((each) => each.href)")
    return list(dict.fromkeys(re.sub(r"(/case/[^/]+/).*", r"\1", each) for each in found))


def follow(page: Page, places: list[str], name: str) -> None:
    """The first of these pages that has a link of that name: behind it."""
    for place in places:
        page.goto(place)
        link = page.get_by_role("link", name=name, exact=True)
        if link.count():
            link.first.click()
            return
    raise SystemExit(f"No page has a link called {name}.")


def therapist(page: Page) -> None:
    """A chart, the level of care somebody decided, the week by room, and a roll."""
    page.goto(f"{BASE}/today/")
    page.goto(fullest(page, links(page, "/charts/")))
    take(page, "chart")
    page.get_by_role("region", name="Assessment", exact=True).get_by_role("link", name="Read").first.click()
    page.get_by_role("link", name="Level of care").first.click()
    page.get_by_role("link", name="Read it").click()
    take(page, "level-of-care")
    page.goto(f"{BASE}/schedule/week/?day={YESTERDAY}")
    take(page, "week")
    page.goto(f"{BASE}/attendance/sessions/?day={YESTERDAY}")
    page.locator("main a[href*='/attendance/sessions/']").first.click()
    take(page, "roll")


def treatment(page: Page) -> None:
    """Today, and of the first person on it who has them: plan, notes of a group, discharge plan."""
    page.goto(f"{BASE}/today/")
    take(page, "today-therapist")
    people = links(page, "/charts/")
    show(page, [place.replace("/charts/", "/plans/") for place in people], "main a[href*='/review/']", "plan")
    page.goto(f"{BASE}/attendance/sessions/?day={YESTERDAY}")
    show(page, links(page, "/notes/sessions/"), ".dw-note-row", "group-note")
    plans = [place.replace("/charts/", "/intake/") + "discharge-plan/" for place in people]
    show(page, plans, "#discharge-plan", "discharge-plan")


def case_manager(page: Page) -> None:
    """A letter, before it is signed."""
    page.goto(f"{BASE}/today/")
    people = links(page, "/charts/")
    show(page, [f"{place.replace('/charts/', '/casework/')}letters/new/" for place in people], "form", "")
    page.get_by_role("button", name="Show the letter").click()
    take(page, "letter")


def director(page: Page) -> None:
    page.goto(f"{BASE}/today/")
    take(page, "today-director")


def compliance(page: Page) -> None:
    """Which rule packs hold where, and because of what."""
    page.goto(f"{BASE}/standards/where/")
    take(page, "rules")


def links(page: Page, part: str) -> list[str]:
    """Where the page's links of that kind lead, each once."""
    found = page.locator(f"main a[href*='{part}']").evaluate_all("(all) => all.map((each) => each.href)")
    return list(dict.fromkeys(found))


def fullest(page: Page, charts: list[str]) -> str:
    """The chart whose picture has most to tell."""

    def marks(place: str) -> int:
        page.goto(place)
        return page.locator("main figure circle, main svg circle").count()

    return max(charts[:8], key=marks)


def show(page: Page, places: list[str], what: str, name: str) -> None:
    """The first of these pages that has it; a picture of it where a name is given."""
    for place in places:
        page.goto(place)
        if page.locator(what).count():
            if name:
                take(page, name)
            return
    raise SystemExit(f"No page has {what}.")


def patient(page: Page, row: dict[str, str]) -> None:
    """The week on a phone, and a question where one waits."""
    page.goto(BASE + row["path"])
    page.fill("input[name=birth_date]", row["birth_date"])
    page.press("input[name=birth_date]", "Enter")
    page.wait_for_url(re.compile(r"/my/$"))
    take(page, "patient")
    page.goto(f"{BASE}/my/questions/")
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile(r"/my/questions/."))
    take(page, "question")


def main() -> int:
    TO.mkdir(parents=True, exist_ok=True)
    path = find()
    if path is None:
        raise SystemExit("There is no Chromium on this machine; `make test` installs one.")
    jobs: tuple[tuple[str, Callable[[Page], None]], ...] = (
        ("Intake coordinator", intake),
        ("Therapist", therapist),
        ("Therapist", treatment),
        ("Case manager", case_manager),
        ("Program director", director),
        ("Compliance officer", compliance),
    )
    with clinic() as rows, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for role, job in jobs:
            row = next(each for each in rows if each["role"] == role)
            job(sign_in(window(browser, DESK), row))
        patient(window(browser, PHONE), next(each for each in rows if each["role"] == "Patient"))
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(serve_at_noon() if sys.argv[1:] == ["serve"] else main())
