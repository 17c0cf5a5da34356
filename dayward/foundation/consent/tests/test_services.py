"""Consents on PostgreSQL: offered, signed, refused, taken back; the database keeps what was signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dayward.foundation.audit.actors import Actor, staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent import queries, services, texts
from dayward.foundation.consent.factories import (
    actor_of,
    make_offer,
    make_packet_signed,
    make_release,
    make_signed,
)
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.consent.rules.allowing import Ask
from dayward.foundation.consent.rules.kinds import Information, Kind, Purpose
from dayward.foundation.consent.rules.standing import Standing
from dayward.foundation.consent.wording import text_of
from dayward.foundation.documents.queries import content
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Setting
from dayward.foundation.people.factories import SETUP, make_person, make_staff
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.foundation.people.services import add_relationship, declare_same, end_relationship, update_person
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.evidence import prove
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db

ASK = Ask(frozenset({Information.ATTENDANCE}), Purpose.SUPPORT, "Jordan Example")


def make_minor(age: int) -> tuple[Person, Person]:
    """Somebody under age at a site in Minnesota, and their guardian."""
    today = timezone.now().date()
    born = date(today.year - age, 1, 1) if today.month > 1 else date(today.year - age - 1, 12, 31)
    person = make_person(birth_date=born, site=make_site("Riverbend Twin", state="MN"))
    guardian = make_person(birth_date=date(1980, 5, 5), site=person.site)
    add_relationship(actor=SETUP, person=person, relative=guardian, kind="parent", is_guardian=True)
    return person, guardian


def worker() -> Actor:
    user = make_staff().user
    assert user is not None
    return staff_actor(user)


def only_mental_health(person: Person) -> None:
    Setting.objects.create(
        key=queries.CARE_SETTING, site=person.site, value=["mental_health"], effective_from=date(2020, 1, 1)
    )


# -- signing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_signed_words_are_kept_by_the_hash_that_was_signed(language: str) -> None:
    consent = make_offer(make_person())
    seen = digest(text_of(consent, language))
    signed = make_signed(consent, language=language, seen=seen)
    assert signed.document is not None
    assert signed.signature is not None
    assert signed.document.file_id == signed.signature.sha256 == seen
    assert content(signed.document).decode() == text_of(consent, language)
    assert queries.standing_of(signed) is Standing.ACTIVE


def test_other_words_than_those_read_are_not_signed() -> None:
    person = make_person()
    consent = make_offer(person)
    seen = digest(text_of(consent, "en"))
    update_person(actor=SETUP, person=person, version=person.version, legal_family="Newname")
    consent.refresh_from_db()
    with pytest.raises(Refused, match="words of this form have changed"):
        make_signed(consent, seen=seen)
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("name", ["", " ", "x"])
def test_a_signature_needs_a_name(name: str) -> None:
    with pytest.raises(Refused, match="full name"):
        make_signed(make_offer(make_person()), printed_name=name)


def test_a_stranger_does_not_sign() -> None:
    with pytest.raises(Refused, match="Only the person or their guardian"):
        make_signed(make_offer(make_person()), by=make_person())


def test_staff_do_not_sign_for_the_person() -> None:
    with pytest.raises(Refused, match="Only the person or their guardian"):
        services.sign(
            actor=worker(),
            consent=make_offer(make_person()),
            printed_name="Worker",
            method="tablet",
        )


def test_signing_twice_is_refused() -> None:
    signed = make_signed(make_offer(make_person()))
    with pytest.raises(Refused, match="signed already"):
        make_signed(signed)


def test_an_incomplete_form_is_not_handed_out() -> None:
    with pytest.raises(Refused) as refused:
        make_offer(make_person(), "release", recipient="Jordan Example")
    assert refused.value.reasons == ("what may be shared", "for what")
    assert Consent.objects.count() == 0


def test_offering_twice_is_one_form_and_one_in_force_is_enough() -> None:
    person = make_person()
    first = make_offer(person)
    assert make_offer(person) == first
    make_signed(first)
    with pytest.raises(Refused, match="in force already"):
        make_offer(person)


def test_after_no_the_form_may_be_offered_again() -> None:
    person = make_person()
    declined = services.decline(actor=actor_of(person), consent=make_offer(person))
    with pytest.raises(Refused, match="not open for signing"):
        make_signed(declined)
    assert make_offer(person) != declined


def test_a_duplicate_and_its_person_are_one() -> None:
    born = date(1990, 1, 2)
    person, duplicate = make_person(birth_date=born), make_person(birth_date=born)
    consent = make_signed(make_offer(duplicate))
    declare_same(actor=SETUP, duplicate=duplicate, same_as=person)
    assert queries.active(Person.objects.get(pk=person.pk), Kind.TREATMENT) == consent


# -- the database ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "Somebody else"},
        {"information": ["record"]},
        {"expires_on": date(2099, 1, 1)},
        {"signature_id": None},
        {"person_id": 1},
        {"text_version": "other"},
    ],
)
def test_the_database_refuses_to_change_what_is_signed(change: dict[str, object]) -> None:
    signed = make_signed(make_release(make_person()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=signed.pk).update(**change)


def test_a_revocation_is_written_once() -> None:
    person = make_person()
    signed = make_signed(make_release(person))
    services.revoke(actor=actor_of(person), consent=signed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=signed.pk).update(revoked_at=timezone.now() + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=signed.pk).update(revoked_at=None, revoked_by=None)


def test_an_offer_may_still_change() -> None:
    consent = make_release(make_person())
    changed = services.change_offer(actor=SETUP, consent=consent, recipient="Alex Other")
    assert changed.recipient == "Alex Other"


# -- taking back -----------------------------------------------------------------------------------------------


def test_taking_back_stops_at_once() -> None:
    person = make_person()
    signed = make_signed(make_release(person))
    assert queries.may_share(person, ASK).allowed
    services.revoke(actor=actor_of(person), consent=signed)
    answer = queries.may_share(person, ASK)
    assert (answer.allowed, answer.sentence) == (False, "The consent was taken back.")


def test_staff_say_how_the_writing_came() -> None:
    actor, signed = worker(), make_signed(make_release(make_person()))
    with pytest.raises(Refused, match="Say how"):
        services.revoke(actor=actor, consent=signed)
    services.revoke(actor=actor, consent=signed, note="A letter of 4 March.")
    assert Entry.objects.filter(action="consent.revoke", actor=actor.id).count() == 1


def test_nobody_takes_back_for_a_stranger() -> None:
    signed = make_signed(make_release(make_person()))
    with pytest.raises(Refused, match="not yours"):
        services.revoke(actor=actor_of(make_person()), consent=signed)


def test_of_many_people_those_whose_consent_is_in_force(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    holds, offered, revoked = make_person(), make_person(), make_person()
    other, twin = make_person(birth_date=date(1990, 1, 2)), make_person(birth_date=date(1990, 1, 2))
    declare_same(actor=SETUP, duplicate=twin, same_as=other)
    for person in (holds, revoked, twin):
        make_signed(make_offer(person, "alumni"))
    make_offer(offered, "alumni")
    services.revoke(actor=actor_of(revoked), consent=Consent.objects.get(person=revoked))
    asked = {row.pk for row in (holds, offered, revoked, other)}
    with django_assert_num_queries(1):
        found = alone(queries.read_holders(Kind.ALUMNI, asked))
    assert found == {holds.pk, other.pk, twin.pk}
    assert found & asked == {key for key in asked if queries.active(Person.objects.get(pk=key), Kind.ALUMNI)}


def test_a_criminal_justice_consent_binds_until_the_end_of_the_case() -> None:
    person = make_person()
    consent = make_offer(
        person,
        "criminal_justice",
        irrevocable_event="final_disposition",
        information=["attendance"],
        recipient="Example County Probation",
    )
    signed = make_signed(consent)
    with pytest.raises(Refused, match=r"42 CFR 2\.35"):
        services.revoke(actor=actor_of(person), consent=signed)
    services.event_happened(actor=SETUP, consent=signed, on=today_at(person))
    services.revoke(actor=actor_of(person), consent=signed)
    assert queries.in_force(person) == []


def test_the_end_of_treatment_ends_what_lasts_until_then() -> None:
    person = make_person()
    make_packet_signed(person)
    yesterday = today_at(person) - timedelta(days=1)
    assert services.end_of_treatment(actor=SETUP, person=person, on=yesterday) == 2
    assert [each.kind for each in queries.in_force(person)] == ["tpo"]
    assert services.end_of_treatment(actor=SETUP, person=person, on=yesterday) == 0


# -- people under age ------------------------------------------------------------------------------------------


def test_where_a_guardian_is_needed_the_minor_alone_does_not_sign() -> None:
    person, guardian = make_minor(14)
    only_mental_health(person)
    consent = make_offer(person)
    with pytest.raises(Refused, match="guardian has to sign"):
        make_signed(consent)
    make_signed(consent, by=guardian)
    assert queries.active(person, Kind.TREATMENT) is not None


def test_a_release_needs_both_and_stands_only_then() -> None:
    person, guardian = make_minor(14)
    only_mental_health(person)
    consent = make_signed(make_release(person))
    assert queries.standing_of(consent) is Standing.PARTLY
    assert not queries.may_share(person, ASK).allowed
    with pytest.raises(Refused, match="One more signature"):
        make_signed(consent)
    both = make_signed(consent, by=guardian)
    assert queries.may_share(person, ASK).allowed
    assert both.second_signature is not None
    assert both.second_signature.sha256 == both.signature.sha256  # type: ignore[union-attr]


def test_where_the_minor_alone_consents_the_guardian_sees_nothing_without_it() -> None:
    person, guardian = make_minor(17)
    make_packet_signed(person)
    make_release(person, recipient="Somebody Else")
    assert queries.packet_for(person, guardian) == []
    assert not queries.guardian_sees(person, guardian, Information.SESSION_TIMES)
    consent = make_release(
        person, recipient=guardian.legal_name, recipient_person=guardian, information=["session_times"]
    )
    make_signed(consent)
    assert queries.guardian_sees(person, guardian, Information.SESSION_TIMES)
    assert not queries.guardian_sees(person, guardian, Information.PROGRESS)
    services.revoke(actor=actor_of(person), consent=consent)
    assert not queries.guardian_sees(person, guardian, Information.SESSION_TIMES)


def test_a_guardian_is_known_by_their_row_and_not_by_a_name() -> None:
    person, guardian = make_minor(17)
    make_packet_signed(person)
    make_signed(make_release(person, recipient=guardian.legal_name, information=["session_times"]))
    assert not queries.guardian_sees(person, guardian, Information.SESSION_TIMES)
    made = {"recipient_person": guardian, "information": ["session_times"]}
    make_signed(make_release(person, recipient=guardian.legal_name, **made))
    assert queries.guardian_sees(person, guardian, Information.SESSION_TIMES)
    end_relationship(actor=SETUP, relationship=person.relationships.get())
    assert not queries.guardian_sees(person, guardian, Information.SESSION_TIMES)


def test_a_guardian_of_a_younger_person_sees_what_the_state_allows() -> None:
    person, guardian = make_minor(14)
    assert not queries.guardian_sees(
        person, guardian, Information.SESSION_TIMES
    )  # inside Part 2 until known better
    only_mental_health(person)
    assert queries.guardian_sees(person, guardian, Information.SESSION_TIMES)


def test_once_of_age_a_guardian_reads_and_ends_nothing() -> None:
    person, guardian = make_minor(14)
    signed = make_signed(make_offer(person), by=guardian)
    assert queries.packet_for(person, guardian)
    person.birth_date = timezone.now().date() - timedelta(days=365 * 18 + 30)
    update_person(actor=SETUP, person=person, version=person.version, birth_date=person.birth_date)
    assert queries.packet_for(person, guardian) == []
    assert [(item.row, item.signed) for item in queries.packet_for(person, person)] == [(signed, True)]
    with pytest.raises(Refused, match="not yours"):
        services.revoke(actor=actor_of(guardian), consent=signed)
    assert services.revoke(actor=actor_of(person), consent=signed).revoked_at


def test_a_former_guardian_signs_nothing() -> None:
    person, guardian = make_minor(14)
    only_mental_health(person)
    person.relationships.update(ended_on=date(2024, 1, 1))
    with pytest.raises(Refused, match="Only the person or their guardian"):
        make_signed(make_offer(person), by=guardian)


# -- the packet ------------------------------------------------------------------------------------------------


def test_who_is_admitted_again_on_the_day_of_discharge_is_asked_anew() -> None:
    person = make_person()
    make_packet_signed(person)
    services.end_of_treatment(actor=SETUP, person=person, on=today_at(person))
    assert queries.active(person, "treatment") is not None  # until midnight
    assert not prove("consent.treatment", kind="person", id=person.pk).present
    offered = services.offer_packet(actor=SETUP, person=person)
    assert [row.kind for row in offered] == ["treatment", "telehealth"]  # the third has no end
    make_signed(Consent.objects.get(person=person, kind="treatment", signature=None))
    assert prove("consent.treatment", kind="person", id=person.pk).present


def test_the_packet_is_evidence_piece_by_piece() -> None:
    person = make_person()
    keys = ["consent.treatment", "consent.telehealth", "consent.patient_notice"]

    def present() -> list[bool]:
        return [prove(key, kind="person", id=person.pk).present for key in keys]

    assert present() == [False, False, False]
    services.offer_packet(actor=SETUP, person=person)
    assert present() == [False, False, False]
    make_packet_signed(person)
    assert present() == [True, True, True]
    treatment = queries.active(person, Kind.TREATMENT)
    assert treatment is not None
    services.revoke(actor=actor_of(person), consent=treatment)
    assert present() == [False, True, True]


def test_missing_evidence_says_who_gives_it() -> None:
    person, _guardian = make_minor(14)
    only_mental_health(person)
    evidence = prove("consent.treatment", kind="person", id=person.pk)
    assert evidence.sentence == "Treatment: the consent is not in force. To be signed by a guardian."
    assert evidence.url


# -- disclosures -----------------------------------------------------------------------------------------------


def disclose(person: Person, **more: object) -> Disclosure:
    values: dict[str, object] = {
        "recipient": "Jordan Example",
        "purpose": "support",
        "information": ["attendance"],
        "description": "Came to all sessions of this week.",
        "content": b"letter",
        **more,
    }
    return services.record_disclosure(actor=SETUP, person=person, **values)  # type: ignore[arg-type]


def test_a_disclosure_carries_its_consent_and_the_notice() -> None:
    person = make_person()
    consent = make_signed(make_release(person))
    made = disclose(person)
    assert (made.consent, made.notice_version) == (consent, texts.STATEMENT_LONG)
    assert made.content_sha256 == digest("letter")
    assert texts.statements()[made.notice_version].startswith("This record which has been disclosed to you")


def test_a_disclosure_without_consent_is_refused_and_leaves_nothing() -> None:
    person = make_person()
    with pytest.raises(Refused, match="No consent names this recipient"):
        disclose(person)
    assert Disclosure.objects.count() == 0


def test_an_emergency_needs_no_consent_but_its_nature() -> None:
    person = make_person()
    with pytest.raises(Refused, match="Say what the emergency"):
        disclose(person, basis="emergency")
    made = disclose(person, basis="emergency", circumstances="Overdose at the bus stop; Dr. Example, ER")
    assert (made.consent, made.notice_version) == (None, "")


def test_the_log_of_disclosures_does_not_change() -> None:
    person = make_person()
    make_signed(make_release(person))
    made = disclose(person)
    with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
        Disclosure.objects.filter(pk=made.pk).update(recipient="Nobody")


def test_accounting_shows_three_years() -> None:
    person = make_person()
    now = timezone.now()
    consent = make_release(person)
    make_signed(consent, at=now - timedelta(days=4 * 365))
    old = disclose(person, basis="patient", at=now - timedelta(days=3 * 366))
    new = disclose(person, basis="patient", at=now - timedelta(days=3 * 364))
    found = list(queries.accounting(person, now - timedelta(days=3 * 365), now))
    assert new in found
    assert old not in found
