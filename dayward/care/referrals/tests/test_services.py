from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dayward.care.journey.models import EntryMode, IntakeCase
from dayward.care.journey.services import edit_case, log_contact, open_inquiry
from dayward.care.referrals import queries, services
from dayward.care.referrals.events import ReferralAccepted
from dayward.care.referrals.factories import make_referral
from dayward.care.referrals.forms import AcceptForm, offered
from dayward.care.referrals.models import ReferralDocument, State
from dayward.care.referrals.outcome import RefusedDocument
from dayward.care.referrals.tests.documents import bundle_bytes, summary_bytes
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor, staff_actor, system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.documents.models import Document, File
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import alike, matching
from dayward.foundation.people.services import add_contact_point, update_contact_point
from dayward.kernel import events
from dayward.kernel.errors import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    user = make_staff_with("intake").user
    assert user is not None
    return staff_actor(user)


def decision(referral: ReferralDocument, **changes: Any) -> services.Decision:
    """What the form would decide if nobody changed anything."""
    packet = referral.understood()
    alike = queries.candidates(packet, Site.objects.all())
    data = {key: value for key, value in offered(referral, packet, alike).items() if value is not None}
    form = AcceptForm({**data, **changes}, candidates=alike)
    assert form.is_valid(), form.errors
    return form.decision(packet)


class TestReceive:
    def test_an_understood_file_waits_with_its_original(self) -> None:
        referral = make_referral()
        assert (referral.state, referral.patient_name) == (State.WAITING, "Mateo José Ávila-Brandt Jr.")
        assert (referral.kind, referral.sender) == (
            "Discharge summary",
            "Lakeside Fictional Hospital, Unit 4",
        )
        assert referral.restricted
        assert bytes(referral.document.file.content) == summary_bytes()
        assert referral.understood().medications[0].dose.startswith("2 ")

    def test_nobody_is_written_down_before_somebody_accepts(self) -> None:
        make_referral()
        assert not Person.objects.exists()
        assert not IntakeCase.objects.exists()

    def test_the_same_bytes_twice_make_one_document(self) -> None:
        first = make_referral()
        again = services.receive(actor=system_actor("import"), site=make_site(), content=summary_bytes())
        assert again.again
        assert again.referral == first
        assert (ReferralDocument.objects.count(), Document.objects.count(), File.objects.count()) == (1, 1, 1)

    def test_a_refused_file_leaves_nothing_but_the_word(self) -> None:
        received = services.receive(actor=system_actor("import"), site=make_site(), content=b"%PDF-1.4")
        assert isinstance(received.result, RefusedDocument)
        assert received.referral is None
        assert not ReferralDocument.objects.exists()
        assert not Document.objects.exists()
        entry = Entry.objects.get(action="referrals.refuse")
        assert entry.detail == {"because": "other-kind"}

    def test_it_is_in_the_trail_without_any_value(self) -> None:
        referral = make_referral()
        entry = Entry.objects.get(action="referrals.receive")
        assert entry.subject == referral.public_id
        assert "Mateo" not in str(entry.detail)


