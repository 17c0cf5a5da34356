from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.catalog.models import Program, ProgramTerms
from dayward.care.journey import services as journey
from dayward.care.journey.factories import actor_of, make_episode, proven, told_of
from dayward.care.journey.models import Episode, Handoff
from dayward.care.journey.services import Handover, StepRefused, log_handoff, step_up
from dayward.chart.casework.factories import (
    TEXT,
    admitted_ago,
    another_stay,
    name_of,
    open_need,
    release_to,
    signed_summary,
)
from dayward.chart.casework.models import Handing, Summary
from dayward.chart.casework.queries import sections
from dayward.chart.casework.queries import summaries as queries
from dayward.chart.casework.queries.sections import last_notes
from dayward.chart.casework.queries.subject import Subject
from dayward.chart.casework.rules import summaries as rules
from dayward.chart.casework.services import summaries as services
from dayward.chart.medications.factories import started
from dayward.chart.notes.models import Note
from dayward.chart.plans.factories import signed_plan
from dayward.chart.safety.factories import signed_plan as signed_safety_plan
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent import services as consents
from dayward.foundation.consent import texts
from dayward.foundation.consent.factories import actor_of as own_actor
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.organization.factories import day_here
from dayward.foundation.signing import services as signing
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.evidence import prove
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db

HOSPITAL = "Hill Hospital"


@pytest.fixture
def clinician() -> Actor:
    return actor_of(make_staff_with("therapist", credential="social_worker"))


@pytest.fixture(scope="module")
def treated(module_rows: None) -> Episode:
    """Somebody who was there once: the same for all tests of this file."""
    episode = admitted_ago(make_episode(started=True), days=1)
    present(seat(make_past_session(), episode.person))
    return episode


@pytest.fixture
def episode(treated: Episode) -> Episode:
    return deepcopy(treated)


def whole_record(episode: Episode) -> Consent:
    return release_to(episode.person, HOSPITAL, purpose="treatment", information=("record",))


# -- the discharge summary -----------------------------------------------------------------------------------------


def test_the_record_is_assembled_with_its_gaps_first(clinician: Actor, episode: Episode) -> None:
    signed_plan(episode=episode)
    summary = signed_summary(actor=clinician, episode=episode)
    found = {each.key: each for each in queries.sections_of(summary)}
    assert list(found) == [
        "stay", "dose", "diagnoses", "allergies", "measures", "medications", "plan", "safety", "leaving", "needs",
    ]  # fmt: skip
    assert "1 of 1 sessions kept" in found["dose"].lines[1]
    assert any("mornings back" in line for line in found["plan"].lines)
    text = summary.signed_text
    assert "PHQ-9 was never answered." in text and "No safety plan is signed." in text
    assert text.index("Not in the record") < text.index(TEXT) < text.index("Treatment here")
    assert summary.document is not None and bytes(summary.document.file.content).startswith(b"%PDF")
    assert summary.signature is not None and summary.signature.sha256 == digest(text)
    assert not Disclosure.objects.exists() and "42 CFR" not in text


def test_what_was_signed_stays_when_the_record_goes_on(clinician: Actor, episode: Episode) -> None:
    summary = signed_summary(actor=clinician, episode=episode)
    gaps = queries.gaps_of(queries.sections_of(summary))
    signed_safety_plan(actor=clinician, person=episode.person)
    summary.refresh_from_db()
    assert queries.gaps_of(queries.sections_of(summary)) == gaps
    assert "No safety plan is signed." in gaps
    with pytest.raises(Refused, match="signed already"):
        services.save(actor=clinician, summary=summary, texts={"course": "other"})
    changes: list[dict[str, Any]] = [{"course": "Other"}, {"sections": []}, {"document": None}]
    for change in changes:
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Summary.objects.filter(pk=summary.pk).update(**change)


