"""Set up a clinic: its database, the organization, a first site with its time zone, and an administrator.

Asks for what is not given. The password is asked for, or read from the variable DAYWARD_ADMIN_PASSWORD.

    dayward init
    dayward init --organization "Northside Recovery" --site "Main Street" --time-zone America/Chicago \\
        --state MN --given Robin --family Vale --email robin@northside.example
"""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass

from django.db import transaction

from dayward.doors.cli._freshness import schema_fingerprint
from dayward.doors.cli._progress import say
from dayward.foundation.access.second_factor import KEY
from dayward.foundation.access.services import grant_role
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.organization.queries import day_at
from dayward.foundation.organization.services import open_site, set_setting, set_up_organization
from dayward.foundation.people.services import add_staff
from dayward.kernel.database import CLINIC, REAL, ensure_database, read_marks, write_marks
from dayward.kernel.errors import Misconfigured, Refused

FIRST_PAGE = {
    "on": "The first page sets up your second factor: have your phone or a security key at hand.",
    "off": "No second factor is asked for: a password alone opens every chart its owner may open.",
}
PASSWORD_VARIABLE = "DAYWARD_ADMIN_PASSWORD"


@dataclass(frozen=True)
class Question:
    """One thing `init` must know: its flag, how it is asked, and what an empty answer means."""

    flag: str
    asks: str
    default: str = ""


QUESTIONS = (
    Question("organization", "Name of the organization"),
    Question(
        "neutral-name",
        "Neutral name for mail, texts and calendars (tells nothing of treatment)",
        "Your appointments",
    ),
    Question("site", "Name of the first site"),
    Question("time-zone", "Its time zone, such as America/Chicago"),
    Question("state", "Its state, two letters"),
    Question("given", "Administrator: given name"),
    Question("family", "Administrator: family name"),
    Question("email", "Administrator: email address to sign in with"),
)


def arguments(parser: ArgumentParser) -> None:
    for question in QUESTIONS:
        parser.add_argument(f"--{question.flag}", help=question.asks)
    parser.add_argument(
        "--second-factor",
        choices=("on", "off"),
        default="on",
        help="whether staff must show a second factor at the sign-in (on; it can be changed under Settings)",
    )
    parser.add_argument("--no-input", action="store_true", help="ask nothing; a missing answer is an error")


def run(options: Namespace) -> int:
    answers = {question.flag: answer(question, options) for question in QUESTIONS}
    secret = password(options)
    bring_up_to_date()
    make_clinic(answers, secret, second_factor=options.second_factor == "on")
    write_marks(**{CLINIC: REAL})
    say(
        f"{answers['organization']} is set up. Start it with `dayward serve` and `dayward worker`, and sign in"
    )
    say(f"as {answers['email']}. {FIRST_PAGE[options.second_factor]}")
    return 0


def bring_up_to_date() -> None:
    """As the owner of the database, which this process is not."""
    ensure_database()
    if read_marks().get("schema") != schema_fingerprint():
        done = subprocess.run([sys.executable, "-m", "dayward.doors.cli.main", "migrate"], check=False)
        if done.returncode:
            raise Misconfigured("The database could not be made; see above.")


def answer(question: Question, options: Namespace) -> str:
    given: str | None = getattr(options, question.flag.replace("-", "_"))
    while not given:
        if options.no_input or not sys.stdin.isatty():
            if question.default:
                return question.default
            raise Refused(f"--{question.flag} is missing: {question.asks}.")
        suffix = f" [{question.default}]" if question.default else ""
        given = input(f"{question.asks}{suffix}: ").strip() or question.default
    return given


def password(options: Namespace) -> str:
    found = os.environ.get(PASSWORD_VARIABLE)
    if found:
        return found
    if options.no_input or not sys.stdin.isatty():
        raise Refused(f"The administrator's password is missing: set {PASSWORD_VARIABLE}.")
    while True:
        first = getpass.getpass("Administrator: password (12 characters or more): ")
        if first == getpass.getpass("Once more: "):
            return first
        say("The two differ.")


@transaction.atomic
def make_clinic(answers: dict[str, str], secret: str, *, second_factor: bool) -> None:
    actor = system_actor("init")
    organization = set_up_organization(
        actor=actor, name=answers["organization"], neutral_name=answers["neutral-name"]
    )
    site = open_site(
        actor=actor,
        organization=organization,
        name=answers["site"],
        time_zone=answers["time-zone"],
        state=answers["state"].upper(),
    )
    staff = add_staff(
        actor=actor,
        given=answers["given"],
        family=answers["family"],
        email=answers["email"],
        password=secret,
        site=site,
    )
    grant_role(actor=actor, staff=staff, role="administrator")
    if not second_factor:  # a clinic that says nothing asks for one
        set_setting(actor=actor, key=KEY, value=False, since=day_at(site), source="dayward init")
