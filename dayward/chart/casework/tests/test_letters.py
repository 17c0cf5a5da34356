from __future__ import annotations

import hashlib
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.catalog.models import Program
from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.journey.models import Episode
from dayward.care.schedule.models import Session
from dayward.chart.casework.factories import (
    EMPLOYER,
    JUDGE,
    admitted_ago,
    another_stay,
    filled,
    name_of,
    release_to,
    signed_letter,
    written_letter,
)
from dayward.chart.casework.models import Handing, Letter
from dayward.chart.casework.queries import letters as queries
from dayward.chart.casework.services import letters as services
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent import services as consents
from dayward.foundation.consent import texts
from dayward.foundation.consent.factories import actor_of as own_actor
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.rules import digest
from dayward.foundation.standards.models import Due
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return actor_of(make_staff_with("case_manager", credential="social_worker"))


@pytest.fixture(scope="module")
def treated(module_rows: None) -> Episode:
    """Somebody who was there once: the same for all tests of this file."""
    episode = admitted_ago(make_episode(started=True), days=1)
    present(seat(make_past_session(), episode.person))
    return episode


@pytest.fixture
def episode(treated: Episode) -> Episode:
    return deepcopy(treated)


def outside_part_two(episode: Episode) -> Episode:
    Program.objects.filter(pk=episode.program_id).update(part_two="outside")
    return Episode.objects.get(pk=episode.pk)


def bytes_of(letter: Letter) -> bytes:
    assert letter.document is not None
    return bytes(letter.document.file.content)


# -- in the person's own hands -------------------------------------------------------------------------------------


def test_handed_to_the_person_it_is_no_disclosure_and_names_no_program(
    manager: Actor, episode: Episode
) -> None:
    letter = signed_letter(actor=manager, episode=episode, recipient=EMPLOYER)
    services.hand_over(actor=manager, letter=letter)
    letter.refresh_from_db()
    assert letter.state == "done" and letter.disclosure is None
    assert not Disclosure.objects.exists()
    told = letter.signed_text
    assert bytes_of(letter).startswith(b"%PDF")
    assert "Riverbend" in told and "Day Program" not in told
    assert "42 CFR" not in told and "social worker" not in told.lower()
    assert "on 1 day in" in told and episode.person.legal_name in told


def test_the_preview_says_what_the_reader_learns(manager: Actor, episode: Episode) -> None:
    own = written_letter(actor=manager, episode=episode)
    sent = written_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    assert "had appointments at Riverbend; not what for" in queries.reader_learns(own)[0]
    assert "in treatment at Riverbend Day Program" in queries.reader_learns(sent)[0]


def test_somebody_without_a_legal_name_has_one_in_the_letter(manager: Actor, episode: Episode) -> None:
    Person.objects.filter(pk=episode.person_id).update(legal_given="", legal_family="", chosen_name="Kit")
    letter = signed_letter(actor=manager, episode=Episode.objects.get(pk=episode.pk))
    assert "Name: Kit" in letter.signed_text


def test_the_sentence_is_listed_and_names_no_program(manager: Actor, episode: Episode) -> None:
    letter = written_letter(actor=manager, episode=episode, sentence="Please excuse the absence.")
    assert queries.reader_learns(letter)[-1] == "And, in your own words: Please excuse the absence."
    told = f"Comes to the {episode.program.name.upper()} of ours"
    with pytest.raises(Refused, match="not to tell"):
        written_letter(actor=manager, episode=episode, sentence=told)
    assert written_letter(actor=manager, episode=episode, sentence=told, route="other").sentence == told


# -- to somebody else ----------------------------------------------------------------------------------------------


def test_without_a_consent_that_names_the_reader_nothing_is_signed(manager: Actor, episode: Episode) -> None:
    letter = written_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    answer = queries.allowed(letter)
    assert not answer.allowed and answer.url.endswith("/release/")
    with pytest.raises(Refused):
        services.sign(actor=manager, letter=letter, typed_name=name_of(manager))
    release_to(episode.person, "Somebody else")
    release_to(episode.person, purpose="support")
    with pytest.raises(Refused):
        services.sign(actor=manager, letter=letter, typed_name=name_of(manager))
    assert Letter.objects.get().signature is None


def test_sent_under_part_two_it_carries_the_statement_and_the_scope(manager: Actor, episode: Episode) -> None:
    consent = release_to(episode.person)
    letter = signed_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    statement = texts.statements()[texts.STATEMENT_LONG]
    assert statement in letter.signed_text and "with the written consent" in letter.signed_text
    services.hand_over(actor=manager, letter=letter)
    row = Disclosure.objects.get()
    letter.refresh_from_db()
    assert letter.disclosure == row and row.consent == consent
    assert row.notice_version == texts.STATEMENT_LONG
    assert row.content_sha256 == hashlib.sha256(bytes_of(letter)).hexdigest()
    assert row.information == ["attendance", "presence"] and row.purpose == "work_school"