def test_the_story_must_be_there_and_the_credential_fit(clinician: Actor, episode: Episode) -> None:
    draft = services.start(actor=clinician, person=episode.person, kind="discharge")
    with pytest.raises(Refused) as refused:
        services.sign(actor=clinician, summary=draft, typed_name=name_of(clinician))
    assert len(refused.value.reasons) == 4
    peer = actor_of(make_staff_with("therapist", credential="peer"))
    with pytest.raises(Refused, match="Your credential does not allow"):
        signed_summary(actor=peer, episode=episode)


def test_two_writers_lose_neither_text(clinician: Actor, episode: Episode) -> None:
    draft = services.start(actor=clinician, person=episode.person, kind="discharge")
    other = actor_of(make_staff_with("therapist"))
    assert services.start(actor=other, person=episode.person, kind="discharge") == draft
    base = {"course": fingerprint(""), "reason": fingerprint("")}
    services.save(actor=other, summary=draft, texts={"course": "theirs"}, base=base)
    merged = services.save(
        actor=clinician, summary=draft, texts={"course": "mine", "reason": "mine too"}, base=base
    )
    assert [(clash.mine, clash.theirs) for clash in merged.clashes] == [("mine", "theirs")]
    draft.refresh_from_db()
    assert (draft.course, draft.reason) == ("theirs", "mine too")


def test_a_signed_summary_is_a_fact_until_it_was_an_error(clinician: Actor, episode: Episode) -> None:
    def told() -> list[str]:
        return [fact.kind for fact in told_of(episode, words={"letter", "summary"})]

    summary = signed_summary(actor=clinician, episode=episode)
    assert told() == ["summary.signed"]
    services.enter_in_error(actor=clinician, paper=summary, reason="Wrong chart")
    assert told() == []


def test_a_second_end_of_a_reopened_stay_wants_a_summary_of_its_own(
    clinician: Actor, episode: Episode
) -> None:
    ProgramTerms.objects.update(reopen_days=30)
    today = day_here()
    actor = actor_of(make_staff_with("director", "intake", "therapist"))
    journey.discharge(actor=actor, episode=episode, kind="COMP")
    signed_summary(actor=clinician, episode=episode)
    assert "summary.signed" in {fact.kind for fact in told_of(episode)}
    said = journey.Said("none", today, same_reason=True, reason="Self-pay")
    journey.note_payer_word(actor=actor, episode=episode, said=said)
    place = journey.Place(episode.segments.latest("id").track, 3, 600, today)
    with proven("consent.treatment"):
        back = journey.reopen(actor=actor, episode=episode, place=place)
    assert "summary.signed" not in {fact.kind for fact in told_of(episode)}
    journey.discharge(actor=actor, episode=back, kind="COMP")
    assert queries.episode_for(episode.person, "discharge") == episode


def test_a_packet_is_no_discharge_summary(clinician: Actor, episode: Episode) -> None:
    signed_summary(actor=clinician, episode=episode, kind="transfer", recipient=HOSPITAL)
    assert told_of(episode, words={"summary"}) == []


def test_after_re_entry_it_tells_how_things_stood_at_the_end(clinician: Actor, episode: Episode) -> None:
    person, now = episode.person, timezone.now()
    ended = Subject(person, episode, now)
    episode.ended_at = now - timedelta(days=9)  # not saved: what is read is the record, by this day
    prescriber = actor_of(make_staff_with("prescriber", credential="psychiatrist"))
    started(actor=prescriber, person=person, on=(now - timedelta(days=20)).date(), name="Old tablet")
    started(actor=prescriber, person=person, on=(now - timedelta(days=2)).date(), name="New tablet")
    signed_safety_plan(actor=clinician, person=person)
    open_need(actor=clinician, person=person, wanted="Old need", at=now - timedelta(days=20))
    open_need(actor=clinician, person=person, wanted="New need")
    told = "\n".join(alone(sections.medications(ended)).lines + alone(sections.needs(ended)).lines)
    assert "Old tablet" in told and "Old need" in told and "New" not in told
    assert "No safety plan is signed." in alone(sections.safety(ended)).gaps
    episode.ended_at = None
    told = "\n".join(alone(sections.medications(ended)).lines + alone(sections.needs(ended)).lines)
    assert "New tablet" in told and "New need" in told
    assert "No safety plan is signed." not in alone(sections.safety(ended)).gaps


