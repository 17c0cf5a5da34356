"""A referral becomes a person with a seat and a counted week: one story, told in a real browser.

Intake sits at a desk and the therapist goes about with a phone; each page has to fit both.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dayward.kernel.local import CHECKOUT
from tests.fixtures.server import ClinicServer, run_program
from tests.story_hour import Hour
from tests.story_stage import Axe, Window, Windows, said, sign, write

pytestmark = pytest.mark.browser

DOCUMENTS = CHECKOUT / "dayward" / "care" / "referrals" / "tests" / "documents"
DESK, PHONE = 1440, 390
FEWEST_FORMS = 3  # in anybody's packet


@dataclass(frozen=True)
class Patient:
    """Who the document is about, and what the story needs to know of it."""

    file: Path
    legal: str
    called: str
    born: str
    facility: str
    diagnosis: str
    language: str


ROSALIA = Patient(
    DOCUMENTS / "discharge_bundle.json",
    legal="Rosalía Marit Ñúñez-Quist III",
    called="Rosa Ñúñez-Quist",
    born="1991-04-23",
    facility="Harbor Fictional Hospital",
    diagnosis="F33.1",
    language="es",
)
MATEO = Patient(
    DOCUMENTS / "discharge_summary.xml",
    legal="Mateo José Ávila-Brandt Jr.",
    called="Teo Ávila-Brandt",
    born="1987-09-14",
    facility="Lakeside Fictional Hospital",
    diagnosis="F43.10",
    language="en",
)


@dataclass(frozen=True)
class Words:
    """What the patient's page says."""

    your_page: str
    open_page: str
    hello: str
    start: str
    type_name: str
    sign: str
    my_forms: str
    all_done: str


WORDS = {
    "en": Words("Your page", "Open my page", "Hello, Teo", "Start reading", "Type your full name to sign",
                "Sign and go on", "My forms", "All done. Thank you."),
    "es": Words("Su página", "Abrir mi página", "Hola, Rosa", "Empezar a leer",
                "Escriba su nombre completo para firmar", "Firmar y seguir", "Mis hojas",
                "Todo listo. Gracias."),
}  # fmt: skip


@dataclass(kw_only=True)
class Stage(Windows):
    """The windows, and the hour in which the story happens."""

    hour: Hour


@pytest.fixture(scope="module")
def hour(clinic_server: ClinicServer) -> Hour:
    """Made once for the clinic of these tests."""
    environment = {**clinic_server.environment, "PYTHONPATH": str(CHECKOUT)}
    code = "from tests import story_hour; story_hour.prepare()"
    said = run_program(environment, "django", "--", "shell", "--no-imports", "-c", code)
    return Hour(**json.loads(said.splitlines()[-1]))


@pytest.fixture
def stage(clinic_server: ClinicServer, hour: Hour, open_window: Window, axe: Axe) -> Stage:
    return Stage(
        url=clinic_server.url,
        width=DESK,
        fits=(DESK, PHONE),
        password=hour.password,
        window=open_window,
        axe=axe,
        hour=hour,
    )


def test_a_referral_becomes_a_seat_and_a_counted_week(stage: Stage) -> None:
    patient, intake = ROSALIA, stage.sign_in(stage.hour.intake)
    read_the_referral(stage, intake, patient)
    accept(stage, intake, patient)
    case = intake.url
    screen(stage, intake, patient)
    book_the_assessment(stage, intake, patient)

    therapist = stage.sign_in(stage.hour.therapist_email, PHONE)
    chart = open_the_chart(stage, therapist, patient)
    assess(stage, therapist, patient)
    state_the_risk(stage, therapist, chart)
    decide_the_level(stage, therapist, chart)

    be_refused_the_admission(stage, intake, case)
    phone = open_own_page(stage, prepare_the_packet(stage, intake, chart), patient)
    signed = sign_on_the_phone(stage, phone, patient)
    admit(stage, intake, case, patient)
    enroll(stage, intake)
    take_the_roll(stage, therapist, patient)
    correct_the_roll(stage, therapist, chart, patient)
    hours = hours_everywhere(stage, therapist, chart, phone, patient)

    assert len(signed) >= FEWEST_FORMS
    assert hours == ["15 min of 9 h", "15 min of 9 h", "15 min de 9 h"]


