"""The patient's page in a browser: the link, both languages, three widths, and Help now without a network."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.server import ClinicServer

pytestmark = pytest.mark.browser

WIDTHS = (390, 1024, 1440)
PAGES = ("", "forms/", "help/")
IN_CARE = ("questions/", "plan/", "progress/", "more/", "more/letters/", "more/meetings/")
ASKED = """
from dayward.chart.measures.services import ask
from dayward.demo.rows.links import LINKS
from dayward.demo.ledger import public_id
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.people.models import Person, StaffMember
staff = StaffMember.objects.filter(user__isnull=False).first()
person = Person.objects.get(public_id=public_id(Person, LINKS["Patient"]))
ask(actor=staff_actor(staff.user), person=person, instrument="phq-9")
"""

Window = Callable[..., BrowserContext]
Axe = Callable[[Page], None]
LISTED = """
from dayward.demo.sign_ins import sign_ins
print([each.path + ' ' + each.birth_date for each in sign_ins() if each.path])
"""


@pytest.fixture(scope="module")
def links(clinic_server: ClinicServer) -> list[tuple[str, str]]:
    """The patients' links of the demo clinic, each with the date of birth it asks for."""
    said = clinic_server.run("django", "--", "shell", "--no-imports", "-c", LISTED)
    line = next(each for each in said.splitlines() if each.startswith("["))
    found = [(path, born) for path, born in (each.split() for each in line.strip("[]'").split("', '"))]
    assert found, "the demo has no patient's link"
    return found


def enter(window: BrowserContext, clinic_server: ClinicServer, link: tuple[str, str]) -> Page:
    page = window.new_page()
    path, born = link
    page.goto(clinic_server.url + path)
    page.locator("input[name=birth_date]").fill(born)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/my/")
    return page


def kept(page: Page) -> None:
    """Wait until the worker has kept its files, which is when it is active.

    A page that is loaded meanwhile is not led by it, nor ever will be; the next one is.
    """
    page.wait_for_function("() => navigator.serviceWorker.ready.then((found) => found.active !== null)")


def test_every_page_fits_and_is_accessible(
    clinic_server: ClinicServer, links: list[tuple[str, str]], open_window: Window, axe: Axe
) -> None:
    for link in links:
        page = enter(open_window(width=WIDTHS[0]), clinic_server, link)
        for path in (*PAGES, *(IN_CARE if link == links[0] else ())):
            page.goto(f"{clinic_server.url}/my/{path}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                axe(page)
                assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (path, width)
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def test_the_other_language_is_one_tap_away(
    clinic_server: ClinicServer, links: list[tuple[str, str]], open_window: Window, axe: Axe
) -> None:
    page = enter(open_window(width=390), clinic_server, links[0])
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("link", name="Mi semana")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="My week")).to_be_visible()


def test_help_now_opens_without_a_network(clinic_server: ClinicServer, open_window: Window, axe: Axe) -> None:
    window = open_window(width=390)
    page = window.new_page()
    page.goto(f"{clinic_server.url}/my/help/")
    kept(page)
    window.set_offline(True)
    page.goto(f"{clinic_server.url}/my/")
    expect(page.get_by_role("link", name="Call 988")).to_be_visible()
    axe(page)


#: Everything a browser keeps beside cookies: names of stores, and the pages among the files of the worker.
KEPT = """async () => {
    const stores = [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
    const databases = (await indexedDB.databases()).map((each) => each.name);
    const files = [];
    for (const name of await caches.keys())
        files.push(...(await (await caches.open(name)).keys()).map((each) => new URL(each.url).pathname));
    return [...stores, ...databases, ...files.filter((path) => !path.startsWith("/static/"))];
}"""
TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")  # of the form: another one each time
HELP_AS_KEPT = "async () => (await caches.match('/my/help/')).text()"


def test_the_phone_keeps_nothing_of_a_person(
    clinic_server: ClinicServer, links: list[tuple[str, str]], open_window: Window
) -> None:
    """The worker keeps "Help now" as everybody sees it, though somebody is signed in when it is fetched."""
    page = enter(open_window(width=390), clinic_server, links[0])
    for path in (*PAGES, *IN_CARE):
        page.goto(f"{clinic_server.url}/my/{path}")
    kept(page)
    assert [each for each in page.evaluate(KEPT) if each != "htmx-current-path-for-history"] == ["/my/help/"]
    seen_by_anybody = page.evaluate("async () => (await fetch('/my/help/', {credentials: 'omit'})).text()")
    assert TOKEN.sub("", page.evaluate(HELP_AS_KEPT)) == TOKEN.sub("", seen_by_anybody)


