"""Another story, in a real browser: a hard answer on the phone, a hospital, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from dayward.kernel.local import CHECKOUT
from tests.fixtures.server import ClinicServer, run_program
from tests.story_stage import Axe, Window, sign, write
from tests.treatment_stage import (
    Stage,
    ask_a_questionnaire,
    begin_the_questions,
    fill,
    give,
    open_own_page,
    stage_of,
)

pytestmark = pytest.mark.browser

HOSPITAL = "Harbor Fictional Hospital"
ENDED = "Higher level or hospital"
CARD = "We are here"


def test_up_to_a_hospital_and_back(clinic_server: ClinicServer, open_window: Window, axe: Axe) -> None:
    stage = stage_of(clinic_server, open_window, axe, "Noor", "Larkspur")
    therapist, phone = stage.staff("therapist"), open_own_page(stage)
    ask_a_questionnaire(stage, therapist)
    say_the_hard_thing(stage, phone)
    answer_the_alert(stage, therapist)
    write_the_step_up(stage, therapist)
    send_the_packet(stage, therapist)
    hand_over(stage, therapist)
    ask_again(stage)
    episode = come_back(clinic_server, stage.scene.person)
    open_the_episode_before(stage, therapist, episode)

    assert episode != stage.scene.episode
    assert therapist.url == stage.of("intake") + f"episode/{stage.scene.episode}/"
    assert therapist.get_by_text(ENDED).count()


def come_back(clinic: ClinicServer, person: str) -> str:
    """The way in a second time, told in the first story; the new episode."""
    code = f"from tests import treatment_scene; treatment_scene.readmit({person!r})"
    environment = {**clinic.environment, "PYTHONPATH": str(CHECKOUT)}
    return run_program(environment, "django", "--", "shell", "--no-imports", "-c", code).split()[-1]


def say_the_hard_thing(stage: Stage, phone: Page) -> None:
    """Item 9 brings the four questions at once, a yes the fifth; the person sees at once whom to call."""
    begin_the_questions(stage, phone)
    for number in range(1, 10):
        give(phone, number, "Several days")
    for words, answer in (
        ("wished you were dead", "Yes"),
        ("your family would be better off", "No"),
        ("thoughts about killing", "Yes"),
        ("ever tried", "No"),
        ("killing yourself right now", "No"),
    ):
        go_on_past_the_card(stage, phone, words)
        stage.look(phone, re.compile(words))
        phone.get_by_label(answer, exact=True).check()
        phone.get_by_role("button", name="Next").click()
    go_on_past_the_card(stage, phone, "how difficult")
    phone.get_by_label("Somewhat difficult").check()
    phone.get_by_role("button", name="Next").click()
    stage.look(phone, "Thank you")
    expect(phone.get_by_role("link", name="Call 988").first).to_be_visible()


def go_on_past_the_card(stage: Stage, phone: Page, question: str) -> None:
    """Whom to call now stands before the next question where an answer asks for it."""
    heading = phone.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(f"{CARD}|{question}"))
    if heading.inner_text() == CARD:
        stage.look(phone, CARD)
        phone.get_by_role("link", name="Go on with the questions").click()


def write_a_safety_plan(stage: Stage, therapist: Page, safety: str) -> None:
    """Elevated risk is closed only with a plan that was gone through since the alert."""
    therapist.goto(f"{safety}/plan/")
    stage.look(therapist, re.compile("."))
    write(therapist, "The sister keeps the tablets; call her, or 988.")
    sign(therapist, stage.scene.therapist, "Sign the plan")
    expect(therapist.get_by_text("The safety plan is signed").first).to_be_visible()


def answer_the_alert(stage: Stage, therapist: Page) -> None:
    """Taken up, spoken about, documented, signed: nothing else ends it."""
    therapist.goto(f"{stage.url}/today/")
    stage.look(therapist, re.compile("."))
    therapist.get_by_role("link", name="Open to view").click()
    stage.look(therapist, re.compile("."))
    therapist.get_by_role("link", name=stage.scene.called).first.click()
    stage.look(therapist, stage.scene.called)
    alert = therapist.url
    therapist.get_by_role("button", name="I have seen it and take it up").click()
    therapist.get_by_label("By phone", exact=True).check()
    therapist.get_by_role("button", name="I spoke with the person").click()
    expect(therapist.get_by_role("link", name="Document and close")).to_be_visible()
    write_a_safety_plan(stage, therapist, alert.split("/alerts/")[0])
    therapist.goto(alert)
    therapist.get_by_role("link", name="Document and close").click()
    stage.look(therapist, re.compile("."))
    therapist.get_by_label("Elevated: a safety plan is needed").check()
    therapist.get_by_label("Risk is looked at again on").fill(stage.scene.tomorrow)
    write(therapist, "Asked straight out; thoughts, no intent tonight; goes to the hospital with the sister.")
    sign(therapist, stage.scene.therapist, "Sign and close")
    expect(therapist.get_by_text("closed", exact=True).first).to_be_visible()
    stage.look(therapist, stage.scene.called)


def write_the_step_up(stage: Stage, therapist: Page) -> None:
    """They have not said yes: the episode goes on, and what is missing is said."""
    therapist.goto(stage.of("intake") + f"episode/{stage.scene.episode}/step-up/")
    stage.look(therapist, "Step up")
    fill(therapist, {"Receiving program": HOSPITAL, "Whom you talk to there": "Ada Sample, admissions"})
    fill(therapist, {"Reason": "Thoughts of suicide every day; needs more than three hours."})
    therapist.get_by_role("button", name="Hand over: the episode ends here").click()
    expect(therapist.get_by_text("The receiving program has not said yes yet.").first).to_be_visible()
    stage.look(therapist, "Step up")
    fill(therapist, {"Safety until they have arrived": "Stays with the sister, who has the medicines."})
    therapist.get_by_role("button", name="Only write down").click()
    stage.look(therapist, "Step up")


def send_the_packet(stage: Stage, therapist: Page) -> None:
    """The record, assembled for the hospital; sent in an emergency, and logged as a disclosure."""
    therapist.goto(stage.of("casework") + "summaries/write/transfer/")
    stage.look(therapist, "Transfer packet")
    fill(therapist, {"Who receives it": HOSPITAL})
    write(therapist, "Thoughts of suicide since Monday; sister drives.")
    sign(therapist, stage.scene.therapist, "Sign")
    stage.look(therapist, "Transfer packet")
    therapist.get_by_text("Medical emergency, without consent").click()
    therapist.get_by_label("What the emergency is").fill(
        "Acute suicidal thoughts; Ada Sample, by phone and fax."
    )
    therapist.get_by_role("button", name="Sent, in a medical emergency").click()
    therapist.get_by_role("link", name="In the log of disclosures").click()
    stage.look(therapist, re.compile("."))
    expect(therapist.get_by_text(HOSPITAL).first).to_be_visible()


def hand_over(stage: Stage, therapist: Page) -> None:
    """They accept, and the episode ends there."""
    therapist.goto(stage.of("intake") + f"episode/{stage.scene.episode}/step-up/")
    stage.look(therapist, "Step up")
    therapist.get_by_label("They have said yes").check()
    fill(therapist, {"Reason": "Thoughts of suicide every day; accepted for tonight."})
    therapist.get_by_role("button", name="Hand over: the episode ends here").click()
    stage.look(therapist, stage.scene.called)
    expect(therapist.get_by_text(ENDED).first).to_be_visible()


def ask_again(stage: Stage) -> None:
    """The hospital's call a while later: known here, and a new case."""
    intake = stage.staff("intake")
    intake.goto(f"{stage.url}/intake/new/")
    given, family = stage.scene.legal.split(" ", 1)
    stage.look(intake, "New inquiry")
    fill(intake, {"First name": given, "Last name": family, "Date of birth": stage.scene.born})
    intake.get_by_role("button", name="Write down").click()
    intake.get_by_role("group", name="Who is it?").get_by_label(stage.scene.called).check()
    intake.get_by_role("button", name="Go on").click()
    stage.look(intake, stage.scene.called)


def open_the_episode_before(stage: Stage, therapist: Page, episode: str) -> None:
    therapist.goto(stage.of("intake") + f"episode/{episode}/")
    stage.look(therapist, stage.scene.called)
    therapist.get_by_role("link", name="The episode before").click()
    stage.look(therapist, stage.scene.called)