# -- the packet ----------------------------------------------------------------------------------------------------


def test_a_packet_goes_by_consent_with_its_statement(clinician: Actor, episode: Episode) -> None:
    signed_safety_plan(actor=clinician, person=episode.person)
    consent = whole_record(episode)
    packet = signed_summary(actor=clinician, episode=episode, kind="transfer", recipient=HOSPITAL)
    assert texts.statements()[texts.STATEMENT_LONG] in packet.signed_text
    assert "Walk the dog" in packet.signed_text  # the safety plan, word for word
    services.send(actor=clinician, packet=packet)
    row = Disclosure.objects.get()
    packet.refresh_from_db()
    assert packet.disclosure == row and row.consent == consent and row.recipient == HOSPITAL
    assert packet.document is not None
    assert row.content_sha256 == hashlib.sha256(bytes(packet.document.file.content)).hexdigest()
    assert set(row.information) == rules.SHARED
    with pytest.raises(Refused, match="sent already"):
        services.send(actor=clinician, packet=packet)


def test_without_consent_it_goes_in_an_emergency_alone(clinician: Actor, episode: Episode) -> None:
    packet = signed_summary(actor=clinician, episode=episode, kind="transfer", recipient=HOSPITAL)
    assert "42 CFR" not in packet.signed_text
    with pytest.raises(Refused):
        services.send(actor=clinician, packet=packet)
    with pytest.raises(Refused, match="what the emergency"):
        services.send(actor=clinician, packet=packet, basis="emergency")
    with pytest.raises(Refused, match="in a medical emergency"):
        services.send(actor=clinician, packet=packet, basis="court_order", circumstances="x")
    services.send(actor=clinician, packet=packet, basis="emergency", circumstances="Overdose; Dr. Test")
    row = Disclosure.objects.get()
    assert row.basis == "emergency" and row.consent is None and row.notice_version == ""


def test_signed_before_the_consent_it_cannot_go_by_it(clinician: Actor, episode: Episode) -> None:
    packet = signed_summary(actor=clinician, episode=episode, kind="transfer", recipient=HOSPITAL)
    whole_record(episode)
    with pytest.raises(Refused, match="Sign a new one"):
        services.send(actor=clinician, packet=packet)
    Program.objects.filter(pk=episode.program_id).update(part_two="outside")
    services.send(actor=clinician, packet=packet)
    assert Disclosure.objects.get().notice_version == ""


def test_a_packet_of_somebody_once_under_part_two_carries_the_statement(
    clinician: Actor, episode: Episode
) -> None:
    Program.objects.filter(pk=episode.program_id).update(part_two="outside")
    other = another_stay(episode)
    outside = Episode.objects.get(pk=episode.pk)
    whole_record(outside)
    packet = signed_summary(actor=clinician, episode=outside, kind="transfer", recipient=HOSPITAL)
    assert "42 CFR" in packet.signed_text  # medications, safety and needs may be from there
    Program.objects.filter(pk=other.program_id).update(part_two="outside")
    assert not queries.under_part_two(packet)


def test_notes_of_another_stay_are_not_in_it(clinician: Actor, episode: Episode) -> None:
    other = another_stay(episode)
    assert clinician.staff is not None
    signed = signing.sign(
        actor=clinician, subject_kind="notes.note", subject="x", meaning="author", text="Told in the evening",
        method="session", printed_name=clinician.staff.name, about=episode.person,
    )  # fmt: skip
    Note.objects.create(
        person=episode.person, episode=other, template="progress", happened_at=timezone.now(),
        written_by=clinician.staff, saved_by=clinician.staff, signature=signed, signed_text="Told in the evening",
    )  # fmt: skip
    found = {each: alone(last_notes(Subject(each.person, each, timezone.now()))) for each in (episode, other)}
    assert found[episode].lines == () and found[other].lines == ("Told in the evening",)