class TestAccept:
    def test_somebody_new_gets_a_record_and_a_case(self, actor: Actor) -> None:
        referral = make_referral()
        done = services.accept(actor=actor, referral=referral, version=1, decision=decision(referral))
        person, case = done.person, done.case
        assert person is not None
        assert case is not None
        assert person.legal_name == "Mateo José Ávila-Brandt Jr."
        assert (person.chosen_name, person.sex, str(person.birth_date)) == ("Teo", "male", "1987-09-14")
        assert (case.entry_mode, case.sending_facility) == (
            EntryMode.STEP_DOWN,
            "Lakeside Fictional Hospital, Unit 4",
        )
        assert str(case.facility_discharge_date) == "2026-11-17"
        assert case.source == "referral_document"
        assert done.document.person == person

    def test_how_to_reach_them_is_written_down_but_nothing_is_called_safe(self, actor: Actor) -> None:
        referral = make_referral()
        person = services.accept(
            actor=actor, referral=referral, version=1, decision=decision(referral)
        ).person
        assert person is not None
        points = {point.value: point for point in person.contact_points.all()}
        assert "mateo@example.invalid" in points
        assert not any(point.may_call or point.may_text or point.may_email for point in points.values())
        assert person.addresses.get().city == "Duluth"
        assert [one.value for one in person.identifiers.all()] == ["LF-88120"]
        assert person.relationships.get().kind == "partner"

    def test_somebody_known_keeps_what_we_have(self, actor: Actor) -> None:
        site = make_site()
        known = make_person(
            site=site,
            legal_given="Mateo",
            legal_family="Ávila-Brandt",
            birth_date="1987-09-14",
            chosen_name="Matty",
        )
        referral = make_referral(site=site)
        known.refresh_from_db()
        assert [one.person for one in queries.candidates(referral.understood(), [site])] == [known]
        done = services.accept(
            actor=actor, referral=referral, version=1, decision=decision(referral, who=known.public_id)
        )
        known.refresh_from_db()
        assert done.person == known
        assert known.chosen_name == "Matty"
        assert known.legal_middle == ""
        assert [one.value for one in known.identifiers.all()] == ["LF-88120"]

    def test_a_second_document_of_one_person_joins_the_open_case(self, actor: Actor) -> None:
        first = make_referral()
        done = services.accept(actor=actor, referral=first, version=1, decision=decision(first))
        second = make_referral(content=summary_bytes() + b"\n")
        again = services.accept(
            actor=actor,
            referral=second,
            version=1,
            decision=decision(second, who=done.person.public_id if done.person else ""),
        )
        assert again.case == done.case
        assert done.person is not None
        assert done.person.relationships.count() == 1
        assert done.person.contact_points.count() == 2

    def test_social_security_numbers_stay_in_the_original(self, actor: Actor) -> None:
        content = summary_bytes().replace(b"2.16.840.1.113883.19.77.1", b"2.16.840.1.113883.4.1")
        referral = make_referral(content=content)
        person = services.accept(
            actor=actor, referral=referral, version=1, decision=decision(referral)
        ).person
        assert person is not None
        assert not person.identifiers.exists()

    def test_it_cannot_be_accepted_twice(self, actor: Actor) -> None:
        referral = make_referral()
        once = decision(referral)
        services.accept(actor=actor, referral=referral, version=1, decision=once)
        with pytest.raises(Refused):
            services.accept(actor=actor, referral=referral, version=2, decision=once)

    def test_who_looked_at_an_older_version_is_told(self, actor: Actor) -> None:
        referral = make_referral()
        once = decision(referral)
        services.set_aside(actor=actor, referral=referral, version=1, reason="Wrong clinic")
        services.take_back(actor=actor, referral=referral)
        with pytest.raises(Conflict):
            services.accept(actor=actor, referral=referral, version=1, decision=once)

    def test_a_job_cannot_decide(self) -> None:
        referral = make_referral()
        with pytest.raises(Refused):
            services.set_aside(actor=system_actor("import"), referral=referral, version=1, reason="x")

    def test_nothing_is_half_written_when_a_listener_refuses(self, actor: Actor) -> None:
        referral = make_referral()

        def refuse(_event: ReferralAccepted) -> None:
            raise Refused("no")

        events.subscribe(ReferralAccepted, refuse)
        try:
            with pytest.raises(Refused):
                services.accept(actor=actor, referral=referral, version=1, decision=decision(referral))
        finally:
            events._handlers[ReferralAccepted].remove(refuse)
        referral.refresh_from_db()
        assert referral.state == State.WAITING
        assert not Person.objects.exists()
        assert not IntakeCase.objects.exists()


class TestSetAside:
    def test_with_a_reason_and_back(self, actor: Actor) -> None:
        referral = make_referral()
        aside = services.set_aside(actor=actor, referral=referral, version=1, reason=" Too young ")
        assert (aside.state, aside.set_aside_reason) == (State.SET_ASIDE, "Too young")
        back = services.take_back(actor=actor, referral=aside)
        assert (back.state, back.decided_at, back.set_aside_reason) == (State.WAITING, None, "")

    def test_not_without_a_reason(self, actor: Actor) -> None:
        with pytest.raises(Refused):
            services.set_aside(actor=actor, referral=make_referral(), version=1, reason="  ")

    def test_only_what_is_set_aside_comes_back(self, actor: Actor) -> None:
        with pytest.raises(Refused):
            services.take_back(actor=actor, referral=make_referral())


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.ACCEPTED},
        {"state": State.SET_ASIDE},
        {"set_aside_reason": "", "state": State.SET_ASIDE},
    ],
)
def test_the_database_keeps_decisions_whole(change: dict[str, Any]) -> None:
    referral = make_referral()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralDocument.objects.filter(pk=referral.pk).update(**change)


def test_counts_and_lists_by_site() -> None:
    here, there = make_site(), make_site(name="Elsewhere")
    make_referral(site=here)
    make_referral(site=there, content=bundle_bytes())
    assert queries.counts([here])["waiting"] == 1
    assert [row.site for row in queries.listed([there], State.WAITING)] == [there]


def accepted(
    actor: Actor, referral: ReferralDocument, **changes: Any
) -> tuple[ReferralDocument, Person, IntakeCase]:
    done = services.accept(
        actor=actor, referral=referral, version=referral.version, decision=decision(referral, **changes)
    )
    assert done.person is not None
    assert done.case is not None
    return done, done.person, done.case


