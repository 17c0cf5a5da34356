"""A step up: the transfer packet, signed, and sent under a release that names the hospital."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.care.catalog.models import Program
from dayward.care.journey.models import Episode
from dayward.chart.casework.models import Summary
from dayward.chart.casework.queries import summaries as casework
from dayward.chart.casework.queries.letters import Signer
from dayward.chart.casework.queries.papers import plain
from dayward.chart.casework.queries.subject import Section
from dayward.chart.casework.rules.summaries import SHARED
from dayward.chart.safety.models import SafetyPlan
from dayward.chart.safety.rules.qualification import Held
from dayward.demo import clinic, papers
from dayward.demo import leaving_sentences as words
from dayward.demo.facts import Course
from dayward.demo.ledger import Ledger
from dayward.demo.names import HOSPITALS
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.leaving import ASSESS_KINDS
from dayward.demo.rows.models import person_of, site_of, staff_of
from dayward.demo.rows.packet import Form, add_consent
from dayward.demo.rows.signing import credential_of, keep_paper, staff_signs
from dayward.foundation.consent import texts
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.consent.rules.kinds import Kind, Purpose, RecipientClass

ASKED, AGREED, WRITTEN, SIGNED, SENT = (timedelta(minutes=each) for each in (95, 85, 70, 25, 10))  # before it
TERMS = {"recipient": HOSPITALS[0], "information": sorted(SHARED), "purposes": [str(Purpose.TREATMENT)]}


@dataclass(frozen=True)
class Going:
    """Somebody who goes to the hospital, and when the step is taken."""

    ledger: Ledger
    course: Course
    up: datetime
    zone: ZoneInfo

    @property
    def key(self) -> str:
        return f"{self.course.key}-packet"


def add_transfer(ledger: Ledger, course: Course, now: datetime, zone: ZoneInfo) -> None:
    """Consent, packet and disclosure of who goes to a hospital, once the step is taken."""
    up = next((step.at for step in course.steps if step.transition == "step_up"), None)
    if up is None or up > now:
        return
    it = Going(ledger, course, up, zone)
    form = Form(Kind.RELEASE, TERMS, offered=up - ASKED, name="hospital")
    consent = add_consent(ledger, course, form, up - AGREED, now)
    _packet(it, consent)


def _packet(it: Going, consent: str) -> None:
    course, at = it.course, it.up - SIGNED
    who = papers.able(course.therapist, ASSESS_KINDS)
    plan = clinic.program(clinic.track(course.track).program)
    program = Program(name=plan.name, part_two=plan.part_two, site=site_of(plan.site))
    row = Summary(person=person_of(course.case), episode=Episode(program=program), kind="transfer",
                  recipient=HOSPITALS[0], **words.TRANSFER)  # fmt: skip
    found, staff = _sections(it, plan.name), clinic.staff(who)
    signer = Signer(staff_of(who), Held(staff.credential, credential_of(who)))
    allowing = Consent(**TERMS, expires_on=it.ledger.rows(Consent)[consent]["expires_on"])
    paper = casework.paper_of(row, found, signer, allowing, at)
    text = plain(paper)
    sha256 = keep_paper(it.ledger, it.key, course.key, paper, "Transfer packet", "transfer.pdf", who, at)
    it.ledger.add(
        Summary, it.key, person=course.key, episode=course.key, kind="transfer", recipient=HOSPITALS[0],
        **words.TRANSFER, sections=casework.frozen(found), written_at=it.up - WRITTEN, written_by=who,
        saved_at=at - timedelta(minutes=1), saved_by=who, signed_text=text, document=it.key,
        signature=staff_signs(it.ledger, Summary, it.key, text, who, at),
        disclosure=_sent(it, consent, sha256, under_part_two=program.under_part_two),
    )  # fmt: skip


def _sections(it: Going, program: str) -> list[Section]:
    """The stay in a few lines; the page of the chart has the rest."""
    course = it.course
    code, title = course.case.diagnosis
    lines = [f"Admitted {course.admitted_at.astimezone(it.zone):%B %-d, %Y} to {program}."]
    if course.last_service is not None:
        lines.append(f"Last service on {course.last_service.astimezone(it.zone):%B %-d, %Y}.")
    safe = course.key in it.ledger.rows(SafetyPlan) or f"{course.key}-first" in it.ledger.rows(SafetyPlan)
    return [
        Section("stay", "Treatment here", tuple(lines)),
        Section("diagnoses", "Diagnoses", (f"{code} {title}",)),
        Section("medications", "Medication now", ("Nothing on the list.",)),
        Section("safety", "Safety", ("There is a signed safety plan; the person has a copy.",) if safe else (),
                () if safe else ("There is no safety plan.",)),
    ]  # fmt: skip


def _sent(it: Going, consent: str, sha256: str, *, under_part_two: bool) -> str:
    return it.ledger.add(
        Disclosure, it.key, person=it.course.key, basis="consent", consent=consent, recipient=HOSPITALS[0],
        recipient_class=str(RecipientClass.PROVIDER), purpose=str(Purpose.TREATMENT), information=sorted(SHARED),
        description="Transfer packet with the last notes", content_sha256=sha256,
        notice_version=texts.STATEMENT_LONG if under_part_two else "", made_at=it.up - SENT,
        made_by=user_id(it.course.therapist),
    )  # fmt: skip