def test_a_document_of_the_other_kind_becomes_a_signed_packet_on_a_phone(stage: Stage) -> None:
    """As far as another document and another language make a difference."""
    stage.width, stage.fits = PHONE, ()
    patient, intake = MATEO, stage.sign_in(stage.hour.intake)
    read_the_referral(stage, intake, patient)
    accept(stage, intake, patient)
    screen(stage, intake, patient)
    book_the_assessment(stage, intake, patient)
    chart = open_the_chart(stage, intake, patient)
    phone = open_own_page(stage, prepare_the_packet(stage, intake, chart), patient)
    signed = sign_on_the_phone(stage, phone, patient)

    assert len(signed) >= FEWEST_FORMS
    assert said(phone, WORDS[patient.language].all_done)


# -- the way in ------------------------------------------------------------------------------------------------


def read_the_referral(stage: Stage, intake: Page, patient: Patient) -> None:
    """The preview says what was understood, before anything is written down."""
    intake.goto(f"{stage.url}/referrals/")
    stage.look(intake, "Referrals")
    if intake.get_by_label("For which site").count():
        intake.get_by_label("For which site").select_option(label=stage.hour.site)
    intake.locator("input[type=file]").set_input_files(patient.file)
    intake.get_by_role("button", name="Read them").click()
    stage.look(intake, patient.legal)
    expect(intake.get_by_text(patient.facility).first).to_be_visible()
    expect(intake.get_by_text(patient.diagnosis).first).to_be_visible()


def accept(stage: Stage, intake: Page, patient: Patient) -> None:
    """Somebody new, with a case in the pipeline."""
    intake.get_by_role("button", name="Accept", exact=True).click()
    stage.look(intake, patient.called)
    expect(intake.get_by_text(patient.facility).first).to_be_visible()


def screen(stage: Stage, intake: Page, patient: Patient) -> None:
    """No red flag; work that the week has to fit around."""
    intake.get_by_role("link", name="Change About this case").click()
    stage.look(intake, "About this case")
    intake.get_by_label("Program").select_option(label=stage.hour.program)
    intake.get_by_role("button", name="Save", exact=True).click()
    stage.look(intake, patient.called)
    intake.get_by_role("link", name="Screen", exact=True).click()
    stage.look(intake, "Screening for fit")
    for question in intake.get_by_role("region", name="First: is everybody safe?").get_by_role("group").all():
        question.get_by_label("No", exact=True).check()
    intake.get_by_label("Minutes to get here, door to door").fill("25")
    work = intake.get_by_role("group", name="Taken hours 1")
    work.get_by_label("What").select_option(label="Work")
    work.get_by_label("From").fill(stage.hour.work[0])
    work.get_by_label("To").fill(stage.hour.work[1])
    for day in ("Mon", "Wed"):
        work.get_by_label(day, exact=True).check()
    intake.get_by_role("button", name="Finish the screening").click()
    stage.look(intake, patient.called)


def book_the_assessment(stage: Stage, intake: Page, patient: Patient) -> None:
    """With the therapist of the story, tomorrow."""
    intake.get_by_role("link", name="Book the assessment").first.click()
    stage.look(intake, "Book the assessment")
    intake.get_by_label("Clinician").select_option(label=stage.hour.therapist)
    intake.get_by_label("Day").fill(stage.hour.tomorrow)
    intake.get_by_label("Time", exact=True).fill(stage.hour.visits[stage.width == PHONE])
    intake.get_by_role("button", name="Book", exact=True).click()
    stage.look(intake, patient.called)
    expect(intake.get_by_text(stage.hour.therapist).first).to_be_visible()


def be_refused_the_admission(stage: Stage, intake: Page, case: str) -> None:
    """Not yet: the list says what is missing and who can give it."""
    intake.goto(f"{case}admit/")
    stage.look(intake, "Admit")
    expect(intake.get_by_text("Not possible yet. Still missing:")).to_be_visible()
    for missing in ("Treatment: the consent is not in force.", "The patient notice was not given yet."):
        row = intake.get_by_role("listitem").filter(has_text=missing)
        expect(row.get_by_text("Can be given by: the person, by link or on the tablet")).to_be_visible()
    expect(intake.get_by_role("button", name="Admit", exact=True)).to_be_disabled()


# -- the assessment --------------------------------------------------------------------------------------------


def open_the_chart(stage: Stage, therapist: Page, patient: Patient) -> str:
    """Found by name; open to the one who will assess, and to intake."""
    therapist.goto(f"{stage.url}/search/")
    therapist.get_by_role("main").get_by_role("searchbox").fill(patient.called)
    therapist.keyboard.press("Enter")
    therapist.get_by_role("main").get_by_role("link", name=patient.called).first.click()
    stage.look(therapist, patient.called)
    return therapist.url