def test_outside_part_two_it_carries_no_notice(manager: Actor, episode: Episode) -> None:
    release_to(episode.person)
    outside = outside_part_two(episode)
    letter = signed_letter(actor=manager, episode=outside, route="other", recipient=EMPLOYER)
    services.hand_over(actor=manager, letter=letter)
    assert "42 CFR" not in letter.signed_text and "written consent" not in letter.signed_text
    row = Disclosure.objects.get()
    assert row.notice_version == "" and row.consent is not None


def test_taken_back_between_signing_and_sending_it_stays_here(manager: Actor, episode: Episode) -> None:
    consent = release_to(episode.person)
    letter = signed_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    consents.revoke(actor=own_actor(episode.person), consent=consent)
    with pytest.raises(Refused):
        services.hand_over(actor=manager, letter=letter)
    letter.refresh_from_db()
    assert letter.state == "signed" and not Disclosure.objects.exists()


def test_by_another_consent_than_it_tells_of_it_does_not_go(manager: Actor, episode: Episode) -> None:
    consent = release_to(episode.person)
    letter = signed_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    consents.revoke(actor=own_actor(episode.person), consent=consent)
    release_to(episode.person, information=("attendance", "session_times"))
    with pytest.raises(Refused, match="Write it anew"):
        services.hand_over(actor=manager, letter=letter)
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("kind", "purpose"), [("criminal_justice", "monitoring"), ("proceedings", "proceedings")]
)
def test_a_court_is_sent_one_on_its_own_consent_alone(
    manager: Actor, episode: Episode, kind: str, purpose: str
) -> None:
    release_to(episode.person, JUDGE)
    letter = written_letter(actor=manager, episode=episode, kind="court", route="other", recipient=JUDGE)
    assert not queries.allowed(letter).allowed
    release_to(episode.person, JUDGE, kind=kind, purpose=purpose)
    signed = services.sign(actor=manager, letter=letter, typed_name=name_of(manager))
    services.hand_over(actor=manager, letter=signed)
    assert Disclosure.objects.get().purpose == purpose


def test_the_weekly_times_need_a_consent_that_covers_them(manager: Actor, episode: Episode) -> None:
    release_to(episode.person)
    letter = written_letter(
        actor=manager, episode=episode, route="other", recipient=EMPLOYER, times_ahead=True
    )
    assert not queries.allowed(letter).allowed
    release_to(episode.person, information=("attendance", "session_times"))
    assert queries.allowed(letter).allowed


def test_the_days_of_another_program_do_not_go_out_with_it(manager: Actor, episode: Episode) -> None:
    outside = outside_part_two(episode)
    ran = timezone.now() - Session.objects.earliest("during").during.lower
    # While the session ran: a single visit is of the later stay.
    other = another_stay(episode, hours=ran / timedelta(hours=1) - 1)
    first = written_letter(actor=manager, episode=outside)
    second = written_letter(actor=manager, episode=other)
    assert len(queries.days_of(first).days) == 0
    assert len(queries.days_of(second).days) == 1
    Episode.objects.filter(pk=other.pk).update(admitted_at=timezone.now())
    assert len(queries.days_of(first).days) == 1


def test_it_tells_of_the_stay_that_its_days_are_of(manager: Actor, episode: Episode) -> None:
    today = today_at(episode.person)
    again = another_stay(episode)
    since, until = today - timedelta(days=9), today - timedelta(days=1)
    letter = written_letter(actor=manager, episode=again, since=since, until=until)
    assert letter.episode == episode
    assert queries.told_days(letter) == (today - timedelta(days=1), today - timedelta(days=1))


def test_a_signed_paper_ends_with_the_notice_of_the_consent_it_goes_by() -> None:
    plain = Consent(information=["attendance"], recipient=EMPLOYER, purposes=["work_school"])
    until = Consent(information=["attendance"], recipient=EMPLOYER, purposes=["work_school"])
    until.expires_on = date(2027, 1, 1)
    texts_of = {
        each: "Days\n" + "\n".join(queries.notice_of(consent))
        for each, consent in (("plain", plain), ("until", until))
    }
    assert queries.carries(texts_of["plain"], plain, needed=True)
    assert queries.carries(texts_of["until"], until, needed=True)
    assert not queries.carries(texts_of["until"], plain, needed=True)  # it prints an end that no longer is
    assert not queries.carries(texts_of["plain"], until, needed=True)
    assert not queries.carries(texts_of["until"], plain, needed=False)
    assert queries.carries("Days", plain, needed=False) and not queries.carries("Days", plain, needed=True)


# -- what is signed stays ------------------------------------------------------------------------------------------


def test_what_is_signed_never_changes(manager: Actor, episode: Episode) -> None:
    letter = signed_letter(actor=manager, episode=episode)
    assert letter.signature is not None and letter.signature.sha256 == digest(letter.signed_text)
    with pytest.raises(Refused, match="settled already"):
        services.fill(actor=manager, letter=letter, filled=filled(episode.person))
    for change in ({"signed_text": "Other"}, {"recipient": "Other"}, {"hours": False}, {"document": None}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)


