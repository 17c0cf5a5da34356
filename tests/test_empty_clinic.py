"""`dayward init` makes an empty clinic; it becomes one with a counted week by its own pages, without the seed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dayward.doors.cli import init
from tests.by_hand import Hand
from tests.treatment_scene import clock

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("America/Chicago")
PASSWORD = "a lantern at the harbor"
ANSWERS = {
    "organization": "Northside Recovery",
    "neutral-name": "Northside Offices",
    "site": "Main Street",
    "time-zone": "America/Chicago",
    "state": "MN",
    "given": "Robin",
    "family": "Vale",
    "email": "robin@northside.example",
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 by the clock of the site; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def tables_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the tests: `init` makes none, and notes nothing about them."""
    monkeypatch.setattr(init, "bring_up_to_date", lambda: None)
    monkeypatch.setattr(init, "write_marks", lambda **_marks: None)
    monkeypatch.setenv(init.PASSWORD_VARIABLE, PASSWORD)


def dayward_init(*more: str) -> None:
    parser = ArgumentParser()
    init.arguments(parser)
    given = [word for name, value in ANSWERS.items() for word in (f"--{name}", value)]
    assert init.run(parser.parse_args([*given, "--no-input", *more])) == 0


def test_a_clinic_of_ones_own_begins_empty_and_counts_its_first_week(tables_are_there: None) -> None:
    with clock(at(2, 8)):
        dayward_init("--second-factor", "off")
        robin = sign_in("robin@northside.example")
        robin.sees("Set up", "0 of 9 done", "No address or phone yet: Main Street.")
        place(robin)
        program(robin)
        links = {who: invited(robin, who) for who in PEOPLE}
        week(robin)
        robin.go("/setup/").sees("8 of 9 done", "Nobody has asked for treatment yet.")
        desk = {who.split()[0]: password_by_link(link, who) for who, link in links.items()}
        case = asks_for_treatment(desk["Ines"])
    person = case.split("/")[2]
    with clock(at(2, 14)):
        desk["Thea"].go("/").sees("Quill")
        assessed(desk["Thea"], f"/charts/{person}/")
        link = packet(desk["Ines"], f"/charts/{person}/")
        signed_by_the_person(link)
    with clock(at(2, 15)):
        admitted(desk["Ines"], case)
    for day in (3, 4, 5):
        with clock(at(day, 12, 5)):
            came(sign_in(email_of("Thea Therapist")))
    with clock(at(5, 13)):
        thea = sign_in(email_of("Thea Therapist")).go(f"/attendance/weeks/people/{person}/week/")
        thea.sees("9 h of 9 h", "floor met", "Counted with the numbers of Adult IOP from Nov 2, 2026.")
        assert thea.text.count("180 min Correct") == 3
        robin = sign_in("robin@northside.example").sees("Ready;", "yet to sign as: Prescriber.")
        assert "Quill" not in robin.page.text_content(), "who is treated is not the administrator's to know"


def sign_in(email: str) -> Hand:
    hand = Hand().go("/account/sign-in/")
    hand.press("Sign in", {"Email": email, "Password": PASSWORD})
    return hand


# -- what the administrator does -------------------------------------------------------------------------------

PEOPLE = {
    "Ines Intake": (("Intake coordinator",), "None"),
    "Thea Therapist": (("Therapist", "Group facilitator"), "Licensed clinical social worker"),
    "Dara Director": (("Program director",), "Psychologist"),
}


def place(robin: Hand) -> None:
    robin.follow("Names and sites").follow("Main Street")
    robin.press("Save", {"Phone": "612-555-0100", "Street": "12 Main Street", "City": "Minneapolis"})
    robin.go("/setup/").follow("Rooms").follow("Room").press("Save", {"Name": "Maple", "Seats": "12"})


def program(robin: Hand) -> None:
    robin.go("/setup/").follow("Programs and tracks").follow("New program")
    robin.press("Save", {"Name": "Adult IOP", "Mental health": True, "Adults": True})
    robin.press("Keep these numbers").follow("Track")
    robin.press("Save", {"Name": "Mornings", "In a few words": "Monday to Friday, 9 to 12"})


def email_of(who: str) -> str:
    return f"{who.split(maxsplit=1)[0].lower()}@northside.example"


def invited(robin: Hand, who: str) -> str:
    """The link to hand over."""
    roles, credential = PEOPLE[who]
    given, family = who.split()
    told: dict[str, str | bool] = {"First name": given, "Last name": family, "Mail address": email_of(who)}
    told |= {f"Roles::{role}": True for role in roles} | {"Credential": credential}
    if credential != "None":
        told |= {"License number": "T-100", "State": "MN", "Last day": "2028-06-30"}
    robin.go("/setup/").follow("Staff and their roles").follow("Invite").press("Invite", told)
    robin.sees("Hand it over now", who)
    link: str = robin.page.xpath("//*[@id='link']")[0].text_content()
    return link