def test_a_consent_taken_back_stops_the_packet(clinician: Actor, episode: Episode) -> None:
    consent = whole_record(episode)
    packet = signed_summary(actor=clinician, episode=episode, kind="transfer", recipient=HOSPITAL)
    consents.revoke(actor=own_actor(episode.person), consent=consent)
    with pytest.raises(Refused):
        services.send(actor=clinician, packet=packet)


def test_a_step_up_needs_the_packet_and_safety_in_the_wait(clinician: Actor, episode: Episode) -> None:
    def sent() -> bool:
        return prove("handoff.packet_sent", kind="episode", id=episode.pk).present

    accepted = Handover("higher", "needs_more", HOSPITAL, "Dr. Test", accepted=True)
    whole_record(episode)
    packet = signed_summary(actor=clinician, episode=episode, kind="transfer", recipient=HOSPITAL)
    assert not sent()
    services.send(actor=clinician, packet=packet)
    assert not sent()
    with pytest.raises(StepRefused):
        step_up(actor=clinician, episode=episode, handover=accepted, reason="Relapse")
    safe = Handover("higher", "needs_more", HOSPITAL, "Dr. Test", accepted=True, wait_note="With her sister")
    log_handoff(actor=clinician, episode=episode, handover=safe)
    assert sent() and Handoff.objects.filter(episode=episode).exists()
    month = timedelta(days=30)
    again = log_handoff(actor=clinician, episode=episode, handover=safe, at=timezone.now() + month)
    assert not sent()  # the packet of a month ago
    Handoff.objects.filter(pk=again.pk).update(made_at=timezone.now(), target="Valley Hospital")
    assert not sent()  # nor one that went to somebody else
    Handoff.objects.filter(pk=again.pk).update(target=" hill  HOSPITAL")
    assert sent()
    services.enter_in_error(actor=clinician, paper=packet, reason="Wrong chart")
    assert not sent()


# -- the pages -----------------------------------------------------------------------------------------------------


def page(name: str, *parts: str) -> str:
    return reverse(f"casework:{name}", args=parts)


@pytest.fixture
def signed_in(client: Client, episode: Episode) -> Client:
    staff = make_treating(episode.person, credential="social_worker")
    assert staff.user is not None
    client.force_login(staff.user)
    client.typed = staff.name  # type: ignore[attr-defined]
    return client


