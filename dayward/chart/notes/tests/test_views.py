"""The pages: one for a session, one for a visit, the list and what may follow; who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance import services as attendance
from dayward.care.attendance.queries import rolls_of
from dayward.care.journey.factories import actor_of
from dayward.care.schedule.models import Booking, Session
from dayward.chart.notes.factories import (
    WORDS,
    WORK,
    make_clinician,
    make_draft,
    make_held,
    make_signed,
    make_there,
)
from dayward.chart.notes.models import GroupText, Note, Outreach
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import StaffMember

pytestmark = pytest.mark.django_db
NOTHING = fingerprint("")


def browser(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.fixture
def leader() -> StaffMember:
    return make_clinician()


@pytest.fixture
def group(leader: StaffMember) -> Session:
    return make_held(leader=leader, title="Coping skills")


@pytest.fixture
def signed_in(leader: StaffMember) -> Client:
    return browser(leader)


def session_url(group: Session) -> str:
    return reverse("notes:session", args=[group.public_id])


def told(seat: Booking, number: int, **more: str) -> dict[str, str]:
    """A row as its page sends it."""
    texts = {
        "participation": "active",
        "response": WORDS[number],
        "objective_reason": "Not yet",
        "objective": "",
    }
    row = {**texts, **more}
    before = seat.public_id
    marks = {f"base_{before}-{key}": NOTHING for key in row}
    return marks | {f"{before}-{key}": text for key, text in row.items()}


SHARED = {"shared-work": WORK["work"], "base_shared-work": NOTHING}


def test_opening_the_page_writes_nothing(signed_in: Client, group: Session) -> None:
    seat = make_there(group)
    response = signed_in.get(session_url(group))
    assert response.status_code == 200 and seat.person.called in response.content.decode()
    assert not Note.objects.exists() and not GroupText.objects.exists()


def test_weeks_later_rows_are_shown_to_whom_the_chart_is_still_open(
    signed_in: Client, leader: StaffMember
) -> None:
    old = make_held(leader=leader, days_ago=40)
    done, owed = make_there(old), make_there(old)
    make_signed(done, actor_of(leader), {"participation": "active", "response": WORDS[0]})
    page = signed_in.get(session_url(old)).context["page"]
    assert [line.seat.booking for line in page.lines] == [owed]  # its note is still to be written
    supervisor = make_staff_with("supervisor")
    assert len(browser(supervisor).get(session_url(old)).context["page"].lines) == 2


def test_what_the_page_offers_by_itself_makes_no_draft(signed_in: Client, group: Session) -> None:
    one, other = make_there(group), make_there(group)
    typed = told(one, 0) | told(other, 1, response="", participation="")
    url = reverse("notes:save_session", args=[group.public_id])
    response = signed_in.post(url, SHARED | typed, headers={"HX-Request": "true"})
    assert response.status_code == 200 and fingerprint(WORDS[0]).encode() in response.content
    assert [note.booking for note in Note.objects.all()] == [one]
    assert WORDS[0].encode() in signed_in.get(session_url(group)).content


def test_all_ready_rows_are_signed_and_the_rest_says_why(
    signed_in: Client, group: Session, leader: StaffMember
) -> None:
    ready, empty = make_there(group), make_there(group)
    typed = SHARED | told(ready, 0) | told(empty, 1, response="") | {"typed_name": leader.name}
    response = signed_in.post(session_url(group), typed, follow=True)
    page = response.content.decode()
    assert "1 note is signed." in page and "1 row is not ready" in page
    assert "Nothing is written about this person yet." in page
    assert [note.booking for note in Note.objects.signed()] == [ready]
    (state,) = rolls_of(Session.objects.filter(pk=group.pk).with_taken().select_related("site"))
    assert state.notes is not None and (state.notes.signed, state.notes.there) == (1, 2)


def test_a_refused_signature_keeps_what_was_typed(signed_in: Client, group: Session) -> None:
    seat = make_there(group)
    response = signed_in.post(session_url(group), SHARED | told(seat, 0) | {"typed_name": "Nobody"})
    assert response.status_code == 422 and b"Type your own name" in response.content
    assert WORDS[0] in Note.objects.get().parts["response"]


def test_two_writers_see_both_texts(signed_in: Client, group: Session) -> None:
    seat = make_there(group)
    signed_in.post(reverse("notes:save_session", args=[group.public_id]), SHARED | told(seat, 0))
    response = signed_in.post(session_url(group), SHARED | told(seat, 1) | {"act": "save"})
    assert response.status_code == 422
    assert WORDS[0].encode() in response.content and WORDS[1].encode() in response.content
    assert seat.person.called.encode() in response.content


def test_only_those_who_lead_write_and_supervisors(group: Session) -> None:
    make_there(group)
    assert browser(make_clinician()).get(session_url(group)).status_code == 403
    assert browser(make_clinician("supervisor")).get(session_url(group)).status_code == 200


def test_absent_people_get_a_call_with_one_tap(
    signed_in: Client, group: Session, leader: StaffMember
) -> None:
    seat = make_there(group)
    attendance.undo(actor=actor_of(leader), booking=seat)
    attendance.mark_absent(actor=actor_of(leader), booking=seat, kind="unexcused")
    page = signed_in.get(session_url(group)).content.decode()
    assert "Did not come" in page and "Left a message" in page
    url = reverse("notes:outreach", args=[group.public_id, seat.public_id])
    response = signed_in.post(url, {"outcome": "reached"}, follow=True)
    assert "The call is in the record." in response.content.decode()
    assert Outreach.objects.get().attempt.outcome == "reached"
    assert signed_in.post(url, {"outcome": "shouted"}, follow=True).status_code == 200
    assert Outreach.objects.count() == 1


def test_the_therapist_keeps_the_call_after_a_group_somebody_else_led(
    group: Session, leader: StaffMember
) -> None:
    seat = make_there(group)
    therapist = browser(make_treating(seat.person))
    assert therapist.get(single_url(seat))["Location"] == session_url(group)
    attendance.undo(actor=actor_of(leader), booking=seat)
    attendance.mark_absent(actor=actor_of(leader), booking=seat, kind="unexcused")
    assert b"Left a message" in therapist.get(single_url(seat)).content  # where the due leads
    answer = therapist.post(single_url(seat, "outreach_visit"), {"outcome": "reached"}, follow=True)
    assert answer.status_code == 200 and b"The call is in the record." in answer.content
    assert Outreach.objects.get().attempt.outcome == "reached"


# -- one person ------------------------------------------------------------------------------------------------

SINGLE = {"topic": "Work.", "response": "Went through Monday.", "progress": "Three breaks kept."}


@pytest.fixture
def visit(leader: StaffMember) -> Booking:
    return make_there(make_held("individual-therapy", leader=leader, cap=1, days_ago=2))


def single_url(seat: Booking, name: str = "booking") -> str:
    return reverse(f"notes:{name}", args=[seat.person.public_id, seat.public_id])


def sheet(**texts: str) -> dict[str, str]:
    given = {"objective_reason": "No plan yet", "objective": "", **texts}
    return {f"base_{key}": NOTHING for key in given} | given


def test_a_visit_is_documented_on_one_page(signed_in: Client, visit: Booking, leader: StaffMember) -> None:
    page = signed_in.get(single_url(visit)).content.decode()
    assert "Last time" in page and "Safety" in page and not Note.objects.exists()
    saved = signed_in.post(single_url(visit, "save_booking"), sheet(topic="Work."))
    assert saved.status_code == 200 and Note.objects.get().parts["topic"] == "Work."
    typed = sheet(**SINGLE) | {"base_topic": fingerprint("Work."), "typed_name": leader.name}
    typed["base_objective_reason"] = fingerprint("No plan yet")
    response = signed_in.post(single_url(visit), typed)
    note = Note.objects.get()
    assert note.is_signed
    assert response["Location"] == reverse("notes:note", args=[visit.person.public_id, note.public_id])
    read = signed_in.get(response["Location"]).content.decode()
    assert "Three breaks kept." in read and note.signature is not None and note.signature.sha256 in read
    assert signed_in.get(single_url(visit))["Location"] == response["Location"]
    printed = signed_in.get(reverse("notes:print", args=[visit.person.public_id, note.public_id]))
    assert "Three breaks kept." in printed.content.decode()


def test_the_session_page_and_the_visit_page_find_each_other(
    signed_in: Client, visit: Booking, group: Session
) -> None:
    assert signed_in.get(session_url(visit.session))["Location"] == single_url(visit)
    seat = make_there(group)
    assert signed_in.get(single_url(seat))["Location"] == session_url(group)


def test_an_unsigned_visit_says_what_is_missing(
    signed_in: Client, visit: Booking, leader: StaffMember
) -> None:
    response = signed_in.post(single_url(visit), sheet(topic="Work.") | {"typed_name": leader.name})
    assert response.status_code == 422 and b"Still to be written" in response.content


def test_a_call_is_written_without_a_booking(signed_in: Client, visit: Booking, leader: StaffMember) -> None:
    person = visit.person
    assert person.site is not None
    then = (timezone.now() - timedelta(minutes=5)).astimezone(person.site.zone)
    form = {"kind": "", "day": then.date().isoformat(), "clock": then.strftime("%H:%M"), "minutes": "5"}
    response = signed_in.post(reverse("notes:contact", args=[person.public_id]), form)
    draft = Note.objects.get()
    edit = reverse("notes:edit", args=[person.public_id, draft.public_id])
    assert response["Location"] == edit and signed_in.get(edit).status_code == 200
    typed = sheet(how="call", about="Bus strike; comes at ten.") | {"typed_name": leader.name}
    signed_in.post(edit, typed)
    draft.refresh_from_db()
    assert draft.is_signed and draft.template == "contact"
    ahead = form | {"day": (then.date() + timedelta(days=2)).isoformat()}
    assert signed_in.post(reverse("notes:contact", args=[person.public_id]), ahead).status_code == 422


def test_the_list_by_kind_and_the_panel(signed_in: Client, visit: Booking, leader: StaffMember) -> None:
    note = make_signed(visit, actor_of(leader), SINGLE)
    url = reverse("notes:chart", args=[visit.person.public_id])
    assert note.public_id in signed_in.get(url).content.decode()
    assert note.public_id in signed_in.get(f"{url}?kind=individual").content.decode()
    assert note.public_id not in signed_in.get(f"{url}?kind=group").content.decode()
    chart = signed_in.get(reverse("staff:chart", args=[visit.person.public_id])).content.decode()
    assert note.public_id in chart


def test_amend_and_entered_in_error(signed_in: Client, visit: Booking, leader: StaffMember) -> None:
    note = make_signed(visit, actor_of(leader), SINGLE)
    names = [visit.person.public_id, note.public_id]
    assert signed_in.post(reverse("notes:amend", args=names), {"reason": ""})["Location"].endswith(
        f"{note.public_id}/"
    )
    response = signed_in.post(reverse("notes:amend", args=names), {"reason": "Homework left out"})
    draft = Note.objects.drafts().get()
    assert draft.public_id in response["Location"]
    assert b"Homework left out" in signed_in.get(response["Location"]).content
    signed_in.post(
        reverse("notes:enter_in_error", args=[names[0], draft.public_id]), {"reason": "Not needed"}
    )
    signed_in.post(reverse("notes:enter_in_error", args=names), {"reason": "Wrong person"})
    page = signed_in.get(reverse("notes:note", args=names)).content.decode()
    assert "Wrong person" in page and "Three breaks kept." in page


def test_the_supervisor_signs_after_the_trainee(visit: Booking) -> None:
    supervisor = make_clinician("supervisor", "psychologist")
    trainee = make_treating(visit.person, credential="trainee", supervisor=supervisor)
    note = make_signed(visit, actor_of(trainee), SINGLE)
    names = [visit.person.public_id, note.public_id]
    page = reverse("notes:note", args=names)
    assert b"Sign after the author" not in browser(trainee).get(page).content
    client = browser(supervisor)
    assert b"Sign after the author" in client.get(page).content
    client.post(reverse("notes:cosign", args=names), {"typed_name": supervisor.name})
    note.refresh_from_db()
    assert note.cosignature is not None
    assert b"cosigned" in client.get(page).content


def test_somebody_elses_note_is_not_found_here(
    signed_in: Client, visit: Booking, leader: StaffMember
) -> None:
    note = make_signed(visit, actor_of(leader), SINGLE)
    other = make_person()
    reader = browser(make_treating(other, credential="social_worker"))
    assert reader.get(reverse("notes:note", args=[other.public_id, note.public_id])).status_code == 404


def test_a_full_session_and_a_visit_open_in_few_queries(
    leader: StaffMember, django_assert_max_num_queries: Any
) -> None:
    full, visit = (
        make_held("family-therapy", leader=leader),
        make_held("family-therapy", leader=leader, cap=1, days_ago=2),
    )
    seats = [make_there(full) for _each in range(8)]
    make_draft(seats[0], actor_of(leader), {"response": WORDS[0]})
    seat = make_there(visit)
    client = browser(make_staff_with("supervisor", credential="social_worker"))
    for url in (
        session_url(full),
        reverse("notes:booking", args=[seat.person.public_id, seat.public_id]),
    ):
        client.get(url)  # the first request of a sign-in writes its session
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200