class TestUndoAccept:
    def test_it_waits_again_and_what_only_it_made_is_out_of_the_way(self, actor: Actor) -> None:
        referral, person, case = accepted(actor, make_referral())
        before = referral.document
        back = services.undo_accept(actor=actor, referral=referral)
        case.refresh_from_db()
        person.refresh_from_db()
        assert (back.state, back.person, back.case, back.decided_at) == (State.WAITING, None, None, None)
        assert case.state == "case_in_error"
        assert person.entered_in_error_by == actor.user
        assert queries.candidates(back.understood(), Site.objects.all()) == []
        assert not matching("Ávila-Brandt").exists() and not alike("Ávila-Brandt").exists()
        assert not Person.objects.read().exists()  # the partner was known only from here
        before.refresh_from_db()
        assert before.entered_in_error_at is not None
        assert (back.document.person, back.document.file_id) == (None, before.file_id)

    def test_nothing_is_deleted_and_the_trail_says_who(self, actor: Actor) -> None:
        referral, person, case = accepted(actor, make_referral())
        services.undo_accept(actor=actor, referral=referral)
        assert Person.objects.filter(pk=person.pk).exists()
        assert IntakeCase.objects.filter(pk=case.pk).exists()
        entry = Entry.objects.get(action="referrals.undo_accept")
        assert (entry.subject, entry.actor) == (referral.public_id, actor.id)
        assert Entry.objects.filter(action="journey.take_back_case").count() == 1

    def test_it_can_be_accepted_again_as_somebody_else(self, actor: Actor) -> None:
        referral, wrong, _case = accepted(actor, make_referral())
        back = services.undo_accept(actor=actor, referral=referral)
        known = make_person(
            site=back.site, legal_given="Mateo", legal_family="Ávila-Brandt", birth_date="1987-09-14"
        )
        again, person, case = accepted(actor, back, who=known.public_id)
        assert person == known
        assert person != wrong
        assert case.state == "inquiry"
        assert again.document.person == known

    def test_somebody_known_keeps_all_but_what_the_document_added(self, actor: Actor) -> None:
        known = make_person(
            site=make_site(), legal_given="Mateo", legal_family="Ávila-Brandt", birth_date="1987-09-14"
        )
        own = add_contact_point(actor=actor, person=known, kind="mobile", value="651-555-0199")
        referral, person, _case = accepted(actor, make_referral(site=known.site), who=known.public_id)
        asked = person.contact_points.exclude(pk=own.pk).get(kind="email")
        update_contact_point(actor=actor, point=asked, may_email=True)
        services.undo_accept(actor=actor, referral=referral)
        known.refresh_from_db()
        assert known.entered_in_error_at is None
        assert set(known.contact_points.filter(ended_on=None)) == {own, asked}
        assert not known.identifiers.filter(ended_on=None).exists()
        assert not known.addresses.filter(ended_on=None).exists()
        assert not known.relationships.filter(ended_on=None).exists()

    def test_an_open_case_stays_and_forgets_what_it_was_told(self, actor: Actor) -> None:
        known = make_person(
            site=make_site(), legal_given="Mateo", legal_family="Ávila-Brandt", birth_date="1987-09-14"
        )
        assert known.site is not None
        case = open_inquiry(actor=actor, site=known.site, person=known, source="phone")
        referral, _person, same = accepted(actor, make_referral(site=known.site), who=known.public_id)
        assert same == case
        assert same.sending_facility
        edit_case(actor=actor, case=same, version=same.version, referring_clinician="Somebody else")
        services.undo_accept(actor=actor, referral=referral)
        case.refresh_from_db()
        assert (case.state, case.sending_facility, case.entry_mode) == ("inquiry", "", EntryMode.STAND_ALONE)
        assert case.facility_discharge_date is None
        assert case.referring_clinician == "Somebody else"

    def test_not_once_something_else_hangs_on_the_case(self, actor: Actor) -> None:
        referral, _person, case = accepted(actor, make_referral())
        log_contact(actor=actor, case=case, mode="phone", outcome="no_answer")
        with pytest.raises(Refused, match="contact attempt"):
            services.undo_accept(actor=actor, referral=referral)
        case.refresh_from_db()
        assert case.state == "inquiry"

    def test_not_once_something_else_hangs_on_the_person(self, actor: Actor) -> None:
        referral, person, _case = accepted(actor, make_referral())
        add_contact_point(actor=actor, person=person, kind="mobile", value="651-555-0199")
        with pytest.raises(Refused, match="contact point"):
            services.undo_accept(actor=actor, referral=referral)

    def test_not_while_a_second_document_joined_the_case(self, actor: Actor) -> None:
        first, person, case = accepted(actor, make_referral())
        second, _person, _case = accepted(
            actor, make_referral(content=summary_bytes() + b"\n"), who=person.public_id
        )
        with pytest.raises(Refused, match="referral document"):
            services.undo_accept(actor=actor, referral=first)
        services.undo_accept(actor=actor, referral=second)
        services.undo_accept(actor=actor, referral=first)
        case.refresh_from_db()
        assert case.state == "case_in_error"

    def test_only_what_is_accepted(self, actor: Actor) -> None:
        with pytest.raises(Refused):
            services.undo_accept(actor=actor, referral=make_referral())