def assess(stage: Stage, therapist: Page, patient: Patient) -> None:
    """The biopsychosocial assessment begins with what is known, and ends with a signature."""
    therapist.get_by_role("region", name="Assessment", exact=True).get_by_role("link", name="Begin").click()
    stage.look(therapist, "Biopsychosocial assessment")
    therapist.get_by_role("button", name="Begin the assessment").click()
    stage.look(therapist, "Biopsychosocial assessment")
    write(therapist, "Talked about it; nothing to add today.")
    therapist.get_by_role("button", name="Go on to diagnoses").click()
    stage.look(therapist, "Diagnoses, medications, allergies")
    take_over = therapist.get_by_role("button", name=f"Take over {patient.diagnosis}")
    take_over.click()
    therapist.wait_for_load_state()  # the codes are looked up by the page's script
    expect(take_over).to_have_count(0)
    therapist.get_by_label("Add a diagnosis").fill("alcohol dependence uncomplicated")
    therapist.get_by_role("button", name="Add F10.20").click()
    diagnoses = therapist.get_by_role("region", name="Diagnoses")
    expect(diagnoses.get_by_text("Alcohol dependence, uncomplicated").first).to_be_visible()
    ask_about_medications_and_allergies(therapist)
    therapist.get_by_role("link", name="Go on to review").click()
    stage.look(therapist, "Biopsychosocial assessment")
    sign(therapist, stage.hour.therapist, "Sign the assessment")
    expect(therapist.get_by_text(f"Signed by {stage.hour.therapist}").first).to_be_visible()


def ask_about_medications_and_allergies(therapist: Page) -> None:
    medications = therapist.get_by_role("region", name="Medications")
    therapist.wait_for_load_state()
    for number in range(medications.get_by_label("Does the person take").count()):
        row = medications.get_by_role("listitem").nth(number)
        row.get_by_label("Does the person take").select_option(index=1)
        row.get_by_role("button", name="Set").click()
        therapist.wait_for_load_state()
    none = therapist.get_by_role("button", name="Asked: none known")
    if none.count():
        none.click()
        expect(therapist.get_by_text("None known: asked")).to_be_visible()


def state_the_risk(stage: Stage, therapist: Page, chart: str) -> None:
    """A clinician's judgment; as it is not "none", a safety plan is written with the person."""
    therapist.goto(chart)
    therapist.get_by_role("region", name="Safety").get_by_role("link", name="Write one").click()
    stage.look(therapist, "Statement of risk")
    therapist.get_by_label("Elevated").check()
    write(therapist, "Asked straight out; told openly.")
    sign(therapist, stage.hour.therapist, "Sign the statement")
    stage.look(therapist, "Safety plan")
    write(therapist, "In their own words.")
    sign(therapist, stage.hour.therapist, "Sign the plan")
    stage.look(therapist, "Safety")


def decide_the_level(stage: Stage, therapist: Page, chart: str) -> None:
    """Grounds for each dimension, the level recommended and the level the person will have."""
    therapist.goto(chart)
    therapist.get_by_role("region", name="Assessment", exact=True).get_by_role("link", name="Read").click()
    therapist.get_by_role("link", name="Level of care").click()
    stage.look(therapist, "Level of care")
    therapist.get_by_role("button", name="Begin").click()
    rate(stage, therapist)


def rate(stage: Stage, therapist: Page) -> None:
    stage.look(therapist, "Level of care")
    for rating in therapist.get_by_label("Help in the program").all():
        rating.check()
    write(therapist, "As the assessment says.")
    therapist.get_by_label("Level you recommend").select_option(label="Intensive outpatient")
    therapist.get_by_label("Level the person will have").select_option(label="Intensive outpatient")
    sign(therapist, stage.hour.therapist, "Sign the level of care")
    expect(therapist.get_by_text(f"Signed by {stage.hour.therapist}").first).to_be_visible()


# -- the packet ------------------------------------------------------------------------------------------------


def prepare_the_packet(stage: Stage, intake: Page, chart: str) -> str:
    """Consents and the notice, made ready to read and sign."""
    intake.goto(chart)
    intake.get_by_role("region", name="Consents").get_by_role("link").first.click()
    stage.look(intake, "Consents")
    intake.get_by_role("button", name="Prepare the packet").click()
    return hand_over(stage, intake)


def hand_over(stage: Stage, intake: Page) -> str:
    """The link behind the picture that their phone scans."""
    stage.look(intake, "Hand over")
    intake.get_by_role("button", name="Show a code").first.click()
    stage.look(intake, "Their way in")
    link = intake.get_by_role("region", name="Scan with their phone").get_by_role("textbox").input_value()
    assert link.startswith(stage.url)
    return link


