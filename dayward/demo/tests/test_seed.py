from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from pytest_django.plugin import DjangoDbBlocker

from dayward.care.attendance.models import Interval, ServiceWeek
from dayward.care.attendance.queries.program_week import Line, Standing, program_week
from dayward.care.journey.models import Episode, IntakeCase
from dayward.care.journey.rules.table import BY_KEY
from dayward.care.referrals.models import ReferralDocument
from dayward.care.schedule.models import Group
from dayward.chart.assessments.models import Assessment, LevelOfCare
from dayward.chart.casework.models import Summary
from dayward.chart.casework.queries import letters
from dayward.chart.casework.queries.summaries import allowed
from dayward.chart.medications.models import MedicationChange
from dayward.chart.notes.models import Note
from dayward.chart.notes.queries import template_of
from dayward.chart.notes.rules.similar import near_identical
from dayward.chart.notes.rules.templates import own_words
from dayward.chart.plans.models import Plan, PlanReview
from dayward.chart.plans.queries.reviews import sheet_of
from dayward.chart.plans.queries.tree import tree_of
from dayward.chart.plans.services.wording import plan_text, review_text
from dayward.chart.safety.models import Alert, AlertClosing, RiskStatement, SafetyPlan
from dayward.demo import seed
from dayward.demo.ledger import public_id
from dayward.demo.sign_ins import sign_ins
from dayward.demo.special import AGAIN_KEY, NEW_HERE, SPECIALS
from dayward.foundation.access.services import use_portal_key
from dayward.foundation.audit.queries import readers, verify_chains
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.wording import text_of
from dayward.foundation.documents import queries as documents
from dayward.foundation.people.models import Credential, Person, StaffMember, User
from dayward.foundation.people.queries import possible_duplicates
from dayward.foundation.signing.rules import digest
from dayward.foundation.standards.queries import open_dues, owed
from dayward.kernel.errors import Refused
from dayward.kernel.evidence import prove
from dayward.kernel.gathering import Reading

NOON = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
#: What the demo's own reasons answer instead; telehealth is asked of those who want it.
NOT_ALWAYS = {"consent.telehealth"}


@pytest.fixture(scope="module")
def built(module_db: str, django_db_blocker: DjangoDbBlocker) -> None:
    """The tiny clinic; what a test changes in it is rolled back."""
    with django_db_blocker.unblock():
        seed.build(size="tiny", as_of=NOON, seed=7, tell=lambda _text: None)


