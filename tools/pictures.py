"""The pictures of README and docs: the demo clinic, opened in a real Chromium, page by page.

    make pictures

Keeps its clinic in `var/pictures` (or DAYWARD_VAR), so a second run is quick. Writes `docs/pictures/*.png`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.chromium import find

ROOT = Path(__file__).resolve().parent.parent
TO = ROOT / "docs" / "pictures"
PORT = 8099
BASE = f"http://localhost:{PORT}"
DESK, PHONE = (1440, 900), (390, 844)


@contextmanager
def demo() -> Iterator[str]:
    """A running demo; what it printed, sign-ins included."""
    var = os.environ.get("DAYWARD_VAR") or str(ROOT / "var" / "pictures")
    program = Path(sys.executable).with_name("dayward")
    process = subprocess.Popen(
        [str(program), "demo", "--port", str(PORT)],
        env={**os.environ, "DAYWARD_VAR": var},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield "".join(_until_ready(process))
    finally:
        process.terminate()
        process.wait(60)


def _until_ready(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        sys.stdout.write(line)
        yield line
        if "Everybody in this clinic is made up" in line:
            return
    raise SystemExit("The demo did not start.")


def sign_in(browser: Browser, said: str, role: str, size: tuple[int, int]) -> Page:
    """A window in which somebody with the role is signed in."""
    found = re.search(rf"^\s+{role}\s+(\S+@\S+)\s+(\S+)", said, re.MULTILINE)
    assert found, role
    page = window(browser, size)
    page.goto(f"{BASE}/account/sign-in/")
    page.fill("input[name=login]", found[1])
    page.fill("input[name=password]", found[2])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/(today|intake)/"))
    return page


def window(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TO / f"{name}.png")
    sys.stdout.write(f"  docs/pictures/{name}.png\n")


def intake(page: Page) -> None:
    """The pipeline and a waiting referral."""
    page.goto(f"{BASE}/intake/")
    take(page, "pipeline-1440")
    page.goto(f"{BASE}/referrals/")
    page.locator("main table a").first.click()
    take(page, "referral-1440")


def therapist(page: Page) -> None:
    """A chart, the week by room, and a roll."""
    page.goto(f"{BASE}/today/")
    page.locator("main a[href*='/charts/']").first.click()
    take(page, "chart-1440")
    page.goto(f"{BASE}/schedule/week/?day={_weekday()}")
    take(page, "week-1440")
    page.goto(f"{BASE}/attendance/?day={_weekday()}")
    page.locator("main a[href*='/attendance/sessions/']").first.click()
    take(page, "roll-1440")


def _weekday() -> str:
    """The last day from Monday to Thursday before today: every track meets."""
    day = time.time() - 86400
    while time.localtime(day).tm_wday > 3:
        day -= 86400
    return time.strftime("%Y-%m-%d", time.localtime(day))


def patient(page: Page, said: str) -> None:
    """The week on a phone."""
    found = re.search(r"^\s+Patient\s+(\S+)\s+born (\S+)", said, re.MULTILINE)
    assert found
    page.goto(BASE + found[1])
    page.fill("input[name=birth_date]", found[2])
    page.press("input[name=birth_date]", "Enter")
    page.wait_for_url(re.compile(r"/my/$"))
    take(page, "patient-390")


def main() -> int:
    TO.mkdir(parents=True, exist_ok=True)
    path = find()
    if path is None:
        raise SystemExit("There is no Chromium on this machine; `make test` installs one.")
    with demo() as said, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        jobs: list[tuple[str, Callable[[Page], None]]] = [
            ("Intake coordinator", intake),
            ("Therapist", therapist),
        ]
        for role, job in jobs:
            job(sign_in(browser, said, role, DESK))
        patient(window(browser, PHONE), said)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