def test_the_database_lets_nothing_out_without_its_disclosure(manager: Actor, episode: Episode) -> None:
    release_to(episode.person)
    letter = signed_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(done_at=letter.asked_at, done_by=manager.staff)


def test_twice_is_not_sent(manager: Actor, episode: Episode) -> None:
    letter = signed_letter(actor=manager, episode=episode)
    services.hand_over(actor=manager, letter=letter)
    with pytest.raises(Refused, match="still here"):
        services.hand_over(actor=manager, letter=letter)


def test_handed_over_can_be_taken_back(manager: Actor, episode: Episode) -> None:
    letter = signed_letter(actor=manager, episode=episode)
    with pytest.raises(Refused, match="nothing to take back"):
        services.take_letter_back(actor=manager, letter=letter)
    services.hand_over(actor=manager, letter=letter)
    assert letter_due(letter) == "done"
    again = services.take_letter_back(actor=manager, letter=letter)
    assert Letter.objects.get(pk=again.pk).state == "signed" and letter_due(letter) == "open"
    services.hand_over(actor=manager, letter=letter)
    assert Letter.objects.get().state == "done" and Handing.objects.count() == 2


def test_what_was_sent_is_not_taken_back(manager: Actor, episode: Episode) -> None:
    release_to(episode.person)
    letter = signed_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    services.hand_over(actor=manager, letter=letter)
    with pytest.raises(Refused, match="nothing to take back"):
        services.take_letter_back(actor=manager, letter=letter)


def letter_due(letter: Letter) -> str:
    return Due.objects.get(rule="letter.asked", mark=letter.public_id).state


def test_who_takes_it_from_their_own_page_has_it(manager: Actor, episode: Episode) -> None:
    letter = signed_letter(actor=manager, episode=episode)
    mine = own_actor(episode.person)
    for _again in range(2):
        services.take_letter(actor=mine, letter=letter)
    row = Letter.objects.get()
    assert (row.state, row.word, letter_due(row)) == ("done", "Taken from their own page", "done")
    assert Handing.objects.get().taken_by == mine.id and not Disclosure.objects.exists()
    with pytest.raises(Refused, match="nothing to take back"):
        services.take_letter_back(actor=manager, letter=letter)


def test_a_copy_of_what_goes_to_somebody_else_settles_nothing(manager: Actor, episode: Episode) -> None:
    release_to(episode.person)
    letter = signed_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    services.take_letter(actor=own_actor(episode.person), letter=letter)
    assert Letter.objects.get().state == "signed" and letter_due(letter) == "open"


def test_nobody_else_takes_it(manager: Actor, episode: Episode) -> None:
    letter = signed_letter(actor=manager, episode=episode)
    for actor in (manager, own_actor(make_person())):
        with pytest.raises(Refused, match="not your letter"):
            services.take_letter(actor=actor, letter=letter)


def test_what_left_stays_in_the_log_when_the_letter_was_an_error(manager: Actor, episode: Episode) -> None:
    release_to(episode.person)
    letter = signed_letter(actor=manager, episode=episode, route="other", recipient=EMPLOYER)
    services.hand_over(actor=manager, letter=letter)
    services.letter_in_error(actor=manager, letter=letter)
    letter.refresh_from_db()
    assert letter.state == "error" and Disclosure.objects.get() == letter.disclosure


# -- asked for -----------------------------------------------------------------------------------------------------


def test_the_person_asks_once_and_reads_why_not(manager: Actor, episode: Episode) -> None:
    asked = services.ask_letter(actor=own_actor(episode.person), person=episode.person, kind="work")
    with pytest.raises(Refused, match="asked for already"):
        services.ask_letter(actor=own_actor(episode.person), person=episode.person, kind="work")
    with pytest.raises(Refused, match="Say why"):
        services.decline(actor=manager, letter=asked, reason=" ")
    assert services.decline(actor=manager, letter=asked, reason="No days yet").state == "declined"
    with pytest.raises(Refused, match="settled already"):
        services.fill(actor=manager, letter=asked, filled=filled(episode.person))


def test_days_to_come_or_in_the_wrong_order_are_refused(manager: Actor, episode: Episode) -> None:
    today = today_at(episode.person)
    with pytest.raises(Refused, match="before the first"):
        written_letter(actor=manager, episode=episode, since=today, until=today - timedelta(days=1))
    with pytest.raises(Refused, match="still to come"):
        written_letter(actor=manager, episode=episode, until=today + timedelta(days=1))


def test_the_trail_says_what_was_done_and_not_what_was_written(manager: Actor, episode: Episode) -> None:
    letter = signed_letter(actor=manager, episode=episode, sentence="A sentence of my own")
    services.hand_over(actor=manager, letter=letter)
    entries = Entry.objects.filter(person=episode.person.public_id, action__startswith="casework.")
    assert [entry.action for entry in entries.order_by("id")] == [
        "casework.ask_letter",
        "casework.fill_letter",
        "casework.sign_letter",
        "casework.hand_over_letter",
    ]
    assert all("sentence of my own" not in str(entry.detail) for entry in entries)