@pytest.fixture
def clinic(built: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is at the moment the clinic was built for."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def test_refuses_a_database_with_a_clinic(clinic: None) -> None:
    with pytest.raises(Refused):
        seed.build(size="tiny", as_of=NOON, tell=lambda _text: None)


def test_everybody_in_treatment_has_what_the_machine_asks_for(clinic: None) -> None:
    episodes = Episode.objects.filter(ended_at=None)
    assert episodes.count() > 10
    for episode in episodes:
        assert episode.case_id is not None
        keys = [key for step in ("record_assessment", "decide_level", "admit") for key in BY_KEY[step].keys]
        for key in set(keys) - NOT_ALWAYS:
            found = prove(key, kind="case", id=episode.case_id)
            assert found.present, (key, found.sentence)
        if episode.first_service_on:
            assert prove("service.first_delivered", kind="episode", id=episode.pk).present
    admitted = IntakeCase.objects.filter(state="case_admitted")
    for step in (step for case in admitted for step in case.transitions.filter(key="admit")):
        assert {key for key, there in step.evidence.items() if not there} <= NOT_ALWAYS


def test_signatures_are_of_the_very_words(clinic: None) -> None:
    signed: list[type[Model]] = [Assessment, LevelOfCare, RiskStatement, SafetyPlan, Plan, PlanReview, Note]
    signed += [AlertClosing, MedicationChange]
    for model in signed:
        rows: list[Any] = list(
            model._default_manager.filter(signature__isnull=False).select_related("signature")
        )
        assert rows
        for row in rows:
            assert row.signature is not None
            assert row.signature.sha256 == digest(row.signed_text)
            assert row.signature.subject == row.public_id
    languages = set()
    for consent in Consent.objects.select_related("signature", "document", "person__site__organization"):
        assert consent.signature and consent.document
        words = text_of(consent, consent.language)
        assert documents.content(consent.document) == words.encode()
        assert consent.signature.sha256 == hashlib.sha256(words.encode()).hexdigest()
        languages.add(consent.language)
    assert languages == {"en", "es"}
    assert Consent.objects.filter(signers="both", second_signature__meaning="guardian").exists()


def test_plans_hold_the_words_that_were_signed(clinic: None) -> None:
    """Rendered again from their rows, by the package that signs them."""
    plans = list(Plan.objects.exclude(signature=None).select_related("person", "episode__program"))
    assert plans and all(plan_text(tree_of(plan)) == plan.signed_text for plan in plans)
    reviews = PlanReview.objects.select_related("person", "plan")
    assert all(review_text(sheet_of(review)) == review.signed_text for review in reviews)


def test_notes_are_each_persons_own(clinic: None) -> None:
    told: dict[int, list[str]] = defaultdict(list)
    for note in Note.objects.exclude(session__group=None).order_by("pk"):
        own = own_words(template_of(note).parts, note.parts)
        assert own and not any(near_identical(own, other) for other in told[note.session_id or 0])
        told[note.session_id or 0].append(own)
    assert max(map(len, told.values())) > 3


def test_the_answers_of_the_stories(clinic: None) -> None:
    handled, still = (Alert.objects.get(person__legal_family=name) for name in ("Askmoor", "Tellhaven"))
    assert handled.closed_at and handled.closings.get().signature
    assert handled.person.safety_plans.count() >= 2
    assert still.closed_at is None and still.contacted_at
    assert Plan.objects.get(person__legal_family="Lateplan").state == "signing"


def test_every_verdict_of_a_week_is_there(clinic: None) -> None:
    """The two who gave a day back are under the floor, and seats are left that would mend it."""

    def week(family: str) -> Line:
        program = Episode.objects.get(person__legal_family=family).program
        found = program_week(program, NOON.date(), open_to=everybody, now=NOON)
        return next(line for line in found.lines if line.person.legal_family == family)

    for family in ("Seatwell", "Seatmoor"):
        line = week(family)
        assert line.standing is Standing.MISSES and line.short_by
        assert sum(each.seat.minutes for each in line.seats) >= line.short_by
        assert all(each.missed for each in line.seats)
    assert week("Leavemoor").standing is Standing.EXEMPT
    carried = ServiceWeek.objects.get(person__legal_family="Carrymere", carried_in_seconds__gt=0)
    assert carried.met and carried.delivered_seconds - carried.carried_in_seconds < 540 * 60
    floors = [floor for row in ServiceWeek.objects.all() for floor in row.floors]
    assert {floor["asked_by"] == "program" for floor in floors} == {True, False}


def everybody(people: Sequence[Person]) -> Reading[set[int]]:
    yield from ()
    return {one.pk for one in people}


def test_somebody_steps_up_and_comes_back(clinic: None) -> None:
    person = Person.objects.get(legal_family="Backmere", legal_given="Wendell")
    first, now = Episode.objects.filter(person=person).order_by("admitted_at")
    assert (first.state, first.discharge_type, first.previous) == ("discharged", "STEPUP", None)
    assert (now.previous, now.entry_mode, now.ended_at) == (first, "step_down", None) and now.first_service_on
    assert now.case and now.case.person == person and now.case.previous_episode == first
    for key in BY_KEY["step_up"].keys:
        found = prove(key, kind="episode", id=first.pk)
        assert found.present, (key, found.sentence)
    packet = Summary.objects.get(episode=first, kind="transfer")
    assert packet.signature and packet.disclosure and packet.document
    assert packet.signature.sha256 == digest(packet.signed_text)
    assert packet.disclosure.content_sha256 == packet.document.file.sha256
    assert documents.content(packet.document).startswith(b"%PDF")
    answer = allowed(packet, packet.disclosure.made_at)
    assert answer.allowed and answer.consent and packet.disclosure.consent
    assert all(line in packet.signed_text for line in letters.scope(packet.disclosure.consent))
    assert packet.disclosure.notice_version
    assert first.ended_at and packet.signature.signed_at < packet.disclosure.made_at < first.ended_at
    second = public_id(Person, f"special-wendell-backmere{AGAIN_KEY}")
    assert not Person.objects.filter(public_id=second).exists()


def test_who_goes_to_a_hospital_goes_with_a_packet_and_papers_are_pdf(clinic: None) -> None:
    ended = Episode.objects.filter(discharge_type="STEPUP")
    sent = Summary.objects.filter(kind="transfer", disclosure__isnull=False)
    assert set(ended.values_list("pk", flat=True)) == set(sent.values_list("episode", flat=True))
    assert set(Summary.objects.values_list("document__media_type", flat=True)) == {"application/pdf"}


def test_little_is_late_and_somebody_sees_to_it(clinic: None) -> None:
    late = owed(open_dues().filter(due_at__lt=NOON))
    assert late
    after = [each for each in late if each.rule.key.startswith(("aftercare.", "outreach."))]
    assert all(NOON - each.due.due_at < timedelta(days=14) for each in after)
    treated = [each for each in late if each.due.role in ("therapist", "prescriber", "case_manager")]
    assert all(each.owner_id for each in treated if not each.rule.key.endswith("_alumni"))


def test_by_video_everybody_says_where_they_are(clinic: None) -> None:
    by_video = Interval.objects.filter(modality="telehealth")
    assert by_video.exists() and Group.objects.filter(series__modality="telehealth").exists()
    for row in by_video.select_related("session__site", "booking"):
        told = row.booking.whereabouts.get()
        assert told.told_at < row.came_in and told.state == row.session.site.state
        assert row.session.join_link and row.session.modality == "telehealth"


def test_medicare_has_its_certification_but_of_the_new_prescriber(clinic: None) -> None:
    late = open_dues().filter(rule="certification.first.medicare-iop", due_at__lt=NOON)
    new = StaffMember.objects.get(public_id=public_id(StaffMember, NEW_HERE))
    for due in late.select_related("person"):
        assert due.person.care_team.filter(staff=new, function="prescriber").exists()


def test_the_trail_is_whole_and_says_who_looked(clinic: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert all(chain.ok for chain in verify_chains())
    ninewell = Person.objects.get(legal_family="Ninewell", legal_given="Clara")
    looked = readers([ninewell.public_id]).filter(kind="view")
    assert looked.exists()
    assert all(User.objects.get(public_id=entry.actor).staff for entry in looked)


def test_stories_are_found_by_name(clinic: None) -> None:
    for special in SPECIALS:
        assert Person.objects.filter(legal_given=special.given, legal_family=special.family).count() == 1
    assert Episode.objects.get(person__legal_family="Mossgate").at_risk_at
    assert Episode.objects.get(person__legal_family="Awaymoor").state == "on_hold"
    klara = Person.objects.get(legal_given="Klara")
    alike = possible_duplicates(given="Klara", family="Ninewell", birth_date=klara.birth_date, besides=klara)
    assert alike[0].person.legal_given == "Clara"
    ends = Credential.objects.get(staff__family="Pebbleford").expires_on
    assert ends == date(2026, 12, 10)
    assert ReferralDocument.objects.filter(state="accepted").exists()


def test_everybody_printed_gets_in(clinic: None) -> None:
    rows = sign_ins()
    assert {"Therapist", "Patient", "Guardian"} <= {str(row.role) for row in rows}
    for row in rows:
        if row.path:
            secret = row.path.strip("/").rpartition("/")[2]
            assert use_portal_key(secret=secret, birth_date=date.fromisoformat(row.birth_date)).person
        else:
            assert User.objects.get(email=row.email).check_password(row.password)
