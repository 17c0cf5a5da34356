from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dayward.care.attendance import services as attendance
from dayward.care.journey.factories import actor_of, told_of
from dayward.care.schedule.models import Session
from dayward.chart.notes import library, queries, services
from dayward.chart.notes.factories import (
    NO_PLAN,
    WORDS,
    WORK,
    make_clinician,
    make_draft,
    make_held,
    make_signed,
    make_there,
)
from dayward.chart.notes.models import FamilyPresent, GroupText, Note
from dayward.chart.notes.pages import page_of
from dayward.chart.plans.factories import signed_plan
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent.factories import make_release
from dayward.foundation.consent.factories import make_signed as consent_signed
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import StaffMember
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> StaffMember:
    return make_clinician()


@pytest.fixture
def actor(leader: StaffMember) -> Actor:
    return actor_of(leader)


@pytest.fixture
def group(leader: StaffMember) -> Session:
    return make_held(leader=leader)


def told(number: int) -> dict[str, str]:
    return {"participation": "active", "response": WORDS[number]}


def sign_all(actor: Actor, session: Session) -> services.Signed:
    assert actor.staff is not None
    return services.sign_session(actor=actor, session=session, typed_name=actor.staff.name)


def test_a_group_is_signed_at_once_and_each_note_is_the_persons_own(actor: Actor, group: Session) -> None:
    seats = [make_there(group) for _n in range(3)]
    services.save_shared(actor=actor, session=group, texts=WORK)
    for number, seat in enumerate(seats):
        make_draft(seat, actor, told(number))
    done = sign_all(actor, group)
    assert (len(done.notes), done.left) == (3, {})
    for number, note in enumerate(done.notes):
        assert note.signature is not None and note.signature.sha256 == digest(note.signed_text)
        assert WORDS[number] in note.signed_text and WORK["work"] in note.signed_text
        assert all(WORDS[other] not in note.signed_text for other in range(3) if other != number)
        assert "People there: 3" in note.signed_text
    assert alone(queries.documented([group.pk]))[group.pk] == queries.Progress(3, 3)
    assert [note.state for note in done.notes] == ["signed"] * 3


def test_rows_that_are_not_ready_stay_drafts_and_say_why(actor: Actor, group: Session) -> None:
    ready = make_there(group, legal_given="Anabel")
    empty, copied = make_there(group), make_there(group)
    services.save_shared(actor=actor, session=group, texts=WORK)
    make_draft(ready, actor, told(0))
    make_draft(empty, actor, {"participation": "little"})
    make_draft(copied, actor, {"participation": "active", "response": "Agreed with Anabel."})
    done = sign_all(actor, group)
    assert [note.booking_id for note in done.notes] == [ready.pk]
    assert set(done.left) == {empty.pk, copied.pk}
    assert "Anabel" in done.left[copied.pk][0]
    assert Note.objects.drafts().count() == 2


def test_two_rows_alike_are_both_refused(actor: Actor, group: Session) -> None:
    one, other = make_there(group), make_there(group)
    services.save_shared(actor=actor, session=group, texts=WORK)
    for seat in (one, other):
        make_draft(seat, actor, told(0))
    with pytest.raises(Refused, match="No row is ready"):
        sign_all(actor, group)


def test_a_row_like_the_persons_last_note_is_refused(actor: Actor, leader: StaffMember) -> None:
    before, now = make_held(leader=leader, days_ago=3), make_held(leader=leader)
    first = make_there(before)
    make_signed(first, actor, told(0))
    again = make_there(now, first.person)
    with pytest.raises(Refused) as refused:
        make_signed(again, actor, told(0))
    assert any("last note" in reason for reason in refused.value.reasons)
    make_signed(again, actor, told(1))


def test_the_session_s_text_is_needed_and_names_nobody(actor: Actor, group: Session) -> None:
    make_draft(make_there(group, legal_given="Anabel"), actor, told(0))
    with pytest.raises(Refused, match="own text"):
        sign_all(actor, group)
    services.save_shared(actor=actor, session=group, texts={"work": "Anabel began."})
    with pytest.raises(Refused) as refused:
        sign_all(actor, group)
    assert "Anabel" in refused.value.reasons[0]