def open_own_page(stage: Stage, link: str, patient: Patient) -> Page:
    """By the link, on a phone that speaks the person's language."""
    phone = stage.window(width=PHONE, height=844, locale=f"{patient.language}-US").new_page()
    words = WORDS[patient.language]
    phone.goto(link)
    stage.look(phone, words.your_page)
    phone.locator("input[type=date]").fill(patient.born)
    phone.get_by_role("button", name=words.open_page).click()
    stage.look(phone, words.hello)
    return phone


def sign_on_the_phone(stage: Stage, phone: Page, patient: Patient) -> set[str]:
    """Every form of the packet, read and signed in the person's own language; their names."""
    words, signed = WORDS[patient.language], set()
    phone.get_by_role("link", name=words.start).click()
    stage.look(phone, re.compile("."))
    while phone.get_by_label(words.type_name).count():
        title = phone.get_by_role("heading", level=1)
        before = title.inner_text()
        phone.get_by_label(words.type_name).fill(patient.legal)
        phone.get_by_role("button", name=words.sign).click()
        expect(title).not_to_have_text(before)
        phone.wait_for_load_state()
        signed.add(before)
    stage.look(phone, words.my_forms)
    expect(phone.get_by_text(words.all_done)).to_be_visible()
    return signed


# -- the seat and the week -------------------------------------------------------------------------------------


def admit(stage: Stage, intake: Page, case: str, patient: Patient) -> None:
    """Now nothing is missing."""
    intake.goto(case)
    intake.get_by_role("link", name="Admit", exact=True).click()
    stage.look(intake, "Admit")
    intake.get_by_label("Track").select_option(label=stage.hour.track)
    intake.get_by_label("Primary therapist").select_option(label=stage.hour.therapist)
    intake.get_by_role("button", name="Admit", exact=True).click()
    stage.look(intake, patient.called)


def enroll(stage: Stage, intake: Page) -> None:
    """A seat on every day of the group, around the work; what it adds up to shows before it is done."""
    intake.get_by_role("link", name="Find the week").click()
    stage.look(intake, "Enroll")
    expect(intake.get_by_text("Work").first).to_be_visible()
    for offer in intake.get_by_label(stage.hour.group).all():
        offer.check()
    expect(intake.get_by_role("status").filter(has_text="7 days")).to_be_visible()
    intake.locator("button.btn-primary", has_text="Enroll").click()
    stage.look(intake, "Schedule")
    seats = intake.get_by_role("region", name="Standing seats")
    expect(seats.get_by_role("link", name=stage.hour.group, exact=True)).to_be_visible()


def take_the_roll(stage: Stage, therapist: Page, patient: Patient) -> None:
    """Everybody present in one act, with its author and time."""
    therapist.goto(f"{stage.url}/attendance/sessions/")
    stage.look(therapist, "Roll call")
    therapist.get_by_role("link", name=f"· {stage.hour.group}").click()
    stage.look(therapist, stage.hour.group)
    row = therapist.get_by_role("listitem").filter(has_text=patient.called)
    therapist.get_by_role("button", name=re.compile(r"^(All )?\d+ present$")).click()
    expect(row.get_by_text("Present", exact=True)).to_be_visible()
    stage.look(therapist, stage.hour.group)


def correct_the_roll(stage: Stage, therapist: Page, chart: str, patient: Patient) -> None:
    """They were there for a quarter of an hour only: corrected with a reason."""
    therapist.goto(chart)
    stage.look(therapist, patient.called)
    therapist.goto(chart.replace("/charts/", "/attendance/weeks/people/") + "week/")
    stage.look(therapist, "The week's hours")
    therapist.get_by_role("link", name="Correct").first.click()
    stage.look(therapist, "Correct attendance")
    therapist.get_by_label("was there", exact=True).check()
    therapist.get_by_label("Came").fill(stage.hour.came)
    therapist.get_by_label("Left").fill(stage.hour.left)
    therapist.get_by_label("Why it is corrected").fill("Had to take a call; told me after the group")
    therapist.get_by_role("button", name="Save the correction").click()
    stage.look(therapist, "The week's hours")


def hours_everywhere(stage: Stage, therapist: Page, chart: str, phone: Page, patient: Patient) -> list[str]:
    """Of this week: on its own page, on the chart, and on the page of the person."""
    of_the_week = said(therapist, r"\d+ min of 9 h")
    therapist.goto(chart)
    of_the_chart = said(therapist.get_by_role("region", name="This week"), r"\d+ min of 9 h")
    phone.goto(f"{stage.url}/my/")
    stage.look(phone, WORDS[patient.language].hello)
    return [of_the_week, of_the_chart, said(phone, r"\d+ min de 9 h")]