def week(robin: Hand) -> None:
    robin.go("/setup/").follow("When staff work").follow("Change Thea Therapist")
    days = {f"Days::{day}": True for day in ("Mon", "Tue", "Wed", "Thu", "Fri")}
    robin.press("Save", {"From": "08:00", "To": "18:00", **days})
    robin.go("/setup/").follow("Holidays and closed days")
    robin.press("Close on these days", {"Thanksgiving": True})
    robin.go("/setup/").follow("Groups and when they meet").follow("New group")
    robin.press("Save", {"Name": "Morning group", "Kind of service": "Group therapy", "Track": "Mornings"})
    meets: dict[str, str | bool] = {"Starts": "09:00", "Ends": "12:00", "Room": "Maple"}
    robin.press("Put it on the calendar", meets | days | {"Led by::Thea Therapist": True})
    robin.sees("Morning group", "Thea Therapist")


def password_by_link(link: str, who: str) -> Hand:
    path = "/" + link.split("/", 3)[3]
    hand = Hand().go(path)
    hand.press("Set password", {"New password": PASSWORD, "Once more": PASSWORD})
    return sign_in(email_of(who))


# -- the first person ------------------------------------------------------------------------------------------


def asks_for_treatment(ines: Hand) -> str:
    ines.go("/").follow("New inquiry")
    told = {
        "First name": "Quill",
        "Last name": "Sample",
        "Date of birth": "1990-03-04",
        "Program": "Adult IOP",
    }
    ines.press("Write down", told)
    case = ines.url
    ines.follow("Screen").press("Finish the screening", every="No")
    ines.follow("Book the assessment").press(
        "Book", {"Clinician": "Thea Therapist", "Day": "2026-11-02", "Time": "13:00"}
    )
    return case


NAME: dict[str, str | bool] = {"Type your full name to sign": "Thea Therapist"}


def assessed(thea: Hand, chart: str) -> None:
    """Assessment, statement of risk, level of care; each signed."""
    thea.go(chart).follow("Begin").press("Begin the assessment")
    thea.press("Go on to diagnoses", blank="Talked about it; nothing to add today.")
    lists = thea.url
    thea.press("Search", {"Add a diagnosis": "F33.1"}).press("Add F33.1")
    thea.go(lists).press("Asked: takes none")
    thea.go(lists).press("Asked: none known")
    thea.go(lists).follow("Go on to review").press("Sign the assessment", NAME)
    thea.sees("Signed by Thea Therapist").follow("Risk and safety")
    thea.press("Sign the statement", {"No risk found": True} | NAME, blank="Asked straight out; told openly.")
    thea.go(chart).follow("Read").follow("Level of care").press("Begin")
    told: dict[str, str | bool] = {
        "Level you recommend": "Intensive outpatient",
        "Level the person will have": "Intensive outpatient",
    }
    thea.press("Sign the level of care", told | NAME, every="Help in the program", blank="As it is.")
    thea.sees("Signed by Thea Therapist")


def packet(ines: Hand, chart: str) -> str:
    """The link behind the picture that the person's phone scans."""
    ines.go(chart.replace("charts", "consents")).press("Prepare the packet").press("Show a code")
    box = ines.page.xpath("//main//input[contains(@value, '/my/in/')]")[0]
    return str(box.get("value"))


def signed_by_the_person(link: str) -> None:
    quill = Hand().go("/" + link.split("/", 3)[3])
    quill.press("Open my page", {"birth": "1990-03-04"}).follow("Start reading")
    forms = 0
    while "Type your full name to sign" in quill.text:
        quill.press("Sign and go on", {"Type your full name to sign": "Quill Sample"})
        forms += 1
    assert forms == 4, "treatment, sharing, video, and the notice of 42 CFR Part 2"
    quill.sees("All done. Thank you.")


def admitted(ines: Hand, case: str) -> None:
    ines.go(case).follow("Admit")
    ines.press("Admit", {"Track": "Mornings", "Primary therapist": "Thea Therapist"})
    ines.follow("Find the week")
    ines.press("Add up again", every="Morning group").sees("15 h a week")
    ines.press("Enroll", {"First day": "2026-11-03"}).sees("Standing seats")


def came(thea: Hand) -> None:
    """The roll of the morning, at its end."""
    thea.go("/attendance/sessions/").follow("9:00 AM–12:00 PM · Morning group")
    thea.press("1 present").sees("Present")