def test_no_note_names_a_member_who_stayed_away(actor: Actor, group: Session) -> None:
    seat, missed = make_there(group), make_there(group, legal_given="Rosalind")
    attendance.undo(actor=actor, booking=missed)
    attendance.mark_absent(actor=actor, booking=missed, kind="unexcused")
    services.save_shared(actor=actor, session=group, texts=WORK)
    make_draft(seat, actor, {"participation": "active", "response": "Worried that Rosalind was not there."})
    with pytest.raises(Refused) as refused:
        sign_all(actor, group)
    assert any("Rosalind" in reason for reason in refused.value.reasons)
    page = page_of(group, library.templates()["group"])
    assert any("Rosalind" in gap for line in page.lines for gap in line.gaps)


def test_nobody_absent_gets_a_note_but_the_call_is_kept(actor: Actor, group: Session) -> None:
    seat = make_there(group)
    attendance.undo(actor=actor, booking=seat)
    attendance.mark_absent(actor=actor, booking=seat, kind="unexcused")
    with pytest.raises(Refused, match="not on the roll as there"):
        services.start_note(actor=actor, booking=seat)
    row = services.log_outreach(actor=actor, booking=seat, outcome="left_message")
    episode = seat.person.episodes.get()
    assert row.attempt.episode == episode
    assert [(fact.kind, fact.ref) for fact in told_of(episode, words={"note", "outreach"})] == [
        ("outreach.made", seat.public_id)
    ]


def test_no_call_for_somebody_who_was_there(actor: Actor, group: Session) -> None:
    with pytest.raises(Refused, match="not marked absent"):
        services.log_outreach(actor=actor, booking=make_there(group))


def test_somebody_who_was_there_and_then_was_not_is_not_signed_for(actor: Actor, group: Session) -> None:
    seat = make_there(group)
    services.save_shared(actor=actor, session=group, texts=WORK)
    note = make_draft(seat, actor, told(0))
    attendance.correct_absent(actor=actor, booking=seat, kind="unexcused", reason="Wrong row")
    assert actor.staff is not None
    with pytest.raises(Refused) as refused:
        services.sign_note(actor=actor, note=note, typed_name=actor.staff.name)
    assert "not on the roll" in refused.value.reasons[0]


def test_a_session_is_not_signed_before_it_is_over(actor: Actor, leader: StaffMember) -> None:
    group = make_held(leader=leader)
    seat = make_there(group)
    services.save_shared(actor=actor, session=group, texts=WORK)
    make_draft(seat, actor, told(0))
    with pytest.raises(Refused, match="not over yet"):
        services.sign_session(
            actor=actor, session=group, typed_name=leader.name, at=group.span.end - timedelta(minutes=1)
        )


# -- the golden thread -----------------------------------------------------------------------------------------


def test_a_note_is_tied_to_an_objective_of_this_persons_plan(actor: Actor, group: Session) -> None:
    seat = make_there(group)
    plan = signed_plan(episode=seat.person.episodes.get())
    objective = alone(queries.read_objectives([seat.person_id]))[seat.person_id][0]
    assert objective.plan == plan
    texts = told(0) | {"objective": objective.public_id, "objective_reason": ""}
    note = make_signed(seat, actor, texts)
    assert note.objective == objective and objective.text in note.signed_text

    stranger = make_there(group)
    draft = make_draft(stranger, actor, told(1))
    with pytest.raises(Refused, match="not in this person's plan"):
        services.save_note(actor=actor, note=draft, texts={"objective": objective.public_id})


def test_without_an_objective_it_says_why(actor: Actor, group: Session) -> None:
    seat = make_there(group)
    services.save_shared(actor=actor, session=group, texts=WORK)
    note = services.start_note(actor=actor, booking=seat)
    services.save_note(actor=actor, note=note, texts=told(0))
    assert actor.staff is not None
    with pytest.raises(Refused) as refused:
        services.sign_note(actor=actor, note=note, typed_name=actor.staff.name)
    assert refused.value.reasons == ("Choose the objective it worked on, or say why there is none.",)
    services.save_note(actor=actor, note=note, texts=NO_PLAN)
    signed = services.sign_note(actor=actor, note=note, typed_name=actor.staff.name)
    assert NO_PLAN["objective_reason"] in signed.signed_text