def test_leaving_ends_the_session(
    clinic_server: ClinicServer, links: list[tuple[str, str]], open_window: Window
) -> None:
    page = enter(open_window(width=390), clinic_server, links[0])
    page.get_by_role("button", name="Leave my page").click()
    expect(page.get_by_role("heading", name="You have left your page.")).to_be_visible()
    page.goto(f"{clinic_server.url}/my/forms/")
    expect(page.get_by_label("Your code")).to_be_visible()


def test_questions_one_by_one_without_javascript(
    clinic_server: ClinicServer, links: list[tuple[str, str]], open_window: Window
) -> None:
    """Item 9 asks the four questions at once, on the same phone; the form goes on, and ends with thanks."""
    clinic_server.run("django", "--", "shell", "--no-imports", "-c", ASKED)
    page = enter(open_window(width=390, java_script_enabled=False), clinic_server, links[0])
    page.goto(f"{clinic_server.url}/my/questions/")
    page.get_by_role("button", name="Start").first.click()
    for _question in range(8):
        choose(page, "Not at all")
    choose(page, "Several days")
    expect(page.get_by_role("heading", name="We are here")).to_be_visible()
    page.get_by_role("link", name="Go on with the questions").click()
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("radio", name="Several days")).to_be_checked()
    page.goto(f"{clinic_server.url}/my/questions/")
    page.get_by_role("button", name="Go on").first.click()
    for _question in range(4):
        choose(page, "No")
    choose(page, "Not difficult at all")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_the_question_pages_are_accessible(
    clinic_server: ClinicServer, links: list[tuple[str, str]], open_window: Window, axe: Axe
) -> None:
    clinic_server.run("django", "--", "shell", "--no-imports", "-c", ASKED)
    page = enter(open_window(width=390), clinic_server, links[0])
    page.goto(f"{clinic_server.url}/my/questions/")
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_text("Question 1 of 10")).to_be_visible()
    axe(page)
    for _question in range(8):
        choose(page, "Not at all")
    choose(page, "Nearly every day")
    expect(page.get_by_role("heading", name="We are here")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Go on with the questions").click()
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    axe(page)
    for _question in range(4):
        choose(page, "No")
    expect(page.get_by_role("radio", name="Not difficult at all")).to_be_visible()
    axe(page)
    choose(page, "Not difficult at all")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    axe(page)


def choose(page: Page, answer: str) -> None:
    """And another page is there afterwards: the next question asks with the same words to choose from."""
    page.get_by_role("radio", name=answer, exact=True).check()
    heading = page.get_by_role("heading", level=1)
    question = heading.inner_text()
    page.get_by_role("button", name="Next").click()
    expect(heading).not_to_have_text(question)


PLANNED = """
from dayward.chart.safety.factories import signed_plan
from dayward.demo.rows.links import LINKS
from dayward.demo.ledger import public_id
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.people.models import Credential, Person
person = Person.objects.get(public_id=public_id(Person, LINKS["Patient"]))
staff = Credential.objects.filter(kind="social_worker", staff__user__isnull=False).first().staff
signed_plan(actor=staff_actor(staff.user), person=person)
"""


def test_the_safety_plan_opens_without_a_network_for_who_asked(
    clinic_server: ClinicServer, links: list[tuple[str, str]], open_window: Window, axe: Axe
) -> None:
    """Kept by the person's word alone, opened signed out and offline, and taken off again."""
    clinic_server.run("django", "--", "shell", "--no-imports", "-c", PLANNED)
    window = open_window(width=390)
    page = enter(window, clinic_server, links[0])
    kept(page)
    page.goto(f"{clinic_server.url}/my/more/safety/")
    axe(page)
    page.get_by_role("button", name="Keep it on this phone").click()
    expect(page.get_by_text("This phone keeps a copy.")).to_be_visible()
    assert page.evaluate("() => caches.has('dayward-own-plan')")
    window.clear_cookies()
    window.set_offline(True)
    page.goto(f"{clinic_server.url}/my/help/")
    page.get_by_role("link", name="My safety plan").click()
    expect(page.get_by_text("Walk the dog")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Take it off this phone").click()
    page.wait_for_url("**/my/help/")
    assert not page.evaluate("() => caches.has('dayward-own-plan')")
    expect(page.get_by_role("link", name="Call 988")).to_be_visible()
    expect(page.get_by_role("link", name="My safety plan")).to_have_count(0)
    page.goto(f"{clinic_server.url}/my/more/safety/kept/")
    expect(page.get_by_text("Walk the dog")).to_have_count(0)