def mark(client: Client, address: str) -> dict[str, str]:
    """What the form carries of the record that its reader was shown."""
    found = re.search(r'name="shown" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return {"shown": found[1]}


def test_written_beside_the_record_signed_and_printed(signed_in: Client, episode: Episode) -> None:
    person = episode.person.public_id
    write = page("write_summary", person, "discharge")
    shown = signed_in.get(write).content.decode()
    assert "Not in the record" in shown and "Treatment here" in shown
    assert not Summary.objects.exists()
    typed = {"reason": "Half a sentence", "base_reason": fingerprint("")}
    assert signed_in.post(page("save_summary", person, "discharge"), typed).status_code == 200
    assert "Half a sentence" in signed_in.get(write).content.decode()
    name = signed_in.typed  # type: ignore[attr-defined]
    assert signed_in.post(write, {"typed_name": name}).status_code == 422
    words = dict.fromkeys(("reason", "course", "condition", "recommendations"), TEXT)
    base = {"base_reason": fingerprint("Half a sentence")}
    signing_it = {**words, **base, **mark(signed_in, write), "typed_name": name, "copy_given": "on"}
    done = signed_in.post(write, signing_it)
    summary = Summary.objects.get()
    assert summary.copy_given and done["Location"] == page("summary", person, summary.public_id)
    assert TEXT in signed_in.get(done["Location"]).content.decode()
    file = signed_in.get(page("summary_pdf", person, summary.public_id))
    assert file.content.startswith(b"%PDF")
    assert b"Discharge summary" in signed_in.get(page("summaries", person)).content
    signed_in.post(page("summary_in_error", person, summary.public_id), {"reason": "Wrong chart"})
    assert b"Wrong chart" in signed_in.get(done["Location"]).content


def test_nobody_signs_a_record_they_were_not_shown(signed_in: Client, episode: Episode) -> None:
    write = page("write_summary", episode.person.public_id, "discharge")
    words = dict.fromkeys(("reason", "course", "condition", "recommendations"), TEXT)
    typed = {**words, "typed_name": signed_in.typed}  # type: ignore[attr-defined]
    before = mark(signed_in, write)
    signed_safety_plan(
        actor=actor_of(make_staff_with("therapist", credential="counselor")), person=episode.person
    )  # while the page is open
    answer = signed_in.post(write, {**typed, **before})
    assert answer.status_code == 422
    assert "The record says something else" in answer.content.decode()
    assert TEXT in answer.content.decode()
    assert signed_in.post(write, typed).status_code == 422  # nor without any mark
    assert signed_in.post(write, {**typed, **mark(signed_in, write)}).status_code == 302


def test_to_download_is_not_to_hand_over(signed_in: Client, episode: Episode, clinician: Actor) -> None:
    summary = signed_summary(actor=clinician, episode=episode)
    here = page("summary", episode.person.public_id, summary.public_id)
    signed_in.get(page("summary_pdf", episode.person.public_id, summary.public_id))
    assert queries.handed(summary) is None
    give = page("hand_copy", episode.person.public_id, summary.public_id)
    assert signed_in.post(give)["Location"] == here
    assert queries.handed(summary) is not None
    assert "in the person" in signed_in.get(here).content.decode().casefold()
    assert "Handed to the person" not in signed_in.get(here).content.decode()
    signed_in.post(give + "?undo=1")
    assert queries.handed(summary) is None
    acts = Entry.objects.filter(action__in=("casework.hand_copy", "casework.take_copy_back"))
    assert acts.count() == 2
    assert Handing.objects.count() == 1  # taken back, still readable
    assert not Disclosure.objects.exists()


def test_a_packet_is_sent_from_its_page(signed_in: Client, episode: Episode) -> None:
    person = episode.person.public_id
    write = page("write_summary", person, "transfer")
    words = dict.fromkeys(("reason", "course", "condition", "recommendations"), TEXT)
    name = signed_in.typed  # type: ignore[attr-defined]
    signed_in.post(write, {**words, **mark(signed_in, write), "recipient": HOSPITAL, "typed_name": name})
    packet = Summary.objects.get()
    here = page("summary", person, packet.public_id)
    assert b"It may not go by consent" in signed_in.get(here).content
    send = page("send_packet", person, packet.public_id)
    assert signed_in.post(send, {"basis": "consent"}).status_code == 422
    assert signed_in.post(send, {"basis": "emergency", "circumstances": "Overdose"}).status_code == 302
    assert b"Sent" in signed_in.get(here).content


def test_strange_addresses_are_not_found(signed_in: Client, episode: Episode, clinician: Actor) -> None:
    person = episode.person.public_id
    assert signed_in.get(page("write_summary", person, "poem")).status_code == 404
    other = signed_summary(actor=clinician, episode=make_episode())
    for name in ("summary", "summary_pdf"):
        assert signed_in.get(page(name, person, other.public_id)).status_code == 404


def test_pages_stay_within_their_queries(
    signed_in: Client, episode: Episode, clinician: Actor, django_assert_max_num_queries: Any
) -> None:
    person = episode.person.public_id
    packet = signed_summary(actor=clinician, episode=episode, kind="transfer", recipient=HOSPITAL)
    few = [
        page("letters", person),
        page("summaries", person),
        page("needs", person),
        page("meetings", person),
    ]
    for address in (*few, page("summary", person, packet.public_id)):
        signed_in.get(address)
        with django_assert_max_num_queries(15):
            signed_in.get(address)
    for kind in ("discharge", "transfer"):  # everything that is known is read
        with django_assert_max_num_queries(30):
            signed_in.get(page("write_summary", person, kind))
