"""The story goes on, in a real browser: from the first week to an aftercare call and an alumni opt-in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.server import ClinicServer
from tests.story_stage import Axe, Window, sign, write
from tests.treatment_stage import (
    Stage,
    ask_a_questionnaire,
    begin_the_questions,
    fill,
    give,
    labelled,
    named,
    open_own_page,
    stage_of,
    write_down_the_call,
)

pytestmark = pytest.mark.browser

GOALS = "Sleep through the night again.\nGo back to the choir on Thursdays."
CALM = ("Several days",) * 2 + ("Not at all",) * 7 + ("Somewhat difficult",)


def test_from_the_first_week_to_an_alumni_call(
    clinic_server: ClinicServer, open_window: Window, axe: Axe
) -> None:
    stage = stage_of(clinic_server, open_window, axe, "Wren", "Ashgrove")
    therapist, phone = stage.staff("therapist"), open_own_page(stage)
    the_first_week(stage, therapist)
    ask_a_questionnaire(stage, therapist)
    answer_it(stage, phone, CALM)
    write_the_plan(stage, therapist)
    the_team_signs(stage)
    sign_the_plan_on_the_phone(stage, phone)
    write_the_group_note(stage, therapist)
    write_the_individual_note(stage, therapist)
    change_a_medication(stage)
    finish_getting_started(stage, therapist)
    review_the_plan(stage, therapist)
    step_down(stage, therapist)
    letter = get_a_letter(stage, phone)
    plan_the_discharge(stage, therapist)
    discharge(stage, therapist)
    summary = sign_the_summary(stage, therapist)
    call_after_discharge(stage)
    before, after = join_the_alumni(stage, phone)

    assert letter.startswith(b"%PDF") and summary.startswith(b"%PDF")
    assert (before, after) == (0, 1)


# -- the first week --------------------------------------------------------------------------------------------


def the_first_week(stage: Stage, therapist: Page) -> None:
    """The list, item by item, and the call of day 3, which is late."""
    therapist.goto(stage.of("charts"))
    stage.look(therapist, stage.scene.called)
    first_week = therapist.get_by_role("region", name="First week")
    first_week.get_by_role("link", name=re.compile(r"^\d+ of \d+ done$")).click()
    stage.look(therapist, "The first week")
    for item in ("Shown around", "Handbook and expectations", "Schedule handed out"):
        therapist.get_by_role("button", name=named("Done", item)).click()
        expect(therapist.get_by_role("button", name=named("Take back", item))).to_be_visible()
    for item, text in (
        ("Somebody to sit with", "Jo, our peer worker, on the first two mornings"),
        ("At least two goals", GOALS),
        ("What could get in the way", "The bus on Mondays."),
    ):
        line = therapist.get_by_role("listitem").filter(has_text=item)
        line.get_by_role("textbox").fill(text)
        line.get_by_role("button", name="Write down").click()
        expect(therapist.get_by_role("button", name=named("Take back", item))).to_be_visible()
    therapist.get_by_role("link", name="Call on day 3").click()
    write_down_the_call(stage, therapist, "Says the mornings help; tired from the bus.")
    stage.look(therapist, "The first week")
    expect(therapist.get_by_role("link", name="Call on day 3")).to_have_count(0)


def answer_it(stage: Stage, phone: Page, answers: tuple[str, ...]) -> None:
    """One question a page, on the phone."""
    begin_the_questions(stage, phone)
    for number, answer in enumerate(answers, 1):
        give(phone, number, answer)
    stage.look(phone, "Thank you")


# -- the plan --------------------------------------------------------------------------------------------------


def write_the_plan(stage: Stage, therapist: Page) -> None:
    """It begins with what is known; what is missing is said until nothing is."""
    therapist.goto(stage.of("plans") + "start/")
    stage.look(therapist, "Treatment plan")
    therapist.get_by_role("button", name="Begin the plan").click()
    therapist.wait_for_url("**/edit/")
    stage.look(therapist, "Treatment plan")
    for label, text in (
        ("Goal, in the person's words", "Sleep through the night, and sing on Thursdays."),
        ("Objective", "Go to bed by eleven on five nights a week."),
        ("Reached when", "Five of seven nights in the log, two weeks in a row"),
    ):
        for box in therapist.get_by_label(label, exact=True).all():
            if not box.input_value():
                box.fill(text)
    write(therapist, "Talked about together.")
    therapist.get_by_role("button", name="Go on to sign").click()
    sign_the_plan(stage, therapist, stage.scene.therapist)


def sign_the_plan(stage: Stage, page: Page, name: str) -> None:
    stage.look(page, "Treatment plan")
    page.get_by_label("Type your full name to sign", exact=True).fill(name)
    page.get_by_role("button", name="Sign the plan").click()
    signatures = page.get_by_role("region", name="Signatures")
    expect(signatures.get_by_role("listitem").filter(has_text=name).filter(has_text="signed")).to_be_visible()


def the_team_signs(stage: Stage) -> None:
    """Each with a credential of their own."""
    for role, name in (("case_manager", stage.scene.case_manager), ("prescriber", stage.scene.prescriber)):
        page = stage.staff(role)
        page.goto(stage.of("charts"))
        page.get_by_role("region", name="Plan").get_by_role(
            "link", name=re.compile("Sign|Read|Open")
        ).first.click()
        sign_the_plan(stage, page, name)


def sign_the_plan_on_the_phone(stage: Stage, phone: Page) -> None:
    """Read in the words that the team signed, and signed from home."""
    phone.goto(f"{stage.url}/my/plan/")
    stage.look(phone, "My plan")
    phone.get_by_role("link", name="Read and sign").click()
    stage.look(phone, "The whole plan")
    phone.get_by_label("Type your full name to sign").fill(stage.scene.legal)
    phone.get_by_role("button", name="Sign the plan").click()
    stage.look(phone, "My plan")
    expect(phone.get_by_text("Sleep through the night").first).to_be_visible()


# -- notes -----------------------------------------------------------------------------------------------------


def write_the_group_note(stage: Stage, therapist: Page) -> None:
    """One page for the session: the text for everybody, and a row for the person."""
    therapist.goto(f"{stage.url}/attendance/sessions/?day={stage.scene.yesterday}&mine")
    stage.look(therapist, "Roll call")
    therapist.get_by_role("link", name=re.compile(f"notes? signed {stage.scene.group}")).click()
    stage.look(therapist, stage.scene.group)
    therapist.get_by_label("What the group worked on").fill("Read three situations and practiced saying no.")
    row = therapist.get_by_role("group", name=stage.scene.called)
    row.get_by_label("actively").check()
    row.get_by_label("Response, and a sentence in their words").fill(
        "Said no to the late shift, out loud, twice."
    )
    row.get_by_label("Objective", exact=True).select_option(index=1)
    sign(therapist, stage.scene.therapist, "Sign all that are ready")
    expect(therapist.get_by_text("All notes signed")).to_be_visible()
    stage.look(therapist, stage.scene.group)


def write_the_individual_note(stage: Stage, therapist: Page) -> None:
    """From what is due, to the note of the talk, with the objective of the plan."""
    therapist.goto(f"{stage.url}/attendance/sessions/?day={stage.scene.yesterday}&mine")
    therapist.get_by_role("link", name=re.compile("notes? signed Individual")).click()
    stage.look(therapist, "Individual note")
    therapist.get_by_label("Objective", exact=True).select_option(index=1)
    for label, text in (
        ("What it was about", "The first week, and Mondays."),
        ("What was done, and how it was met", "Went through Monday morning step by step."),
        ("Toward the objective", "In bed by eleven on three nights."),
    ):
        therapist.get_by_label(label).fill(text)
    sign(therapist, stage.scene.therapist, "Sign the note")
    stage.look(therapist, "Individual note")
    expect(therapist.get_by_text(f"Signed by {stage.scene.therapist}").first).to_be_visible()


# -- medication ------------------------------------------------------------------------------------------------


def change_a_medication(stage: Stage) -> None:
    """Begun and raised, each time with the reason and the day of the next look."""
    prescriber = stage.staff("prescriber")
    prescriber.goto(stage.of("medications"))
    stage.look(prescriber, "Medication")
    prescriber.get_by_role("link", name="Add a medication").click()
    stage.look(prescriber, "Add a medication")
    fill(
        prescriber,
        {"Medication": "Sertraline", "Dose": "25 mg", "How often": "every morning", "Why": "Low mood"},
    )
    sign(prescriber, stage.scene.prescriber, "Sign and add")
    stage.look(prescriber, "Medication")
    prescriber.get_by_role("row", name=re.compile("Sertraline")).first.get_by_role(
        "link", name="Change"
    ).click()
    stage.look(prescriber, "Sertraline")
    prescriber.get_by_label("Raise").check()
    fill(prescriber, {"Dose": "50 mg", "Why": "Tolerated well; mood still low"})
    sign(prescriber, stage.scene.prescriber, "Sign the change")
    stage.look(prescriber, "Medication")
    expect(prescriber.get_by_role("region", name="Takes now").get_by_text("50 mg")).to_be_visible()


# -- review, step down -----------------------------------------------------------------------------------------


def finish_getting_started(stage: Stage, therapist: Page) -> None:
    """What is still open is said, and goes along."""
    therapist.goto(stage.of("intake") + "first-week/")
    therapist.get_by_role("button", name="Finish getting started").click()
    stage.look(therapist, stage.scene.called)


def review_the_plan(stage: Stage, therapist: Page) -> None:
    """A step-down review: what has changed, and that the person agrees."""
    therapist.goto(stage.of("plans"))
    stage.look(therapist, "Treatment plan")
    therapist.get_by_role("link", name="Step-down review").click()
    stage.look(therapist, "Step-down review")
    therapist.get_by_role("button", name="Begin the review").click()
    stage.look(therapist, "Step-down review")
    for choice in ("Getting closer", "Agrees", "Reached"):
        for box in therapist.get_by_label(choice, exact=True).all():
            box.check()
    for rating in therapist.get_by_label("Now", exact=True).all():
        rating.select_option(index=1)
    therapist.get_by_label("Stable since").fill(stage.scene.stable)
    write(therapist, "In bed by eleven on four nights; back at the choir.")
    sign(therapist, stage.scene.therapist, "Sign the review")
    stage.look(therapist, "Treatment plan")


def step_down(stage: Stage, therapist: Page) -> None:
    """From five days to three: which seats fall away shows before it is done."""
    therapist.goto(stage.of("intake") + f"episode/{stage.scene.episode}/")
    stage.look(therapist, stage.scene.called)
    therapist.get_by_role("link", name="Step down", exact=True).click()
    stage.look(therapist, "Step down")
    therapist.get_by_label("Days a week").fill("3")
    therapist.get_by_label("Hours a week").fill("9")
    for box in therapist.get_by_role("group", name="Days that stay").get_by_role("checkbox").all()[3:]:
        box.uncheck()
    changes = therapist.get_by_role("region", name="What changes")
    expect(changes.get_by_text("These seats fall away")).to_be_visible()
    therapist.get_by_label("Why now").fill("Mornings hold; back to work on two days.")
    therapist.get_by_role("button", name="Step down", exact=True).click()
    stage.look(therapist, stage.scene.called)
    expect(therapist.get_by_role("row").filter(has_text="3 days")).to_be_visible()


# -- a letter --------------------------------------------------------------------------------------------------


def get_a_letter(stage: Stage, phone: Page) -> bytes:
    """Asked for by the person, written from the roll, handed over: no disclosure, a neutral name on top."""
    phone.goto(f"{stage.url}/my/more/letters/")
    stage.look(phone, "Letters")
    phone.get_by_label("My work").check()
    phone.get_by_role("button", name="Ask for it").click()
    expect(phone.get_by_text("Your team is writing it")).to_be_visible()
    page = stage.staff("case_manager")
    page.goto(stage.of("casework") + "letters/")
    stage.look(page, "Letters")
    page.get_by_role("region", name="Waiting").get_by_role("link").first.click()
    stage.look(page, "Letter")
    page.get_by_role("button", name="Show the letter").click()
    expect(page.get_by_role("region", name="What the reader learns")).to_be_visible()
    stage.look(page, "Letter")
    sign(page, stage.scene.case_manager, "Sign the letter")
    page.get_by_role("button", name="Handed over").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.wait_for_load_state()
    expect(page.get_by_role("link", name="In the log of disclosures")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Signed, not handed over yet")).to_be_visible()
    phone.reload()
    stage.look(phone, "Letters")
    with phone.expect_download() as kept:
        phone.get_by_role("link", name="Keep the letter (PDF)").click()
    letter = kept.value.path().read_bytes()
    page.reload()
    expect(page.get_by_text("Taken from their own page")).to_be_visible()
    return letter


# -- leaving ---------------------------------------------------------------------------------------------------


def plan_the_discharge(stage: Stage, therapist: Page) -> None:
    """What comes after is settled, with somebody who sees the person within seven days."""
    therapist.goto(stage.of("intake") + "discharge-plan/")
    stage.look(therapist, "Discharge plan")
    for box in therapist.get_by_role("main").locator("textarea:visible").all():
        box.fill("Talked through; the person has it in hand.")
    therapist.get_by_label("Last day").fill(stage.scene.tomorrow)
    therapist.get_by_label("Secular meetings").check()
    therapist.get_by_label("The person does not want it").check()
    therapist.get_by_role("button", name="Save", exact=True).click()
    expect(therapist.get_by_text("The discharge plan is saved.")).to_be_visible()
    therapist.get_by_role("link", name="Add an appointment").click()
    stage.look(therapist, "Add an appointment")
    fill(
        therapist,
        {"With whom": "Dr. Example", "Phone": "218 555 0190", "Day": stage.scene.soon, "Time": "10:00"},
    )
    therapist.get_by_role("button", name="Add an appointment").click()
    stage.look(therapist, "Discharge plan")
    expect(therapist.get_by_text("within 7 days")).to_be_visible()
    expect(therapist.get_by_text("Everything is settled.")).to_be_visible()
    therapist.get_by_role("button", name="The person has a copy").click()
    therapist.get_by_role("button", name="Plan the discharge").click()
    stage.look(therapist, stage.scene.called)


def discharge(stage: Stage, therapist: Page) -> None:
    """Completed, with aftercare opened in the same step."""
    therapist.get_by_role("link", name="Discharge", exact=True).click()
    stage.look(therapist, "Discharge")
    labelled(therapist, "Type").select_option(label="Completed the program")
    therapist.get_by_label("Course and reason").fill("Goals reached; goes on with Dr. Example.")
    therapist.get_by_role("button", name="Discharge", exact=True).click()
    stage.look(therapist, stage.scene.called)
    expect(therapist.get_by_text("Completed the program").first).to_be_visible()


def sign_the_summary(stage: Stage, therapist: Page) -> bytes:
    """Assembled from the record; the therapist adds the story, signs, and it is a PDF."""
    therapist.goto(stage.of("casework") + "summaries/")
    stage.look(therapist, "Summaries and packets")
    therapist.get_by_role("link", name="Discharge summary").first.click()
    stage.look(therapist, "Discharge summary")
    write(therapist, "Came with low mood; sleeps and sings again.")
    sign(therapist, stage.scene.therapist, "Sign")
    stage.look(therapist, "Discharge summary")
    with therapist.expect_download() as kept:
        therapist.get_by_role("link", name="PDF").click()
    return kept.value.path().read_bytes()


# -- afterwards ------------------------------------------------------------------------------------------------


def call_after_discharge(stage: Stage) -> None:
    """The first call, kept: the person was reached."""
    page = stage.staff("case_manager")
    page.goto(f"{stage.url}/intake/aftercare/")
    stage.look(page, "Aftercare")
    page.get_by_role("link", name=stage.scene.called).click()
    stage.look(page, stage.scene.called)
    page.get_by_role("link", name="Write down a call").click()
    write_down_the_call(stage, page, "Sleeps well; saw Dr. Example's office.")
    stage.look(page, stage.scene.called)
    expect(page.get_by_text("Sleeps well; saw Dr. Example's office.")).to_be_visible()


def join_the_alumni(stage: Stage, phone: Page) -> tuple[int, int]:
    """By the person's own form; nobody enters them. How often the coordinator sees them before and after."""
    alva = stage.staff("alumni")
    alva.goto(f"{stage.url}/intake/alumni/")
    stage.look(alva, "Alumni")
    before = alva.get_by_role("link", name=stage.scene.called).count()
    phone.goto(f"{stage.url}/my/")
    stage.look(phone, "Hello, Wren")
    phone.get_by_role("button", name="Read the form to join").click()
    stage.look(phone, re.compile("."))
    phone.get_by_label("Type your full name to sign").fill(stage.scene.legal)
    phone.get_by_role("button", name="Sign and go on").click()
    stage.look(phone, re.compile("."))
    alva.reload()
    stage.look(alva, "Alumni")
    return before, alva.get_by_role("link", name=stage.scene.called).count()
