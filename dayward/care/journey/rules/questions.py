"""The questions of the screening, in our own words (requirements F01-F16, A05, T2)."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.care.journey.rules.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Question:
    """A question with yes, no and unsure; `fits` is the answer that speaks for the program."""

    key: str
    source_id: str
    text: str
    help: str = ""
    fits: str = ""


RISK_QUESTIONS: tuple[Question, ...] = (
    Question(
        "risk_self",
        "T2",
        gettext_noop(
            "Is the person thinking of ending their life or of harming themselves, now or in recent days?"
        ),
        gettext_noop("Ask straight out; asking does not put the thought there."),
        fits="no",
    ),
    Question(
        "risk_others",
        "T2",
        gettext_noop("Is anybody else in danger from the person, or the person from somebody else?"),
        fits="no",
    ),
    Question(
        "withdrawal",
        "T2",
        gettext_noop("Are there signs of withdrawal, or was there a bad withdrawal before?"),
        gettext_noop("Shaking, sweating, seizures, confusion, seeing things; last use, and of what."),
        fits="no",
    ),
    Question(
        "medical",
        "T2",
        gettext_noop("Is there a medical warning sign today?"),
        gettext_noop(
            "Chest pain, trouble breathing, fainting, overdose, injury, not eating or drinking, pregnancy."
        ),
        fits="no",
    ),
    Question(
        "needs_24h",
        "A05",
        gettext_noop("Does the person need somebody around day and night to be safe?"),
        fits="no",
    ),
)

FIT_QUESTIONS: tuple[Question, ...] = (
    Question(
        "F01",
        "F01",
        gettext_noop(
            "Do symptoms or substance use get in the way of daily life, while days at home still work?"
        ),
        fits="yes",
    ),
    Question(
        "F02",
        "F02",
        gettext_noop("Can the person come several times a week, every week?"),
        gettext_noop("What could get in the way: rides, money, work, care of others, fear."),
        fits="yes",
    ),
    Question(
        "F03",
        "F03",
        gettext_noop("Is there a serious medical condition that would keep the person from taking part?"),
        fits="no",
    ),
    Question("F04", "F04", gettext_noop("Can the person get to the site on time?"), fits="yes"),
    Question(
        "F05",
        "F05",
        gettext_noop("Was ordinary outpatient care tried, and was it not enough?"),
        gettext_noop("Where, when, what helped, why it ended. Payers ask for this."),
        fits="yes",
    ),
    Question("F06", "F06", gettext_noop("Has a clinician given a diagnosis?"), fits="yes"),
    Question(
        "F07",
        "F07",
        gettext_noop("Does the person come from a hospital, detox or residential program?"),
        gettext_noop("Which one, and the day they left or will leave."),
    ),
    Question("F08", "F08", gettext_noop("Are both mental health and substance use a concern?")),
    Question(
        "F09",
        "F09",
        gettext_noop("Is there at least one person who supports them?"),
        fits="yes",
    ),
    Question(
        "F10",
        "F10",
        gettext_noop("Is the place where the person lives safe and steady enough for now?"),
        gettext_noop("Home, with family, sober living, shelter; does anybody there drink or use?"),
        fits="yes",
    ),
    Question("F11", "F11", gettext_noop("Is there a doctor or therapist we may work with?"), fits="yes"),
    Question(
        "F12",
        "F12",
        gettext_noop("Does the person know of this inquiry and want to go on?"),
        gettext_noop(
            "If somebody else called: tell them nothing about the person, not even whether they are known."
        ),
        fits="yes",
    ),
    Question(
        "F13",
        "F13",
        gettext_noop(
            "Is there anything about the person or their life that treatment has to take into account?"
        ),
        gettext_noop("Language, culture, faith, disability, pregnancy, court, children, pets, shift work."),
    ),
    Question(
        "F14",
        "F14",
        gettext_noop("Would fewer days week by week (a taper) be wanted after the hospital?"),
    ),
    Question(
        "F15",
        "F15",
        gettext_noop("Is there insurance, or another way to pay?"),
        gettext_noop(
            "Payer and member number; TRICARE, Medicaid, Medicare, marketplace, employer, self-pay."
        ),
        fits="yes",
    ),
    Question(
        "F16",
        "F16",
        gettext_noop("Does the person live where this program may treat them?"),
        gettext_noop("State of residence; for telehealth, the state they will be in."),
        fits="yes",
    ),
)

#: Grows with any change of wording; kept beside the answers.
VERSION = "2026-11"

QUESTIONS: tuple[Question, ...] = (*RISK_QUESTIONS, *FIT_QUESTIONS)
BY_KEY = {question.key: question for question in QUESTIONS}