def test_the_objective_of_the_last_note_is_offered(actor: Actor, leader: StaffMember) -> None:
    before = make_held(leader=leader, days_ago=2)
    seat = make_there(before)
    signed_plan(episode=seat.person.episodes.get())
    objectives = alone(queries.read_objectives([seat.person_id]))[seat.person_id]
    note = make_signed(seat, actor, told(0) | {"objective": objectives[-1].public_id})
    assert queries.offered(objectives, note, None) == objectives[-1]


# -- each kind of service --------------------------------------------------------------------------------------

PARTS: dict[str, dict[str, str]] = {
    "individual-therapy": {"topic": "Work.", "response": "Went through Monday.", "progress": "Three breaks."},
    "mental-health-evaluation": {
        "topic": "Sleep.",
        "response": "Asked about nights.",
        "progress": "A baseline.",
    },
    "family-therapy": {"topic": "House rules.", "response": "Both spoke.", "progress": "Two rules agreed."},
    "medication-visit": {"since": "Sleeps five hours.", "seen": "Calm.", "decision": "Stays as it is."},
    "case-management": {"need": "A room.", "done": "Called the landlord together."},
    "psychoeducation": {"work": "Sleep.", "participation": "asked", "response": "Wants to try a fixed hour."},
    "peer-support-group": {"work": "First weeks.", "response": "Told of the bus route."},
    "holistic-practice": {"work": "Breathing.", "response": "Fell asleep twice and laughed."},
}


@pytest.mark.parametrize(("service", "parts"), PARTS.items())
def test_every_kind_of_service_is_documented(service: str, parts: dict[str, str]) -> None:
    leader = (
        make_clinician("prescriber", "psychiatrist") if service == "medication-visit" else make_clinician()
    )
    seat = make_there(make_held(service, leader=leader, cap=1))
    note = make_draft(seat, actor_of(leader), parts)
    signed = services.sign_note(actor=actor_of(leader), note=note, typed_name=leader.name)
    assert all(text in signed.signed_text for key, text in parts.items() if key != "participation")
    assert signed.episode == seat.person.episodes.get()


def test_a_call_without_a_booking(actor: Actor) -> None:
    person = make_person()
    then = timezone.now() - timedelta(minutes=20)
    note = services.start_contact(actor=actor, person=person, service=None, happened_at=then, minutes=5)
    services.save_note(actor=actor, note=note, texts={"how": "call", "about": "Bus strike; comes at ten."})
    assert actor.staff is not None
    signed = services.sign_note(actor=actor, note=note, typed_name=actor.staff.name)
    assert "phone call" in signed.signed_text and "5 min" in signed.signed_text
    with pytest.raises(Refused, match="still to come"):
        services.start_contact(
            actor=actor, person=person, service=None, happened_at=timezone.now() + timedelta(hours=1)
        )


def test_family_by_consent_only(actor: Actor, leader: StaffMember) -> None:
    seat = make_there(make_held("family-therapy", leader=leader, cap=1))
    person = seat.person
    links = {
        name: people.add_relationship(
            actor=SETUP,
            person=person,
            relative=make_person(legal_given=name, legal_family="Kin"),
            kind="parent",
        )
        for name in ("Rosalind", "Gustavo")
    }
    consent = consent_signed(
        make_release(
            person, "Rosalind Kin", information=["progress"], recipient_person=links["Rosalind"].relative
        )
    )
    note = make_draft(seat, actor, PARTS["family-therapy"] | {"family": links["Gustavo"].public_id})
    with pytest.raises(Refused, match="Gustavo"):
        services.sign_note(actor=actor, note=note, typed_name=leader.name)
    services.save_note(actor=actor, note=note, texts={"family": links["Rosalind"].public_id})
    signed = services.sign_note(actor=actor, note=note, typed_name=leader.name)
    row = FamilyPresent.objects.get(note=signed)
    assert (row.name, row.consent) == ("Rosalind Kin", consent) and "Rosalind Kin" in signed.signed_text
    with pytest.raises(DatabaseError, match="part of a signed"), transaction.atomic():
        FamilyPresent.objects.filter(pk=row.pk).update(name="Somebody")


