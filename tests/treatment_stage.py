"""Windows in which a story of treatment is told, and what its pages have in common."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from dayward.kernel.local import CHECKOUT
from tests.fixtures.server import ClinicServer, run_program
from tests.story_stage import Axe, Window, Windows
from tests.treatment_scene import Scene

PHONE = 390


@dataclass(kw_only=True)
class Stage(Windows):
    """The windows, and who is in the story."""

    scene: Scene

    def of(self, kind: str) -> str:
        """The address of a page about the person."""
        return f"{self.url}/{kind}/{self.scene.person}/"

    def staff(self, role: str) -> Page:
        return self.sign_in(self.scene.emails[role])


def set_the_scene(clinic: ClinicServer, given: str, family: str) -> Scene:
    environment = {**clinic.environment, "PYTHONPATH": str(CHECKOUT)}
    code = f"from tests import treatment_scene; treatment_scene.prepare({given!r}, {family!r})"
    said = run_program(environment, "django", "--", "shell", "--no-imports", "-c", code)
    return Scene(**json.loads(said.splitlines()[-1]))


def stage_of(clinic: ClinicServer, window: Window, axe: Axe, given: str, family: str) -> Stage:
    """The windows of a story about somebody of this name."""
    scene = set_the_scene(clinic, given, family)
    return Stage(url=clinic.url, width=1440, password=scene.password, window=window, axe=axe, scene=scene)


def open_own_page(stage: Stage) -> Page:
    """By the link, on a phone."""
    phone = stage.window(width=PHONE, height=844).new_page()
    phone.goto(stage.url + stage.scene.link)
    phone.locator("input[type=date]").fill(stage.scene.born)
    phone.get_by_role("button", name="Open my page").click()
    stage.look(phone, f"Hello, {stage.scene.called.split()[0]}")
    return phone


def named(word: str, what: str) -> re.Pattern[str]:
    """A button whose hidden words say what it is about."""
    return re.compile(rf"{word}\s*:\s*{what}")


def labelled(page: Page, label: str) -> Locator:
    """The field of exactly this label, needed or not."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}(\* \(required\))?$"))


def fill(page: Page, texts: dict[str, str]) -> None:
    for label, text in texts.items():
        labelled(page, label).fill(text)


def write_down_the_call(stage: Stage, page: Page, words: str) -> None:
    stage.look(page, re.compile("call", re.I))
    page.get_by_label("How they are, in their words").fill(words)
    page.get_by_role("button", name="Write down the call").click()


def ask_a_questionnaire(stage: Stage, therapist: Page) -> None:
    therapist.goto(stage.of("measures"))
    stage.look(therapist, "Measures")
    asking = therapist.locator(".dw-measure-ask", has=therapist.get_by_role("heading", name="PHQ-9"))
    asking.get_by_role("button", name="On their own page").click()
    stage.look(therapist, "Measures")
    expect(therapist.get_by_text("waits on the person's page")).to_be_visible()


def begin_the_questions(stage: Stage, phone: Page) -> None:
    phone.goto(f"{stage.url}/my/questions/")
    stage.look(phone, "Questions")
    phone.get_by_role("listitem").filter(has_text="depression").get_by_role("button", name="Start").click()
    stage.look(phone, re.compile("Little interest"))


def give(phone: Page, number: int, answer: str) -> None:
    expect(phone.get_by_text(f"Question {number} of", exact=False).first).to_be_visible()
    phone.get_by_label(answer, exact=True).check()
    phone.get_by_role("button", name="Next").click()