def test_guests_of_a_workshop_are_counted(actor: Actor, leader: StaffMember) -> None:
    workshop = make_held("psychoeducation", leader=leader, cap=20)
    seat = make_there(workshop)
    services.save_shared(actor=actor, session=workshop, texts={"work": "Sleep and mood.", "guests": "4"})
    note = make_draft(seat, actor, {"participation": "asked", "response": WORDS[0]})
    assert "4 guests" in services.sign_note(actor=actor, note=note, typed_name=leader.name).signed_text
    with pytest.raises(Refused, match="number"):
        services.save_shared(actor=actor, session=workshop, texts={"guests": "many"})


# -- after signing ---------------------------------------------------------------------------------------------


@pytest.fixture
def signed(actor: Actor, group: Session) -> Note:
    return make_signed(make_there(group), actor, told(0))


@pytest.mark.parametrize(
    "change",
    [
        {"parts": {"response": "rewritten"}},
        {"signed_text": ""},
        {"signature": None},
        {"objective_reason": "other"},
        {"cosign_wanted": True},
    ],
)
def test_what_is_signed_never_changes(actor: Actor, signed: Note, change: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="signed already"):
        services.save_note(actor=actor, note=signed, texts={"response": "rewritten"})
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Note.objects.filter(pk=signed.pk).update(**change)


def test_an_amendment_stands_beside_the_signed_note(actor: Actor, signed: Note) -> None:
    with pytest.raises(Refused, match="why it is amended"):
        services.amend(actor=actor, note=signed, reason=" ")
    draft = services.amend(actor=actor, note=signed, reason="The homework was left out")
    assert draft.parts == signed.parts and draft.booking == signed.booking
    assert services.amend(actor=actor, note=signed, reason="again") == draft  # one at a time
    services.save_note(actor=actor, note=draft, texts={"homework": "Call a friend on Friday."})
    assert actor.staff is not None
    amended = services.sign_note(actor=actor, note=draft, typed_name=actor.staff.name)
    assert signed.public_id in amended.signed_text and "left out" in amended.signed_text
    states = {note.pk: note.state for note in queries.notes_of(signed.person)}
    assert states == {signed.pk: "amended", amended.pk: "signed"}
    with pytest.raises(Refused, match="amended already"):
        services.amend(actor=actor, note=signed, reason="once more")


def test_entered_in_error_stays_readable_and_the_booking_is_open_again(actor: Actor, signed: Note) -> None:
    with pytest.raises(Refused, match="what is wrong"):
        services.enter_in_error(actor=actor, note=signed, reason="")
    services.enter_in_error(actor=actor, note=signed, reason="Wrong person")
    signed.refresh_from_db()
    assert signed.signed_text and signed.state == "error"
    assert signed.booking is not None and queries.note_for(signed.booking) is None
    assert signed.episode_id is not None and told_of(signed.episode_id, words={"note"}) == []
    again = services.start_note(actor=actor, booking=signed.booking)
    assert again != signed


def test_a_trainee_signs_and_the_supervisor_signs_after(group: Session) -> None:
    supervisor = make_clinician("supervisor", "psychologist")
    trainee = make_clinician(credential="trainee", supervisor=supervisor)
    note = make_signed(make_there(group), actor_of(trainee), told(0))
    assert note.waits_for_cosigning and note.cosigner == supervisor and note.episode_id is not None
    asked = [(fact.kind, fact.by, fact.ref) for fact in told_of(note.episode_id, words={"note"})]
    assert ("note.cosign_asked", supervisor.pk, note.public_id) in asked
    with pytest.raises(Refused, match="Somebody else signs after you"):
        services.cosign(actor=actor_of(trainee), note=note, typed_name=trainee.name)
    peer = make_clinician(credential="trainee")
    with pytest.raises(Refused, match="credential does not allow"):
        services.cosign(actor=actor_of(peer), note=note, typed_name=peer.name)
    after = services.cosign(actor=actor_of(supervisor), note=note, typed_name=supervisor.name)
    assert after.state == "cosigned" and after.cosignature is not None and after.signature is not None
    assert after.cosignature.sha256 == after.signature.sha256
    with pytest.raises(Refused, match="No second signature"):
        services.cosign(actor=actor_of(supervisor), note=note, typed_name=supervisor.name)
    assert "note.cosigned" in {fact.kind for fact in told_of(note.episode_id, words={"note"})}


def test_a_peer_signs_no_therapy_and_an_expired_license_nothing(group: Session) -> None:
    peer = make_clinician("facilitator", "peer")
    with pytest.raises(Refused, match="does not allow"):
        make_signed(make_there(group), actor_of(peer), told(0))
    worker = make_clinician()
    worker.credentials.update(expires_on=timezone.now().date() - timedelta(days=9))
    with pytest.raises(Refused, match="expired"):
        make_signed(make_there(group), actor_of(worker), told(1))


def test_two_writers_lose_neither_text(actor: Actor, group: Session) -> None:
    note = make_draft(make_there(group), actor)
    base = {"response": fingerprint(""), "homework": fingerprint("")}
    other = actor_of(make_clinician())
    services.save_note(actor=other, note=note, texts={"response": "theirs"}, base=base)
    mine = {"response": "mine", "homework": "mine too"}
    merged = services.save_note(actor=actor, note=note, texts=mine, base=base)
    assert [(clash.key, clash.mine, clash.theirs) for clash in merged.clashes] == [
        ("response", "mine", "theirs")
    ]
    note.refresh_from_db()
    assert (note.parts["response"], note.parts["homework"]) == ("theirs", "mine too")
    shared = {"work": fingerprint("")}
    services.save_shared(actor=other, session=group, texts={"work": "theirs"}, base=shared)
    assert services.save_shared(actor=actor, session=group, texts={"work": "mine"}, base=shared).clashes
    assert GroupText.objects.get().parts["work"] == "theirs"


def test_one_note_for_a_booking(actor: Actor, group: Session) -> None:
    seat = make_there(group)
    note = services.start_note(actor=actor, booking=seat)
    assert services.start_note(actor=actor, booking=seat) == note
    again = Note(
        **{f.attname: getattr(note, f.attname) for f in Note._meta.concrete_fields if f.name != "id"}
    )
    again.public_id = "x" * 16
    with pytest.raises(DatabaseError), transaction.atomic():
        again.save()


def test_a_session_costs_the_same_queries_for_two_and_for_eight(
    actor: Actor, leader: StaffMember, django_assert_max_num_queries: Any
) -> None:
    for people_there in (2, 8):
        group = make_held(leader=leader, days_ago=people_there)
        seats = [make_there(group) for _n in range(people_there)]
        for number, seat in enumerate(seats):
            make_draft(seat, actor, told(number))
        with django_assert_max_num_queries(16):
            _look(group)


def _look(group: Session) -> None:
    fresh = Session.objects.select_related("site", "room", "service", "group").get(pk=group.pk)
    page = page_of(fresh, library.templates()["group"])
    assert all(line.form is not None and line.form.as_p() for line in page.lines)


def test_facts_of_a_signed_note(signed: Note) -> None:
    assert signed.episode_id is not None and signed.booking is not None and signed.signature is not None
    facts = told_of(signed.episode_id, words={"note"})
    assert [(fact.kind, fact.ref, fact.at) for fact in facts] == [
        ("note.signed", signed.booking.public_id, signed.signature.signed_at)
    ]


def test_what_was_written_is_not_in_the_trail(signed: Note) -> None:
    entries = Entry.objects.filter(person=signed.person.public_id, action__startswith="notes.")
    assert {entry.action for entry in entries} == {"notes.start", "notes.save", "notes.sign"}
    assert all(WORDS[0] not in str(entry.detail) for entry in entries)
